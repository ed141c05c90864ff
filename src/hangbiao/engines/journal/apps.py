"""The journal as Django knows it."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "hangbiao.engines.journal"
    label = "journal"
