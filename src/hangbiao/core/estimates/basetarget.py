"""The next quarter of every unit from its short history: the median of simple candidates. Page: docs/rules/basetarget.md."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hangbiao.core.estimates.peers import Bools, Floats, Ints, group_median, ratio

SEASON = 4


@dataclass(frozen=True, slots=True)
class BaseForecast:
    """`point` per unit (NaN: nothing to go by) and what it rests on."""

    point: Floats
    candidates: dict[str, Floats]
    own_quarters: Ints

    @property
    def low_confidence(self) -> Bools:
        """Units without any quarter of their own: peers and potential only."""
        return np.asarray(self.own_quarters == 0)


def candidates(history: Floats, peers: Sequence[Ints], season: int = SEASON) -> dict[str, Floats]:
    """About ten simple forecasts of the next column of `history` [units, quarters, oldest first]; NaN where one cannot be made.

    Each can be told to the person concerned in a sentence: the same quarter last year, that times the own growth, half
    of it, the growth shrunk half-way to the peers'; the last quarter times the peers' seasonal step; the last two
    quarters times the peers' season. `peers` are one or more groupings (such as region, and channel mix).
    """
    last_year = _back(history, season)
    growth = _growth(history, season)
    made = {
        "last_year": last_year,
        "last_year_growth": last_year * growth,
        "last_year_half_growth": last_year * np.sqrt(growth),
    }
    last, last_two = _back(history, 1), _back(history, 1) + _back(history, 2)
    step = ratio(_back(history, season), _back(history, season + 1))
    season_of_two = ratio(_back(history, season), _back(history, season + 1) + _back(history, season + 2))
    for number, groups in enumerate(peers, start=1):
        shrunk = np.sqrt(growth * group_median(growth, groups))
        made[f"last_year_shrunk_growth_{number}"] = last_year * shrunk
        made[f"last_quarter_step_{number}"] = last * group_median(step, groups)
        made[f"last_two_quarters_{number}"] = last_two * group_median(season_of_two, groups)
    return made


def base_forecast(history: Floats, peers: Sequence[Ints], potential: Floats | None = None) -> BaseForecast:
    """The median of all candidates of each unit.

    The median beats the choice of the best candidate, and survives a badly chosen peer group. A unit without any own
    quarter gets its first peers' median times its potential relative to theirs. Never negative.
    """
    made = candidates(history, peers)
    table = np.vstack(list(made.values()))
    point = np.maximum(_median_of_columns(table), 0.0)
    own = np.asarray(np.sum(~np.isnan(history), axis=1), dtype=np.int64)
    return BaseForecast(
        np.where(np.isnan(point), _newcomers(point, own, peers[0], potential), point), made, own
    )


def _newcomers(point: Floats, own: Ints, groups: Ints, potential: Floats | None) -> Floats:
    index = np.ones(len(point))
    if potential is not None:
        known = np.where(own > 0, potential, np.nan)
        relative = ratio(potential, group_median(known, groups))
        index = np.where(np.isnan(relative), 1.0, relative)
    return group_median(point, groups) * index


def _back(history: Floats, quarters: int) -> Floats:
    """The column `quarters` before the one to forecast; NaN before the history begins."""
    if quarters > history.shape[1]:
        return np.full(history.shape[0], np.nan)
    return np.asarray(history[:, -quarters], dtype=np.float64)


def _growth(history: Floats, season: int) -> Floats:
    """Own growth on the year before, over up to a year of quarters that are known in both years."""
    pairs = min(season, max(history.shape[1] - season, 0))
    now = np.zeros(history.shape[0])
    before = np.zeros(history.shape[0])
    for back in range(1, pairs + 1):
        new, old = _back(history, back), _back(history, back + season)
        both = ~np.isnan(new) & ~np.isnan(old)
        now += np.where(both, new, 0.0)
        before += np.where(both, old, 0.0)
    return ratio(now, before)


def _median_of_columns(table: Floats) -> Floats:
    """Median of each column's known values; NaN where none is. Sorting puts NaN last."""
    ordered = np.sort(table, axis=0)
    count = np.sum(~np.isnan(table), axis=0)
    columns = np.arange(table.shape[1])
    middle = (
        ordered[np.maximum(count - 1, 0) // 2, columns] + ordered[count // 2 % table.shape[0], columns]
    ) / 2
    return np.asarray(np.where(count > 0, middle, np.nan), dtype=np.float64)
