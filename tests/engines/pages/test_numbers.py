"""Numbers and dates as people read them."""

from datetime import date
from fractions import Fraction

import pytest
from django.utils.translation import override

from hangbiao.engines.pages import dates, numbers


@pytest.mark.parametrize(
    ("minor", "unit", "decimals", "chinese", "english"),
    [
        (14_134_56, "CNY", 2, "1.4 万元", "¥14k"),
        (141_300_00, "CNY", 2, "14.1 万元", "¥141k"),
        (8_123_00, "CNY", 2, "8,123 元", "¥8,123"),
        (119_200_000_00, "CNY", 2, "1.19 亿元", "¥119.2M"),
        (-141_300_00, "CNY", 2, "−14.1 万元", "−¥141k"),
        (0, "CNY", 2, "0 元", "¥0"),
        (240, "次", 0, "240 次", "240"),
        (123_456, "次", 0, "12.3 万次", "123,456"),
        (99_995_000_00, "CNY", 2, "1.00 亿元", "¥100.0M"),
    ],
)
def test_amounts_are_said_in_wan_and_in_thousands(minor, unit, decimals, chinese, english):
    with override("zh-hans"):
        assert numbers.amount(minor, unit, decimals) == chinese
    with override("en"):
        assert numbers.amount(minor, unit, decimals) == english


def test_a_ratio_just_below_a_border_never_prints_the_border():
    border = (Fraction(7, 10),)

    assert numbers.percent(Fraction(7, 10), border) == "70.0%"
    assert numbers.percent(Fraction(69_999, 100_000), border) == "69.99%"
    assert numbers.percent(None) == "–"


def test_differences_carry_a_real_sign():
    assert numbers.points(Fraction(-85, 1000)) == "−8.5"
    assert numbers.points(Fraction(20, 1000)) == "+2.0"
    assert numbers.points(Fraction(-1, 10_000)) == "0.0"
    assert (numbers.signed(5), numbers.signed(-3), numbers.signed(0)) == ("+5", "−3", "0")


def test_dates_follow_the_language():
    with override("zh-hans"):
        assert dates.day_with_weekday(date(2026, 11, 26)) == "11月26日 周四"
        assert dates.span(date(2026, 12, 3), date(2026, 12, 9)) == "12月3日–9日"
    with override("en"):
        assert dates.day_with_weekday(date(2026, 11, 26)) == "Thu 26 Nov"
        assert dates.span(date(2026, 12, 30), date(2027, 1, 5)) == "30 Dec – 5 Jan"
