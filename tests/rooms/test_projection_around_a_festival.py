"""Last year's curve is laid around this year's Spring Festival, and the ranges are held against what came."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from hangbiao.core.estimates.holidays import by_working_day, relay, shifted
from hangbiao.engines.workdays.selectors import calendar, latest_version
from hangbiao.engines.workdays.services import change_days
from hangbiao.engines.workdays.sources import DayRow
from hangbiao.rooms.actuals.selectors import newest_batch
from hangbiao.rooms.calendar.models import FiscalPeriod
from hangbiao.rooms.calendar.services import ensure_periods
from hangbiao.rooms.lights.coverage import Coverage, coverage_of
from hangbiao.rooms.lights.history import History, history_of, projected
from hangbiao.rooms.lights.models import Light, Projection, Run
from hangbiao.rooms.lights.services import evaluate, project
from hangbiao.rooms.people.models import Assignment
from tests.core.calendars import days
from tests.world import ACTOR, NEW_YEAR, SHANGHAI, Company, found_company, publish, sell
from tests.world.files import import_orders
from tests.world.orders import mapping_folder, order, send, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
LAST_YEAR = (date(2025, 1, 1), date(2025, 3, 31))
THIS_YEAR = (date(2026, 1, 1), date(2026, 3, 31))
DAY = date(2026, 1, 30)


def seen_on(day: date, company: Company) -> History:
    period = FiscalPeriod.objects.get(code="2026Q1")
    run = Run(period=period, as_of=day, calendar_version=latest_version(), facts_as_of=newest_batch())
    return seen_by(run, company)


def seen_by(run: Run, company: Company) -> History:
    history = history_of(run, company.metrics["sales"])
    assert history is not None
    return history


@pytest.fixture
def company() -> Company:
    """Every working day of early 2025 brings T1 an order, three times as much in the three weeks before the festival."""
    company = found_company()
    ensure_periods(first=LAST_YEAR[0], last=LAST_YEAR[1], at=NEW_YEAR, actor=ACTOR)
    orders = [
        (day, 300 if date(2025, 1, 7) <= day < date(2025, 1, 28) else 100, "T1", "li.wei")
        for day in days(*LAST_YEAR)
        if calendar().is_work(day)
    ]
    import_orders(orders, at=datetime(2025, 4, 1, tzinfo=UTC))
    for code in ("2025-05-06", "2025-08-06", "2025-11-06"):
        sell(date.fromisoformat(code), "1")
    sell(date(2026, 1, 6), "1")
    return company


def test_the_share_behind_is_that_of_a_year_whose_festival_came_later(company: Company) -> None:
    """On 30 January 2026, 21 working days are done; by the index, last year's festival rush would be over."""
    history = seen_on(DAY, company)
    now, _ends, _model = projected(history, np.zeros(len(history.units), dtype=np.int64))

    worked = [np.array([calendar().is_work(d) for d in days(*q)]) for q in (LAST_YEAR, THIS_YEAR)]
    daily = np.array(
        [
            (3.0 if date(2025, 1, 7) <= d < date(2025, 1, 28) else 1.0) * calendar().is_work(d)
            for d in days(*LAST_YEAR)
        ]
    )
    relaid = relay(by_working_day(daily, worked[0]), *worked)
    assert relaid is not None
    index = history.seen[0, 0] / history.whole[0, 0]
    assert now.share[0] == pytest.approx(shifted(np.array([index]), relaid.shift(21))[0])
    assert now.share[0] < 0.7 * index
    assert now.doubt is not None
    assert now.doubt[0] == pytest.approx(relaid.doubt)
    assert history.doubt[1:].tolist() == [0, 0, 0, 0]
    assert history.moved[1:].tolist() == [0, 0, 0, 0]


def test_the_same_run_sees_the_same_history_again(company: Company) -> None:
    one, other = seen_on(DAY, company), seen_on(DAY, company)
    for name in ("whole", "seen", "seen_before", "moved", "moved_before", "doubt"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_the_first_and_the_last_day_have_nothing_to_move(company: Company) -> None:
    assert seen_on(date(2026, 1, 1), company).moved[0] == 0
    assert seen_on(THIS_YEAR[1], company).moved[0] == 0


def official(day: date) -> Run:
    at = datetime(day.year, day.month, day.day, 22, tzinfo=SHANGHAI)
    return evaluate(as_of=day, at=at, actor=ACTOR, kind="checkpoint")


def test_coverage_counts_the_ranges_of_finished_periods_that_held_the_end() -> None:
    company = found_company()
    metric = company.metrics["sales"]
    sell(date(2025, 10, 20), "40")
    early = official(date(2025, 11, 5))
    lights = list(Light.objects.filter(run=early, metric=metric).order_by("target_id"))
    for light, (low, high) in zip(lights, [(0, 10**9), (1, 2), (None, None)], strict=True):
        Projection.objects.create(
            run=early, target_id=light.target_id, metric_id=metric, org_path=light.org_path,
            method="last_year", point=1, low=low, high=high,
        )  # fmt: skip
    assert coverage_of(metric) == [], "the period has not ended"

    official(date(2025, 12, 31))

    assert coverage_of(metric) == [Coverage("2025Q4", date(2025, 11, 5), given=2, held=1)]


def rows_of(run: Run) -> list[tuple[object, ...]]:
    return list(
        Projection.objects.filter(run=run)
        .order_by("org_path", "target")
        .values_list("org_path", "target", "person", "method", "point", "low", "high", "p70_permille")
    )


def test_a_past_projection_comes_out_the_same_after_corrections_to_every_period_it_reads(company: Company, tmp_path) -> None:
    """Facts of last year, of this period, before and after the day; targets, the calendar, an older period, a transfer."""
    folder = mapping_folder(tmp_path / "mapping")

    def sent(number: str, day: str, amount: str, at: datetime) -> None:
        file = write_csv(tmp_path / f"orders_{number}_{at:%Y%m%d}.csv", [order(number, day, amount)])
        assert send(folder, file, at).refusals == []

    sent("L1", "2025-02-11", "9000.00", datetime(2026, 1, 29, tzinfo=UTC))
    sent("N1", "2026-01-20", "4000.00", datetime(2026, 1, 29, tzinfo=UTC))
    publish({"T1": ("10", "13")}, period="2026Q1", phasing="even", at=datetime(2026, 1, 2, tzinfo=UTC))
    run = evaluate(as_of=DAY, at=datetime(2026, 1, 31, 9, tzinfo=SHANGHAI), actor=ACTOR, kind="checkpoint")
    project(run)
    said = rows_of(run)
    assert {row[3] for row in said} >= {"last_year"}
    periods = seen_by(run, company).whole.shape[1]

    later = datetime(2026, 2, 10, tzinfo=UTC)
    sent("L1", "2025-02-11", "90000.00", later)
    sent("N1", "2026-01-20", "70000.00", later)
    sent("N2", "2026-01-21", "500.00", later)
    sent("O1", "2024-05-06", "800.00", later)
    publish({"T1": ("20", "26")}, period="2026Q1", phasing="even", at=later)
    change_days([DayRow(date(2025, 2, 13), is_work=False, name="公司日", source="test")], at=later, actor=ACTOR, reason="公司日")
    Assignment.objects.filter(person=company.people["li.wei"]).update(valid_to=date(2026, 1, 15))

    again = Run.objects.get(pk=run.pk)
    project(again)
    assert rows_of(again) == said
    assert seen_by(again, company).whole.shape[1] == periods, "a period that was opened since is not among those it saw"

    now = evaluate(as_of=DAY, at=datetime(2026, 2, 11, 9, tzinfo=SHANGHAI), actor=ACTOR, kind="preview")
    project(now)
    assert rows_of(now) != said, "the corrections matter to whoever knows of them"
