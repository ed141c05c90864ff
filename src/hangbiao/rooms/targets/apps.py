"""Django's label for the targets room."""

from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "hangbiao.rooms.targets"
    label = "targets"
