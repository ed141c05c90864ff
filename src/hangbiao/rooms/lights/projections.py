"""Where each target will probably end (docs/rules/projection.md): from last year's curve, or at the pace of four weeks.

A person who works one territory for the whole period ends where the territory ends. Units are the sums of their
territories; their range is calibrated on sums, because errors of people partly cancel and those of a market do not.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

import numpy as np

from hangbiao.core.attainment import landing
from hangbiao.core.estimates.peers import Ints
from hangbiao.core.estimates.projection import Projection as Ends
from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.rooms.lights import sql
from hangbiao.rooms.lights.history import History, history_of, projected
from hangbiao.rooms.lights.models import Light, Projection, Run, UnitLight
from hangbiao.rooms.people.facts import organisation
from hangbiao.rooms.targets.selectors import headline

CURVE, PACE = "last_year", "landing"
BAR = Fraction(7, 10)
FOUR_WEEKS = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Standing:
    """Actual and plan of a target by a day, in minor units."""

    actual: int
    plan: Fraction


@dataclass(frozen=True, slots=True)
class Outlook:
    """One end in minor units; without a calibrated range low, high and the probability are None."""

    method: str
    point: int
    low: int | None = None
    high: int | None = None
    p70: int | None = None


def write_projections(run: Run) -> None:
    """One row per target and unit of the headline metric that has something to project from."""
    metric = headline()
    if metric is None:
        return
    lights = list(Light.objects.filter(run=run, metric=metric))
    history = history_of(run, metric.pk)
    of_territory = _of_territories(history, lights) if history else {}
    works = {s.person: s.territory for s in organisation().spells if s.covers(run.as_of)}
    base_of = {light.territory_id: (light.base, light.actual) for light in lights if light.territory_id}
    before = _four_weeks_ago(run, metric.pk)
    outlooks = {
        light.target_id: _of_target(light, works, of_territory, base_of)
        or _at_this_pace(light, before.get(light.target_id))
        for light in lights
    }
    rows = [*_targets(run, lights, outlooks), *_units(run, metric.pk, history, lights, outlooks)]
    Projection.objects.bulk_create(rows)


def _of_territories(history: History, lights: Sequence[Light]) -> dict[int, Outlook]:
    targets = {light.territory_id: light.base for light in lights if light.territory_id}
    peers = _regions(history.units, {t.territory_id: t.org_path for t in lights if t.territory_id})
    now, ends, _model = projected(history, peers)
    chance = ends.prob_at_least(np.array([float(BAR) * targets.get(u, 0) for u in history.units]))
    return {
        unit: _outlook(CURVE, float(ends.point[i]), float(ends.low[i]), float(ends.high[i]), float(chance[i]))
        for i, unit in enumerate(history.units)
        if np.isfinite(ends.point[i]) and now.prior[i] > 0
    }


def _regions(units: Sequence[int], paths: Mapping[int, str]) -> Ints:
    names = ["/".join(paths.get(u, "").split("/")[:3]) for u in units]
    return np.asarray(np.unique(names, return_inverse=True)[1], dtype=np.int64)


def _outlook(method: str, point: float, low: float, high: float, chance: float) -> Outlook:
    known = math.isfinite(low) and math.isfinite(high)
    return Outlook(
        method,
        _money(point),
        _money(low) if known else None,
        _money(high) if known else None,
        _money(chance * 1000) if known and math.isfinite(chance) else None,
    )


def _money(estimate: float) -> int:
    """The named rounding by which an estimate becomes whole minor units."""
    return round_half_up_to_int(Fraction(estimate))


def _of_target(
    light: Light,
    works: Mapping[int, int],
    of_territory: Mapping[int, Outlook],
    base_of: Mapping[int, tuple[int, int]],
) -> Outlook | None:
    """A territory's own outlook, and that of a person whose numbers are the territory's."""
    if light.territory_id:
        return of_territory.get(light.territory_id)
    territory = works.get(light.person_id or 0, 0)
    same = base_of.get(territory) == (light.base, light.actual)
    return of_territory.get(territory) if same else None


def _targets(
    run: Run, lights: Sequence[Light], outlooks: Mapping[int, Outlook | None]
) -> Iterator[Projection]:
    for light in lights:
        if outlook := outlooks[light.target_id]:
            yield Projection(
                run=run, target_id=light.target_id, metric_id=light.metric_id, person_id=light.person_id,
                org_path=light.org_path, method=outlook.method, point=outlook.point, low=outlook.low,
                high=outlook.high, p70_permille=outlook.p70,
            )  # fmt: skip


def _at_this_pace(light: Light, before: Standing | None) -> Outlook | None:
    """Without last year's curve: what is left of the plan at the pace of the last four weeks; before there are four, or
    where nothing was planned in them, at the pace so far (docs/rules/attainment.md)."""
    plan = light.base * Fraction(int(light.plan_num), int(light.plan_den))
    if plan <= 0:
        return None
    sold, planned = Fraction(light.actual), plan
    if before and before.plan < plan:
        sold, planned = sold - before.actual, plan - before.plan
    end = landing(light.actual, light.base, plan, max(sold / planned, Fraction(0)))
    return Outlook(PACE, round_half_up_to_int(end))


def _four_weeks_ago(run: Run, metric: int) -> dict[int, Standing]:
    """Target → what it had reached, and what was planned, four weeks before the run's day; nothing in the first four."""
    cut = run.as_of - FOUR_WEEKS
    if cut < run.period.start:
        return {}
    rows = sql.standing_on(run.pk, metric, cut)
    return {t: Standing(actual, Fraction(int(base * num), int(den))) for t, actual, base, num, den in rows}


def _units(
    run: Run,
    metric: int,
    history: History | None,
    lights: Sequence[Light],
    outlooks: Mapping[int, Outlook | None],
) -> Iterator[Projection]:
    """Sums of the territories' points, with the range that sums of this size have had."""
    territories = [light for light in lights if light.territory_id]
    units = UnitLight.objects.filter(run=run, metric_id=metric).order_by("org_path")
    for depth in {u.org_path.count("/") for u in units}:
        level = [u for u in units if u.org_path.count("/") == depth]
        widths = _widths(history, territories, depth) if history else {}
        for unit in level:
            below = [outlooks[t.target_id] for t in territories if t.org_path.startswith(unit.org_path)]
            points = [o.point for o in below if o]
            if points:
                yield _unit(run, unit, sum(points), widths.get(unit.org_path, math.nan))


def _unit(run: Run, unit: UnitLight, point: int, width: float) -> Projection:
    left = np.array([float(max(point - unit.actual, 0))])
    ends = Ends(np.array([float(unit.actual)]), left, np.array([width]))
    chance = ends.prob_at_least(np.array([float(BAR * unit.base)]))
    method = CURVE if math.isfinite(width) else PACE
    outlook = _outlook(method, point, float(ends.low[0]), float(ends.high[0]), float(chance[0]))
    return Projection(
        run=run, target=None, metric_id=unit.metric_id, org_path=unit.org_path, method=method,
        point=point, low=outlook.low, high=outlook.high, p70_permille=outlook.p70,
    )  # fmt: skip


def _widths(history: History, territories: Sequence[Light], depth: int) -> dict[str, float]:
    """Unit path → half-width of the 80 % range of its log remainder, learnt on sums of the same level."""
    paths = {t.territory_id: "/".join(t.org_path.split("/")[:depth]) + "/" for t in territories}
    names, groups = np.unique([paths.get(u, "") for u in history.units], return_inverse=True)
    sums = history.summed(np.asarray(groups, dtype=np.int64))
    _now, ends, model = projected(sums, np.zeros(len(names), dtype=np.int64))
    return {str(name): float(ends.half_width[i]) for i, name in enumerate(names)} if model else {}
