"""A long holiday that moves takes the weeks around it along; everything is read off the working-day table alone."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.estimates.holidays import (
    LONG,
    MOVED,
    Relaid,
    by_working_day,
    has_moved,
    holiday_after,
    relay,
    shifted,
)
from hangbiao.core.estimates.peers import Bools, Floats
from tests.core.calendars import CHINA, days


def flags(first: date, last: date) -> Bools:
    return np.array([CHINA.is_work(day) for day in days(first, last)])


def period(before: int, rest: int, after: int) -> Bools:
    """So many working days, so many rest days, so many working days."""
    return np.array([True] * before + [False] * rest + [True] * after)


Q1_2025, Q1_2026 = flags(date(2025, 1, 1), date(2025, 3, 31)), flags(date(2026, 1, 1), date(2026, 3, 31))
Q4_2025, Q4_2026 = flags(date(2025, 10, 1), date(2025, 12, 31)), flags(date(2026, 10, 1), date(2026, 12, 31))
Q2_2025, Q2_2026 = flags(date(2025, 4, 1), date(2025, 6, 30)), flags(date(2026, 4, 1), date(2026, 6, 30))

calendars = st.lists(st.booleans(), min_size=0, max_size=95).map(lambda d: np.array(d, dtype=np.bool_))
around_a_holiday = st.builds(period, st.integers(0, 60), st.integers(LONG, 11), st.integers(0, 60))


def test_spring_festival_is_found_by_its_rest_days_and_has_moved_by_13_working_days() -> None:
    assert (holiday_after(Q1_2025), holiday_after(Q1_2026)) == (19, 32)
    assert has_moved(Q1_2025, Q1_2026)


def test_golden_week_and_labour_day_stay_where_they_are() -> None:
    assert holiday_after(Q4_2025) == holiday_after(Q4_2026) == 0
    assert not has_moved(Q4_2025, Q4_2026)
    assert not has_moved(Q2_2025, Q2_2026)


@pytest.mark.parametrize(("rest", "place"), [(LONG - 1, None), (LONG, 10)])
def test_a_holiday_is_long_from_five_rest_days_in_a_row(rest: int, place: int | None) -> None:
    assert holiday_after(period(10, rest, 10)) == place


def test_two_long_holidays_in_one_period_cannot_be_told_apart() -> None:
    assert holiday_after(np.concatenate([period(10, 7, 10), period(0, 6, 10)])) is None


@pytest.mark.parametrize(("by", "moved"), [(MOVED, False), (MOVED + 1, True), (-MOVED - 1, True)])
def test_it_has_moved_beyond_a_working_week(by: int, moved: bool) -> None:
    assert has_moved(period(25, 7, 35), period(25 + by, 7, 35 - by)) is moved


def test_the_worked_example_of_the_page() -> None:
    """Ordinary days bring 1, the ten before a holiday 2, the ten after it 0.5; the holiday moves from day 20 to day 30."""
    sold = np.array([1.0] * 10 + [2.0] * 10 + [0.5] * 10 + [1.0] * 30)
    relaid = relay(sold, period(20, 7, 40), period(30, 7, 30))
    assert relaid is not None
    assert [round(65 * share, 6) for share in relaid.plain[[10, 20, 30, 40]]] == [10, 30, 35, 45]
    assert [round(65 * share, 6) for share in relaid.laid[[10, 20, 30, 40]]] == [10, 20, 40, 45]
    share = np.array([30 / 65, 0.5])
    assert shifted(share, relaid.shift(20)) == pytest.approx([20 / 65, 1 / (1 + (45 / 20) / (35 / 30))])


def test_a_busy_end_of_the_period_stays_at_its_end() -> None:
    """The last five of sixty days bring three times as much, on top of a season that doubles from end to end."""
    season = np.linspace(1, 2, 60)
    push = np.where(np.arange(60) >= 55, 3.0, 1.0)

    def year(holiday: int) -> Floats:
        away = np.arange(60) - holiday
        return (
            season
            * push
            * np.where((away >= -8) & (away < 0), 1.5, np.where((away >= 0) & (away < 8), 0.6, 1))
        )

    relaid = relay(year(15), period(15, 7, 45), period(30, 7, 30))
    truth = np.concatenate([[0.0], np.cumsum(year(30))]) / year(30).sum()
    assert relaid is not None
    assert np.abs(relaid.laid - truth).max() < 0.01
    assert np.abs(relaid.plain - truth).max() > 0.02


@given(calendars, calendars)
def test_without_a_moved_holiday_nothing_is_laid_anew(last_year: Bools, this_year: Bools) -> None:
    if not has_moved(last_year, this_year):
        assert relay(np.ones(int(last_year.sum())), last_year, this_year) is None


@given(around_a_holiday, around_a_holiday, st.integers(0, 2**32 - 1))
def test_a_relaid_year_grows_from_nothing_to_everything(
    last_year: Bools, this_year: Bools, seed: int
) -> None:
    relaid = relay(np.random.default_rng(seed).lognormal(0, 1, int(last_year.sum())), last_year, this_year)
    if relaid is None:
        return
    for curve in (relaid.plain, relaid.laid):
        assert len(curve) == this_year.sum() + 1
        assert (curve[0], curve[-1]) == (0, pytest.approx(1))
        assert (np.diff(curve) >= -1e-12).all()
    shares = np.linspace(0, 1, 11)
    for done in range(len(relaid.plain)):
        moved = shifted(shares, relaid.shift(done))
        assert (np.diff(moved) > 0).all()
        assert (moved[0], moved[-1]) == (0, pytest.approx(1))
    assert 0 <= relaid.doubt <= 0.5


@given(around_a_holiday, st.integers(-5, 5))
def test_a_year_of_equal_days_has_nothing_to_move(last_year: Bools, by: int) -> None:
    """Wherever the holiday goes, the straight line stays, and with it there is no doubt."""
    this_year = np.roll(last_year, by * 7)
    relaid = relay(np.ones(int(last_year.sum())), last_year, this_year)
    if relaid:
        assert relaid.laid == pytest.approx(relaid.plain)
        assert relaid.doubt == pytest.approx(0)


def test_returns_and_nothing_sold_stay_finite() -> None:
    last_year, this_year = period(20, 7, 40), period(30, 7, 30)
    assert relay(np.zeros(60), last_year, this_year) is None
    relaid = relay(np.array([5.0, -3.0] * 30), last_year, this_year)
    assert relaid is not None
    assert np.isfinite(relaid.laid).all()
    assert all(np.isfinite(relaid.shift(done)) for done in range(61))


def test_what_is_sold_on_rest_days_belongs_to_the_next_working_day_and_at_the_end_to_the_last() -> None:
    worked = np.array([False, True, False, False, True, False])
    assert by_working_day(np.array([1.0, 2, 4, 8, 16, 32]), worked).tolist() == [3, 60]
    assert by_working_day(np.ones(3), np.zeros(3, dtype=np.bool_)).tolist() == []


def test_the_doubt_is_half_of_what_the_move_changes() -> None:
    relaid = Relaid(plain=np.array([0, 0.5, 0.8, 1]), laid=np.array([0, 0.3, 0.8, 1]))
    assert relaid.doubt == pytest.approx(0.2 / np.sqrt(4) / 2)
