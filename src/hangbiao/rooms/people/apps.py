"""Django's label for the people room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hangbiao.rooms.people"
    label = "people"
