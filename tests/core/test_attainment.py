from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.attainment import Standing, cumulative, distribution, effects, landing, pace, roll_up
from hangbiao.core.errors import NobodyCounted, NoExpectation
from hangbiao.core.phasing import Liability, Part, Phasing
from hangbiao.core.quantity import print_ratio
from tests.core.calendars import CHINA, Q4

THREE = [Standing(10, 20, Fraction(20)), Standing(90, 100, Fraction(100)), Standing(30, 180, Fraction(180))]


def percent(value: Fraction | None) -> str:
    return print_ratio(value) if value is not None else "—"


def test_a_rep_at_18_on_17_october_is_ahead_of_pace_and_behind_cumulatively() -> None:
    standing = Standing(18, 100, Fraction(30 * 8, 18))
    assert standing.pace == Fraction(135, 100)
    assert standing.cumulative == Fraction(18, 100)


def test_a_ratio_of_nothing_expected_has_no_value() -> None:
    assert pace(5, 0) is None
    assert cumulative(5, -1) is None
    assert Standing(5, 0, Fraction(0)).pace is None


def test_landing_continues_at_the_pace_of_the_last_four_weeks() -> None:
    ends = landing(46, 100, Fraction(687, 10), Fraction(85, 100))
    assert ends == Fraction(72605, 1000)
    assert round(ends, 1) == Fraction(726, 10)


def test_three_reps_have_four_different_averages_and_the_headline_is_the_sum() -> None:
    spread = distribution([Fraction(s.actual, s.target) for s in THREE])
    assert percent(roll_up(THREE).cumulative) == "43.3%"
    assert percent(spread.mean) == "52.2%"
    assert percent(spread.median) == "50.0%"
    assert percent(spread.share_attained) == "33.3%"


def test_quartiles_lie_proportionally_between_two_holders() -> None:
    spread = distribution([Fraction(n) for n in (4, 1, 3, 2)])
    assert (spread.lower_quartile, spread.median, spread.upper_quartile) == (
        Fraction(7, 4),
        Fraction(5, 2),
        Fraction(13, 4),
    )
    alone = distribution([Fraction(7, 10)])
    assert alone.lower_quartile == alone.median == alone.upper_quartile == Fraction(7, 10)
    assert alone.share_attained == 1


def test_nobody_has_no_distribution_and_an_empty_unit_no_attainment() -> None:
    with pytest.raises(NobodyCounted):
        distribution([])
    assert roll_up([]).cumulative is None


def test_from_53_to_76_percent_two_thirds_came_from_asking_less() -> None:
    split = effects(53, 100, Fraction(608, 10), 80)
    assert split.volume == Fraction(78, 1000)
    assert split.target == Fraction(152, 1000)
    assert split.total == Fraction(76, 100) - Fraction(53, 100)


@pytest.mark.parametrize(("original", "target"), [(0, 80), (100, 0)])
def test_effects_need_two_targets(original: int, target: int) -> None:
    with pytest.raises(NoExpectation):
        effects(53, original, 60, target)


STANDING = st.builds(Standing, st.integers(-(10**9), 10**9), st.integers(0, 10**9), st.fractions(0, 10**9))


@given(st.lists(STANDING, max_size=6), st.lists(STANDING, max_size=6))
def test_a_roll_up_of_roll_ups_is_the_roll_up(left: list[Standing], right: list[Standing]) -> None:
    assert roll_up([roll_up(left), roll_up(right)]) == roll_up(left + right)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_at_the_period_end_pace_is_cumulative(actual: int, target: int) -> None:
    curve = Liability((Part.whole(target, Phasing.parse("months:30/30/40"), *Q4),)).curve(CHINA)
    standing = Standing(actual, target, curve.plan(target, Q4[1]))
    assert standing.pace == standing.cumulative
