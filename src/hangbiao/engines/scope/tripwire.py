"""Stops statements that reach a scoped table without the scope's condition, whatever way they were made."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from hangbiao.engines.scope.context import current
from hangbiao.engines.scope.errors import Tripped
from hangbiao.engines.scope.models import checked_inserts
from hangbiao.engines.scope.registry import scoped_tables

MARK = re.compile(r"/\*scoped (\S+) (\S+)\*/")
# What may stand after a table's name and is no alias of it.
NO_ALIAS = re.compile(
    "as|on|where|set|inner|left|right|full|cross|natural|join|order|group|limit|offset|fetch|having|window|union|"
    "except|intersect|for|using|values|returning|default|select|tablesample|when|overriding",
    re.IGNORECASE,
)


@cache
def _references() -> re.Pattern[str] | None:
    """Any naming of a scoped table, quoted or not, with or without a schema, that is not the prefix of a column."""
    names = "|".join(re.escape(name) for name in sorted(scoped_tables()))
    if not names:
        return None
    return re.compile(
        rf'(?P<before>\b\w+\s+)?(?<![\w$])(?:"?\w+"?\.)?"?(?P<table>{names})"?(?![\w$"])(?!\s*\.)'
        r'(?:\s+(?:as\s+)?"?(?P<alias>[a-z_]\w*)"?)?',
        re.IGNORECASE,
    )


def unmarked(sql: str) -> Counter[tuple[str, str]]:
    """References to scoped tables, by table and alias, that no mark covers."""
    pattern = _references()
    found: Counter[tuple[str, str]] = Counter()
    if pattern is None or not pattern.search(sql):
        return found
    inserted = checked_inserts.get()
    for hit in pattern.finditer(MARK.sub("", sql)):
        table = hit["table"].lower()
        before = (hit["before"] or "").strip().lower()
        if before == "of" or (before == "into" and table in inserted):
            continue  # FOR UPDATE OF names what was referred to before; the rows of this INSERT were checked one by one
        alias = hit["alias"] or ""
        found[(table, table if NO_ALIAS.fullmatch(alias) or not alias else alias)] += 1
    marks = Counter((table, alias.strip('"')) for table, alias in MARK.findall(sql))
    return found - marks


def wall(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """The execute_wrapper. In a scope that sees everything it steps aside at once."""
    scope = current()
    if scope is not None and scope.everything:
        return execute(sql, params, many, context)
    connection = context["connection"]
    text = sql if isinstance(sql, str) else sql.as_string(connection.connection)
    bare = unmarked(text)
    if bare:
        raise Tripped(
            references=sorted(f"{table} as {alias}" for table, alias in bare),
            scope=scope.reason if scope else None,
            hint="read through `objects`, add .also_through(relation), or raw_condition() in sql.py",
        )
    return execute(sql, params, many, context)


def _guard(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.alias == "default" and wall not in connection.execute_wrappers:
        connection.execute_wrappers.append(wall)


def install_if_asked() -> None:
    """Guard every connection of the application's role, unless settings.SCOPE_TRIPWIRE is False."""
    if getattr(settings, "SCOPE_TRIPWIRE", True):
        connection_created.connect(_guard, dispatch_uid="hangbiao.scope.tripwire")
