"""Addresses of the desk room."""

from django.urls import path

from hangbiao.rooms.desk import pages

app_name = "desk"
urlpatterns = [
    path("inbox/", pages.inbox, name="inbox"),
    path("inbox/looked/", pages.all_looked, name="all_looked"),
    path("inbox/region/<str:code>/", pages.region, name="region"),
    path("inbox/batch/<int:number>/", pages.batch, name="batch"),
    path("inbox/case/<int:number>/", pages.case, name="case"),
    path("search/", pages.search, name="search"),
    path("notifications/", pages.notifications, name="notifications"),
    path("notifications/read/", pages.all_read, name="all_read"),
    path("notifications/<int:number>/", pages.notice, name="notice"),
    path("profile/", pages.profile, name="profile"),
]
