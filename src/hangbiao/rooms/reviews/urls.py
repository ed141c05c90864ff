"""Addresses of the reviews room."""

from django.urls import path

from hangbiao.rooms.reviews import pages

app_name = "reviews"
urlpatterns = [
    path("reviews/", pages.reviews, name="reviews"),
    path("reviews/<int:number>/", pages.review, name="review"),
    path("reviews/<int:number>/tasks/<int:task>/", pages.part, name="part"),
]
