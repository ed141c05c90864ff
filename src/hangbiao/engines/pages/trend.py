"""The trend: actual so far, plan, and the forecast with its range, drawn by the server (no chart library anywhere)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hangbiao.engines.pages.dates import day as said_day
from hangbiao.engines.pages.markup import drawn

TWO_LINES = 28  # pixels that two lines of label need


@dataclass(frozen=True, slots=True)
class Point:
    """Cumulative shares of the base at the end of a day (1 = base)."""

    day: date
    plan: float
    actual: float | None = None
    forecast: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """A period from the day before it begins; `today` is the last day with an actual."""

    points: Sequence[Point]
    today: date
    label: str


@dataclass(frozen=True, slots=True)
class _Paper:
    width: int
    height: int
    first: date
    days: int
    top: float
    left: int = 34
    right: int = 46
    above: int = 18
    below: int = 20

    def x(self, day: date) -> float:
        return self.left + (day - self.first).days / self.days * (self.width - self.left - self.right)

    def y(self, share: float) -> float:
        inner = self.height - self.above - self.below
        return self.above + inner * (1 - min(max(share, 0), self.top) / self.top)


def _line(paper: _Paper, css: str, points: Sequence[tuple[date, float]]) -> str:
    where = " ".join(f"{paper.x(day):.1f},{paper.y(share):.1f}" for day, share in points)
    return f'<polyline class="{css}" points="{where}"/>'


def _grid(paper: _Paper) -> str:
    right, parts = paper.width - paper.right, []
    for quarter in range(round(paper.top * 4) + 1):
        y = paper.y(quarter / 4)
        parts.append(
            f'<line class="t-grid" x1="{paper.left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{paper.left - 6}" y="{y + 4:.1f}" text-anchor="end">{quarter * 25}%</text>'
        )
    return "".join(parts)


def _today(paper: _Paper, trend: Trend) -> str:
    x = paper.x(trend.today)
    if trend.today >= trend.points[-1].day:
        return ""  # the axis names that day already
    return (
        f'<line class="t-now" x1="{x:.1f}" x2="{x:.1f}" y1="{paper.above - 4}" y2="{paper.height - paper.below}"/>'
        f'<text x="{x:.1f}" y="{paper.above - 8}" text-anchor="middle">{escape(said_day(trend.today))}</text>'
    )


def _forecast(paper: _Paper, points: Sequence[Point]) -> str:
    ahead = [p for p in points if p.forecast is not None]
    if not ahead:
        return ""
    parts = []
    if all(p.low is not None and p.high is not None for p in ahead):
        edge = [(p.day, p.high or 0.0) for p in ahead] + [(p.day, p.low or 0.0) for p in reversed(ahead)]
        where = " ".join(f"{paper.x(day):.1f},{paper.y(share):.1f}" for day, share in edge)
        parts.append(f'<polygon class="t-band" points="{where}"/>')
    parts.append(_line(paper, "t-fc", [(p.day, p.forecast or 0.0) for p in ahead]))
    return "".join(parts)


def _ends(paper: _Paper, points: Sequence[Point]) -> str:
    """Names at the end of the lines, moved apart where they would touch."""
    x, last = paper.width - paper.right + 5, points[-1]
    plan = paper.y(last.plan)
    parts = []
    if last.forecast is not None:
        y = paper.y(last.forecast)
        if abs(y - plan) < TWO_LINES:
            y = plan + TWO_LINES if y >= plan else plan - TWO_LINES
        y = max(y, 12)
        parts.append(
            f'<text class="t-end" x="{x}" y="{y - 2:.1f}">{escape(_("预测"))}</text>'
            f'<text class="t-end" x="{x}" y="{y + 11:.1f}">{last.forecast * 100:.0f}%</text>'
        )
    parts.append(f'<text x="{x}" y="{plan + 4:.1f}">{escape(_("应达"))}</text>')
    return "".join(parts)


def _touch(paper: _Paper, points: Sequence[Point]) -> str:
    """Invisible columns that say their figures when pointed at."""
    parts, inner = [], paper.height - paper.above - paper.below
    for before, point in pairwise(points):
        x0, x1 = paper.x(before.day), paper.x(point.day)
        words = [said_day(point.day), f"{_('应达')} {point.plan * 100:.1f}%"]
        if point.actual is not None:
            words.append(f"{_('实际')} {point.actual * 100:.1f}%")
        elif point.forecast is not None:
            words.append(f"{_('预测')} {point.forecast * 100:.0f}%")
        parts.append(
            f'<rect class="t-hit" x="{x0:.1f}" y="{paper.above}" width="{x1 - x0:.1f}" height="{inner}">'
            f"<title>{escape(' · '.join(words))}</title></rect>"
        )
    return "".join(parts)


def _top(highest: float) -> float:
    """The next quarter above the highest line, at least the base."""
    return max(ceil(highest * 4 - 0.02) / 4, 1)


def draw(trend: Trend, width: int = 420, height: int = 230) -> SafeString:
    """The whole drawing."""
    points = trend.points
    if len(points) <= 1:
        return drawn("")
    highest = max(max(p.plan, p.actual or 0, p.high or 0, p.forecast or 0) for p in points)
    paper = _Paper(width, height, points[0].day, max((points[-1].day - points[0].day).days, 1), _top(highest))
    ends = "".join(
        f'<text x="{paper.x(day):.1f}" y="{height - 4}" text-anchor="{anchor}">{escape(said_day(day))}</text>'
        for day, anchor in ((points[0].day + timedelta(days=1), "start"), (points[-1].day, "end"))
    )
    actual = [(p.day, p.actual) for p in points if p.actual is not None]
    said = f"{trend.label}: {_('实际')} {actual[-1][1] * 100:.1f}%" if actual else trend.label
    return drawn(
        f'<svg class="trend" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(said)}">'
        f"{_grid(paper)}{_today(paper, trend)}"
        f"{_forecast(paper, points)}{_line(paper, 't-plan', [(p.day, p.plan) for p in points])}{_line(paper, 't-act', actual)}"
        f"{_ends(paper, points)}{ends}{_touch(paper, points)}</svg>"
    )
