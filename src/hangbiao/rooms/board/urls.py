"""Addresses of the board room."""

from django.urls import path

from hangbiao.rooms.board import downloads, pages

app_name = "board"
urlpatterns = [
    path("", pages.home, name="home"),
    path("board/", pages.board, name="board"),
    path("board/table.<str:kind>", downloads.table, name="table"),
    path("board/chart.<str:kind>", downloads.chart, name="chart"),
    path("board/paper.pdf", downloads.paper, name="paper"),
    path("people/<str:code>/", pages.person, name="person"),
    path("people/<str:code>/chart.<str:kind>", downloads.chart_of_person, name="person_chart"),
    path("people/<str:code>/why/", pages.why_person, name="why_person"),
    path("people/<str:code>/why/<str:of_day>/", pages.why_person, name="lines_of_person"),
    path("units/<str:code>/why/", pages.why_unit, name="why_unit"),
    path("units/<str:code>/why/<str:of_day>/", pages.why_unit, name="lines_of_unit"),
    path("me/", pages.my_target, name="me"),
]
