"""Django's label for the board room."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "hangbiao.rooms.board"
    label = "board"
