from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.core.errors import NegativeTarget, StretchBelowBase, UnknownPolicy
from hangbiao.core.payout import Incremental, Parallel, ScorePolicy, policy_called
from hangbiao.core.quantity import round_half_up

BOTH = pytest.mark.parametrize("policy", [Incremental(), Parallel()], ids=lambda p: p.name)


def points(policy: ScorePolicy, actual: int, base: int = 100, stretch: int | None = 130) -> Decimal:
    score = policy.score(actual, base, stretch)
    assert score is not None
    return round_half_up(score, 2)


@pytest.mark.parametrize(
    ("actual", "parallel", "incremental"),
    [
        (0, "0.00", "0.00"), (50, "45.38", "30.00"), (70, "63.54", "42.00"), (90, "81.69", "54.00"),
        (100, "90.77", "60.00"), (115, "104.38", "80.00"), (130, "118.00", "100.00"), (145, "131.62", "120.00"),
        (160, "145.23", "120.00"), (1000, "150.00", "120.00"), (-20, "0.00", "0.00"),
    ],
)  # fmt: skip
def test_the_two_readings_of_sixty_forty(actual: int, parallel: str, incremental: str) -> None:
    assert points(Parallel(), actual) == Decimal(parallel)
    assert points(Incremental(), actual) == Decimal(incremental)


@BOTH
@pytest.mark.parametrize("stretch", [100, None])
def test_without_a_stretch_all_points_are_base(policy: ScorePolicy, stretch: int | None) -> None:
    assert points(policy, 100, 100, stretch) == 100
    assert points(policy, 50, 100, stretch) == 50


def test_without_a_stretch_the_caps_still_hold() -> None:
    assert points(Incremental(), 500, 100, None) == 100
    assert points(Parallel(), 500, 100, None) == 150


@BOTH
def test_a_base_of_nothing_gives_no_score(policy: ScorePolicy) -> None:
    assert policy.score(50, 0, 0) is None
    assert policy.score(50, 0, 30) is None


@BOTH
def test_a_stretch_below_base_and_a_negative_base_are_refused(policy: ScorePolicy) -> None:
    with pytest.raises(StretchBelowBase):
        policy.score(50, 100, 99)
    with pytest.raises(NegativeTarget):
        policy.score(50, -1, 99)


def test_a_policy_is_found_by_name_and_version() -> None:
    assert policy_called("incremental") == Incremental()
    assert policy_called("parallel", 1) == Parallel()
    for name, version in (("incremental", 2), ("best", None)):
        with pytest.raises(UnknownPolicy):
            policy_called(name, version)


@BOTH
@given(st.integers(-1000, 3000), st.integers(0, 500), st.integers(1, 1000), st.integers(0, 500))
def test_selling_more_never_costs_points(
    policy: ScorePolicy, actual: int, more: int, base: int, distance: int
) -> None:
    less, greater = (policy.score(a, base, base + distance) for a in (actual, actual + more))
    assert less is not None
    assert greater is not None
    assert 0 <= less <= greater <= 150


@given(st.integers(1, 10**6))
def test_one_unit_around_base_moves_the_score_by_little(base: int) -> None:
    stretch = base + max(1, base * 3 // 10)
    below, at = (Incremental().score(a, base, stretch) for a in (base - 1, base))
    assert at == 60
    assert below == 60 - Fraction(60, base)
