from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.errors import BadPhasing, BadSpan, CalendarTooShort, EmptyPlan, NegativeTarget, RuleError
from hangbiao.core.phasing import Liability, Part, Phasing, Ramp
from hangbiao.core.quantity import round_half_up_to_int
from tests.core.calendars import CHINA, Q4, calendar

SEASON = Phasing.parse("months:30/30/40")
WHOLE = Part.whole(100, SEASON, *Q4)
FULL = Liability((WHOLE,))


def october(day: int) -> date:
    return date(2025, 10, day)


def test_on_17_october_eight_of_eighteen_days_are_due() -> None:
    plan = FULL.curve(CHINA).plan(100, october(17))
    assert plan == Fraction(30 * 8, 18)
    assert round(plan, 2) == Fraction(1333, 100)
    assert Fraction(18) / plan == Fraction(135, 100)


def test_the_six_checkpoints_of_the_worked_example() -> None:
    curve = FULL.curve(CHINA)
    days = [
        october(14),
        october(28),
        date(2025, 11, 11),
        date(2025, 11, 25),
        date(2025, 12, 9),
        date(2025, 12, 23),
    ]
    shares = [round(curve.share(day) * 100, 1) for day in days]
    assert shares == [Fraction(n, 10) for n in (83, 250, 405, 555, 722, 896)]


def test_the_curve_has_every_day_and_rests_on_rest_days() -> None:
    curve = FULL.curve(CHINA)
    assert list(curve.nums) == [october(1) + timedelta(n) for n in range(92)]
    assert curve.nums[october(8)] == 0
    assert curve.nums[october(12)] == curve.nums[october(11)] > curve.nums[october(10)]
    assert (curve.share(date(2025, 9, 30)), curve.share(date(2026, 1, 1))) == (0, 1)


def test_an_even_plan_after_spring_festival_is_behind_the_linear_calendar() -> None:
    first_quarter = Liability((Part.whole(1, Phasing(), date(2026, 1, 1), date(2026, 3, 31)),))
    share = first_quarter.curve(CHINA).share(date(2026, 2, 24))
    assert round(share * 100, 1) == Fraction(559, 10)
    assert round(Fraction(55 - 1, 90 - 1) * 100, 1) == Fraction(607, 10)


def test_a_joiner_answers_for_the_days_that_are_left() -> None:
    joiner = Liability((replace(WHOLE, active=((date(2025, 11, 10), Q4[1]),)),))
    assert joiner.total(CHINA) == Fraction(625, 10)
    assert joiner.curve(CHINA).share(date(2025, 11, 9)) == 0


def test_a_ramp_halves_the_first_twenty_working_days() -> None:
    ramp = Ramp(date(2025, 11, 10), date(2025, 12, 5), Fraction(1, 2))
    joiner = Liability((replace(WHOLE, active=((date(2025, 11, 10), Q4[1]),), ramps=(ramp,)),))
    assert CHINA.count_working_days(ramp.first, ramp.last) == 20
    assert round(joiner.total(CHINA), 1) == Fraction(469, 10)


def test_protected_leave_takes_its_working_days_out() -> None:
    away = Liability((replace(WHOLE, excluded=((date(2025, 12, 8), date(2025, 12, 19)),)),))
    assert away.total(CHINA) == 100 - Fraction(40 * 10, 23)
    assert round(away.total(CHINA), 2) == Fraction(8261, 100)
    curve = away.curve(CHINA)
    assert curve.nums[date(2025, 12, 19)] == curve.nums[date(2025, 12, 7)] < curve.den


def test_a_leaver_answers_until_the_last_day() -> None:
    leaver = Liability((replace(WHOLE, active=((Q4[0], date(2025, 11, 16)),)),))
    assert leaver.total(CHINA) == 45
    assert leaver.curve(CHINA).share(date(2025, 11, 16)) == 1


def test_a_transfer_adds_the_shares_of_both_territories() -> None:
    east = replace(WHOLE, active=((Q4[0], date(2025, 11, 16)),))
    north = replace(WHOLE, target=80, active=((date(2025, 11, 17), Q4[1]),))
    moved = Liability((east, north))
    assert moved.total(CHINA) == 89
    assert moved.curve(CHINA).plan(89, date(2025, 11, 16)) == 45
    assert round(Fraction(50 + 40) / moved.total(CHINA) * 100, 1) == Fraction(1011, 10)


def test_a_vacant_month_keeps_its_target() -> None:
    vacant = replace(WHOLE, active=((date(2025, 12, 1), Q4[1]),))
    assert Liability((vacant,)).total(CHINA) == 40
    sold, asked = 95 + 90 + 30, 300
    assert round(Fraction(sold, asked) * 100, 1) == Fraction(717, 10)
    assert round(Fraction(sold, asked - 40) * 100, 1) == Fraction(827, 10)


def test_a_month_without_a_working_day_is_refused_when_it_carries_weight() -> None:
    resting = calendar(*Q4, rest={october(1) + timedelta(n) for n in range(31)}, work=set())
    with pytest.raises(EmptyPlan) as caught:
        FULL.curve(resting)
    assert caught.value.facts == {"first": october(1), "last": october(31)}
    without = Liability((replace(WHOLE, phasing=Phasing.parse("months:0/50/50")),))
    assert without.curve(resting).share(date(2025, 11, 30)) == Fraction(1, 2)


def test_nobody_there_means_no_curve_and_a_target_of_nothing() -> None:
    gone = Liability((replace(WHOLE, active=()),))
    assert gone.total(CHINA) == 0
    with pytest.raises(EmptyPlan):
        gone.curve(CHINA)


def test_a_target_of_zero_still_has_the_curve_of_its_shape() -> None:
    assert Liability((replace(WHOLE, target=0),)).curve(CHINA) == FULL.curve(CHINA)


def test_a_table_that_ends_inside_the_period_is_said() -> None:
    with pytest.raises(CalendarTooShort):
        FULL.curve(calendar(Q4[0], date(2025, 12, 30)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "odd",
        "even:1",
        "months",
        "months:",
        "months:a/b",
        "months:-1/2",
        "months:0/0/0",
        "months:NaN/1/1",
        "months:1e999999999/1/1",
        "monthly:1/2/3",
    ],
)
def test_a_phasing_that_cannot_be_read_is_refused(text: str) -> None:
    if text == "":
        assert Phasing.parse(text) == Phasing()
        return
    with pytest.raises(BadPhasing):
        Phasing.parse(text)


def test_weights_must_match_the_months_of_the_period() -> None:
    with pytest.raises(BadPhasing):
        Liability((Part.whole(1, Phasing.parse("months:50/50"), *Q4),)).curve(CHINA)


def test_equal_weights_are_equal_phasings_however_written() -> None:
    assert (
        Phasing.parse("months:30/30/40")
        == Phasing.parse(" months: 0.3/0.3/0.4")
        == Phasing.parse("months:3/3/4")
    )
    assert Phasing.parse("months:3/3/4").text == "months:3/3/4"


def test_bad_spans_and_negative_targets_are_refused() -> None:
    with pytest.raises(BadSpan):
        replace(WHOLE, active=((october(2), october(1)),))
    with pytest.raises(NegativeTarget):
        replace(WHOLE, target=-1)
    with pytest.raises(RuleError):
        Liability(())


def test_the_digest_knows_the_shape_and_not_the_amount() -> None:
    other = Liability((replace(WHOLE, target=12345),))
    split = Liability((replace(WHOLE, active=((Q4[0], october(20)), (october(21), Q4[1]))),))
    assert other.shape().digest() == FULL.shape().digest() == split.shape().digest()
    assert other.digest() != FULL.digest()
    assert len(FULL.digest()) == 64


def test_a_digest_is_the_same_on_every_machine() -> None:
    assert FULL.digest() == "5a0efbdaaebf5b58a586810ed5237cfbadb8e26a3d6217de0c32341d7334ecb6"


SPAN = st.tuples(st.integers(0, 91), st.integers(0, 91)).map(lambda p: (sorted(p)[0], sorted(p)[1]))
SPANS = st.lists(SPAN, max_size=3).map(
    lambda spans: tuple((october(1) + timedelta(a), october(1) + timedelta(b)) for a, b in spans)
)
PHASING = st.one_of(
    st.just(Phasing()),
    st.tuples(*[st.integers(0, 9)] * 3).filter(any).map(lambda w: Phasing("months", w)),
)
PART = st.builds(Part, st.integers(0, 10**9), PHASING, st.just(Q4[0]), st.just(Q4[1]), SPANS, SPANS)
LIABILITY = st.lists(PART, min_size=1, max_size=3).map(lambda parts: Liability(tuple(parts)))


@given(LIABILITY)
def test_a_curve_never_falls_and_ends_at_its_denominator(liability: Liability) -> None:
    try:
        curve = liability.curve(CHINA)
    except EmptyPlan:
        assert liability.total(CHINA) == 0
        return
    nums = list(curve.nums.values())
    assert nums == sorted(nums)
    assert nums[0] >= 0
    assert nums[-1] == curve.den
    assert all(
        num == before or CHINA.is_work(day)
        for (day, num), before in zip(curve.nums.items(), [0, *nums], strict=False)
    )


@given(LIABILITY)
def test_a_spec_survives_its_json_and_its_shape_keeps_the_curve(liability: Liability) -> None:
    assert Liability.from_json(liability.to_json()) == liability
    shape = liability.shape()
    assert shape.shape() == shape
    try:
        curve = liability.curve(CHINA)
    except EmptyPlan:
        return
    assert shape.curve(CHINA) == curve


@given(LIABILITY, st.integers(0, 91))
def test_the_plan_of_a_liability_is_the_sum_of_its_days(liability: Liability, after: int) -> None:
    total = liability.total(CHINA)
    if not total:
        return
    day = october(1) + timedelta(after)
    expected = sum(
        p.target * share for p in liability.parts for d, share in p.shares(CHINA).items() if d <= day
    )
    assert liability.curve(CHINA).share(day) * total == expected
    assert abs(round_half_up_to_int(total) - total) <= Fraction(1, 2)


@given(st.integers(1, 90), PHASING, st.integers(0, 10**9))
def test_two_holders_one_after_the_other_answer_for_the_whole(
    cut: int, phasing: Phasing, target: int
) -> None:
    part = Part.whole(target, phasing, *Q4)
    day = october(1) + timedelta(cut)
    before = replace(part, active=((Q4[0], day),))
    after = replace(part, active=((day + timedelta(1), Q4[1]),)) if day < Q4[1] else None
    total = Liability((before,)).total(CHINA) + (Liability((after,)).total(CHINA) if after else 0)
    assert total == target
