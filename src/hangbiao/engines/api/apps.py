"""The interface as Django knows it."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "hangbiao.engines.api"
    label = "api"
