"""Django's label for the calendar room."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "hangbiao.rooms.calendar"
    label = "calendar"
