from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.errors import MixedUnits, NotANumber, NoWeights, TooLarge, TooManyDecimals
from hangbiao.core.quantity import (
    Quantity,
    major,
    minor,
    print_ratio,
    round_down,
    round_half_up,
    round_half_up_to_int,
    split_largest_remainder,
)

BORDERS = (Fraction(7, 10), Fraction(1, 2))


def yuan(text: str) -> Quantity:
    return Quantity(Decimal(text), "CNY")


def test_quantities_of_one_unit_add_subtract_and_compare() -> None:
    assert yuan("0.10") + yuan("0.20") == yuan("0.30")
    assert yuan("1") - yuan("1.50") == yuan("-0.50")
    assert yuan("2") * 3 == yuan("6")
    assert -yuan("2") < yuan("1") <= yuan("1.00") < yuan("1.01")
    assert yuan("2") > yuan("1") >= yuan("1")
    assert yuan("7").ratio_to(yuan("10")) == Fraction(7, 10)


@pytest.mark.parametrize("deed", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__", "ratio_to"])
def test_units_never_mix(deed: str) -> None:
    with pytest.raises(MixedUnits) as caught:
        getattr(yuan("1"), deed)(Quantity(Decimal(1), "box"))
    assert (caught.value.left, caught.value.right) == ("CNY", "box")


def test_adding_a_fen_to_a_very_large_number_loses_nothing() -> None:
    large = yuan("99999999999999999999999999999999.00")
    assert (large + yuan("0.01")).number == Decimal("99999999999999999999999999999999.01")


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_what_is_no_number_is_no_amount(text: str) -> None:
    with pytest.raises(NotANumber):
        minor(Decimal(text), 2)
    with pytest.raises(NotANumber):
        yuan(text)


@pytest.mark.parametrize(
    ("text", "decimals", "whole"),
    [
        ("12.30", 2, 1230),
        ("-0.01", 2, -1),
        ("1E+2", 2, 10000),
        ("1.500", 1, 15),
        ("0.000", 0, 0),
        ("-0", 2, 0),
        ("007", 0, 7),
    ],
)
def test_an_amount_becomes_whole_minor_units(text: str, decimals: int, whole: int) -> None:
    assert minor(Decimal(text), decimals) == whole


@pytest.mark.parametrize(("text", "decimals"), [("0.001", 2), ("1.5", 0), ("1E-999999", 2)])
def test_digits_are_never_lost(text: str, decimals: int) -> None:
    with pytest.raises(TooManyDecimals):
        minor(Decimal(text), decimals)


@pytest.mark.parametrize("text", ["1e999", "1E+15", "-1000000000000000"])
def test_an_amount_that_fits_no_column_is_refused(text: str) -> None:
    with pytest.raises(TooLarge):
        minor(Decimal(text), 2)


def test_the_largest_amount_fits_a_database_column() -> None:
    assert minor(Decimal("999999999999999.99"), 2) == 99999999999999999 < 2**63


@given(st.integers(-(10**16), 10**16), st.integers(0, 6))
def test_minor_and_major_are_each_others_inverse(whole: int, decimals: int) -> None:
    assert minor(major(whole, decimals), decimals) == whole


@pytest.mark.parametrize(
    ("value", "whole"), [("5/2", 3), ("-5/2", -3), ("249/100", 2), ("-249/100", -2), ("0", 0), ("7", 7)]
)
def test_halves_go_away_from_zero(value: str, whole: int) -> None:
    assert round_half_up_to_int(Fraction(value)) == whole


def test_rounding_names_its_places() -> None:
    assert str(round_half_up(Decimal("2.675"), 2)) == "2.68"
    assert str(round_half_up(Fraction(-1, 8), 2)) == "-0.13"
    assert str(round_down(Decimal("2.679"), 2)) == "2.67"
    assert str(round_down(Decimal("-2.671"), 2)) == "-2.68"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("0.69995", "69.99%"),  # half up would show the border that was not reached
        ("0.6999999", "69.99%"),
        ("0.6994", "69.9%"),
        ("0.7", "70.0%"),
        ("0.70001", "70.0%"),
        ("0.49996", "49.99%"),
        ("0.5", "50.0%"),
        ("1.350", "135.0%"),
        ("-0.0104", "-1.0%"),
        ("0", "0.0%"),
    ],
)
def test_a_printed_ratio_stands_on_its_own_side_of_the_border(value: str, printed: str) -> None:
    assert print_ratio(Fraction(value), BORDERS) == printed


def test_without_borders_a_ratio_prints_half_up_with_one_decimal() -> None:
    assert print_ratio(Fraction(69995, 100000)) == "70.0%"


def test_a_border_with_more_decimals_is_not_hidden_either() -> None:
    assert print_ratio(Decimal("0.7004"), (Decimal("0.7004"),)) == "70.04%"


@given(
    st.fractions(-2, 3, max_denominator=10**6),
    st.sampled_from([Fraction(7, 10), Fraction(1, 2), Fraction(15, 100)]),
)
def test_printing_never_crosses_a_border(value: Fraction, border: Fraction) -> None:
    shown = Fraction(print_ratio(value, (border,)).rstrip("%")) / 100
    assert (shown < border) == (value < border)
    assert abs(shown - value) <= Fraction(1, 1000)


def test_a_million_by_three_loses_no_fen() -> None:
    assert split_largest_remainder(100000000, [1, 1, 1]) == [33333334, 33333333, 33333333]


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.fractions(0, 100, max_denominator=97), min_size=1, max_size=10),
)
def test_the_parts_of_a_split_add_up_exactly(total: int, weights: list[Fraction]) -> None:
    if not any(weights):
        with pytest.raises(NoWeights):
            split_largest_remainder(total, weights)
        return
    parts = split_largest_remainder(total, weights)
    assert sum(parts) == total
    assert all(abs(part - total * w / sum(weights)) < 1 for part, w in zip(parts, weights, strict=True))


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_nothing_can_be_shared_by_no_weight(weights: list[int]) -> None:
    with pytest.raises(NoWeights):
        split_largest_remainder(10, weights)
