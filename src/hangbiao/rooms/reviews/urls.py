"""Addresses of the reviews room."""

from django.urls import path

from hangbiao.rooms.reviews.pages import analysis, files, meeting, reviews

app_name = "reviews"
urlpatterns = [
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:number>/", reviews.review, name="review"),
    path("reviews/<int:number>/tasks/<int:task>/", reviews.part, name="part"),
    path("reviews/<int:number>/analysis/", analysis.analysis, name="analysis"),
    path("reviews/<int:number>/analysis/write/", analysis.write, name="write"),
    path("reviews/<int:number>/analysis.pdf", analysis.paper, name="paper"),
    path("reviews/<int:number>/files/", files.send, name="send"),
    path("reviews/<int:number>/files/<int:file>/", files.file, name="file"),
    path("reviews/<int:number>/meeting/", meeting.propose, name="propose"),
    path("reviews/<int:number>/meeting/<int:nth>/", meeting.reply, name="reply"),
    path("reviews/<int:number>/meeting.ics", meeting.calendar_file, name="calendar"),
]
