"""《绩效偏差分析》, filled from what is known when the light is fixed. Never blank: a number that is not known says why."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.rooms.lights import selectors as lights

LAST_LIGHTS = 6


def first_versions(run: Any, metric: Any, mine: Iterable[Any]) -> dict[int, dict[str, Any]]:
    """Target → the body of the generated analysis. Amounts in minor units, shares as text of a fraction."""
    found = list(mine)
    targets = [light.target_id for light in found]
    official = [one.pk for one in lights.runs_of(run.period_id) if one.kind == "checkpoint" and one.as_of <= run.as_of]
    history = lights.official_lights(official, targets)
    ends = lights.projections_of(run.pk, targets)
    paths = {place for light in found for place in _above(light.org_path)}
    units = {unit.org_path: unit for unit in lights.unit_lights([run.pk], metric.pk, paths)}
    return {
        light.target_id: _body(run, light, history.get(light.target_id, []), ends.get(light.target_id), units)
        for light in found
    }


def _body(
    run: Any, light: Any, history: list[tuple[date, str]], end: Any | None, units: Mapping[str, Any]
) -> dict[str, Any]:
    plan = Fraction(int(light.plan_num) * light.base, int(light.plan_den))
    due = round_half_up_to_int(plan)
    return {
        "as_of": run.as_of.isoformat(),
        "actual": light.actual,
        "base": light.base,
        "plan": due,
        "gap": due - light.actual,
        "left": max(light.base - light.actual, 0),
        "pace": _share(light.actual, plan),
        "attainment": _share(light.actual, Fraction(light.base)),
        "compared": [_unit(units[path]) for path in _above(light.org_path) if path in units],
        "history": [[day.isoformat(), colour] for day, colour in history[-LAST_LIGHTS:]],
        "end": _end(end, light.base),
    }


def _unit(unit: Any) -> dict[str, Any]:
    plan = Fraction(int(unit.plan_num), int(unit.plan_den))
    counts = {colour: getattr(unit, colour) for colour in ("green", "yellow", "red", "grey")}
    return {"path": unit.org_path, "pace": _share(unit.actual, plan), "light": unit.light, **counts}


def _end(end: Any | None, base: int) -> dict[str, Any] | None:
    if end is None or not base:
        return None
    shares = {name: _share(getattr(end, name), Fraction(base)) for name in ("point", "low", "high")}
    return shares | {"p70": end.p70_permille}


def _share(part: int | None, whole: Fraction) -> str | None:
    return None if part is None or whole <= 0 else str(Fraction(part) / whole)


def _above(path: str) -> list[str]:
    """The team, the region, the company."""
    steps = path.strip("/").split("/")
    return ["/" + "/".join(steps[:n]) + "/" for n in range(len(steps), 0, -1)]
