from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.deadlines import Deadline, WorkCalendar, due, only_later
from hangbiao.core.errors import BadCount, CalendarGap, CalendarTooShort, NaiveInstant
from tests.core.calendars import CHINA, calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
A_DAY = st.dates(date(2025, 1, 1), date(2027, 6, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("trigger", "right", "monday_to_friday", "make_ups_ignored"),
    [
        ("2025-09-26T10:00", date(2025, 10, 10), date(2025, 10, 3), date(2025, 10, 13)),
        ("2026-02-11T10:00", date(2026, 2, 25), date(2026, 2, 18), date(2026, 2, 26)),
        ("2026-09-18T10:00", date(2026, 9, 24), date(2026, 9, 25), date(2026, 9, 28)),
    ],
)
def test_five_working_days_know_holidays_and_make_up_days(
    trigger: str, right: date, monday_to_friday: date, make_ups_ignored: date
) -> None:
    naive = calendar(CHINA.first, CHINA.last, rest=set(), work=set())
    half = calendar(CHINA.first, CHINA.last, work=set())

    assert due(at(trigger), 5, CHINA, zone=SHANGHAI).day == right
    assert due(at(trigger), 5, naive, zone=SHANGHAI).day == monday_to_friday
    assert due(at(trigger), 5, half, zone=SHANGHAI).day == make_ups_ignored


@pytest.mark.parametrize(
    ("trigger", "day"),
    [
        ("2025-11-03T18:00:00", date(2025, 11, 4)),  # 18:00 itself still counts
        ("2025-11-03T18:00:01", date(2025, 11, 5)),
        ("2025-11-07T19:00:00", date(2025, 11, 11)),  # Friday evening counts from Monday
        ("2025-11-08T09:00:00", date(2025, 11, 11)),  # so does Saturday
        ("2025-11-08T23:00:00", date(2025, 11, 11)),
        ("2025-10-05T09:00:00", date(2025, 10, 10)),  # in the holiday: counts from Thursday 9 October
    ],
)
def test_an_evening_or_a_rest_day_counts_from_the_next_working_day(trigger: str, day: date) -> None:
    assert due(at(trigger), 1, CHINA, zone=SHANGHAI).day == day


def test_the_evening_is_the_evening_where_the_people_are() -> None:
    half_past_six = datetime(2025, 11, 3, 10, 30, tzinfo=UTC)
    assert due(half_past_six, 1, CHINA, zone=SHANGHAI).day == date(2025, 11, 5)


def test_a_deadline_ends_with_its_day() -> None:
    deadline = due(at("2025-11-03T09:00"), 1, CHINA, zone=SHANGHAI)
    assert deadline.ends_at == at("2025-11-05T00:00")
    assert not deadline.provisional


def test_a_deadline_in_a_year_without_notice_is_provisional_and_no_crash() -> None:
    deadline = due(at("2026-12-29T09:00"), 5, CHINA, zone=SHANGHAI)
    assert deadline.provisional
    assert deadline.day == date(2027, 1, 5)


def test_a_running_deadline_moves_later_only() -> None:
    def deadline(day: int, *, provisional: bool) -> Deadline:
        return Deadline(date(2027, 1, day), at(f"2027-01-{day + 1:02d}T00:00"), provisional)

    running = deadline(5, provisional=True)
    assert only_later(running, deadline(7, provisional=False)) == deadline(7, provisional=False)
    assert only_later(running, deadline(4, provisional=False)) == deadline(5, provisional=False)


def test_the_end_of_the_table_is_said_with_its_facts() -> None:
    with pytest.raises(CalendarTooShort) as caught:
        CHINA.is_work(date(2028, 1, 1))
    assert caught.value.facts == {"first": CHINA.first, "last": CHINA.last, "asked": date(2028, 1, 1)}
    with pytest.raises(CalendarTooShort):
        due(at("2027-12-30T09:00"), 5, CHINA, zone=SHANGHAI)
    with pytest.raises(CalendarTooShort):
        WorkCalendar(()).is_work(date(2025, 1, 1))


def test_a_table_with_a_hole_or_a_double_day_is_refused() -> None:
    with pytest.raises(CalendarGap):
        WorkCalendar([(date(2025, 1, 1), True, False), (date(2025, 1, 3), True, False)])
    with pytest.raises(CalendarGap):
        WorkCalendar([(date(2025, 1, 1), True, False), (date(2025, 1, 1), True, False)])


def test_a_trigger_without_zone_and_no_days_at_all_are_refused() -> None:
    with pytest.raises(NaiveInstant):
        due(datetime(2025, 11, 3, 9), 5, CHINA, zone=SHANGHAI)
    with pytest.raises(BadCount):
        due(at("2025-11-03T09:00"), 0, CHINA, zone=SHANGHAI)


def test_the_fourth_quarter_of_2025_has_61_working_days() -> None:
    months = [(10, 31, 18), (11, 30, 20), (12, 31, 23)]
    for month, last, count in months:
        assert CHINA.count_working_days(date(2025, month, 1), date(2025, month, last)) == count
    assert CHINA.index(date(2025, 10, 17), since=date(2025, 10, 1)) == 8
    assert CHINA.index(date(2025, 10, 5), since=date(2025, 10, 1)) == 0


def test_how_far_back_data_may_stand_skips_rest_days() -> None:
    assert CHINA.earliest_within(date(2025, 11, 7), 2) == date(2025, 11, 5)
    # on Thursday 9 October two working days are missing since 29 September: the 30th and the 9th itself
    assert CHINA.earliest_within(date(2025, 10, 9), 2) == date(2025, 9, 29)
    assert CHINA.earliest_within(CHINA.first, 2) == CHINA.first - timedelta(1)


@given(A_DAY, st.integers(0, 6))
def test_the_earliest_day_within_is_exactly_the_border(day: date, count: int) -> None:
    earliest = CHINA.earliest_within(day, count)
    if earliest >= CHINA.first:
        assert CHINA.count_working_days(earliest + timedelta(1), day) <= count
        assert CHINA.count_working_days(earliest, day) > count


@given(A_DAY, st.integers(0, 60))
def test_adding_working_days_passes_exactly_that_many(day: date, count: int) -> None:
    then = CHINA.add_working_days(day, count)
    assert CHINA.is_work(then)
    assert CHINA.count_working_days(day + timedelta(1), then) == (count if count or CHINA.is_work(day) else 1)


@given(A_DAY, A_DAY)
def test_counting_and_listing_agree(start: date, end: date) -> None:
    assert CHINA.count_working_days(start, end) == len(CHINA.working_days(start, end))
