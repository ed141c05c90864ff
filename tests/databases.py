"""Databases for tests: one migrated template, kept while the migrations stay the same, and clones of it.

Nothing is ever flushed: a test either rolls back, or throws its whole clone away.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

from hangbiao.site import database

SOURCE = Path(__file__).parents[1] / "src" / "hangbiao"
PREFIX = "hangbiao_test_"
ONE_BUILDER = 8_142_025  # advisory lock: one process builds the template, the others wait
CARELESS = ("fsync", "full_page_writes", "synchronous_commit")  # a test database need not survive a power cut


@dataclass(frozen=True)
class OwnDatabase:
    """A clone for one test: its name and its address, which child processes take as DATABASE_URL."""

    name: str
    url: str


@cache
def server(where: str) -> str:
    """The address of the server that tests may fill with databases: `where` is one, or the folder of our own."""
    if where.startswith("postgres"):
        return where
    url = database.embedded(Path(where).resolve(), "postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in CARELESS:
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    return url


def digest() -> str:
    """What the template depends on: the migrations, the statements they use, and the list of applications."""
    seen = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    for path in sorted([*SOURCE.glob("**/migrations/*.py"), *SOURCE.glob("**/sql.py")]):
        seen.update(path.relative_to(SOURCE).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:12]


def template(url: str, migrate: Callable[[str], None]) -> str:
    """The name of a migrated database, made by `migrate(name)` if there is none for the present migrations."""
    name = f"{PREFIX}template_{digest()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (ONE_BUILDER,))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            _drop_left_over(connection)
            building = f"{PREFIX}building_{os.getpid()}"
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
            migrate(building)
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(building), sql.Identifier(name)
                )
            )
    return name


def _drop_left_over(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Older templates, and clones whose test process is gone."""
    for (name,) in connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'hangbiao!_test!_%' ESCAPE '!' "
        "AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = pg_database.datname)"
    ).fetchall():
        owner = str(name).removeprefix(PREFIX).split("_")[0]
        if owner in {"template", "building"} or not _alive(owner):
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(str(name))))


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError, OSError):
        return False
    return True


@contextmanager
def clone(url: str, of: str, purpose: str) -> Iterator[OwnDatabase]:
    """A copy of database `of`, dropped at the end whoever is still connected to it."""
    name = f"{PREFIX}{os.getpid()}_{purpose}"
    gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(gone)
        # Two clones of one template at the same moment: the second would find the template "being accessed".
        connection.execute("SELECT pg_advisory_lock(%s)", (ONE_BUILDER,))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(of))
        )
        connection.execute("SELECT pg_advisory_unlock(%s)", (ONE_BUILDER,))
    try:
        yield OwnDatabase(name, database.named(url, name))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(gone)
