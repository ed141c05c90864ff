"""The working-day table and its versions (docs/rules: deadlines)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hangbiao.core.deadlines import due
from hangbiao.engines.journal.models import Entry
from hangbiao.engines.workdays.errors import DayTwice, NoSuchVersion, Unexplained
from hangbiao.engines.workdays.models import Day
from hangbiao.engines.workdays.selectors import calendar, latest_version
from hangbiao.engines.workdays.services import change_days, seed
from hangbiao.engines.workdays.sources import DayRow, published_through

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_q4_2025_has_61_working_days_with_its_make_up_days(db):
    days = calendar(start=date(2025, 9, 1), end=date(2025, 12, 31))

    counts = [
        days.count_working_days(date(2025, m, 1), date(2025, m, 30 if m == 11 else 31)) for m in (10, 11, 12)
    ]
    assert counts == [18, 20, 23]
    assert days.is_work(date(2025, 9, 28))
    assert days.is_work(date(2025, 10, 11))
    assert not days.is_work(date(2025, 10, 8))


@pytest.mark.parametrize(
    ("trigger", "deadline"),
    [("2025-09-26", "2025-10-10"), ("2026-02-11", "2026-02-25"), ("2026-09-18", "2026-09-24")],
)
def test_five_working_days_from_the_table_count_make_up_days(db, trigger, deadline):
    at = datetime.fromisoformat(trigger + "T09:00").replace(tzinfo=SHANGHAI)
    days = calendar(start=at.date(), end=date(at.year, 12, 31))

    assert due(at, 5, days, zone=SHANGHAI).day == date.fromisoformat(deadline)


def test_a_year_without_a_published_notice_is_provisional_and_does_not_crash(db):
    days = calendar(start=date(2026, 12, 20), end=date(2027, 3, 1))

    assert not days.is_provisional(date(2026, 12, 31))
    assert days.is_provisional(date(2027, 1, 4))
    assert days.is_work(date(2027, 1, 4))
    assert not days.is_work(date(2027, 1, 1))  # a holiday that is known beforehand
    assert not days.is_work(date(2027, 1, 2))  # a Saturday


@pytest.mark.parametrize("year", [1999, 2090])
def test_days_beyond_the_table_are_monday_to_friday_and_provisional(db, year):
    days = calendar(start=date(year, 1, 1), end=date(year, 12, 31))

    assert days.is_provisional(date(year, 5, 1))
    assert all(day.weekday() < 5 for day in days.working_days(date(year, 1, 1), date(year, 12, 31)))


def test_a_change_makes_a_new_version_and_the_old_one_answers_as_it_did(db, at):
    festival = date(2026, 4, 21)  # 三月三, a company day off
    before = latest_version()

    now = change_days(
        [DayRow(festival, is_work=False, name="三月三")], at=at, actor="account:1", reason="桂政办发"
    )

    assert now == before + 1 == latest_version()
    assert calendar(before, festival, festival).is_work(festival)
    assert not calendar(now, festival, festival).is_work(festival)
    assert not calendar(start=festival, end=festival).is_work(festival)
    assert Day.objects.filter(version=now).count() == 1
    line = Entry.objects.get()
    assert (line.kind, line.data["version"], line.data["days"]) == ("workdays.changed", now, 1)


def test_a_published_notice_confirms_provisional_days(db, at):
    spring = [
        DayRow(date(2027, 2, day), is_work=False, name="春节", source="国办发明电") for day in range(5, 13)
    ]

    change_days(
        [*spring, DayRow(date(2027, 2, 14), is_work=True)], at=at, actor="account:1", reason="2027 notice"
    )

    days = calendar(start=date(2027, 2, 1), end=date(2027, 2, 28))
    assert days.is_work(date(2027, 2, 14))
    assert not days.is_provisional(date(2027, 2, 5), date(2027, 2, 12))
    assert days.is_provisional(date(2027, 2, 15))


def test_a_change_that_changes_nothing_makes_no_version(db, at):
    before = latest_version()

    assert change_days([DayRow(date(2026, 4, 21), is_work=True)], at=at, actor="a", reason="r") == before
    assert Entry.objects.count() == 0


def test_a_cached_calendar_does_not_outlive_a_rollback(db, at):
    from django.db import transaction

    day = date(2026, 4, 21)

    for is_work in (False, True):
        with transaction.atomic():
            rows = [DayRow(day, is_work=is_work), DayRow(date(2026, 4, 22), is_work=False)]
            number = change_days(rows, at=at, actor="a", reason="r")
            assert calendar(number, day, day).is_work(day) is is_work
            transaction.set_rollback(True)


def test_the_calendar_of_a_span_is_read_once(db, django_assert_num_queries):
    span = {"start": date(2026, 10, 1), "end": date(2026, 12, 31)}
    first = calendar(**span)

    with django_assert_num_queries(1):  # which version is in force
        assert calendar(**span) is first


def test_seeding_adds_years_and_leaves_the_known_ones(db, at):
    first = latest_version()

    assert seed(through_year=2029, at=at, actor="system:test") == first
    assert seed(through_year=2032, at=at, actor="system:test") == first + 1

    assert calendar(start=date(2032, 1, 1), end=date(2032, 12, 31)).is_provisional(date(2032, 6, 1))
    assert Day.objects.filter(version=first + 1).earliest("day").day == date(2031, 1, 1)


def test_the_delivered_table_is_published_as_far_as_the_library_goes(db):
    last = published_through()

    assert not Day.objects.filter(day__year=last, provisional=True).exists()
    assert not Day.objects.filter(day__year=last + 1, provisional=False).exists()


@pytest.mark.parametrize(
    ("rows", "reason", "refusal"),
    [
        ([DayRow(date(2026, 4, 21), True), DayRow(date(2026, 4, 21), False)], "r", DayTwice),
        ([DayRow(date(2026, 4, 21), False)], " ", Unexplained),
    ],
)
def test_a_change_that_contradicts_itself_or_has_no_reason_is_refused(db, at, rows, reason, refusal):
    with pytest.raises(refusal) as refused:
        change_days(rows, at=at, actor="account:1", reason=reason)

    assert refused.value.sentence()


def test_a_version_that_never_was_is_named(db):
    with pytest.raises(NoSuchVersion, match="99"):
        calendar(99, date(2026, 1, 1), date(2026, 1, 2))
