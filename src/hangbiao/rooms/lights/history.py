"""What the estimates need of the past, as arrays: every period seen at the same working-day index as today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from hangbiao.core.estimates.basetarget import base_forecast
from hangbiao.core.estimates.peers import Floats, Ints, group_sum
from hangbiao.core.estimates.projection import (
    Model,
    Projection,
    Snapshot,
    fit,
    project,
    roughness,
    volatility_groups,
)
from hangbiao.engines.workdays.selectors import calendar as work_calendar
from hangbiao.rooms.calendar.selectors import periods_until
from hangbiao.rooms.lights import sql
from hangbiao.rooms.lights.models import Run

YEAR = 4
TRAILING = 20
FIRST_TAUGHT = 5


@dataclass(frozen=True, slots=True)
class History:
    """[units, periods], oldest first, the current period last. `seen` up to the index of today, `seen_before` four weeks
    less; NaN where a unit had no fact in a period. `weekly` [units, weeks] of the last year, for the volatility."""

    units: tuple[int, ...]
    whole: Floats
    seen: Floats
    seen_before: Floats
    weekly: Floats

    def summed(self, groups: Ints) -> "History":
        """The same for groups of units (regions, the company), one row per group in the order of group numbers."""
        first = np.unique(groups, return_index=True)[1]
        sums = [group_sum(a, groups)[first] for a in (self.whole, self.seen, self.seen_before, self.weekly)]
        return History(tuple(int(g) for g in np.unique(groups)), *sums)


def history_of(run: Run, metric: int) -> History | None:
    """None where no territory has a single fact in the current period and the one a year before it."""
    periods = periods_until(run.period.start)
    cuts = _cuts(run, periods)
    rows = sql.sold_by_then(metric, cuts)
    units = tuple(sorted({row[0] for row in rows}))
    if not units or len(periods) <= YEAR:
        return None
    row_of, column_of = {u: i for i, u in enumerate(units)}, {c[0]: i for i, c in enumerate(cuts)}
    whole, seen, before = (np.full((len(units), len(cuts)), np.nan) for _ in range(3))
    for unit, period, total, cut, earlier in rows:
        at = row_of[unit], column_of[period]
        whole[at], seen[at], before[at] = total, cut, earlier
    seen[:, -1], before[:, -1] = np.nan_to_num(seen[:, -1]), np.nan_to_num(before[:, -1])
    return History(
        units, whole, seen, before, _weekly(metric, [p.pk for p in periods[-YEAR - 1 : -1]], row_of)
    )


def _cuts(run: Run, periods: list[Any]) -> list[tuple[int, date, date]]:
    """For each period the day with the same share of working days behind it, and the one twenty working days earlier."""
    calendar = work_calendar(version=run.calendar_version, start=periods[0].start, end=run.period.end)
    now = calendar.count_working_days(run.period.start, run.as_of)
    whole = calendar.count_working_days(run.period.start, run.period.end)
    cuts = []
    for period in periods[:-1]:
        days = calendar.working_days(period.start, period.end)
        done = round(now * len(days) / whole) if whole else 0
        cuts.append((period.pk, _nth(days, done, period.start), _nth(days, done - TRAILING, period.start)))
    days = calendar.working_days(run.period.start, run.as_of)
    return [*cuts, (run.period.pk, run.as_of, _nth(days, now - TRAILING, run.period.start))]


def _nth(days: Sequence[date], count: int, start: date) -> date:
    return days[min(count, len(days)) - 1] if count > 0 and days else start - timedelta(days=1)


def _weekly(metric: int, periods: list[int], row_of: dict[int, int]) -> Floats:
    rows = sql.sold_by_week(metric, periods)
    weeks = {week: i for i, week in enumerate(sorted({row[1] for row in rows}))}
    table = np.full((len(row_of), max(len(weeks), 2)), np.nan)
    for unit, week, value in rows:
        if unit in row_of:
            table[row_of[unit], weeks[week]] = value
    return table


def projected(history: History, peers: Ints) -> tuple[Snapshot, Projection, Model | None]:
    """Project the current period of every unit; earlier periods seen at the same point teach belief and range."""
    last = history.whole.shape[1] - 1
    groups = volatility_groups(roughness(history.weekly))
    taught = list(range(FIRST_TAUGHT, last))
    past = [_snapshot(history, q, peers) for q in taught]
    model = fit(past, [history.whole[:, q] for q in taught], groups) if past else None
    now = _snapshot(history, last, peers)
    return now, project(now, model, groups), model


def _snapshot(history: History, quarter: int, peers: Ints) -> Snapshot:
    prior = base_forecast(history.whole[:, :quarter], [peers, np.zeros_like(peers)]).point
    share, share_before = (
        _share(table, history, quarter, peers) for table in (history.seen, history.seen_before)
    )
    trailing = share - share_before
    return Snapshot(
        actual=np.nan_to_num(history.seen[:, quarter]),
        share=share,
        prior=prior,
        trailing_actual=np.nan_to_num(history.seen[:, quarter] - history.seen_before[:, quarter]),
        trailing_share=trailing,
    )


def _share(table: Floats, history: History, quarter: int, peers: Ints) -> Floats:
    """The peers' share of the same quarter last year that lay behind them at this point."""
    part = group_sum(np.nan_to_num(table[:, quarter - YEAR]), peers)
    whole = group_sum(np.nan_to_num(history.whole[:, quarter - YEAR]), peers)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, np.clip(part / whole, 0.0, 1.0), np.nan)
