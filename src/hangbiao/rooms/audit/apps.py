"""Django's label for the audit room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "hangbiao.rooms.audit"
    label = "audit"
