"""Django's label for the studio room."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "hangbiao.rooms.studio"
    label = "studio"
