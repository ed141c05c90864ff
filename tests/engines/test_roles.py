"""Two roles by one address: the owner migrates, the application cannot touch what is history or structure."""

import psycopg
import pytest
from django.db import connection, connections
from psycopg.errors import InsufficientPrivilege

APPEND_ONLY = ["journal_entry", "policy_value", "workdays_version", "workdays_day"]


def test_the_application_acts_as_its_own_role_which_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("hangbiao_app",)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = 'hangbiao_app'::regrole")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_history_tables_can_be_read_and_extended_and_nothing_else(db, table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','TRIGGER']) AS privilege "
            "WHERE has_table_privilege('hangbiao_app', %s, privilege)",
            [table],
        )
        assert {privilege for (privilege,) in cursor.fetchall()} == {"SELECT", "INSERT"}


def test_history_tables_refuse_their_owner_as_well(own_database, at):
    from datetime import date

    from django.db import transaction

    from hangbiao.engines.journal.services import record
    from hangbiao.engines.policy.models import Value

    with transaction.atomic():
        record(stream="t", kind="test", at=at, actor="system:test")
        Value.objects.create(
            key="k", valid_from=date(2026, 1, 1), value=1, source="s", approver="a", recorded_at=at
        )

    with psycopg.connect(own_database.url, autocommit=True) as owner:
        for table in APPEND_ONLY:
            column = owner.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 2", (table,)
            ).fetchone()[0]
            for statement in (
                f"UPDATE {table} SET {column} = {column}",
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
            ):
                with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                    owner.execute(statement)


def test_the_application_makes_and_drops_no_tables(own_database):
    with psycopg.connect(own_database.url, autocommit=True, options="-c role=hangbiao_app") as application:
        for statement in (
            "CREATE TABLE x ()",
            "DROP TABLE policy_value",
            "ALTER TABLE journal_entry ADD COLUMN x int",
        ):
            with pytest.raises(InsufficientPrivilege):
                application.execute(statement)


def test_a_table_of_a_later_migration_is_open_to_the_application(own_database):
    with psycopg.connect(own_database.url, autocommit=True) as owner:
        owner.execute("CREATE TABLE later (id bigserial PRIMARY KEY, x int)")
    with psycopg.connect(own_database.url, autocommit=True, options="-c role=hangbiao_app") as application:
        assert application.execute("INSERT INTO later (x) VALUES (1) RETURNING id").fetchone() == (1,)


def test_the_owner_connection_is_the_one_that_migrates(own_database):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_user = 'hangbiao_app'")
        assert cursor.fetchone() == (False,)


def test_each_test_with_its_own_database_begins_with_an_empty_journal(own_database, at):
    from hangbiao.engines.journal.models import Entry

    assert Entry.objects.count() == 0
