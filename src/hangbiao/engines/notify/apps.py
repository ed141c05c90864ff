"""Messages as Django knows them."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "hangbiao.engines.notify"
    label = "notify"
