"""A board of 30 000 people reads sums of units by day; they are those of the daily facts, whatever came late or was undone."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hangbiao.rooms.actuals.models import Batch, UnitDay
from hangbiao.rooms.actuals.series import weekly_of_units
from hangbiao.rooms.actuals.undoing import undo_batch
from hangbiao.rooms.calendar.models import FiscalPeriod
from hangbiao.rooms.targets.models import Metric
from tests.world import ACTOR, found_company
from tests.world.orders import mapping_folder, order, send, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
AT = datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
START, SECOND_WEEK = date(2025, 10, 1), "2025-10-09"


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    found_company()
    return mapping_folder(tmp_path / "mapping")


def weeks(*paths: str, until: date = date(2025, 12, 31)) -> dict[tuple[str, int], int]:
    period, metric = FiscalPeriod.objects.get(code="2025Q4").pk, Metric.objects.get(code="sales").pk
    return {(path, week): value for path, week, value in weekly_of_units(period, metric, paths, START, until)}


def test_a_unit_has_what_is_sold_in_it_and_below(mapping, tmp_path, at):
    file = write_csv(
        tmp_path / "orders_1.csv",
        [order("A", "2025-10-02", "10"), order("B", SECOND_WEEK, "3"), order("C", SECOND_WEEK, "4", rep="wang.fang")],
    )

    send(mapping, file, at)

    lowest = sorted(set(UnitDay.objects.values_list("org_path", flat=True)), key=len)[-1]
    assert weeks("/C/", "/C/R1/") == {("/C/", 0): 1000, ("/C/R1/", 0): 1000, ("/C/", 1): 700, ("/C/R1/", 1): 700}
    assert lowest.startswith("/C/R1/")
    assert lowest != "/C/R1/"
    assert weeks("/C/", until=date(2025, 10, 8)) == {("/C/", 0): 1000}


def test_a_line_that_comes_late_is_in_the_sums_and_an_undone_one_is_not(mapping, tmp_path, at):
    send(mapping, write_csv(tmp_path / "orders_1.csv", [order("A", SECOND_WEEK, "10")]), at)
    send(mapping, write_csv(tmp_path / "orders_2.csv", [order("A", SECOND_WEEK, "8"), order("B", SECOND_WEEK, "5")]), at)
    assert weeks("/C/") == {("/C/", 1): 1300}

    undo_batch(batch=Batch.objects.filter(file_name="orders_2.csv").get().pk, at=AT, actor=ACTOR)

    assert weeks("/C/") == {("/C/", 1): 1000}


def test_the_sums_of_other_days_are_left_alone(mapping, tmp_path, at):
    send(mapping, write_csv(tmp_path / "orders_1.csv", [order("A", SECOND_WEEK, "10"), order("B", "2025-10-10", "2")]), at)
    UnitDay.objects.filter(day=SECOND_WEEK).update(value=77)

    send(mapping, write_csv(tmp_path / "orders_2.csv", [order("C", "2025-10-10", "1")]), at)

    assert set(UnitDay.objects.filter(day=SECOND_WEEK).values_list("value", flat=True)) == {77}
    assert set(UnitDay.objects.filter(day="2025-10-10").values_list("value", flat=True)) == {300}
