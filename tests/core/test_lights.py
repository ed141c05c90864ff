from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.errors import BadThresholds, DirectionNotSupported, NoExpectation
from hangbiao.core.lights import (
    Basis,
    Direction,
    Facts,
    Grey,
    Light,
    LightPolicy,
    State,
    Thresholds,
    light_for,
    state_of,
)  # fmt: skip
from hangbiao.core.phasing import Liability, Part, Phasing
from tests.core.calendars import CHINA, Q4

DEFAULT = LightPolicy()
LITERAL = LightPolicy(basis=Basis.CUMULATIVE, min_plan_share=Fraction(0))
FINE = Facts(actual=100, target=100, plan_num=1, plan_den=1)
G, Y, R, N = Light.GREEN, Light.YELLOW, Light.RED, Light.GREY


@pytest.mark.parametrize(
    ("actual", "light"),
    [
        (70000000, Light.GREEN),  # exactly 70 % belongs to the better side
        (69999999, Light.YELLOW),  # one fen short
        (50000000, Light.YELLOW),
        (49999999, Light.RED),
        (0, Light.RED),
        (-100, Light.RED),  # returns outweighed sales
        (10**12, Light.GREEN),
    ],
)
def test_the_borders_belong_to_the_better_side(actual: int, light: Light) -> None:
    facts = Facts(actual=actual, target=200000000, plan_num=1, plan_den=2)
    assert light_for(facts, DEFAULT).light is light


def test_a_border_holds_where_the_plan_is_not_a_whole_number() -> None:
    facts = Facts(actual=7, target=30, plan_num=1, plan_den=3)
    assert light_for(facts, DEFAULT).light is Light.GREEN
    assert light_for(replace(facts, actual=6), DEFAULT).light is Light.YELLOW
    assert light_for(replace(facts, target=31), DEFAULT).light is Light.YELLOW


def test_a_rep_exactly_on_plan_is_green_by_pace_and_mostly_red_by_the_literal_reading() -> None:
    curve = Liability((Part.whole(10**6, Phasing.parse("months:30/30/40"), *Q4),)).curve(CHINA)
    days = [date(2025, *md) for md in ((10, 14), (10, 28), (11, 11), (11, 25), (12, 9), (12, 23))]
    on_plan = [
        Facts(-(-(10**6) * curve.nums[day] // curve.den), 10**6, curve.nums[day], curve.den) for day in days
    ]

    literal = [light_for(facts, LITERAL).light for facts in on_plan]
    pace = [light_for(facts, DEFAULT).light for facts in on_plan]

    assert literal == [R, R, R, Y, G, G]
    assert pace == [N, G, G, G, G, G]
    assert light_for(on_plan[0], DEFAULT).grey_reason is Grey.TOO_EARLY


def test_on_17_october_the_literal_reading_is_red_and_pace_is_135_percent_green() -> None:
    facts = Facts(actual=18, target=100, plan_num=30 * 8, plan_den=1800)
    literal = light_for(facts, LITERAL)
    pace = light_for(facts, replace(DEFAULT, min_plan_share=Fraction(0)))
    assert (literal.light, literal.ratio) == (Light.RED, Fraction(18, 100))
    assert (pace.light, pace.ratio) == (Light.GREEN, Fraction(135, 100))


def test_a_late_line_would_have_changed_the_colour() -> None:
    as_seen = Facts(actual=29, target=100, plan_num=45, plan_den=100)
    assert light_for(as_seen, DEFAULT).light is Light.YELLOW
    assert light_for(replace(as_seen, actual=33), DEFAULT).light is Light.GREEN


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(FINE, on_leave=True), Grey.ON_LEAVE),
        (replace(FINE, active_days=19, period_days=100), Grey.NOT_RATED),
        (replace(FINE, target=0), Grey.NO_TARGET),
        (replace(FINE, feed_age=None), Grey.NO_DATA),
        (replace(FINE, feed_age=3), Grey.FEED_LATE),
        (replace(FINE, plan_num=1499, plan_den=10000), Grey.TOO_EARLY),
        (replace(FINE, active_days=20, period_days=100), None),
        (replace(FINE, feed_age=2), None),
        (replace(FINE, plan_num=15, plan_den=100), None),
    ],
)
def test_grey_has_a_reason_and_an_exact_border(facts: Facts, reason: Grey | None) -> None:
    verdict = light_for(facts, DEFAULT)
    assert verdict.grey_reason is reason
    assert (verdict.light is Light.GREY) == (reason is not None)
    assert (verdict.ratio is None) == (reason is not None)
    assert verdict.because.code == (reason or "at_or_above")


def test_the_first_reason_in_order_is_the_one_said() -> None:
    all_at_once = Facts(0, 0, 0, 1, feed_age=None, on_leave=True, active_days=0, period_days=60)
    lifted = [
        {"on_leave": False}, {"active_days": 60}, {"target": 100}, {"feed_age": 9}, {"feed_age": 0}, {"plan_num": 1},
    ]  # fmt: skip
    said, facts = [], all_at_once
    for change in lifted:
        said.append(light_for(facts, DEFAULT).grey_reason)
        facts = replace(facts, **change)
    assert said == list(Grey)
    assert light_for(facts, DEFAULT).light is Light.RED


def test_a_plan_of_nothing_yet_is_too_early_even_without_a_minimum() -> None:
    facts = Facts(actual=5, target=100, plan_num=0, plan_den=61)
    assert light_for(facts, replace(DEFAULT, min_plan_share=Fraction(0))).grey_reason is Grey.TOO_EARLY


def test_landing_judges_the_projected_end() -> None:
    policy = replace(DEFAULT, basis=Basis.LANDING)
    facts = Facts(actual=10, target=100, plan_num=1, plan_den=2, landing=69)
    verdict = light_for(facts, policy)
    assert (verdict.light, verdict.ratio) == (Light.YELLOW, Fraction(69, 100))
    with pytest.raises(NoExpectation):
        light_for(replace(facts, landing=None), policy)


def test_because_names_the_number_and_the_border_it_meets() -> None:
    because = light_for(replace(FINE, actual=60), DEFAULT).because
    assert because.code == "below"
    assert because.facts == {"basis": "pace", "ratio": Fraction(3, 5), "border": Fraction(7, 10)}


def test_lower_is_better_is_refused_until_it_exists() -> None:
    with pytest.raises(DirectionNotSupported):
        light_for(FINE, replace(DEFAULT, direction=Direction.LOWER))


def test_borders_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(BadThresholds):
        Thresholds(yellow_below=Fraction(1, 2), red_below=Fraction(7, 10))


FACTS = st.builds(
    Facts,
    actual=st.integers(-(10**6), 10**6), target=st.integers(-10, 10**6), plan_num=st.integers(0, 61), plan_den=st.just(61),
    feed_age=st.one_of(st.none(), st.integers(0, 5)), on_leave=st.booleans(),
    active_days=st.integers(0, 61), period_days=st.just(61),
)  # fmt: skip


@given(FACTS, st.integers(0, 10**6), st.sampled_from([Basis.PACE, Basis.CUMULATIVE]))
def test_selling_more_never_worsens_a_light(facts: Facts, more: int, basis: Basis) -> None:
    worse_to_better = [Light.RED, Light.YELLOW, Light.GREEN]
    policy = replace(DEFAULT, basis=basis)
    before, after = light_for(facts, policy), light_for(replace(facts, actual=facts.actual + more), policy)
    assert before.grey_reason is after.grey_reason
    if before.light is not Light.GREY:
        assert worse_to_better.index(after.light) >= worse_to_better.index(before.light)


@given(FACTS)
def test_at_the_period_end_pace_and_cumulative_agree(facts: Facts) -> None:
    at_end = replace(facts, plan_num=facts.plan_den)
    pace, cumulative = light_for(at_end, DEFAULT), light_for(at_end, replace(DEFAULT, basis=Basis.CUMULATIVE))
    assert (pace.light, pace.ratio) == (cumulative.light, cumulative.ratio)


@pytest.mark.parametrize(
    ("official", "preview", "state"),
    [
        ([], None, State.NORMAL),
        ([], G, State.NORMAL),
        ([], Y, State.PENDING),
        ([G], R, State.PENDING),
        ([G], None, State.NORMAL),
        ([G, Y], None, State.YELLOW),
        ([G, Y], G, State.YELLOW),  # a good preview closes nothing
        ([G, Y], Y, State.YELLOW),
        ([G, Y], R, State.PENDING),
        ([R], Y, State.RED),
        ([R, G], None, State.RECOVERING),
        ([R, G], G, State.RECOVERING),
        ([R, G], Y, State.PENDING),
        ([Y, G, G], None, State.NORMAL),
        ([R, N], None, State.GREY),
        ([R, N], G, State.RED),
        ([R, N, G], None, State.RECOVERING),  # a grey checkpoint is no recovery
        ([R, N, G, G], None, State.NORMAL),
        ([G], N, State.GREY),
        ([N], G, State.NORMAL),
    ],
)
def test_the_state_follows_the_checkpoints_and_the_preview(
    official: list[Light], preview: Light | None, state: State
) -> None:
    assert state_of(official, preview) is state
