"""Who was in charge *then*: moves, changes of managers, ends of posts, deputies, re-organisations (docs/guide/access.md)."""

from datetime import date, datetime

import pytest
from django.db import connection, transaction

from hangbiao.engines.scope.conditions import raw_condition
from hangbiao.engines.scope.context import Past, Scope, acting, system_scope
from hangbiao.engines.scope.errors import OutOfScope
from hangbiao.rooms.actuals.models import Batch, DailyFact, MappingText, Scorecard
from hangbiao.rooms.actuals.sql import open_partition
from hangbiao.rooms.lights.models import Light, Run
from hangbiao.rooms.people import services
from hangbiao.rooms.people.deputies import appoint_deputy, end_deputy
from hangbiao.rooms.people.models import Person
from hangbiao.rooms.people.rows import PersonRow, UnitRow
from hangbiao.rooms.people.selectors import scope_of
from hangbiao.rooms.targets.models import Target, Version
from tests.world import ACTOR, NEW_YEAR, SHANGHAI, found_company

OCTOBER, NOVEMBER, LATER = date(2025, 10, 20), date(2025, 11, 20), date(2025, 12, 10)
R1, R2 = "/C/R1/T-A/", "/C/R2/T-B/"
WHO = {"at": NEW_YEAR, "actor": ACTOR}
ALL = system_scope("test")


@pytest.fixture
def company(db):
    """A fact per month and team, each with a value of its own: 1 and 2 in R1 (October, November), 4 and 8 in R2."""
    with acting(ALL):
        found = found_company()
        mapping = MappingText.objects.create(code="m", digest="0" * 64, text="", recorded_at=NEW_YEAR)
        batch = Batch.objects.create(
            stream="daily_totals", mapping=mapping, file_name="f", sha256="0" * 64, recorded_at=NEW_YEAR, merkle_root="0" * 64
        )
        open_partition(found.period)
        given = {"period_id": found.period, "metric_id": found.metrics["sales"], "batch": batch, "recorded_at": NEW_YEAR}
        for value, day, path, who in [
            (1, OCTOBER, R1, "li.wei"), (2, NOVEMBER, R1, "li.wei"), (4, OCTOBER, R2, "deng.tao"), (8, NOVEMBER, R2, "deng.tao"),
        ]:  # fmt: skip
            DailyFact.objects.create(day=day, org_path=path, person_id=found.people[who], value=value, **given)
        yield found


def person(code: str) -> Person:
    return Person.objects.get(code=code)


def seen(code: str, on: date = LATER) -> int:
    """The sum of the facts that somebody sees: each combination of rows has a sum of its own."""
    with acting(scope_of(person(code), on)):
        return sum(DailyFact.objects.values_list("value", flat=True))


def post(code: str, role: str, unit: str, first: date, last: date | None = None, **more) -> None:
    row = PersonRow(code, Person.objects.filter(code=code).values_list("name", flat=True).first() or code, role, unit,
                    valid_from=first, valid_to=last, **more)  # fmt: skip
    with acting(ALL):
        assert services.upsert_people([row], **WHO) == []


def test_everybody_sees_their_place_and_nobody_elses(company):
    assert [seen(c) for c in ("li.wei", "zhao.min", "chen.gang", "sun.li", "zhou.jie", "qian.hao", "he.yu", "deng.tao")] == [
        3, 3, 3, 3, 15, 0, 12, 12,
    ]  # fmt: skip


def test_a_rep_who_moves_leaves_their_history_with_the_old_region(company):
    post("li.wei", "rep", "T-B", date(2025, 11, 24))
    with acting(ALL):
        DailyFact.objects.create(
            day=date(2025, 12, 1), org_path=R2, person_id=company.people["li.wei"], value=16, period_id=company.period,
            metric_id=company.metrics["sales"], batch=Batch.objects.get(), recorded_at=NEW_YEAR,
        )  # fmt: skip

    assert seen("chen.gang") == 3, "the old region keeps what was sold there"
    assert seen("he.yu") == 12 + 16, "the new one sees what is sold there, and not what was elsewhere"
    assert seen("li.wei") == 3 + 16, "one's own goes along"


def test_a_former_region_manager_sees_what_lay_in_his_time_and_not_what_came_after(company):
    post("chen.gang", "region_manager", "R1", date(2000, 1, 1), date(2025, 11, 10))
    post("wu.ting", "region_manager", "R1", date(2025, 11, 11))
    post("chen.gang", "supervisor", "T-B", date(2025, 11, 11))

    assert seen("chen.gang", date(2025, 11, 10)) == 3
    assert seen("chen.gang") == 1 + 12, "October of the old region, and everything of the present team"
    assert seen("wu.ting") == 3, "whoever is in charge now sees the history"
    assert seen("wu.ting", date(2025, 11, 10)) == 0, "not yet"
    scope = scope_of(person("chen.gang"), LATER)
    with acting(scope), connection.cursor() as cursor:
        where, given = raw_condition(DailyFact, "f")
        cursor.execute(f"SELECT sum(f.value) FROM actuals_dailyfact f WHERE {where}", given)
        assert cursor.fetchone() == (13,), "a room's own statement says the same"


def _light(company, as_of: date, value: int) -> None:
    run = Run.objects.create(
        kind="checkpoint", period_id=company.period, as_of=as_of, at=NEW_YEAR, policy={}, policy_known_at=NEW_YEAR,
        facts_as_of=1, calendar_version=1, targets_known_at=NEW_YEAR, feeds={}, away=[],
    )  # fmt: skip
    target = Target.objects.filter(book="person", org_path=R1).first()
    row = {
        "run_id": run.pk, "target_id": target.pk, "version": 1, "metric_id": target.metric_id, "person_id": target.person_id,
        "org_path": R1, "base": value, "actual": 0, "plan_num": 1, "plan_den": 1, "light": "red", "grey_reason": "",
        "state": "red", "confirmed": "", "confirmed_before": "",
    }  # fmt: skip
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO lights_light ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def test_lights_scorecards_and_targets_of_a_former_unit_end_with_the_time_as_well(company):
    with acting(ALL):
        _light(company, date(2025, 10, 28), 5)
        _light(company, date(2025, 11, 25), 7)
    post("chen.gang", "region_manager", "R1", date(2000, 1, 1), date(2025, 11, 10))
    post("chen.gang", "supervisor", "T-B", date(2025, 11, 11))
    with acting(scope_of(person("chen.gang"), LATER)):
        assert list(Light.objects.values_list("base", flat=True)) == [5]
        assert not Scorecard.objects.filter(org_path=R1).exists(), "the running actual is of today"
        assert not Target.objects.filter(org_path=R1).exists(), "the period did not end in his time"
        assert not Version.objects.filter(org_path=R1).exists()
    with acting(scope_of(person("chen.gang"), date(2025, 11, 10))):
        assert Target.objects.filter(org_path=R1).exists()
    with acting(Scope("looks back at a year", past=(Past("/C/R1/", date(2025, 1, 1), date(2025, 12, 31)),))):
        assert sorted(Light.objects.values_list("base", flat=True)) == [5, 7]
        assert Target.objects.filter(org_path=R1).exists()


def test_nobody_writes_into_a_place_that_is_past(company):
    post("chen.gang", "region_manager", "R1", date(2000, 1, 1), date(2025, 11, 10))
    with acting(scope_of(person("chen.gang"), LATER)), pytest.raises(OutOfScope), transaction.atomic():
        DailyFact.objects.create(
            day=OCTOBER, org_path=R1, value=1, period_id=company.period, metric_id=company.metrics["sales"],
            batch_id=1, recorded_at=NEW_YEAR,
        )  # fmt: skip


def test_whoever_has_left_sees_nothing_even_with_a_post_that_nobody_ended(company):
    post("chen.gang", "region_manager", "R1", date(2000, 1, 1), left=date(2025, 11, 30))
    post("li.wei", "rep", "T-A", date(2000, 1, 1), left=date(2025, 11, 30))

    assert (seen("chen.gang", date(2025, 11, 30)), seen("chen.gang")) == (3, 0)
    assert (seen("li.wei", date(2025, 11, 30)), seen("li.wei")) == (3, 0)
    assert seen("zhou.jie") == 15, "what they sold stays"


def test_a_post_that_ended_without_another_leaves_the_look_back_and_nothing_else(company):
    post("zhao.min", "supervisor", "T-A", date(2000, 1, 1), date(2025, 11, 10))

    assert seen("zhao.min") == 1


def test_an_hrbp_of_two_regions_sees_both_and_loses_one_with_its_post(company):
    post("sun.li", "hrbp", "R2", date(2025, 10, 1), date(2025, 11, 10))

    assert seen("sun.li", date(2025, 11, 1)) == 15
    assert seen("sun.li") == 3 + 4, "of the second region only what lay in her time"


def test_a_reorganisation_leaves_old_rows_where_they_were(company):
    with acting(ALL):
        new = [UnitRow("R3", "川南", "region"), UnitRow("T-C", "川南一组", "team", parent="R3")]
        assert services.upsert_units(new, **WHO) == []
    post("li.wei", "rep", "T-C", date(2025, 12, 1))
    post("zhao.min", "supervisor", "T-C", date(2025, 12, 1))
    post("gu.lan", "region_manager", "R3", date(2025, 12, 1))

    assert seen("gu.lan") == 0, "the new region begins empty"
    assert seen("chen.gang") == 3, "the old one keeps its history"
    assert seen("zhao.min") == 3, "the supervisor looks back at the team of before"
    assert seen("li.wei") == 3


def test_a_deputy_sees_what_the_other_one_sees_for_those_days_and_passes_nothing_on(company):
    first, last = date(2025, 12, 1), date(2025, 12, 20)
    stands_in = {"reason": "产假", "at": NEW_YEAR, "actor": ACTOR, "first": first, "last": last}
    kept = appoint_deputy(principal=person("he.yu"), deputy=person("zhao.min"), **stands_in)
    appoint_deputy(principal=person("zhao.min"), deputy=person("li.wei"), **stands_in)

    assert [seen("zhao.min", day) for day in (date(2025, 11, 30), first, last, date(2025, 12, 21))] == [3, 15, 15, 3]
    assert seen("li.wei") == 3, "the deputy of a deputy sees the team, not the other region"
    end_deputy(deputy=kept, last=date(2025, 12, 5), at=NEW_YEAR, actor=ACTOR)
    assert seen("zhao.min") == 3
    post("he.yu", "region_manager", "R2", date(2000, 1, 1), left=date(2025, 12, 2))
    assert seen("zhao.min", date(2025, 12, 3)) == 3, "whoever has left has nothing to hand on"


def test_standing_in_is_journalled_and_oneself_or_backwards_is_refused(company):
    from hangbiao.engines.journal.selectors import entries_of
    from hangbiao.rooms.people.errors import EndsBeforeItBegins, NotOnesOwnDeputy

    one, other = person("he.yu"), person("zhao.min")
    given = {"reason": "r", "at": datetime(2025, 12, 1, tzinfo=SHANGHAI), "actor": ACTOR}
    appoint_deputy(principal=one, deputy=other, first=LATER, last=LATER, **given)
    assert entries_of("people").last().kind == "people.deputy_appointed"
    with pytest.raises(NotOnesOwnDeputy):
        appoint_deputy(principal=one, deputy=one, first=LATER, last=LATER, **given)
    with pytest.raises(EndsBeforeItBegins):
        appoint_deputy(principal=one, deputy=other, first=LATER, last=OCTOBER, **given)
