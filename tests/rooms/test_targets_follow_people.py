"""Worked numbers of docs/rules/phasing.md at the level of the targets room: what a person answers for."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from hangbiao.rooms.calendar.facts import open_periods
from hangbiao.rooms.lights.models import Light
from hangbiao.rooms.lights.services import evaluate, project
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.rows import AssignmentRow, LeaveRow, PersonRow
from hangbiao.rooms.targets.models import Book, Target, Version
from hangbiao.rooms.targets.rows import MetricRow, TargetRow
from hangbiao.rooms.targets.services import derive_person_targets, publish_targets, upsert_metrics
from tests.world import ACTOR, NEW_YEAR, SHANGHAI, found_company, publish, sell, wan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
WHO = {"at": NEW_YEAR, "actor": ACTOR}


def target_of(person: str) -> Version:
    target = Target.objects.get(person__code=person, metric__code="sales", period__code="2025Q4")
    return Version.objects.get(target=target, number=target.current)


def in_wan(version: Version) -> Decimal:
    return (Decimal(version.base) / 1_000_000).quantize(Decimal("0.01"))


def test_a_whole_quarter_is_the_territorys_target():
    found_company()

    assert in_wan(target_of("li.wei")) == 100
    assert target_of("li.wei").stretch == 130_000_000


def test_a_joiner_of_10_november_answers_for_62_5():
    found_company()
    people.upsert_people([PersonRow("new", "新人", "rep", "T-A", joined=date(2025, 11, 10))], **WHO)

    people.upsert_assignments([AssignmentRow("T1", "new", date(2025, 11, 10))], **WHO)

    assert in_wan(target_of("new")) == Decimal("62.50")
    assert in_wan(target_of("li.wei")) == Decimal("37.50")
    assert target_of("li.wei").number == 2, "the old version stays, the shorter one is the next"


def test_protected_leave_from_8_to_19_december_leaves_82_61():
    found_company()

    people.upsert_leaves(
        [LeaveRow("li.wei", "产假", date(2025, 12, 8), date(2025, 12, 19), protected=True)], **WHO
    )

    assert in_wan(target_of("li.wei")) == Decimal("82.61")


def test_annual_leave_lowers_nothing():
    found_company()

    people.upsert_leaves([LeaveRow("li.wei", "年假", date(2025, 12, 8), date(2025, 12, 19))], **WHO)

    assert in_wan(target_of("li.wei")) == 100
    assert target_of("li.wei").number == 1


def test_a_transfer_on_17_november_answers_for_45_and_44():
    found_company(targets={"T1": ("100", "130"), "T2": ("80", "104"), "T9": ("100", "130")})
    leaving = [
        AssignmentRow("T1", "li.wei", date(2025, 1, 1), date(2025, 11, 16)),
        AssignmentRow("T2", "wang.fang", date(2025, 1, 1), date(2025, 11, 16)),
    ]
    assert people.upsert_assignments(leaving, **WHO) == []

    people.upsert_assignments([AssignmentRow("T2", "li.wei", date(2025, 11, 17))], **WHO)

    assert in_wan(target_of("li.wei")) == 89


def test_a_vacant_territory_keeps_its_target():
    found_company()

    people.upsert_assignments([AssignmentRow("T1", "li.wei", date(2025, 1, 1), date(2025, 11, 30))], **WHO)

    territory = Target.objects.get(book=Book.TERRITORY, territory__code="T1", metric__code="sales")
    assert Version.objects.get(target=territory).base == 100_000_000
    assert in_wan(target_of("li.wei")) == 60


@pytest.mark.parametrize("how", ["left before the period", "never worked it", "on leave all along"])
def test_who_turns_out_to_answer_for_no_day_is_asked_for_nothing(how):
    """Departures are often told late, when the target has been derived and lit already."""
    company = found_company()
    sell(date(2025, 11, 11), "1", territory="T9", person="deng.tao")
    gone = date(2025, 9, 30)
    if how == "left before the period":
        row = PersonRow("li.wei", "李伟", "rep", "T-A", valid_to=gone, left=gone)
        assert people.upsert_people([row], **WHO) == []
    elif how == "never worked it":
        assert people.upsert_assignments([AssignmentRow("T1", "li.wei", date(2025, 1, 1), gone)], **WHO) == []
    else:
        leave = LeaveRow("li.wei", "产假", date(2025, 10, 1), date(2025, 12, 31), protected=True)
        assert people.upsert_leaves([leave], **WHO) == []

    asked = target_of("li.wei")
    run = evaluate(as_of=date(2025, 11, 11), at=datetime(2025, 11, 12, 9, tzinfo=SHANGHAI), actor=ACTOR)
    project(run)

    assert (asked.number, asked.base, asked.stretch, asked.active_days) == (2, 0, 0, 0)
    light = Light.objects.get(run=run, person=company.people["li.wei"], metric=company.metrics["sales"])
    assert light.grey_reason == ("on_leave" if how == "on leave all along" else "not_rated")
    assert derive_again() == 0, "said once"


def derive_again() -> int:
    period = next(p for p in open_periods() if p.code == "2025Q4")
    return derive_person_targets(period=period, **WHO)


def test_a_target_cut_to_zero_is_zero_for_who_worked_part_of_the_period_as_well():
    found_company()
    people.upsert_assignments([AssignmentRow("T1", "li.wei", date(2025, 1, 1), date(2025, 11, 30))], **WHO)

    publish({"T1": ("0", "0")})

    assert (target_of("li.wei").base, target_of("li.wei").active_days) == (0, 38)


def test_two_people_in_one_territory_at_once_are_refused_with_the_name():
    found_company()

    refused = people.upsert_assignments(
        [AssignmentRow("T1", "wang.fang", date(2024, 12, 1), date(2025, 3, 1))], **WHO
    )

    assert len(refused) == 1
    assert "李伟" in refused[0].reason


def test_publishing_the_same_numbers_again_makes_no_version():
    found_company()
    before = Version.objects.count()

    publish({"T1": ("100", "130")})

    assert Version.objects.count() == before


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (TargetRow("sales", wan(100), territory="T1", period="2025Q4", stretch=wan(99)), "stretch"),
        (TargetRow("sales", wan(-1), territory="T1", period="2025Q4"), "base"),
        (TargetRow("sales", Decimal("1.005"), territory="T1", period="2025Q4"), "base"),
        (TargetRow("profit", wan(1), territory="T1", period="2025Q4"), "metric"),
        (TargetRow("sales", wan(1), territory="T1", period="2025Q4", stretch=Decimal("10000.001")), "stretch"),
        (TargetRow("sales", Decimal("9e30"), territory="T1", period="2025Q4"), "base"),
        (TargetRow("sales", wan(1), territory="T7", period="2025Q4"), "territory"),
        (TargetRow("sales", wan(1), person="nobody", period="2025Q4"), "person"),
        (TargetRow("sales", wan(1), territory="T1", period="2031Q4"), "period"),
        (TargetRow("sales", wan(1), territory="T1", period="2025Q4", phasing="months:50/50"), "phasing"),
        (TargetRow("sales", wan(1), territory="T1", period="2025Q4", phasing="weeks"), "phasing"),
    ],
)
def test_an_impossible_target_is_refused_with_its_column(row, column):
    found_company()
    before = Version.objects.count()

    refused = publish_targets([row], **WHO)

    assert [r.column for r in refused] == [column]
    assert refused[0].reason.endswith("。"), "a sentence, no code of a rule"
    assert refused[0].remedy.endswith("。")
    assert Version.objects.count() == before


def test_a_metric_where_less_is_better_gets_no_target_rather_than_a_light_the_wrong_way_round():
    found_company()
    assert upsert_metrics([MetricRow("stockout_days", "缺货天数", "day", direction="lower")], **WHO) == []

    refused = publish_targets([TargetRow("stockout_days", Decimal(10), territory="T1", period="2025Q4")], **WHO)

    assert [(r.column, r.value) for r in refused] == [("metric", "stockout_days")]
    assert "越低越好" in refused[0].reason
    assert not Target.objects.filter(metric__code="stockout_days").exists()
