"""Django's label for the desk room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "hangbiao.rooms.desk"
    label = "desk"

    def ready(self) -> None:
        from hangbiao.engines.notify.catalogue import register
        from hangbiao.rooms.desk.told import KINDS

        register(*KINDS)
