"""Which period, metric and evaluation a page is about, and which units it covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.engines.pages.numbers import listed, name_of
from hangbiao.engines.workdays.selectors import unpublished_year
from hangbiao.rooms.board.filters import Filters
from hangbiao.rooms.board.remembered import remembered
from hangbiao.rooms.board.tiles import province_name
from hangbiao.rooms.board.viewer import Viewer
from hangbiao.rooms.calendar import selectors as calendar
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.people import selectors as people
from hangbiao.rooms.targets import selectors as targets

CHECKPOINT = "checkpoint"
FEW = 3  # units that a sentence can name


@dataclass(frozen=True, slots=True)
class Setting:
    """Fixed for one page. `run` is None while nothing was evaluated yet."""

    period: Any
    metric: Any
    run: Any
    runs: Sequence[Any]
    weeks: Sequence[Any]
    checkpoints: Sequence[date]
    windows: Sequence[Any]
    periods: Sequence[Any]
    metrics: Sequence[Any]
    unpublished: int | None  # the year whose holidays the plan of the period only assumes

    @property
    def official(self) -> bool:
        """Whether the run on screen is a checkpoint; otherwise everything on it is a preview."""
        return bool(self.run.kind == CHECKPOINT)

    @property
    def policy(self) -> dict[str, Any]:
        """The rules the run used."""
        found: dict[str, Any] = self.run.policy
        return found

    @property
    def today(self) -> date:
        """The last day the run looks at, inside the period."""
        last: date = min(self.run.as_of, self.period.end)
        return last

    @property
    def checkpoint_runs(self) -> list[Any]:
        """Official runs up to the one on screen, oldest first."""
        return [r for r in self.runs if r.kind == CHECKPOINT and r.as_of <= self.run.as_of]

    @property
    def before(self) -> Any | None:
        """The checkpoint before the run on screen."""
        earlier = [r for r in self.checkpoint_runs if r.as_of < self.run.as_of]
        return earlier[-1] if earlier else None

    @property
    def last_official(self) -> Any | None:
        """The newest checkpoint of the period."""
        return self.checkpoint_runs[-1] if self.checkpoint_runs else None

    @property
    def week(self) -> int:
        """The number of the week that `today` lies in."""
        found: int = next((w.number for w in self.weeks if w.start <= self.today <= w.end), len(self.weeks))
        return found

    @property
    def weeks_left(self) -> int:
        """Whole weeks left, rounded; 0 in the last days."""
        days: int = (self.period.end - self.today).days
        return round(days / 7)

    @property
    def next_checkpoint(self) -> date | None:
        return next((d for d in self.checkpoints if d > self.run.as_of), None)

    def label_of(self, day: date) -> str:
        """What a checkpoint is called: its week, the last one by the period's end."""
        if day == self.period.end:
            return _("期末")
        return next((f"W{w.number}" for w in self.weeks if w.start <= day <= w.end), "")

    @property
    def window(self) -> Any | None:
        """The adjustment window that is open or comes next."""
        return next((w for w in self.windows if w.closes >= self.run.as_of), None)

    @property
    def data_as_of(self) -> date | None:
        """The last day that any data of the metric reached."""
        reached = self.run.feeds.get(str(self.metric.pk)) or self.run.feeds.get(self.metric.code) or {}
        days = [d for d in reached.values() if d]
        return date.fromisoformat(max(days)) if days else None


def setting_for(viewer: Viewer, filters: Filters) -> Setting | None:
    """The asked period (else the one the day lies in, else the newest evaluated), metric and run."""
    periods = lights.periods_with_runs(viewer.on)
    metrics = targets.metrics()
    if not periods or not metrics:
        return None
    period = next((p for p in periods if p.code == filters.period), periods[-1])
    runs = lights.runs_of(period.pk)
    weeks, checkpoints, windows, unpublished = remembered(
        runs[-1], viewer.scope, "dates", lambda: _dates_of(period, runs[-1])
    )
    return Setting(
        period=period,
        metric=next((m for m in metrics if m.code == filters.metric), metrics[0]),
        run=_run(runs, filters),
        runs=runs,
        weeks=weeks,
        checkpoints=checkpoints,
        windows=windows,
        periods=periods[::-1],
        metrics=metrics,
        unpublished=unpublished,
    )


def _dates_of(period: Any, run: Any) -> tuple[Sequence[Any], Sequence[date], Sequence[Any], int | None]:
    assumed = unpublished_year(period.start, period.end, version=run.calendar_version)
    return calendar.weeks_of(period), calendar.checkpoints_of(period), calendar.windows_in(period), assumed


def _run(runs: Sequence[Any], filters: Filters) -> Any:
    official = [r for r in runs if r.kind == CHECKPOINT]
    return official[-1] if filters.run == "official" and official else runs[-1]


@dataclass(frozen=True, slots=True)
class Ground:
    """The units of a page: whose sum stands on top, the rows below, and the way down to them."""

    top: Sequence[Any]
    rows: Sequence[Any]
    regions: Sequence[Any]
    above: Sequence[Any]
    provinces: Sequence[tuple[str, str]]

    @property
    def paths(self) -> list[str]:
        return [u.path for u in self.top]

    @property
    def teams(self) -> bool:
        """Whether the rows are teams."""
        return bool(self.rows) and all(u.kind == "team" for u in self.rows)

    @property
    def level(self) -> str:
        """company, region or team: the kind of what stands on top."""
        kinds = {u.kind for u in self.top}
        return kinds.pop() if len(kinds) == 1 else "region"

    @property
    def only(self) -> Any | None:
        """The one unit on top, if it is one."""
        return self.top[0] if len(self.top) == 1 else None

    @property
    def one_team(self) -> bool:
        """Nothing to choose between: the people are the page."""
        return self.level == "team" and len(self.top) == 1

    @property
    def said(self) -> str:
        """The units on top in words."""
        if len(self.top) > FEW:
            return _("%(n)s 个单位") % {"n": len(self.top)}
        return listed([name_of(u) for u in self.top])


def ground_of(viewer: Viewer, setting: Setting, filters: Filters) -> Ground:
    """From what the viewer sees in the page's period, narrowed by `unit`: regions below a company, teams below one region.

    An unknown or foreign unit narrows nothing. Teams are read only where they are rows: a company has thousands.
    """
    viewer = viewer.about(setting.period.start, setting.period.end)
    seen = list(people.units_down_to_regions(viewer.paths))
    chosen = [u for u in seen if u.code == filters.unit]
    if filters.unit and not chosen:
        team = people.unit_called(filters.unit)
        chosen = [team] if team and any(team.path.startswith(p) for p in viewer.paths) else []
    top = chosen or [u for u in seen if u.parent_id not in {s.pk for s in seen}]
    paths = [u.path for u in top]
    inside = [u for u in seen if u.kind == "region" and any(u.path.startswith(p) for p in paths)]
    if all(u.kind == "team" for u in top):
        rows = top
    else:
        rows = inside if len(inside) > 1 else list(people.units_under(paths, "team")) or inside or top
    above = _above(viewer, top[0].path) if chosen else []
    return Ground(
        top=top,
        rows=rows,
        regions=[u for u in seen if u.kind == "region"],
        above=above,
        provinces=[(p, province_name(p)) for p in sorted({u.province for u in inside if u.province})],
    )


def _above(viewer: Viewer, path: str) -> list[Any]:
    """The units above a chosen one, as far up as the viewer sees."""
    units = people.units_above(path)[:-1]
    return [u for u in units if any(u.path.startswith(p) for p in viewer.paths)]
