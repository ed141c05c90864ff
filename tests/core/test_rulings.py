"""How a rule of the company's own turns a ratio into a light: borders, one property, the worked example of its page."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.errors import BadThresholds
from hangbiao.core.lights import Facts, Light, LightPolicy, Thresholds, light_for
from hangbiao.core.rulings import Bands, Effect, sure_enough, with_condition

shares = st.fractions(0, 2)


def test_a_border_belongs_to_the_better_side():
    assert Bands().light_of(Fraction(7, 10)) is Light.GREEN
    assert Bands().light_of(Fraction(69_999, 100_000)) is Light.YELLOW
    assert Bands().light_of(Fraction(1, 2)) is Light.YELLOW
    assert Bands().light_of(Fraction(-1, 2)) is Light.RED


def test_who_is_yellow_gets_better_only_above_the_border_and_nobody_gets_worse_by_it():
    bands = Bands(hysteresis=Fraction(5, 100))

    assert bands.light_of(Fraction(74, 100), Light.YELLOW) is Light.YELLOW
    assert bands.light_of(Fraction(75, 100), Light.YELLOW) is Light.GREEN
    assert bands.light_of(Fraction(74, 100), Light.GREEN) is Light.GREEN
    assert bands.light_of(Fraction(54, 100), Light.RED) is Light.RED
    assert bands.light_of(Fraction(54, 100), Light.YELLOW) is Light.YELLOW


@pytest.mark.parametrize(("yellow", "red", "hysteresis"), [("1/2", "7/10", "0"), ("7/10", "-1/10", "0"), ("7/10", "1/2", "-1")])
def test_borders_the_wrong_way_round_are_refused(yellow, red, hysteresis):
    with pytest.raises(BadThresholds):
        Bands(Fraction(yellow), Fraction(red), Fraction(hysteresis))


@given(st.integers(-1000, 3000), st.integers(1, 1000), st.integers(1, 100), shares, shares)
def test_without_hysteresis_a_rule_lights_what_the_parameters_light(actual, target, num, one, other):
    red, yellow = sorted((one, other))
    policy = LightPolicy(thresholds=Thresholds(yellow, red), min_plan_share=Fraction(0))

    light = Bands(yellow, red).light_of(Fraction(actual * 100, target * num))

    assert light is light_for(Facts(actual, target, num, 100), policy).light


def test_the_worked_example():
    band = Bands().light_of(Fraction(27) / Fraction("40.5"))

    assert band is Light.YELLOW
    assert with_condition(band, Effect.NARROW, holds=True) is Light.YELLOW
    assert with_condition(band, Effect.NARROW, holds=False) is Light.GREEN


def test_unknown_lights_nothing_and_a_condition_makes_nothing_better_than_it_says():
    assert with_condition(Light.RED, Effect.NARROW, None) is Light.GREEN
    assert with_condition(Light.GREEN, Effect.RED, None) is Light.GREEN
    assert with_condition(Light.RED, Effect.YELLOW, holds=True) is Light.RED
    assert with_condition(Light.GREEN, Effect.YELLOW, holds=True) is Light.YELLOW


def test_a_projected_end_counts_when_it_is_sure_or_was_there_before():
    assert sure_enough(Fraction(1, 5), Fraction(4, 5), below_before=False)
    assert not sure_enough(Fraction(201, 1000), Fraction(4, 5), below_before=False)
    assert sure_enough(None, Fraction(4, 5), below_before=True)
    assert not sure_enough(None, Fraction(4, 5), below_before=False)
