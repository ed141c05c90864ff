"""Django's label for the lights room."""

from django.apps import AppConfig


class LightsConfig(AppConfig):
    name = "hangbiao.rooms.lights"
    label = "lights"
