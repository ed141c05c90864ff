"""Who may see what: every way to a scoped table that was ever tried, refused or filtered."""

import pytest
from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Sum

from hangbiao.engines.scope import registry, tripwire
from hangbiao.engines.scope.conditions import raw_condition
from hangbiao.engines.scope.context import Scope, acting, current, system_scope
from hangbiao.engines.scope.errors import OutOfScope, Tripped, Unscoped
from hangbiao.engines.scope.models import ScopedManager

ME, OTHER = 11, 22
ALL = system_scope("test")
REP = Scope("a rep", person_id=ME)
REGION = Scope("a region manager", paths=("/C/R01/",))
NOBODY = Scope("an administrator of configuration")


@pytest.fixture(scope="module", autouse=True)
def installed():
    """By hand: `modify_settings` would make every other app ready a second time."""
    config = AppConfig.create("tests.engines.scope_world")
    apps.app_configs[config.label], config.apps = config, apps
    config.import_models()
    _forget()
    yield
    del apps.app_configs[config.label]
    _forget()


def _forget():
    apps.clear_cache()
    registry.scoped_tables.cache_clear()
    tripwire._references.cache_clear()


@pytest.fixture
def world(db):
    """R01 has my figure (1) and one of another (10); R010 and R02 belong to others (100, 1000)."""
    from tests.engines.scope_world import models as world

    with acting(ALL), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE none")
        with connection.schema_editor() as editor:
            for model in (world.Place, world.Figure, world.Note):
                editor.create_model(model)
        cursor.execute("SET LOCAL ROLE hangbiao_app")
    place = world.Place.objects.create(code="P")
    with acting(ALL):
        rows = [
            ("/C/R01/T1/", ME, 1),
            ("/C/R01/T2/", OTHER, 10),
            ("/C/R010/T3/", OTHER, 100),
            ("/C/R02/", None, 1000),
        ]
        for path, person, value in rows:
            figure = world.Figure.objects.create(place=place, org_path=path, person_id=person, value=value)
            world.Note.objects.create(figure=figure, org_path=path)
    return world


def seen(world):
    return sorted(world.Figure.objects.values_list("value", flat=True))


def test_each_scope_sees_its_own_and_a_region_does_not_see_one_whose_code_begins_alike(world):
    for scope, expected in [(ALL, [1, 10, 100, 1000]), (REP, [1]), (REGION, [1, 10]), (NOBODY, [])]:
        with acting(scope):
            assert seen(world) == expected
    with acting(Scope("both", paths=("/C/R02/",), person_id=ME)):
        assert seen(world) == [1, 1000]


UNSCOPED = {
    "all": lambda w, f: list(w.Figure.objects.all()),
    "get": lambda w, f: w.Figure.objects.get(pk=f.pk),
    "base manager": lambda w, f: w.Figure._base_manager.count(),
    "default manager": lambda w, f: w.Figure._default_manager.count(),
    "reverse foreign key": lambda w, f: list(f.place.figures.all()),
    "prefetch": lambda w, f: list(w.Place.objects.prefetch_related("figures")),
    "foreign key": lambda w, f: w.Note(figure_id=f.pk).figure,
    "refresh": lambda w, f: f.refresh_from_db(),
    "save": lambda w, f: f.save(),
    "delete": lambda w, f: f.delete(),
    "create": lambda w, f: w.Figure.objects.create(place=f.place, org_path="/C/", value=1),
    "bulk_create": lambda w, f: w.Figure.objects.bulk_create(
        [w.Figure(place=f.place, org_path="/C/", value=1)]
    ),
    "raw by manager": lambda w, f: list(w.Figure.objects.raw("SELECT * FROM scope_world_figure")),
    "join": lambda w, f: list(w.Place.objects.filter(figures__value__gt=0)),
    "aggregate over a join": lambda w, f: w.Place.objects.aggregate(Sum("figures__value")),
    "hand-built queryset": lambda w, f: models.QuerySet(w.Figure).count(),
    "cursor": lambda w, f: connection.cursor().execute("SELECT 1 FROM scope_world_figure"),
}


@pytest.mark.parametrize("way", UNSCOPED)
def test_without_a_scope_nothing_is_read_or_written(world, way):
    with acting(ALL):
        figure = world.Figure.objects.select_related("place").first()

    with pytest.raises((Unscoped, Tripped)), transaction.atomic():
        UNSCOPED[way](world, figure)


HOLES = {
    # the four holes of a scoped manager alone
    "join from another model": lambda w: list(
        w.Place.objects.filter(figures__value__gt=0).values("figures__value")
    ),
    "aggregate through a join": lambda w: w.Place.objects.aggregate(s=Sum("figures__value")),
    "hand-built queryset": lambda w: models.QuerySet(w.Figure).count(),
    # and more ways to the same table
    "annotation through a join": lambda w: list(w.Place.objects.annotate(s=Sum("figures__value"))),
    "hand-built subquery": lambda w: w.Place.objects.filter(
        Exists(models.QuerySet(w.Figure).filter(place=OuterRef("pk")))
    ).count(),
    "scoped rows of one table leading to another": lambda w: list(w.Note.objects.filter(figure__value=1000)),
    "select_related to another": lambda w: list(w.Note.objects.select_related("figure")),
    "a second reference beside a scoped one": lambda w: list(
        w.Figure.objects.filter(place__figures__value__gt=5).values("place__figures__value")
    ),
    "union with a hand-built queryset": lambda w: list(
        w.Figure.objects.all().union(models.QuerySet(w.Figure))
    ),
    "hand-built update": lambda w: models.QuerySet(w.Figure).update(value=0),
    "hand-built delete": lambda w: models.QuerySet(w.Note).delete(),
    "hand-built insert": lambda w: models.QuerySet(w.Figure).bulk_create(
        [w.Figure(place_id=1, org_path="/C/R02/", value=5)]
    ),
    "raw by manager": lambda w: list(w.Figure.objects.raw("SELECT * FROM scope_world_figure")),
}


@pytest.mark.parametrize("hole", HOLES)
@pytest.mark.parametrize("scope", [REP, REGION, NOBODY], ids=["rep", "region", "nobody"])
def test_in_a_narrow_scope_no_way_around_the_manager_reaches_the_table(world, hole, scope):
    with acting(scope), pytest.raises(Tripped), transaction.atomic():
        HOLES[hole](world)


RAW = [
    'SELECT count(*) FROM "scope_world_figure"',
    "SELECT count(*) FROM scope_world_figure",
    "select count(*) from SCOPE_WORLD_FIGURE",
    "SELECT count(*) FROM public.scope_world_figure",
    'SELECT count(*) FROM "public"."scope_world_figure" AS f',
    "SELECT count(*) FROM ONLY scope_world_figure f",
    "SELECT count(*) FROM scope_world_place, scope_world_figure",
    "SELECT count(*) FROM scope_world_place p JOIN\n\tscope_world_figure f ON f.place_id = p.id",
    "TABLE scope_world_figure",
    "COPY scope_world_figure TO STDOUT",
    "WITH x AS (SELECT * FROM scope_world_figure) SELECT sum(value) FROM x",
    "SELECT (SELECT sum(value) FROM scope_world_figure)",
    "INSERT INTO scope_world_figure (place_id, org_path, value) SELECT id, '/C/', 1 FROM scope_world_place",
    "UPDATE scope_world_figure SET value = 0",
    "DELETE FROM scope_world_figure",
    "DELETE FROM scope_world_place p USING scope_world_figure f WHERE f.place_id = p.id",
    "TRUNCATE scope_world_figure",
    "SELECT /*scoped scope_world_note scope_world_figure*/ * FROM scope_world_figure",
    "SELECT /*scoped scope_world_figure f*/ * FROM scope_world_figure f JOIN scope_world_figure g USING (place_id)",
]


@pytest.mark.parametrize("statement", RAW)
def test_raw_sql_without_the_condition_is_stopped(world, statement):
    with acting(REGION), pytest.raises(Tripped), connection.cursor() as cursor:
        cursor.execute(statement)


def test_raw_sql_with_the_condition_on_each_reference_works(world):
    with acting(REGION), connection.cursor() as cursor:
        where, parameters = raw_condition(world.Figure, "f")
        cursor.execute(f"SELECT sum(f.value) FROM scope_world_figure f WHERE {where}", parameters)

        assert cursor.fetchone() == (11,)


def test_what_belongs_to_the_scope_keeps_working(world):
    figures = world.Figure.objects
    with acting(REGION):
        assert figures.aggregate(s=Sum("value"))["s"] == 11
        assert world.Place.objects.filter(Exists(figures.filter(place=OuterRef("pk")))).count() == 1
        assert list(
            figures.filter(pk__in=figures.values("pk")).order_by("value").values_list("value", flat=True)
        ) == [1, 10]
        assert [f.value for f in world.Place.objects.prefetch_related("figures").get().figures.all()] == [
            1,
            10,
        ]
        assert [f.value for f in figures.select_related("place").order_by("-value")] == [10, 1]
        assert figures.filter(value=1).union(figures.filter(value=10)).count() == 2
        assert figures.select_for_update(of=("self",)).count() == 2
        assert len(figures.select_for_update(of=("self",))) == 2
        mine = figures.get(value=1)
        mine.value = 2
        mine.save()
        mine.refresh_from_db()
        assert mine.value == 2
        assert figures.bulk_update([mine], ["value"]) == 1
        made = figures.create(place=mine.place, org_path="/C/R01/T9/", value=3)
        figures.bulk_create([world.Figure(place=mine.place, org_path="/C/R01/", person_id=OTHER, value=4)])
        assert world.Note.objects.filter(figure=made).delete()[0] == 0
        assert figures.filter(value=4).update(value=5) == 1
        assert figures.get_or_create(value=5, defaults={"org_path": "/C/R01/"})[1] is False


def test_a_way_through_another_scoped_table_works_when_it_asks_for_both_scopes(world):
    with acting(ALL):  # a note in my region about a figure of another region
        far = world.Figure.objects.get(value=1000)
        world.Note.objects.create(figure=far, org_path="/C/R01/")
    with acting(REGION):
        notes = world.Note.objects.also_through("figure").select_related("figure")

        assert sorted(note.figure.value for note in notes) == [1, 10]
        assert world.Note.objects.count() == 3


def test_others_rows_are_neither_changed_nor_removed(world):
    with acting(ALL):
        far = world.Figure.objects.get(value=1000)
    with acting(REGION):
        assert world.Figure.objects.filter(pk=far.pk).update(value=0) == 0
        assert world.Figure.objects.filter(pk=far.pk).delete()[0] == 0
        far.value = 0
        with pytest.raises(OutOfScope), transaction.atomic():
            far.save()
    with acting(ALL):
        assert seen(world) == [1, 10, 100, 1000]


WRITES = {
    "create": lambda w, p: w.Figure.objects.create(place=p, org_path="/C/R02/", value=1),
    "create for a company": lambda w, p: w.Figure.objects.create(place=p, org_path="/C/", value=1),
    "save of a new one": lambda w, p: w.Figure(place=p, org_path="/C/R010/", value=1).save(),
    "through a relation": lambda w, p: p.figures.create(org_path="/C/R02/", value=1),
    "bulk_create with one stray": lambda w, p: w.Figure.objects.bulk_create(
        [w.Figure(place=p, org_path=path, value=1) for path in ("/C/R01/", "/C/R02/")]
    ),
    "upsert": lambda w, p: w.Figure.objects.bulk_create(
        [w.Figure(pk=w.Figure.objects.earliest("pk").pk, place=p, org_path="/C/R01/", value=1)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["value"],
    ),
    "moving a row away": lambda w, p: w.Figure.objects.update(org_path="/C/R02/"),
    "moving a row by an expression": lambda w, p: w.Figure.objects.update(org_path=models.Value("/C/R02/")),
    "moving a row by save": lambda w, p: _moved(w.Figure.objects.get(value=1)).save(),
    "moving a row by bulk_update": lambda w, p: w.Figure.objects.bulk_update(
        [_moved(w.Figure.objects.get(value=1))], ["org_path"]
    ),
}


def _moved(figure):
    figure.org_path, figure.person_id = "/C/R02/", OTHER
    return figure


@pytest.mark.parametrize("write", WRITES)
def test_nobody_writes_a_row_into_a_place_they_do_not_see(world, write):
    place = world.Place.objects.get()

    with acting(REGION), pytest.raises(OutOfScope), transaction.atomic():
        WRITES[write](world, place)
    with acting(ALL):
        assert seen(world) == [1, 10, 100, 1000]


def test_a_rep_writes_own_rows_and_no_others(world):
    place = world.Place.objects.get()
    with acting(REP):
        world.Figure.objects.create(place=place, org_path="/C/R01/T1/", person_id=ME, value=2)
        with pytest.raises(OutOfScope), transaction.atomic():
            world.Figure.objects.create(place=place, org_path="/C/R01/T1/", person_id=OTHER, value=2)
        with pytest.raises(OutOfScope), transaction.atomic():
            world.Figure.objects.update(person_id=OTHER)

        assert seen(world) == [1, 2]


def test_a_queryset_built_in_one_scope_and_read_in_another_shows_what_both_see(world):
    with acting(ALL):
        wide = world.Figure.objects.order_by("value")
    with acting(REP):
        assert [figure.value for figure in wide.all()] == [1]
        narrow = world.Figure.objects.all()
    with acting(ALL):
        assert [figure.value for figure in narrow] == [1]
    with pytest.raises(Unscoped):
        list(wide.all())


def test_the_former_scope_returns_also_after_an_error():
    with acting(REP):
        with pytest.raises(ZeroDivisionError), acting(ALL):
            1 / 0  # noqa: B018
        assert current() is REP
    assert current() is None


@pytest.mark.parametrize(
    "bad", [{"reason": " "}, {"reason": "x", "paths": ("/C",)}, {"reason": "x", "paths": ("C/",)}]
)
def test_a_scope_without_a_reason_or_with_half_a_path_cannot_be_made(bad):
    with pytest.raises(ValueError, match=r"reason|slash"):
        Scope(**bad)


def test_seeing_everything_is_logged_with_its_reason(caplog):
    with caplog.at_level("INFO", logger="hangbiao.scope"), acting(system_scope("nightly evaluation")):
        pass

    assert "nightly evaluation" in caplog.text


def test_managers_are_scoped_even_where_a_model_forgets_the_parents_meta(installed):
    from tests.engines.scope_world.models import Note

    assert isinstance(Note._base_manager, ScopedManager)
    assert isinstance(Note._default_manager, ScopedManager)


def test_a_model_that_says_nothing_or_lacks_both_columns_is_noticed(installed):
    from tests.engines.scope_world.models import Place, Secret

    assert registry.nature_of(Secret) is None
    with pytest.raises(ImproperlyConfigured, match="path or a person"):
        registry.columns_of(Place)


def test_below_a_place_is_a_range_that_an_index_of_the_path_column_serves(world):
    with acting(ALL), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with acting(REGION):
        plan = world.Note.objects.all().explain()

    assert "note_place" in plan
    assert "Index Cond" in plan
