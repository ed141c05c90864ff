"""One person: for the drawer, the person page and, with their own eyes, for "my target"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.utils.timezone import localtime

from hangbiao.engines.pages.lamps import Mark
from hangbiao.engines.pages.numbers import name_of
from hangbiao.engines.pages.trend import Trend
from hangbiao.rooms.actuals import series as facts
from hangbiao.rooms.board.figures import Figures, of_light
from hangbiao.rooms.board.selectors.people import marks_of, week_of
from hangbiao.rooms.board.selectors.setting import Setting
from hangbiao.rooms.board.viewer import Viewer
from hangbiao.rooms.board.weekly import Series, days_needed, end_of, trend_of
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.lights.wording import because
from hangbiao.rooms.people import selectors as people
from hangbiao.rooms.targets import selectors as targets


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric of the person: the whole period, and this week."""

    metric: Any
    light: Any
    figures: Figures
    week_done: int
    week_planned: int


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what happened: an official light, or a target that was agreed."""

    day: date
    light: str = ""
    label: str = ""
    version: Any = None


@dataclass(frozen=True, slots=True)
class PersonView:
    """Everything on the page."""

    person: Any
    unit: Any
    region: Any
    managers: Sequence[str]
    light: Any
    because: str
    figures: Figures
    score: Fraction | None
    metrics: Sequence[MetricRow]
    marks: Sequence[Mark]
    trend: Trend | None
    steps: Sequence[Step]
    a_week: int
    usual_week: int
    above: Sequence[Any]

    @property
    def process(self) -> list[MetricRow]:
        """The metrics beside the headline."""
        return [m for m in self.metrics if m.metric.pk != self.light.metric_id]


def person_of(viewer: Viewer, setting: Setting, person: int) -> PersonView | None:
    """What the viewer may see of a person; None where that is nothing, which answers like "there is nobody"."""
    own = lights.of_person(setting.run.pk, person)
    light = next((one for one in own if one.metric_id == setting.metric.pk), own[0] if own else None)
    if light is None:
        return None
    ends = lights.projections_of(setting.run.pk, [one.target_id for one in own])
    history = lights.official_lights([r.pk for r in setting.checkpoint_runs], [light.target_id]).get(
        light.target_id, []
    )
    series = _series(setting, person, own)
    figures = of_light(light, ends.get(light.target_id))
    units = {u.path: u for u in people.units_above(light.org_path)}
    managers = people.managers_of(units, viewer.on)
    return PersonView(
        person=light.person,
        unit=units.get(light.org_path),
        region=next((u for u in units.values() if u.kind == "region"), None),
        managers=[name_of(managers[path]) for path in sorted(units, reverse=True) if path in managers],
        light=light,
        because=because(light, setting.policy),
        figures=figures,
        score=figures.score(setting.policy["score.policy"]),
        metrics=[_metric(setting, one, ends, series[one.metric_id]) for one in own],
        marks=marks_of(setting, history),
        trend=trend_of(series[light.metric_id], figures, setting.weeks, setting.today, light.metric.name),
        steps=_steps(setting, light, history),
        a_week=figures.a_week(setting.today, setting.period.end),
        usual_week=figures.usual_week(setting.period.start, setting.today),
        above=[u for u in units.values() if any(u.path.startswith(p) for p in viewer.paths)],
    )


def _series(setting: Setting, person: int, own: Sequence[Any]) -> dict[int, Series]:
    """Metric → its days and plan."""
    found = {one.metric_id: Series() for one in own}
    start, today = setting.period.start, setting.today
    for _person, metric, week, value in facts.weekly_of_people(setting.period.pk, [person], start, today, found):
        found[metric].add_actual(end_of(week, start, today), value)
    days = days_needed(start, setting.weeks, today)
    holders = {one.target_id: one for one in own}
    for target, day, plan in facts.plan_of_targets(holders, days, setting.run.calendar_version):
        found[holders[target].metric_id].add_plan(day, plan)
    return found


def _metric(setting: Setting, light: Any, ends: dict[int, Any], series: Series) -> MetricRow:
    return MetricRow(
        light.metric, light, of_light(light, ends.get(light.target_id)), *week_of(setting, series)
    )


def _steps(setting: Setting, light: Any, history: Sequence[tuple[date, str]]) -> list[Step]:
    steps = [Step(day=day, light=lit, label=setting.label_of(day)) for day, lit in history]
    steps += [Step(day=_day(v.recorded_at), version=v) for v in targets.versions_of(light.target_id)]
    return sorted(steps, key=lambda s: s.day, reverse=True)[:8]


def _day(at: datetime) -> date:
    return localtime(at).date()
