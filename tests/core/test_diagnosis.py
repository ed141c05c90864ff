"""A gap is taken apart into parts that add up to it; the worked examples of docs/rules/diagnosis.md."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.diagnosis import (
    Cause,
    Facts,
    Part,
    causes,
    chain,
    judged,
    taken_apart,
    usual_visits,
)

CHANNELS, GROUPS = ("kiosk", "market", "online", "school"), ("nuts", "tea", "rice", "soda")
YEAR = {(c, g): (100, 100_000) for c in CHANNELS for g in GROUPS}
PLAN = Fraction(400_000)  # a quarter of the year: 25 lines and 25 000 for every channel and group


def sold(share_of=lambda _c, _g: (1, 1)):
    """The quarter with a share of the lines, and of the value of a line, per cell."""
    now = {}
    for channel, group in YEAR:
        orders, value = share_of(channel, group)
        lines = round(25 * orders)
        now[channel, group, False] = (lines, round(lines * 1000 * value))
    return now


def facts(now, **more):
    actual = sum(amount for _orders, amount in now.values()) - more.get("returns", 0)
    return Facts(plan=PLAN, actual=actual, year=YEAR, now=now, **more)


def first(told):
    return causes(taken_apart(told))[0]


def test_a_channel_that_stopped_ordering_is_named_with_its_amount():
    told = facts(sold(lambda c, _g: (0, 1) if c == "kiosk" else (1, 1)))

    assert first(told) == Cause("channel", 100_000, ("kiosk",))


def test_product_groups_whose_orders_shrank_in_value_speak_of_price():
    told = facts(sold(lambda _c, g: (1, Fraction(2, 5)) if g in {"tea", "nuts"} else (1, 1)))

    assert first(told) == Cause("price", 120_000, ("nuts", "tea"))


def test_fewer_visits_take_what_all_orders_lost_with_them():
    told = facts(sold(lambda _c, _g: (Fraction(2, 5), 1)), visits=Decimal("0.4"))

    assert causes(taken_apart(told)) == [Cause("visits", 240_000)]


def test_the_same_loss_with_all_visits_done_is_fewer_orders_everywhere():
    assert first(facts(sold(lambda _c, _g: (Fraction(2, 5), 1)), visits=Decimal(1))) == Cause("orders", 240_000)


def test_days_out_of_stock_take_their_own_part_of_the_plan():
    now = sold(lambda _c, g: (Fraction(1, 5), 1) if g == "tea" else (1, 1))
    told = facts(now, short={"tea": Decimal("0.8")})

    assert causes(taken_apart(told)) == [Cause("stock", 80_000, ("tea",))]


def test_what_was_sold_on_a_day_without_plan_counts_though_it_was_out_of_stock():
    now = sold() | {("kiosk", "tea", True): (1, 1_000)}

    assert taken_apart(facts(now)) == [Part("stock", -1_000, "tea")]


def test_fewer_but_larger_orders_are_the_same_trade():
    assert taken_apart(facts(sold(lambda _c, _g: (Fraction(4, 5), Fraction(5, 4))))) == []


def test_returns_count_beyond_what_is_usual():
    told = facts(sold(), returns=30_000)

    assert causes(taken_apart(told)) == [Cause("returns", 30_000)]


def test_days_without_data_are_no_lost_trade():
    now = {key: (lines * 4 // 5, amount * 4 // 5) for key, (lines, amount) in sold().items()}

    assert causes(taken_apart(facts(now, late_due=Fraction(80_000)))) == [Cause("late", 80_000)]


def test_without_a_year_to_compare_with_nothing_is_named():
    told = Facts(plan=PLAN, actual=100_000, year={}, now={})

    assert taken_apart(told) == [Part("rest", 300_000)]
    assert causes(taken_apart(told)) == []


amounts = st.integers(-5_000, 500_000)
lines = st.integers(0, 60)
cells = st.dictionaries(
    st.tuples(st.sampled_from(CHANNELS), st.sampled_from(GROUPS), st.booleans()), st.tuples(lines, amounts), max_size=20
)


@given(
    now=cells,
    actual=st.integers(-100_000, 900_000),
    returns=st.integers(0, 90_000),
    visits=st.none() | st.decimals(0, 3, places=3),
    short=st.dictionaries(st.sampled_from(GROUPS), st.decimals(0, 1, places=3)),
    late=st.integers(0, 500_000),
)
def test_whatever_was_sold_the_parts_add_up_to_the_gap(now, actual, returns, visits, short, late):
    told = Facts(
        plan=PLAN, actual=actual, year=YEAR, now=now, returns=returns, visits=visits, short=short, late_due=Fraction(late),
    )  # fmt: skip

    parts = taken_apart(told)

    assert sum(part.amount for part in parts) == 400_000 - actual
    assert all(one.amount > 0 for one in causes(parts))


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.lists(st.fractions(Fraction(1, 50), 50), max_size=4))
def test_the_links_of_the_chain_add_up_to_the_gap(due, actual, ratios):
    found = chain(Fraction(due), actual, [(str(n), ratio) for n, ratio in enumerate(ratios)], "last")

    assert sum(amount for _name, amount in found) == due - actual


def test_half_the_visits_and_nothing_else_is_the_visits_alone():
    assert chain(Fraction(100), 50, [("visits", Fraction(1, 2))], "price") == [("visits", 50), ("price", 0)]
    assert chain(Fraction(100), 0, [("visits", Fraction(1, 2))], "price") == []


def test_visits_are_held_against_what_is_usual_for_all():
    assert usual_visits({1: 45, 2: 90, 3: 99}, {1: 100, 2: 100, 3: 100, 4: 5}) == {
        1: Decimal("0.5"), 2: Decimal(1), 3: Decimal("1.1"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        ([], "early"),
        ([("grey", None)], "early"),
        ([("green", Fraction(8, 10))], "worked"),
        ([("yellow", Fraction(6, 10)), ("red", Fraction(4, 10))], "worse"),
        ([("yellow", Fraction(65, 100))], "helped"),
        ([("yellow", Fraction(64, 100))], "same"),
        ([("yellow", Fraction(55, 100))], "worse"),
        ([("yellow", Fraction(56, 100))], "same"),
    ],
)
def test_the_next_checkpoints_judge_the_actions(after, verdict):
    assert judged("yellow", Fraction(6, 10), after) == verdict
