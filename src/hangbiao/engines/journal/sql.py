"""The journal's set-based statements. The streams they touch are their scope."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper as Cursor
from psycopg import IsolationLevel

OPEN_HEADS = """
    INSERT INTO journal_head (stream, n, hash)
    SELECT stream, 0, %(genesis)s FROM unnest(%(streams)s::text[]) AS wanted(stream) ORDER BY stream
    ON CONFLICT DO NOTHING
"""

# Sorted, so that two writers of several streams wait for each other instead of dying in a deadlock.
LOCK_HEADS = """
    SELECT stream, n, hash FROM journal_head WHERE stream = ANY(%(streams)s) ORDER BY stream FOR UPDATE
"""

MOVE_HEADS = """
    UPDATE journal_head SET n = moved.n, hash = moved.hash
    FROM unnest(%(streams)s::text[], %(numbers)s::bigint[], %(hashes)s::text[]) AS moved(stream, n, hash)
    WHERE journal_head.stream = moved.stream
"""


def append_only(table: str) -> str:
    """For a migration: nobody changes or removes rows of `table` any more; the application keeps SELECT and INSERT."""
    return f"""
        CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION hangbiao_append_only();
        CREATE TRIGGER {table}_stays_whole BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION hangbiao_append_only();
        REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES ON {table} FROM hangbiao_app;
        GRANT SELECT, INSERT ON {table} TO hangbiao_app;
    """


def no_longer_append_only(table: str) -> str:
    """The way back of `append_only`."""
    return f"""
        DROP TRIGGER {table}_stays ON {table};
        DROP TRIGGER {table}_stays_whole ON {table};
        GRANT UPDATE, DELETE ON {table} TO hangbiao_app;
    """


def open_heads(cursor: Cursor, wanted: Mapping[str, Any]) -> None:
    """Make the heads of streams that have none yet."""
    cursor.execute(OPEN_HEADS, wanted)


def lock_heads(cursor: Cursor, wanted: Mapping[str, Any]) -> list[tuple[str, int, str]]:
    """Hold the heads until the transaction ends; gives stream, number and hash of the last line."""
    cursor.execute(LOCK_HEADS, wanted)
    return list(cursor.fetchall())


def move_heads(cursor: Cursor, moved: Mapping[str, Any]) -> None:
    """Point the heads at the lines just written."""
    cursor.execute(MOVE_HEADS, moved)


@contextmanager
def one_snapshot() -> Iterator[None]:
    """All reads inside see one instant, while others go on writing. Inside a transaction its own view serves."""
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    session = connection.connection
    # As part of BEGIN: the session is told its scope first thing in the transaction, after which it is too late to ask.
    session.isolation_level, session.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with transaction.atomic():
            yield
    finally:
        session.isolation_level = session.read_only = None


DISTINCT = """
    WITH RECURSIVE found(value) AS (
        (SELECT {column} FROM journal_entry ORDER BY {column} LIMIT 1)
        UNION ALL
        SELECT (SELECT {column} FROM journal_entry WHERE {column} > found.value ORDER BY {column} LIMIT 1)
        FROM found WHERE found.value IS NOT NULL
    ) SELECT value FROM found WHERE value IS NOT NULL
"""


def distinct(column: str) -> list[str]:
    """Every value of `stream`, `kind` or `actor`, hopping along its index: as many steps as values, not as lines."""
    if column not in {"stream", "kind", "actor"}:
        raise ValueError(column)
    with connection.cursor() as cursor:
        cursor.execute(DISTINCT.format(column=column))
        return [value for (value,) in cursor.fetchall()]
