"""What the estimates need of the past, as arrays: every period seen at the same working-day index as today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from hangbiao.core.estimates.basetarget import base_forecast
from hangbiao.core.estimates.holidays import by_working_day, has_moved, relay, shifted
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
from hangbiao.rooms.actuals.selectors import newest_batch
from hangbiao.rooms.calendar.selectors import periods_until
from hangbiao.rooms.lights import sql
from hangbiao.rooms.lights.models import Run

YEAR = 4
TRAILING = 20
FIRST_TAUGHT = 5


@dataclass(frozen=True, slots=True)
class History:
    """[units, periods], oldest first, the current period last. `seen` up to the index of today, `seen_before` four weeks
    less; NaN where a unit had no fact in a period. `weekly` [units, weeks] of the last year, for the volatility.

    Per period, for the period a year later: where its long holiday lies elsewhere then, `moved` and `moved_before` are what
    that adds to the log-odds of the shares seen, `doubt` how far they may be off (core.estimates.holidays); else 0.
    """

    units: tuple[int, ...]
    whole: Floats
    seen: Floats
    seen_before: Floats
    weekly: Floats
    moved: Floats
    moved_before: Floats
    doubt: Floats

    def summed(self, groups: Ints) -> "History":
        """The same for groups of units (regions, the company), one row per group in the order of group numbers."""
        first = np.unique(groups, return_index=True)[1]
        tables = (self.whole, self.seen, self.seen_before, self.weekly)
        whole, seen, before, weekly = (group_sum(table, groups)[first] for table in tables)
        units = tuple(int(g) for g in np.unique(groups))
        return History(units, whole, seen, before, weekly, self.moved, self.moved_before, self.doubt)


def history_of(run: Run, metric: int) -> History | None:
    """From the facts that the run knew. None where no territory has a single one in the current period and the one a year
    before it."""
    periods = periods_until(run.period.start)
    cuts = _cuts(run, periods)
    known = _known(run)
    rows = sql.sold_by_then(metric, cuts, known)
    units, told = tuple(sorted({row[0] for row in rows})), {row[1] for row in rows}
    first = next((n for n, period in enumerate(periods) if period.pk in told), 0)
    periods, cuts = periods[first:], cuts[first:]  # older ones may have been opened since
    if not units or len(periods) <= YEAR:
        return None
    row_of, column_of = {u: i for i, u in enumerate(units)}, {c[0]: i for i, c in enumerate(cuts)}
    whole, seen, before = (np.full((len(units), len(cuts)), np.nan) for _ in range(3))
    for unit, period, total, cut, earlier in rows:
        at = row_of[unit], column_of[period]
        whole[at], seen[at], before[at] = total, cut, earlier
    seen[:, -1], before[:, -1] = np.nan_to_num(seen[:, -1]), np.nan_to_num(before[:, -1])
    weekly = _weekly(metric, [p.pk for p in periods[-YEAR - 1 : -1]], row_of, known)
    return History(units, whole, seen, before, weekly, *_moves(run, metric, periods))


def _known(run: Run) -> int | None:
    """The newest batch that the run knew of; None where no other came since, so that the present is what it saw."""
    return None if newest_batch() <= run.facts_as_of else run.facts_as_of


def _moves(run: Run, metric: int, periods: list[Any]) -> tuple[Floats, Floats, Floats]:
    """What a moved holiday does to the shares seen, at the point and four weeks before, and the doubt, by period."""
    calendar = work_calendar(version=run.calendar_version, start=periods[0].start, end=run.period.end)
    worked = [np.array([calendar.is_work(day) for day in _days(p)], dtype=np.bool_) for p in periods]
    now = calendar.count_working_days(run.period.start, run.as_of)
    whole = int(worked[-1].sum())
    table = np.zeros((len(periods), 3))
    for then, later in zip(range(len(periods)), range(YEAR, len(periods)), strict=False):
        if not has_moved(worked[then], worked[later]):
            continue
        sold = dict(sql.sold_by_day(metric, periods[then].pk, _known(run)))
        daily = np.array([float(sold.get(day, 0)) for day in _days(periods[then])])
        relaid = relay(by_working_day(daily, worked[then]), worked[then], worked[later])
        if relaid:
            done = round(now * int(worked[later].sum()) / whole)
            table[then] = relaid.shift(done), relaid.shift(max(done - TRAILING, 0)), relaid.doubt
    return table[:, 0], table[:, 1], table[:, 2]


def _days(period: Any) -> list[date]:
    return [period.start + timedelta(days=n) for n in range((period.end - period.start).days + 1)]


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


def _weekly(metric: int, periods: list[int], row_of: dict[int, int], known: int | None) -> Floats:
    rows = sql.sold_by_week(metric, periods, known)
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
    share = _share(history.seen, history.moved, history, quarter, peers)
    share_before = _share(history.seen_before, history.moved_before, history, quarter, peers)
    trailing = share - share_before
    return Snapshot(
        actual=np.nan_to_num(history.seen[:, quarter]),
        share=share,
        prior=prior,
        trailing_actual=np.nan_to_num(history.seen[:, quarter] - history.seen_before[:, quarter]),
        trailing_share=trailing,
        doubt=np.full(len(prior), history.doubt[quarter - YEAR]),
    )


def _share(table: Floats, moved: Floats, history: History, quarter: int, peers: Ints) -> Floats:
    """The peers' share of the same quarter last year that lay behind them at this point."""
    part = group_sum(np.nan_to_num(table[:, quarter - YEAR]), peers)
    whole = group_sum(np.nan_to_num(history.whole[:, quarter - YEAR]), peers)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(whole > 0, np.clip(part / whole, 0.0, 1.0), np.nan)
    by = float(moved[quarter - YEAR])
    return shifted(share, by) if by else share
