"""Stops statements that reach a scoped table without the scope's condition, whatever way they were made.

The backend (postgresql/base.py) shows it every statement of the application's connections, in whatever thread.
"""

import re
from collections import Counter
from functools import cache

from django.conf import settings

from hangbiao.engines.scope.context import checked_inserts, current
from hangbiao.engines.scope.errors import Tripped
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


def stop_unscoped(text: str) -> None:
    """Raise Tripped for a statement with an unfiltered reference. In a scope that sees everything it steps aside."""
    scope = current()
    if not settings.SCOPE_TRIPWIRE or (scope is not None and scope.everything):
        return
    bare = unmarked(text)
    if bare:
        raise Tripped(
            references=sorted(f"{table} as {alias}" for table, alias in bare),
            scope=scope.reason if scope else None,
            hint="read through `objects`, add .also_through(relation), or raw_condition() in sql.py",
        )
