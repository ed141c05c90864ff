import numpy as np
import pytest

from hangbiao.core.estimates.basetarget import base_forecast, candidates
from hangbiao.core.estimates.peers import group_median
from tests.core.sellers import sales_force

ONE = np.zeros(4, dtype=np.int64)
# Four alike units: 100 in every quarter, 200 in the fourth, 10 % more each year; the fourth quarter comes next.
STEADY = np.tile([100.0, 100, 100, 200, 110, 110, 110], (4, 1))


def test_a_steady_seller_gets_what_the_season_and_growth_say() -> None:
    made = candidates(STEADY, [ONE])
    assert {name: round(float(values[0]), 6) for name, values in made.items()} == {
        "last_year": 200.0,
        "last_year_growth": 220.0,
        "last_year_half_growth": round(200 * 1.1**0.5, 6),
        "last_year_shrunk_growth_1": 220.0,
        "last_quarter_step_1": 220.0,
        "last_two_quarters_1": 220.0,
    }
    assert base_forecast(STEADY, [ONE]).point[0] == pytest.approx(220.0)


def test_two_peer_groups_make_nine_candidates() -> None:
    assert len(candidates(STEADY, [ONE, ONE])) == 9


def test_a_new_seller_gets_the_peers_median_times_the_potential() -> None:
    history = np.vstack([np.tile([100.0, 100, 100, 200, 110, 110, 110], (4, 1)), np.full((1, 7), np.nan)])
    peers = np.zeros(5, dtype=np.int64)
    forecast = base_forecast(history, [peers], potential=np.array([50.0, 50, 50, 50, 25]))
    assert forecast.point[4] == pytest.approx(110.0)
    assert forecast.low_confidence.tolist() == [False] * 4 + [True]


def test_one_own_quarter_is_enough_for_the_peers_step() -> None:
    history = STEADY.copy()
    history[3, :-1] = np.nan
    forecast = base_forecast(history, [ONE])
    assert forecast.point[3] == pytest.approx(220.0)
    assert forecast.own_quarters[3] == 1


def test_zero_negative_and_missing_quarters_never_give_nonsense() -> None:
    history = np.array([[0.0] * 7, [-5.0] * 7, [np.nan] * 7, [1.0, 0, 3, 0, 5, 0, 7]])
    point = base_forecast(history, [ONE]).point
    assert not np.isnan(point).any()
    assert (point >= 0).all()
    assert np.isfinite(point).all()


def test_no_history_at_all_is_not_known_rather_than_nothing() -> None:
    assert np.isnan(base_forecast(np.full((2, 3), np.nan), [ONE[:2]]).point).all()
    assert np.isnan(base_forecast(np.empty((2, 0)), [ONE[:2]]).point).all()


def test_a_group_median_leaves_out_what_is_not_known_and_small_groups_take_everybodys() -> None:
    values = np.array([1.0, 2, 3, np.nan, 10, 100])
    groups = np.array([7, 7, 7, 7, 7, 9])
    assert group_median(values, groups).tolist() == [2.5, 2.5, 2.5, 2.5, 2.5, 3.0]


def test_scale_does_not_matter() -> None:
    force = sales_force(3)
    peers = [force.region, force.kind]
    small, large = (base_forecast(force.quarterly * scale, peers).point for scale in (1, 1e6))
    assert np.allclose(small * 1e6, large)


def test_the_median_of_candidates_beats_the_same_quarter_last_year() -> None:
    ours, naive = 0.0, 0.0
    for seed in range(4):
        force = sales_force(seed, shocked=0)
        for quarter in (7, 8, 9):
            true = force.quarterly[:, quarter]
            forecast = base_forecast(force.quarterly[:, :quarter], [force.region, force.kind])
            ours += float(np.abs(forecast.point - true).sum())
            naive += float(np.abs(forecast.candidates["last_year"] - true).sum())
    assert ours <= 0.85 * naive
