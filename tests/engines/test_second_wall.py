"""Row-level security: what the first two walls would let through, the database does not show."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.signals import request_finished
from django.db import Error, connection, connections, transaction
from django.db.utils import ProgrammingError

from hangbiao.engines.scope import registry, sql
from hangbiao.engines.scope.context import Scope, acting, system_scope
from hangbiao.engines.scope.errors import OutOfScope, Tripped

ALL = system_scope("test")
REP = Scope("a rep", person_id=11)
REGION = Scope("a region manager", paths=("/C/R01/",))
TWO = Scope("an HRBP", paths=("/C/R02/", "/C/R01/T2/"))
NOBODY = Scope("an administrator of configuration")
ROWS = [("/C/R01/T1/", 11, 1), ("/C/R01/T2/", 22, 10), ("/C/R010/T3/", 22, 100), ("/C/R02/", None, 1000)]
COUNT = "SELECT coalesce(sum(value), 0) FROM wall_figure"


@pytest.fixture
def figures(own_database, settings):
    """A scoped table with the product's own policies, and the tripwire off: only the second wall stands."""
    from django.db import models

    from hangbiao.engines.scope.models import PathField, ScopedModel

    class Figure(ScopedModel):
        org_path = PathField()
        person_id = models.BigIntegerField(null=True)
        value = models.IntegerField()

        class Meta(ScopedModel.Meta):
            app_label = "second_wall"
            db_table = "wall_figure"

    settings.SCOPE_TRIPWIRE = False
    owner = connections["owner"]
    with owner.schema_editor() as editor:
        editor.create_model(Figure)
    sql.build_walls(owner, [Figure])
    with acting(ALL), connection.cursor() as cursor:
        cursor.executemany("INSERT INTO wall_figure (org_path, person_id, value) VALUES (%s, %s, %s)", ROWS)
    yield Figure
    registry.columns_of.cache_clear()
    from django.apps import apps

    apps.all_models.pop("second_wall", None)
    apps.clear_cache()
    registry.scoped_tables.cache_clear()


def total(statement: str = COUNT) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def undone(expected: int) -> None:
    """Count in a transaction (or behind a savepoint) that is rolled back."""
    with transaction.atomic():
        assert total() == expected
        transaction.set_rollback(True)


def test_raw_sql_past_both_first_walls_shows_the_scope_and_nothing_else(figures):
    for scope, expected in [(ALL, 1111), (REP, 1), (REGION, 11), (TWO, 1010), (NOBODY, 0)]:
        with acting(scope):
            assert total() == expected
    assert total() == 0, "nobody acting, no rows"


def test_the_first_walls_stand_before_it(figures, settings):
    with acting(REGION):
        assert total("SELECT count(*) FROM lights_light") == 0, "the tripwire is off"
        settings.SCOPE_TRIPWIRE = True
        with pytest.raises(Tripped):
            total("SELECT count(*) FROM lights_light")


@pytest.mark.parametrize("transactional", [True, False], ids=["in a transaction", "autocommit"])
def test_scopes_that_follow_each_other_on_one_connection_do_not_mix(figures, transactional):
    for scope, expected in [(ALL, 1111), (REP, 1), (None, 0), (REGION, 11), (NOBODY, 0), (ALL, 1111), (None, 0)]:
        if scope is None:
            assert total() == expected
            continue
        with acting(scope):
            if transactional:
                with transaction.atomic():
                    assert total() == expected
            else:
                assert total() == expected


def test_a_rollback_that_takes_the_telling_back_is_noticed(figures):
    with acting(REGION):
        assert total() == 11
    with acting(ALL):
        undone(1111)
        assert total() == 1111
    with acting(REP):
        undone(1)
        assert total() == 1
    assert total() == 0


def test_a_savepoint_that_takes_the_telling_back_is_noticed(figures):
    with acting(REGION), transaction.atomic():
        assert total() == 11
        with acting(ALL):
            undone(1111)
        assert total() == 11
        with acting(ALL):
            with pytest.raises(Error), transaction.atomic():
                total("SELECT 1 / 0")
            assert total() == 1111
        assert total() == 11


def test_a_narrow_scope_changes_and_writes_nothing_of_others(figures):
    with acting(REGION), connection.cursor() as cursor:
        cursor.execute("UPDATE wall_figure SET value = value + 1")
        assert cursor.rowcount == 2
        cursor.execute("DELETE FROM wall_figure WHERE org_path = '/C/R02/'")
        assert cursor.rowcount == 0
    for path in ("/C/R02/", "/C/", "/C/R010/"):
        with acting(REGION), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            total(f"INSERT INTO wall_figure (org_path, value) VALUES ('{path}', 1) RETURNING value")
    with acting(REGION):
        assert total("INSERT INTO wall_figure (org_path, value) VALUES ('/C/R01/T9/', 5) RETURNING value") == 5


def test_a_moved_row_may_not_leave_the_scope(figures):
    with acting(REGION), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        total("UPDATE wall_figure SET org_path = '/C/R02/' WHERE person_id = 11 RETURNING value")


def test_copy_out_is_told_as_well(figures):
    with acting(REGION), connection.cursor() as cursor, cursor.copy("COPY (SELECT value FROM wall_figure) TO STDOUT") as out:
        assert sorted(int(row[0]) for row in out.rows()) == [1, 10]
    with connection.cursor() as cursor, cursor.copy("COPY (SELECT value FROM wall_figure) TO STDOUT") as out:
        assert list(out.rows()) == []


@pytest.mark.parametrize("by_copy", [True, False], ids=["passing the wall", "through a temporary table"])
def test_set_based_work_copies_rows_in_with_and_without_the_right_to_pass_the_wall(figures, by_copy):
    columns = ("org_path", "person_id", "value")
    with acting(ALL), transaction.atomic(), sql.copied("wall_figure", columns, by_copy=by_copy) as write:
        write(("/C/R01/T1/", 33, 7))
        write(("/C/R09/", None, 9))
    with acting(REGION):
        assert total() == 18
    with acting(REGION), pytest.raises(OutOfScope), sql.copied("wall_figure", columns):
        pass


def test_a_server_side_cursor_is_told_as_well(figures):
    with acting(REGION):
        assert sorted(figures.objects.values_list("value", flat=True).iterator(chunk_size=1)) == [1, 10]


def test_another_thread_acts_in_no_scope_until_it_is_given_one(figures):
    def elsewhere(scope: Scope | None) -> int:
        try:
            if scope is None:
                return total()
            with acting(scope):
                return total()
        finally:
            connections.close_all()

    with acting(ALL), ThreadPoolExecutor(1) as pool:
        assert [pool.submit(elsewhere, scope).result() for scope in (None, REP, None)] == [0, 1, 0]


def test_between_two_requests_the_session_is_told_that_nobody_acts(figures):
    with acting(ALL):
        assert total() == 1111
    held = connection.connection

    assert held.execute("SELECT current_user::text").fetchone() == ("hangbiao_system",), "lingers until the request ends"
    request_finished.send(sender=None)
    assert connection.connection is held, "the connection is kept"
    assert held.execute(COUNT).fetchone() == (0,)
    assert held.execute("SELECT current_user::text").fetchone() == ("hangbiao_app",)


def test_a_fresh_connection_has_been_told_nothing(figures):
    with acting(ALL):
        assert total() == 1111
        connection.close()
    assert total() == 0


def test_the_application_cannot_reach_a_partition_by_its_own_name(own_database):
    from tests.world import found_company

    with acting(ALL):
        company = found_company()
        from hangbiao.rooms.actuals.sql import open_partition

        open_partition(company.period)
    stands, policies, _below = sql.wall_of(connections["owner"], f"actuals_dailyfact_p{company.period}")
    assert (stands, policies) == (True, []), "forced, and no policy lets anybody through"


@pytest.mark.parametrize("table", sorted(registry.scoped_tables()))
def test_every_scoped_table_stands_behind_the_second_wall(db, table):
    stands, policies, partitions = sql.wall_of(connection, table)

    assert stands, f"row-level security is not on and forced for {table}"
    assert policies == ["in_scope", "owner_migrates", "system_sees_all"]
    for partition in partitions:
        assert sql.wall_of(connection, partition)[:2] == (True, [])


def test_no_table_with_a_path_is_forgotten(db):
    """A table that says `org_path` and is not scoped would be read without any wall."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns WHERE column_name = 'org_path' "
            "AND table_schema = 'public'"
        )
        with_path = {str(name) for (name,) in cursor.fetchall()}
    partitions = {p for table in registry.scoped_tables() for p in sql.wall_of(connection, table)[2]}

    assert with_path - partitions - set(registry.scoped_tables()) <= NOT_SCOPED


NOT_SCOPED = {"actuals_feed"}  # how far the data of a region reach: shown to everybody beside the page's title


def test_the_tripwire_is_on_in_tests_and_by_default(db):
    assert settings.SCOPE_TRIPWIRE is True
    with pytest.raises(Tripped):
        total("SELECT count(*) FROM lights_light")


def test_the_tripwire_is_on_in_other_threads(db):
    def elsewhere() -> str:
        try:
            total("SELECT count(*) FROM lights_light")
        except Tripped:
            return "stopped"
        finally:
            connections.close_all()
        return "read"

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(elsewhere).result() == "stopped"
