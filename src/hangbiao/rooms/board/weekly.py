"""Weeks of a period as drawings need them: shares of plan per week, and the trend with its forecast."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hangbiao.engines.pages.trend import Point, Trend
from hangbiao.rooms.board.figures import Figures


@dataclass(slots=True)
class Series:
    """Actual per day, and plan by the end of each asked day, both in minor units (or shares of a base of 1)."""

    actual: dict[date, int] = field(default_factory=dict)
    plan: dict[date, float] = field(default_factory=dict)

    def add_actual(self, day: date, value: int) -> None:
        self.actual[day] = self.actual.get(day, 0) + value

    def add_plan(self, day: date, value: Any) -> None:
        self.plan[day] = self.plan.get(day, 0.0) + float(value)

    def add(self, other: "Series") -> None:
        for day, value in other.actual.items():
            self.add_actual(day, value)
        for day, plan in other.plan.items():
            self.add_plan(day, plan)

    def sold_by(self, days: Sequence[date]) -> list[int]:
        """The running sum at the end of each given day (ascending)."""
        left, total, sums = sorted(self.actual.items()), 0, []
        at = 0
        for day in days:
            while at < len(left) and left[at][0] <= day:
                total += left[at][1]
                at += 1
            sums.append(total)
        return sums


def end_of(week: int, start: date, today: date) -> date:
    """The last day of a week (from 0) as far as it went."""
    return min(start + timedelta(days=7 * week + 6), today)


def days_needed(start: date, weeks: Sequence[Any], today: date) -> list[date]:
    """Week ends, today, and nothing twice."""
    return sorted({w.end for w in weeks} | {today} | {start})


def rates(series: Series, weeks: Sequence[Any], today: date) -> list[float]:
    """Actual ÷ plan for each finished week and the present one as far as it went."""
    ends = [w.end for w in weeks if w.end <= today]
    if today not in ends:
        ends.append(today)
    sold, shares, before = series.sold_by(ends), [], (0, 0.0)
    for end, total in zip(ends, sold, strict=True):
        planned = series.plan.get(end, 0.0)
        if planned - before[1] > 0:
            shares.append((total - before[0]) / (planned - before[1]))
        before = (total, planned)
    return shares


def trend_of(series: Series, figures: Figures, weeks: Sequence[Any], today: date, label: str) -> Trend | None:
    """Cumulative shares of the base, with the forecast spread along what is still planned."""
    if figures.base <= 0 or not weeks:
        return None
    base, start, end = float(figures.base), weeks[0].start, weeks[-1].end
    ends = sorted({w.end for w in weeks} | {min(today, end)})
    now = min(today, end)
    sold = dict(zip(ends, series.sold_by(ends), strict=True))
    planned_now = series.plan.get(now, 0.0) / base
    points = [Point(start - timedelta(days=1), 0.0, 0.0)]
    for day in ends:
        plan = series.plan.get(day, 0.0) / base
        actual = figures.actual / base if day == now else sold[day] / base
        if day < now:
            points.append(Point(day, plan, actual))
            continue
        ahead = _ahead(figures, base, plan, planned_now)
        points.append(Point(day, plan, actual if day == now else None, *ahead))
    return Trend(points, now, label)


def _ahead(figures: Figures, base: float, plan: float, planned_now: float) -> tuple[float | None, ...]:
    """Forecast, low, high at a day: from today's actual to the end, in step with the plan."""
    done = figures.actual / base
    part = min(max((plan - planned_now) / (1 - planned_now), 0.0), 1.0) if planned_now < 1 else 1.0
    return tuple(
        None if end is None else done + (end / base - done) * part
        for end in (figures.point, figures.low, figures.high)
    )
