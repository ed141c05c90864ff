"""The list of people: filtered, sorted and cut into pages by the database."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import NullIf

from hangbiao.engines.pages.lamps import Mark
from hangbiao.rooms.actuals import series as facts
from hangbiao.rooms.board.figures import Figures, of_light
from hangbiao.rooms.board.filters import PAGE_ROWS, Filters
from hangbiao.rooms.board.selectors.setting import Ground, Setting
from hangbiao.rooms.board.viewer import Viewer
from hangbiao.rooms.board.weekly import Series, days_needed, end_of, rates
from hangbiao.rooms.lights import selectors as lights


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


@dataclass(frozen=True, slots=True)
class People:
    """One page of the list."""

    rows: Sequence[PersonRow]
    total: int
    page: int

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


def people_of(_viewer: Viewer, setting: Setting, ground: Ground, filters: Filters) -> People:
    """The asked page; a page past the end is the last one."""
    wanted = _wanted(setting, ground, filters)
    total = wanted.count()
    page = min(filters.page, max(-(-total // PAGE_ROWS), 1))
    shown = list(_sorted(wanted, setting, filters.sort)[(page - 1) * PAGE_ROWS : page * PAGE_ROWS])
    targets = [light.target_id for light in shown]
    ends = lights.projections_of(setting.run.pk, targets)
    history = lights.official_lights([r.pk for r in setting.checkpoint_runs], targets)
    weeks = _series(setting, shown)
    places = _places(ground)
    rows = []
    for light in shown:
        figures = of_light(light, ends.get(light.target_id))
        rows.append(
            PersonRow(
                person=light.person,
                unit=_place(places, light.org_path),
                light=light,
                figures=figures,
                score=figures.score(setting.policy["score.policy"]),
                rates=rates(weeks[light.person_id], setting.weeks, setting.today),
                marks=marks_of(setting, history.get(light.target_id, [])),
            )
        )
    return People(rows, total, page)


def _wanted(setting: Setting, ground: Ground, filters: Filters) -> QuerySet[Any]:
    paths = ground.paths
    if filters.province:
        paths = [u.path for u in ground.rows if u.province == filters.province] if not ground.teams else paths
    found = lights.person_lights(setting.run.pk, setting.metric.pk, paths)
    if filters.light:
        found = found.filter(light=filters.light)
    if filters.q:
        name = Q(person__name__icontains=filters.q) | Q(person__name_en__icontains=filters.q)
        found = found.filter(name | Q(person__code__iexact=filters.q))
    return found


def _sorted(found: QuerySet[Any], setting: Setting, sort: str) -> QuerySet[Any]:
    if sort == "name":
        return found.order_by("person__name", "person__code")
    if sort == "forecast":
        ahead = lights.with_point(found, setting.run.pk).annotate(end=F("point") * 1.0 / NullIf(F("base"), 0))
        return ahead.order_by(F("end").asc(nulls_last=True), "person__code")
    share = (F("actual") - F("base") * F("plan_num") / F("plan_den")) / NullIf(F("base"), 0)
    sorted_by_gap: QuerySet[Any] = found.annotate(gap=share)
    return sorted_by_gap.order_by(F("gap").asc(nulls_last=True), "person__code")


def _series(setting: Setting, shown: Sequence[Any]) -> dict[int, Series]:
    """Person → weeks, from the facts of the people on this page only."""
    found: dict[int, Series] = defaultdict(Series)
    owner = {light.target_id: light for light in shown}
    start, today = setting.period.start, setting.today
    shown_people = [light.person_id for light in shown]
    for person, _metric, week, value in facts.weekly_of_people(
        setting.period.pk, shown_people, start, today, setting.metric.pk
    ):
        found[person].add_actual(end_of(week, start, today), value)
    days = days_needed(start, setting.weeks, today)
    for target, day, plan in facts.plan_of_targets(owner, days, setting.run.calendar_version):
        found[owner[target].person_id].add_plan(day, plan)
    return found


def marks_of(setting: Setting, official: Sequence[tuple[Any, str]]) -> list[Mark]:
    """The official lights so far, and an empty place for each checkpoint to come."""
    lit = dict(official)
    return [Mark(setting.label_of(day), lit.get(day, "")) for day in setting.checkpoints]


def _places(ground: Ground) -> dict[str, Any]:
    """Units by path: regions where the page spans several, else teams."""
    kind = "team" if ground.teams else "region"
    return {u.path: u for u in ground.seen if u.kind == kind}


def _place(places: dict[str, Any], path: str) -> Any | None:
    return next((unit for at, unit in places.items() if path.startswith(at)), None)
