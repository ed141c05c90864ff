"""Django's label for the actuals room."""

from django.apps import AppConfig


class ActualsConfig(AppConfig):
    name = "hangbiao.rooms.actuals"
    label = "actuals"
