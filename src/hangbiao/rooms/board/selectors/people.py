"""The list of people: filtered, sorted and cut into pages by the database."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import NullIf

from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.engines.pages.lamps import Mark
from hangbiao.rooms.actuals import series as facts
from hangbiao.rooms.board.figures import Figures, of_light
from hangbiao.rooms.board.filters import PAGE_ROWS, Filters
from hangbiao.rooms.board.remembered import remembered
from hangbiao.rooms.board.selectors.setting import Ground, Setting
from hangbiao.rooms.board.viewer import Viewer
from hangbiao.rooms.board.weekly import Series, days_needed, end_of, rates
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.people import selectors as people

AT_A_TIME = 500  # rows of a file that are in hand at once


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person."""

    person: Any
    unit: Any
    light: Any
    figures: Figures
    score: Fraction | None
    rates: Sequence[float]
    marks: Sequence[Mark]
    a_week: int
    week: "Week | None" = None


@dataclass(frozen=True, slots=True)
class Week:
    """A process metric in the period's present week: done, and what the week should bring."""

    done: int
    planned: int


@dataclass(frozen=True, slots=True)
class People:
    """One page of the list."""

    rows: Sequence[PersonRow]
    total: int
    page: int
    process: Any | None = None

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE_ROWS + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def before(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def after(self) -> int | None:
        return self.page + 1 if self.last < self.total else None


def people_of(viewer: Viewer, setting: Setting, ground: Ground, filters: Filters) -> People:
    """The asked page; a page past the end is the last one."""
    wanted = _wanted(setting, ground, filters)
    total = wanted.count() if filters.q else remembered(
        setting.run, viewer.scope, ("people", setting.metric.pk, tuple(ground.paths), filters.province, filters.light),
        wanted.count,
    )  # fmt: skip
    page = min(filters.page, max(-(-total // PAGE_ROWS), 1))
    order = _sorted(wanted, setting, filters.sort)
    shown = _read(order, _targets(order)[(page - 1) * PAGE_ROWS : page * PAGE_ROWS])
    targets = [light.target_id for light in shown]
    ends = lights.projections_of(setting.run.pk, targets)
    history = lights.official_lights([r.pk for r in setting.checkpoint_runs], targets)
    beside = _beside(setting) if ground.level == "team" else None
    own = lights.of_people(setting.run, [light.person_id for light in shown]) if beside else []
    drawn = [*shown, *(light for light in own if beside and light.metric_id == beside.pk)]
    key = ("weeks", tuple(light.target_id for light in drawn))
    weeks = remembered(setting.run, viewer.scope, key, lambda: _series(setting, drawn))
    places = {} if ground.one_team else people.units_at(light.org_path for light in shown)
    kind = "team" if ground.teams else "region"
    rows = []
    for light in shown:
        figures = of_light(light, ends.get(light.target_id))
        rows.append(
            PersonRow(
                person=light.person,
                unit=ground.only if ground.one_team else _place(places, light.org_path, kind),
                light=light,
                figures=figures,
                score=figures.score(setting.policy["score.policy"]),
                rates=rates(weeks[light.person_id, light.metric_id], setting.weeks, setting.today),
                marks=marks_of(setting, history.get(light.target_id, [])),
                a_week=figures.a_week(setting.today, setting.period.end),
                week=_week(setting, weeks.get((light.person_id, beside.pk))) if beside else None,
            )
        )
    return People(rows, total, page, beside)


def everybody_of(setting: Setting, ground: Ground, filters: Filters) -> Iterator[list[PersonRow]]:
    """All who fit, in order, some at a time and without what is only drawn: for a file."""
    order = _sorted(_wanted(setting, ground, filters), setting, filters.sort)
    targets = array("q", _targets(order))
    kind = "team" if ground.teams else "region"
    for first in range(0, len(targets), AT_A_TIME):
        shown = _read(order, targets[first : first + AT_A_TIME])
        ends = lights.projections_of(setting.run.pk, [light.target_id for light in shown])
        places = {} if ground.one_team else people.units_at(light.org_path for light in shown)
        yield [
            PersonRow(
                light.person,
                ground.only if ground.one_team else _place(places, light.org_path, kind),
                light,
                figures := of_light(light, ends.get(light.target_id)),
                figures.score(setting.policy["score.policy"]),
                rates=(), marks=(), a_week=0,
            )
            for light in shown
        ]  # fmt: skip


def _targets(order: QuerySet[Any]) -> Any:
    """The lights by their targets alone: nobody's name is read to sort those who are not shown."""
    return order.values_list("target_id", flat=True)


def _read(order: QuerySet[Any], targets: Sequence[int]) -> list[Any]:
    """The lights of the given targets, in their order."""
    wanted = list(targets)
    place = {target: n for n, target in enumerate(wanted)}
    return sorted(order.order_by().filter(target__in=wanted), key=lambda light: place[light.target_id])


def _wanted(setting: Setting, ground: Ground, filters: Filters) -> QuerySet[Any]:
    paths = ground.paths
    if filters.province:
        regions = [u.path for u in ground.regions if u.province == filters.province]
        paths = [max(r, p, key=len) for r in regions for p in paths if p.startswith(r) or r.startswith(p)]
    found = lights.person_lights(setting.run.pk, setting.metric.pk, paths)
    if filters.light:
        found = found.filter(light=filters.light)
    if filters.q:
        found = lights.people_called(found, filters.q)
    return found


def _sorted(found: QuerySet[Any], setting: Setting, sort: str) -> QuerySet[Any]:
    if sort == "name":
        return found.order_by("person__name", "person__code")
    if sort == "forecast":
        ahead = lights.with_point(found, setting.run.pk).annotate(end=F("point") * 1.0 / NullIf(F("base"), 0))
        return ahead.order_by(F("end").asc(nulls_last=True), "target_id")
    share = (F("actual") - F("base") * F("plan_num") / F("plan_den")) / NullIf(F("base"), 0)
    sorted_by_gap: QuerySet[Any] = found.annotate(gap=share)
    return sorted_by_gap.order_by(F("gap").asc(nulls_last=True), "target_id")


def _series(setting: Setting, shown: Sequence[Any]) -> dict[tuple[Any, Any], Series]:
    """(person, metric) → weeks, from the facts of the given lights only."""
    found: dict[tuple[Any, Any], Series] = defaultdict(Series)
    owner = {light.target_id: (light.person_id, light.metric_id) for light in shown}
    start, today = setting.period.start, setting.today
    people_shown = {light.person_id for light in shown}
    metrics = {light.metric_id for light in shown}
    for person, metric, week, value in facts.weekly_of_people(setting.period.pk, people_shown, start, today, metrics):
        found[person, metric].add_actual(end_of(week, start, today), value)
    days = days_needed(start, setting.weeks, today)
    for target, day, plan in facts.plan_of_targets(owner, days, setting.run.calendar_version):
        found[owner[target]].add_plan(day, plan)
    return found


def marks_of(setting: Setting, official: Sequence[tuple[Any, str]]) -> list[Mark]:
    """The official lights so far, and an empty place for each checkpoint to come."""
    lit = dict(official)
    return [Mark(setting.label_of(day), lit.get(day, "")) for day in setting.checkpoints]


def week_of(setting: Setting, series: Series) -> tuple[int, int]:
    """Done, and planned for the whole of the week that the run's day lies in."""
    week = next((w for w in setting.weeks if w.start <= setting.today <= w.end), None)
    if week is None:
        return 0, 0
    done = sum(v for day, v in series.actual.items() if week.start <= day <= week.end)
    earlier = [w.end for w in setting.weeks if w.end < week.start]
    before = series.plan.get(earlier[-1], 0.0) if earlier else 0.0
    return done, round_half_up_to_int(Fraction(series.plan.get(week.end, 0.0) - before))


def _week(setting: Setting, series: Series | None) -> Week | None:
    return Week(*week_of(setting, series)) if series else None


def _beside(setting: Setting) -> Any | None:
    """The first metric beside the one on screen: for a team, what can still be changed this week."""
    return next((m for m in setting.metrics if m.pk != setting.metric.pk), None)


def _place(places: dict[str, Any], path: str, kind: str) -> Any | None:
    """The unit of that kind at or above a path."""
    return next((u for at, u in places.items() if u.kind == kind and path.startswith(at)), None)
