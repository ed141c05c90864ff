"""The schedules as Django knows them."""

from django.apps import AppConfig


class SchedulesConfig(AppConfig):
    name = "hangbiao.engines.schedules"
    label = "schedules"
