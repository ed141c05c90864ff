"""Scope as Django knows it."""

from typing import Any

from django.apps import AppConfig
from django.core.signals import request_finished
from django.db import connections
from django.db.models.signals import post_migrate


class ScopeConfig(AppConfig):
    name = "hangbiao.engines.scope"
    label = "scope"

    def ready(self) -> None:
        from hangbiao.engines.scope import checks  # noqa: F401 - checks register themselves

        post_migrate.connect(_wall_every_scoped_table, sender=self, dispatch_uid="hangbiao.scope.walls")
        request_finished.connect(_leave_nothing_behind, dispatch_uid="hangbiao.scope.forget")


def _wall_every_scoped_table(using: str, **_: Any) -> None:
    """After each migration: a new scoped table gets its policies without anybody thinking of it."""
    from hangbiao.engines.scope import sql
    from hangbiao.engines.scope.registry import scoped_tables

    connection = connections[using]
    there = set(connection.introspection.table_names())
    sql.build_walls(connection, [model for table, model in scoped_tables().items() if table in there])


def _leave_nothing_behind(**_: Any) -> None:
    forget = getattr(connections["default"], "forget", None)
    if forget:
        forget()
