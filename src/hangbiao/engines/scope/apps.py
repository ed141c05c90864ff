"""Scope as Django knows it."""

from django.apps import AppConfig


class ScopeConfig(AppConfig):
    name = "hangbiao.engines.scope"
    label = "scope"

    def ready(self) -> None:
        from hangbiao.engines.scope import checks, tripwire  # noqa: F401 - checks register themselves

        tripwire.install_if_asked()
