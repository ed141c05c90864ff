"""Seeded checks of the promised figures; the benchmark repeats them on the demo company's history."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hangbiao.core.estimates.peers import Floats, Ints
from hangbiao.core.estimates.projection import (
    Model,
    Projection,
    Snapshot,
    default_beta,
    fit,
    landing,
    peer_curve,
    project,
    remainder,
    roughness,
    share_at,
    volatility_groups,
)  # fmt: skip
from tests.core.sellers import DAYS, FESTIVE, Force, festive, laid_at, sales_force, seen_at

SEEDS = range(6)
LAST = 9
View = Callable[[Force, int, int], Snapshot]


def one(actual: float, share: float, prior: float) -> Snapshot:
    return Snapshot(np.array([actual]), np.array([share]), np.array([prior]))


@cache
def force_of(seed: int) -> Force:
    return sales_force(seed)


@cache
def projected(seed: int, done: int) -> tuple[Snapshot, Projection]:
    force = force_of(seed)
    weekly = force.daily[:, LAST - 4 : LAST, :60].reshape(len(force.kind), -1, 5).sum(axis=2)
    groups = volatility_groups(roughness(weekly))
    past = [seen_at(force, quarter, done) for quarter in range(5, LAST)]
    model = fit(past, [force.quarterly[:, quarter] for quarter in range(5, LAST)], groups)
    now = seen_at(force, LAST, done)
    return now, project(now, model, groups)


def test_a_unit_on_its_forecast_ends_at_its_forecast() -> None:
    assert project(one(40.0, 0.4, 100.0)).point[0] == pytest.approx(100.0)


def test_half_of_the_lead_is_believed_where_beta_is_one_half() -> None:
    left = remainder(one(60.0, 0.4, 100.0), 0.5)
    assert left[0] == pytest.approx(100 * 0.6 * math.sqrt(60 / 40))


def test_before_anything_is_due_the_forecast_stands_and_at_the_end_the_actual() -> None:
    assert project(one(0.0, 0.0, 100.0)).point[0] == pytest.approx(100.0)
    assert project(one(73.0, 1.0, 100.0)).point[0] == pytest.approx(73.0)


def test_returns_and_silence_stay_finite() -> None:
    for actual in (-20.0, 0.0):
        point = project(one(actual, 0.4, 100.0)).point[0]
        assert np.isfinite(point)
        assert actual < point < 100


def test_four_bad_weeks_pull_the_remainder_down_and_good_ones_do_not_lift_it() -> None:
    model = Model(0.8, 0.8, 1.0, 1.0, 0.2, np.array([0.2]), 4)

    def after(recent: float) -> float:
        now = Snapshot(*(np.array([v]) for v in (40.0, 0.4, 100.0, recent, 0.2)))
        return float(project(now, model).remainder[0])

    assert after(20.0) == after(30.0) == after(17.0) == pytest.approx(60.0)
    assert after(8.0) == pytest.approx(60 * 0.4 * math.exp(0.2))


def test_without_earlier_periods_the_range_is_not_known_rather_than_narrow() -> None:
    projection = project(one(40.0, 0.4, 100.0))
    assert np.isnan(projection.low).all()
    assert np.isnan(projection.prob_at_least(np.array([70.0]))).all()
    assert fit([], []) is None
    assert fit([one(0.0, 0.4, 100.0)], [np.array([90.0])]) is None


def test_the_probability_is_one_half_at_the_point_and_certain_once_reached() -> None:
    model = Model(0.7, 0.7, 0.0, 1.0, 0.0, np.array([0.2]), 4)
    projection = project(one(40.0, 0.4, 100.0), model)
    assert projection.prob_at_least(projection.point)[0] == pytest.approx(0.5, abs=1e-6)
    assert projection.prob_at_least(projection.low)[0] == pytest.approx(0.9, abs=1e-3)
    assert projection.prob_at_least(projection.high)[0] == pytest.approx(0.1, abs=1e-3)
    assert projection.prob_at_least(np.array([40.0]))[0] == 1.0
    finished = project(one(40.0, 1.0, 100.0), model)
    assert finished.prob_at_least(np.array([40.01]))[0] == 0.0


def test_the_peers_curve_counts_working_days_and_ends_at_one() -> None:
    daily = np.array([[1.0, 1, 2, 0, 4, 2]])
    curve = peer_curve(daily, np.array([True, True, False, False, True, False]), np.zeros(1, dtype=np.int64))
    assert curve.tolist() == [[0.0, 0.1, 0.2, 1.0]]
    assert share_at(curve, 1, 3)[0] == pytest.approx(0.1)
    assert share_at(curve, 3, 6)[0] == pytest.approx(0.15)
    assert (share_at(curve, 0, 3)[0], share_at(curve, 3, 3)[0], share_at(curve, 0, 0)[0]) == (0.0, 1.0, 0.0)


def test_a_group_that_sold_nothing_last_year_gets_a_straight_line() -> None:
    curve = peer_curve(np.zeros((1, 4)), np.ones(4, dtype=bool), np.zeros(1, dtype=np.int64))
    assert share_at(curve, 1, 4)[0] == 0.25


def test_belief_in_the_actual_grows_with_the_period() -> None:
    beliefs = default_beta(np.array([0.15, 0.38, 0.69]))
    assert beliefs.tolist() == [0.45, 0.70, 0.79]


def test_without_last_years_curve_the_rest_comes_at_the_pace_of_four_weeks() -> None:
    ends: Floats = landing(np.array([46.0]), np.array([100.0]), np.array([68.7]), np.array([0.85]))
    assert ends[0] == pytest.approx(72.605)


def test_the_range_holds_the_spread_from_period_to_period_inflated_for_so_few() -> None:
    """Nobody strays alone; the periods' medians are −0.1, 0 and +0.1: t(0.9, 2) × 0.1."""
    on_plan = Snapshot(np.full(50, 50.0), np.full(50, 0.5), np.full(50, 100.0))
    finals = [50 + 50 * np.exp(np.full(50, shift)) for shift in (-0.1, 0.0, 0.1)]
    model = fit([on_plan] * 3, finals)
    assert model is not None
    assert model.half_width[0] == pytest.approx(1.886 * 0.1)
    assert model.quarters == 3


def test_one_earlier_period_gives_its_own_miss_times_the_t_of_one() -> None:
    on_plan = Snapshot(np.full(50, 50.0), np.full(50, 0.5), np.full(50, 100.0))
    model = fit([on_plan], [50 + 50 * np.exp(np.full(50, 0.02))])
    assert model is not None
    assert model.half_width[0] == pytest.approx(3.078 * 0.02)


def test_missing_the_same_way_every_time_widens_the_range_as_much_as_missing_either_way() -> None:
    """+0.1 three times: the spread around zero is √(3·0.01/2), not nothing."""
    on_plan = Snapshot(np.full(50, 50.0), np.full(50, 0.5), np.full(50, 100.0))
    model = fit([on_plan] * 3, [50 + 50 * np.exp(np.full(50, 0.1))] * 3)
    assert model is not None
    assert model.half_width[0] == pytest.approx(1.886 * math.sqrt(0.015))


def test_who_strayed_beyond_chance_has_the_range_of_those_who_strayed_before() -> None:
    """One in eight stands far below; how those go on differs by 0.5, the others are on plan and stay there."""
    chance = np.random.default_rng(5)
    actual = 50 * np.exp(chance.uniform(-0.02, 0.02, 400))
    actual[:50] = 20.0
    came = np.where(np.arange(400) < 50, np.exp(np.where(np.arange(400) % 2, 0.5, -0.5)), 1.0)
    now = Snapshot(actual, np.full(400, 0.5), np.full(400, 100.0))
    model = fit([now, now], [actual + actual * came] * 2)
    assert model is not None
    ends = project(now, model)
    assert ends.half_width[:50].min() == pytest.approx(model.strayed_half_width)
    assert ends.half_width[:50].min() > 0.3
    assert ends.half_width[50:].max() < 0.1


def test_too_few_who_strayed_teach_nothing_of_their_own() -> None:
    actual = np.full(39, 50.0)
    actual[0] = 20.0
    now = Snapshot(actual, np.full(39, 0.5), np.full(39, 100.0))
    model = fit([now], [2 * actual])
    assert model is not None
    assert math.isnan(model.strayed_half_width)
    assert np.isfinite(project(now, model).half_width).all()


def test_a_doubtful_share_widens_the_range_and_leaves_the_point() -> None:
    model = Model(0.5, 0.5, 0.0, 1.0, 0.0, np.array([0.2]), 4)
    sure = one(40.0, 0.4, 100.0)
    unsure = replace(sure, doubt=np.array([0.03]))
    off = math.log(0.63 / 0.57) / 2 + 0.5 * math.log(0.43 / 0.37) / 2
    assert project(unsure, model).point[0] == project(sure, model).point[0]
    assert project(unsure, model).half_width[0] == pytest.approx(math.hypot(0.2, off))


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99, 1.0])
def test_doubt_never_takes_more_than_half_of_what_is_behind_or_ahead(share: float) -> None:
    model = Model(0.5, 0.5, 0.0, 1.0, 0.0, np.array([0.2]), 4)
    ends = project(replace(one(100 * share, share, 100.0), doubt=np.array([0.9])), model)
    assert 0.2 <= ends.half_width[0] <= 2.0


def test_what_a_moved_holiday_explains_does_not_widen_ordinary_periods() -> None:
    on_plan = Snapshot(np.full(50, 50.0), np.full(50, 0.5), np.full(50, 100.0))
    finals = [50 + 50 * np.exp(np.full(50, shift)) for shift in (0.05, 0.05)]
    moved = replace(on_plan, doubt=np.full(50, 0.1))
    plain, mixed = fit([on_plan] * 2, finals), fit([on_plan, moved], finals)
    assert plain is not None
    assert mixed is not None
    assert plain.half_width[0] == pytest.approx(3.078 * 0.05 * math.sqrt(2))
    assert mixed.half_width[0] == pytest.approx(3.078 * 0.05)


def festive_quarter(seed: int, done: int, view: View) -> tuple[Projection, Floats]:
    """The quarter into which the festival has moved, with one earlier quarter to learn from."""
    force = festive(force_of(seed))
    quarter = FESTIVE[1]
    weekly = force.daily[:, quarter - 4 : quarter, :60].reshape(len(force.kind), -1, 5).sum(axis=2)
    groups = volatility_groups(roughness(weekly))
    model = fit([view(force, quarter - 1, done)], [force.quarterly[:, quarter - 1]], groups)
    return project(view(force, quarter, done), model, groups), force.quarterly[:, quarter]


@pytest.mark.parametrize("done", [10, 24, 43])
def test_with_a_festival_that_moved_the_range_still_covers(done: int) -> None:
    inside = []
    for seed in SEEDS:
        ends, final = festive_quarter(seed, done, laid_at)
        inside.append(float(np.mean((ends.low <= final) & (final <= ends.high))))
    assert 0.76 <= np.mean(inside) <= 0.9
    assert min(inside) >= 0.65


def test_laying_last_year_around_the_festival_takes_a_fifth_off_the_error_at_38_percent() -> None:
    laid, plain = 0.0, 0.0
    for seed in SEEDS:
        ends, final = festive_quarter(seed, 24, laid_at)
        laid += float(np.abs(ends.point - final).sum())
        plain += float(np.abs(festive_quarter(seed, 24, seen_at)[0].point - final).sum())
    assert laid <= 0.8 * plain


def test_volatility_groups_are_of_equal_size_and_ordered() -> None:
    groups: Ints = volatility_groups(np.array([np.nan, *np.linspace(1, 0, 199)]))
    assert np.bincount(groups).tolist() == [40] * 5
    assert groups[0] == 4
    assert groups[-1] == 0
    assert volatility_groups(np.ones(30)).max() == 0


def test_at_38_percent_the_error_is_at_most_0_65_of_the_linear_run_rate() -> None:
    ours, linear = 0.0, 0.0
    for seed in SEEDS:
        now, projection = projected(seed, 24)
        final = force_of(seed).quarterly[:, LAST]
        ours += float(np.abs(projection.point - final).sum())
        linear += float(np.abs(now.actual * DAYS / 24 - final).sum())
    assert ours <= 0.65 * linear


@pytest.mark.parametrize("done", [10, 24, 37, 48])
def test_the_80_percent_range_covers_76_to_88_percent(done: int) -> None:
    inside = []
    for seed in SEEDS:
        _now, projection = projected(seed, done)
        final = force_of(seed).quarterly[:, LAST]
        inside.append(float(np.mean((projection.low <= final) & (final <= projection.high))))
    assert 0.76 <= np.mean(inside) <= 0.88
    assert min(inside) >= 0.65


@pytest.mark.parametrize(("done", "least"), [(37, 0.75), (48, 0.88)])
def test_the_projected_light_finds_who_will_miss_70_percent(done: int, least: float) -> None:
    """Weeks 8 and 10; recall where at least 85 % of those named are right."""
    found, bad = 0.0, 0
    for seed in SEEDS:
        _now, projection = projected(seed, done)
        force = force_of(seed)
        missed = force.quarterly[:, LAST] < 0.7 * force.target
        right = np.cumsum(missed[np.argsort(projection.point / force.target)])
        precise = right / np.arange(1, len(right) + 1) >= 0.85
        found += float(right[precise].max(initial=0))
        bad += int(missed.sum())
    assert found >= least * bad


def test_the_probability_means_what_it_says() -> None:
    said, came = [], []
    for seed in SEEDS:
        now, projection = projected(seed, 37)
        bar = now.prior * np.random.default_rng(seed).uniform(0.8, 1.2, len(now.prior))
        said.append(projection.prob_at_least(bar))
        came.append(force_of(seed).quarterly[:, LAST] >= bar)
    probability, reached = np.concatenate(said), np.concatenate(came)
    for low, high in ((0.0, 0.2), (0.4, 0.6), (0.8, 1.01)):
        within = (probability >= low) & (probability < high)
        assert abs(float(reached[within].mean()) - float(probability[within].mean())) < 0.1
