"""Where each target will probably end (docs/rules/projection.md): from last year's curve, or at the pace of four weeks.

A person who works one territory for the whole period ends where the territory ends. Units are the sums of their
territories; their range is calibrated on sums, because errors of people partly cancel and those of a market do not.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hangbiao.core.attainment import landing
from hangbiao.core.estimates.peers import Ints
from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.rooms.lights.history import History, history_of, projected
from hangbiao.rooms.lights.models import Light, Projection, Run, UnitLight
from hangbiao.rooms.people.facts import organisation
from hangbiao.rooms.targets.selectors import headline

CURVE, PACE = "last_year", "landing"
BAR = Fraction(7, 10)


@dataclass(frozen=True, slots=True)
class Outlook:
    """One end in minor units; without a calibrated range low, high and the probability are None."""

    method: str
    point: int
    low: int | None = None
    high: int | None = None
    width: float | None = None
    p70: int | None = None


def write_projections(run: Run) -> None:
    """One row per target and unit of the headline metric that has something to project from."""
    metric = headline()
    if metric is None:
        return
    lights = list(Light.objects.filter(run=run, metric=metric))
    history = history_of(run, metric.pk)
    of_territory = _of_territories(history, lights) if history else {}
    rows = [*_targets(run, lights, of_territory), *_units(run, metric.pk, history, lights, of_territory)]
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
        None,
        _money(chance * 1000) if known and math.isfinite(chance) else None,
    )


def _money(estimate: float) -> int:
    """The named rounding by which an estimate becomes whole minor units."""
    return round_half_up_to_int(Fraction(estimate))


def _targets(run: Run, lights: Sequence[Light], of_territory: Mapping[int, Outlook]) -> Iterator[Projection]:
    works = {s.person: s.territory for s in organisation().spells if s.covers(run.as_of)}
    base_of = {light.territory_id: (light.base, light.actual) for light in lights if light.territory_id}
    for light in lights:
        territory = light.territory_id or works.get(light.person_id or 0)
        same = light.territory_id or base_of.get(territory or 0) == (light.base, light.actual)
        outlook = of_territory.get(territory or 0) if same else None
        outlook = outlook or _at_this_pace(light)
        if outlook:
            yield Projection(
                run=run, target_id=light.target_id, metric_id=light.metric_id, person_id=light.person_id,
                org_path=light.org_path, method=outlook.method, point=outlook.point, low=outlook.low,
                high=outlook.high, p70_permille=outlook.p70,
            )  # fmt: skip


def _at_this_pace(light: Light) -> Outlook | None:
    """Without last year's curve: what is left of the plan at the pace so far (docs/rules/attainment.md)."""
    plan = light.base * Fraction(int(light.plan_num), int(light.plan_den))
    if plan <= 0 or light.base <= 0:
        return None
    end = landing(light.actual, light.base, plan, max(Fraction(light.actual) / plan, Fraction(0)))
    return Outlook(PACE, round_half_up_to_int(end))


def _units(
    run: Run,
    metric: int,
    history: History | None,
    lights: Sequence[Light],
    of_territory: Mapping[int, Outlook],
) -> Iterator[Projection]:
    """Sums of the territories' points, with the range that sums of this size have had."""
    territories = [light for light in lights if light.territory_id]
    outlooks = {
        t.territory_id: of_territory.get(t.territory_id or 0) or _at_this_pace(t) for t in territories
    }
    units = UnitLight.objects.filter(run=run, metric_id=metric).order_by("org_path")
    for depth in {u.org_path.count("/") for u in units}:
        level = [u for u in units if u.org_path.count("/") == depth]
        widths = _widths(history, territories, depth) if history else {}
        for unit in level:
            below = [
                outlooks[t.territory_id or 0] for t in territories if t.org_path.startswith(unit.org_path)
            ]
            points = [o.point for o in below if o]
            if points:
                yield _unit(run, unit, sum(points), widths.get(unit.org_path))


def _unit(run: Run, unit: UnitLight, point: int, width: float | None) -> Projection:
    left = max(point - unit.actual, 0)
    low = high = chance = None
    if width is not None and math.isfinite(width):
        low, high = (unit.actual + _money(left * math.exp(sign * width)) for sign in (-1, 1))
        missing = float(BAR * unit.base) - unit.actual
        z = math.log(left / missing) / (width / 1.2816) if left > 0 and missing > 0 and width > 0 else None
        chance = (
            _money(1000 * (0.5 * (1 + math.erf(z / math.sqrt(2)))))
            if z is not None
            else (1000 if missing <= 0 else 0)
        )
    return Projection(
        run=run, target=None, metric_id=unit.metric_id, org_path=unit.org_path, method=CURVE if width else PACE,
        point=point, low=low, high=high, p70_permille=chance,
    )  # fmt: skip


def _widths(history: History, territories: Sequence[Light], depth: int) -> dict[str, float]:
    """Unit path → half-width of the 80 % range of its log remainder, learnt on sums of the same level."""
    paths = {t.territory_id: "/".join(t.org_path.split("/")[:depth]) + "/" for t in territories}
    names, groups = np.unique([paths.get(u, "") for u in history.units], return_inverse=True)
    sums = history.summed(np.asarray(groups, dtype=np.int64))
    _now, ends, model = projected(sums, np.zeros(len(names), dtype=np.int64))
    return {str(name): float(ends.half_width[i]) for i, name in enumerate(names)} if model else {}
