"""Django's label for the desk room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "hangbiao.rooms.desk"
    label = "desk"
