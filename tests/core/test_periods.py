import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.errors import NoSuchWeek, UnknownPattern, UnknownPeriod
from hangbiao.core.periods import FiscalCalendar, Period
from hangbiao.core.windows import windows_of

QUARTERS = FiscalCalendar()
Q4 = QUARTERS.period("2025Q4")
A_DAY = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def test_a_day_belongs_to_its_quarter() -> None:
    assert QUARTERS.period_of(date(2026, 11, 26)) == QUARTERS.period("2026Q4")
    assert (Q4.start, Q4.end, Q4.days) == (date(2025, 10, 1), date(2025, 12, 31), 92)
    assert date(2025, 12, 31) in Q4
    assert date(2026, 1, 1) not in Q4


def test_neighbours_cross_the_year() -> None:
    assert QUARTERS.next(Q4).code == "2026Q1"
    assert QUARTERS.previous(QUARTERS.period("2026Q1")) == Q4
    assert QUARTERS.same_last_year(Q4).code == "2024Q4"


def test_week_10_of_the_fourth_quarter_is_3_to_9_december() -> None:
    (window,) = windows_of(Q4, [10], QUARTERS)
    assert (window.week, window.opens, window.closes) == (10, date(2025, 12, 3), date(2025, 12, 9))
    assert window.is_open_on(date(2025, 12, 9))
    assert not window.is_open_on(date(2025, 12, 10))


def test_several_windows_come_in_order_and_once() -> None:
    assert [w.week for w in windows_of(Q4, [10, 6, 10], QUARTERS)] == [6, 10]


def test_a_week_the_period_does_not_have_is_refused() -> None:
    with pytest.raises(NoSuchWeek) as caught:
        windows_of(Q4, [15], QUARTERS)
    assert caught.value.weeks == 14


def test_checkpoints_are_every_fourteenth_day_and_the_last() -> None:
    assert QUARTERS.checkpoints(Q4) == [
        date(2025, 10, 14), date(2025, 10, 28), date(2025, 11, 11), date(2025, 11, 25),
        date(2025, 12, 9), date(2025, 12, 23), date(2025, 12, 31),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["2026Q5", "2026", "2026q4", " 2026Q4", "0000Q1", ""])
def test_a_text_that_names_no_period_is_refused(text: str) -> None:
    with pytest.raises(UnknownPeriod):
        QUARTERS.period(text)


def test_other_patterns_are_refused_until_they_exist() -> None:
    with pytest.raises(UnknownPattern):
        FiscalCalendar(pattern="4-4-5")


@given(A_DAY)
def test_weeks_tile_the_period_without_gap(day: date) -> None:
    period = QUARTERS.period_of(day)
    weeks = QUARTERS.weeks(period)
    assert weeks[0].start == period.start
    assert weeks[-1].end == period.end
    assert all(a.end + timedelta(1) == b.start for a, b in itertools.pairwise(weeks))
    week = QUARTERS.week_of(day)
    assert week.start <= day <= week.end
    assert week in weeks


@given(A_DAY)
def test_going_back_and_forth_returns(day: date) -> None:
    period = QUARTERS.period_of(day)
    assert QUARTERS.previous(QUARTERS.next(period)) == period == QUARTERS.period(period.code)
    assert len(set(QUARTERS.checkpoints(period))) == 7


def test_a_fourteen_week_period_has_its_last_day_once() -> None:
    long = Period("2025X1", date(2025, 9, 29), date(2025, 9, 29) + timedelta(97))
    assert QUARTERS.checkpoints(long)[-2:] == [long.start + timedelta(83), long.end]
    assert len(QUARTERS.checkpoints(long)) == 7
