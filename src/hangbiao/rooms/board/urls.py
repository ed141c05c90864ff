"""Addresses of the board room."""

from django.urls import path

from hangbiao.rooms.board import pages

app_name = "board"
urlpatterns = [
    path("", pages.home, name="home"),
    path("board/", pages.board, name="board"),
    path("people/<str:code>/", pages.person, name="person"),
    path("me/", pages.my_target, name="me"),
    path("profile/", pages.profile, name="profile"),
]
