"""Row-level security: what the session is told about the acting scope, and the policies that listen to it.

Scope: the statements here are about the scope itself; none of them reads a row.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from hangbiao.engines.scope.context import current
from hangbiao.engines.scope.errors import OutOfScope
from hangbiao.engines.scope.registry import columns_of

APP, SYSTEM = "hangbiao_app", "hangbiao_system"
BETWEEN_PATHS = "\n"

TELL = """
    SELECT set_config('role', %s, false), set_config('hangbiao.paths', %s, false), set_config('hangbiao.person', %s, false)
"""

# The sub-selects are run once per statement and not once per row.
BELOW_A_PATH = """{column}::text ^@ ANY ((SELECT string_to_array(current_setting('hangbiao.paths', true), chr(10)))::text[])"""
OWN = """{column} = (SELECT nullif(current_setting('hangbiao.person', true), '')::bigint)"""

POLICIES = """
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
    DROP POLICY IF EXISTS in_scope ON {table};
    DROP POLICY IF EXISTS system_sees_all ON {table};
    DROP POLICY IF EXISTS owner_migrates ON {table};
    CREATE POLICY in_scope ON {table} TO hangbiao_app USING ({condition});
    CREATE POLICY system_sees_all ON {table} TO hangbiao_system USING (true) WITH CHECK (true);
    CREATE POLICY owner_migrates ON {table} TO CURRENT_USER USING (true) WITH CHECK (true);
"""

# Rows are reached through the parent and its policies; whoever names a partition itself finds nothing.
PARTITIONS = """
    SELECT format('ALTER TABLE %%1$s ENABLE ROW LEVEL SECURITY; ALTER TABLE %%1$s FORCE ROW LEVEL SECURITY', c.oid::regclass)
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = %s::regclass AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""

STATE = """
    SELECT c.relrowsecurity AND c.relforcerowsecurity,
           coalesce(array_agg(p.polname::text ORDER BY p.polname) FILTER (WHERE p.polname IS NOT NULL), '{}')
    FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid WHERE c.oid = %s::regclass GROUP BY c.oid
"""
CHILDREN = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass"


def told(paths: Iterable[str], person: int | None) -> tuple[str, str]:
    """The two settings as texts."""
    return BETWEEN_PATHS.join(paths), "" if person is None else str(person)


def build_walls(owner: BaseDatabaseWrapper, models: Iterable[type[Model]]) -> None:
    """Put row-level security on the tables of these models, again if it is there already. By their owner."""
    with owner.cursor() as cursor:
        for model in models:
            table = owner.ops.quote_name(model._meta.db_table)
            cursor.execute(POLICIES.format(table=table, condition=condition_of(model)))
            cursor.execute(PARTITIONS, [table])
            for (statement,) in cursor.fetchall():
                cursor.execute(statement)


def condition_of(model: type[Model]) -> str:
    """What `hangbiao_app` may see of a table: below a told path, or of the told person."""
    path, person = columns_of(model)
    ways = [(BELOW_A_PATH, path), (OWN, person)]
    return " OR ".join(
        way.format(column=connection.ops.quote_name(str(model._meta.get_field(name).get_attname_column()[1])))  # type: ignore[union-attr]
        for way, name in ways
        if name is not None
    )


@contextmanager
def copied(table: str, columns: Sequence[str], *, by_copy: bool | None = None) -> Iterator[Callable[[Sequence[Any]], None]]:
    """Write many rows to a scoped table, in a scope that sees everything: `with copied(…) as write: write(row)`.

    PostgreSQL takes COPY only from a role that passes row-level security by attribute; where the owner could not give
    it, the rows come through a temporary table.
    """
    scope = current()
    if scope is None or not scope.everything:
        raise OutOfScope(table=table, why="rows are copied in unseen; that is for a scope that sees everything")
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        direct = _passes(cursor) if by_copy is None else by_copy
        into = table if direct else "hb_copied"
        if not direct:
            cursor.execute(f"CREATE TEMPORARY TABLE hb_copied ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0")
        with cursor.copy(f"COPY {into} ({names}) FROM STDIN") as copy:
            yield copy.write_row
        if not direct:
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM hb_copied; DROP TABLE hb_copied")


def _passes(cursor: Any) -> bool:
    cursor.execute("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
    return bool(cursor.fetchone()[0])


def wall_of(seen_by: BaseDatabaseWrapper, table: str) -> tuple[bool, list[str], list[str]]:
    """Whether row-level security is on and forced, the names of the policies, and the partitions below."""
    with seen_by.cursor() as cursor:
        cursor.execute(STATE, [table])
        stands, policies = cursor.fetchone()
        cursor.execute(CHILDREN, [table])
        return bool(stands), list(policies), [str(name) for (name,) in cursor.fetchall()]
