"""《绩效偏差分析》, filled from what is known when the light is fixed. Never blank: what is not known says why.

Amounts stand in minor units, shares as text of a fraction; words are made when it is read, in the reader's language.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from hangbiao.core import diagnosis
from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.rooms.actuals import series
from hangbiao.rooms.actuals.anatomy import Anatomies, Anatomy, anatomies
from hangbiao.rooms.calendar.selectors import weeks_of
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.reviews import before

LAST_LIGHTS = 6
Body = dict[str, Any]


@dataclass(slots=True)
class _World:
    """What all analyses of one checkpoint are written from."""

    run: Any
    units: Mapping[str, Any]
    history: Mapping[int, Sequence[tuple[date, str]]]
    ends: Mapping[int, Any]
    paces: Mapping[str, tuple[Sequence[Fraction], Fraction]]
    weeks: Sequence[Any]
    plans: Mapping[int, Mapping[date, Fraction]]
    weekly: Mapping[int, Mapping[int, int]]
    anatomies: Anatomies | None
    last: Mapping[int, Body]


def first_versions(run: Any, metric: Any, mine: Iterable[Any]) -> dict[int, Body]:
    """Target → the body of the generated analysis. Reads the whole company: call it in a system scope."""
    found = list(mine)
    world = _world(run, metric, found)
    return {light.target_id: _body(world, light) for light in found}


def _world(run: Any, metric: Any, found: Sequence[Any]) -> _World:
    targets, people = [light.target_id for light in found], [light.person_id for light in found]
    official = [one.pk for one in lights.runs_of(run.period_id) if one.kind == "checkpoint" and one.as_of <= run.as_of]
    paths = {place for light in found for place in _above(light.org_path)}
    start = run.period.start
    plans: dict[int, dict[date, Fraction]] = {target: {} for target in targets}
    for target, day, planned in series.plan_of_targets(
        targets, series.days_between(start, run.as_of), run.calendar_version
    ):
        plans[target][day] = Fraction(planned)
    weekly: dict[int, dict[int, int]] = {person: {} for person in people}
    for person, _metric, week, value in series.weekly_of_people(run.period_id, people, start, run.as_of, [metric.pk]):
        weekly[person][week] = value
    return _World(
        run=run,
        units={unit.org_path: unit for unit in lights.unit_lights([run.pk], metric.pk, paths)},
        history=lights.official_lights(official, targets),
        ends=lights.projections_of(run.pk, targets),
        paces=_paces(run, metric, paths),
        weeks=weeks_of(run.period),
        plans=plans,
        weekly=weekly,
        anatomies=anatomies(
            {light.person_id: round_half_up_to_int(_plan(light)) for light in found},
            {_region(light.org_path) for light in found},
            metric, since=start, until=run.as_of, known=run.facts_as_of,
        ),
        last=before.last_reviews(people, run, metric),
    )  # fmt: skip


def _paces(run: Any, metric: Any, paths: Iterable[str]) -> dict[str, tuple[list[Fraction], Fraction]]:
    """Unit path → the paces of all judged people below it in order, and their median. Of regions and the company: a team
    is too few."""
    wide = sorted({path for path in paths if path.count("/") <= 3})  # noqa: PLR2004 - /C/R1/ is a region
    found: dict[str, list[Fraction]] = {path: [] for path in wide}
    for path, _light, _code, _name, ahead, behind in lights.lamp_rows(run.pk, metric.pk, wide):
        if behind > 0:
            for unit in wide:
                if path.startswith(unit):
                    found[unit].append(Fraction(int(ahead), int(behind)))
    return {unit: (sorted(paces), Fraction(median(paces))) for unit, paces in found.items() if paces}


def _body(world: _World, light: Any) -> Body:
    run, plan = world.run, _plan(light)
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
        "compared": [_unit(world.units[path]) for path in _above(light.org_path) if path in world.units],
        "peers": _peers(world, light, plan),
        "history": [[day.isoformat(), colour] for day, colour in list(world.history.get(light.target_id, []))[-LAST_LIGHTS:]],
        "end": _end(world.ends.get(light.target_id), light.base),
        "weekly": _weekly(world, light),
        "data_as_of": light.data_as_of.isoformat() if light.data_as_of else None,
        "last": world.last.get(light.person_id),
        **_split(world, light, plan),
    }


def _split(world: _World, light: Any, plan: Fraction) -> Body:
    """The gap taken apart, and the rows beside it; without order lines one part and the reason."""
    seen = world.anatomies
    anatomy = seen.of.get(light.person_id) if seen else None
    if anatomy is None or not anatomy.year:
        why = "no_lines" if seen is None else "no_year"
        return {"parts": [], "causes": [], "unsplit": why, "missing": seen.missing if seen else 0}
    planned = world.plans.get(light.target_id, {})
    late_due = _late(world.run, light, plan, planned)
    short = {group: _planned_on(days, planned, world.run.period.start) for group, days in anatomy.short.items()}
    covered = plan - late_due
    facts = diagnosis.Facts(
        plan=plan, actual=light.actual, year=anatomy.year, now=anatomy.now, year_returns=anatomy.of_year.returned,
        returns=anatomy.total.returned, visits=anatomy.visits, late_due=late_due,
        short={group: _decimal(amount / covered) for group, amount in short.items()} if covered > 0 else {},
    )  # fmt: skip
    parts = diagnosis.taken_apart(facts)
    return {
        "parts": [[part.cause, part.of, part.amount] for part in parts],
        "causes": [[one.cause, list(one.of), one.amount] for one in diagnosis.causes(parts)],
        "channels": _members(anatomy, plan, 0, seen, _region(light.org_path)),
        "groups": _members(anatomy, plan, 1),
        "customers": _customers(anatomy, plan),
        "chain": _chain(anatomy, plan, light.actual),
        "short": [[group, len(days), round_half_up_to_int(short[group])] for group, days in anatomy.short.items()],
        "visits": [anatomy.done, anatomy.planned, str(anatomy.visits) if anatomy.visits is not None else None],
        "returns": [anatomy.total.returned, round_half_up_to_int(_of_year(plan, anatomy.of_year.returned, anatomy))],
        "missing": seen.missing if seen else 0,
    }


def _late(run: Any, light: Any, plan: Fraction, planned: Mapping[date, Fraction]) -> Fraction:
    """What was planned for the days after the data end."""
    if light.data_as_of is None or light.data_as_of >= run.as_of:
        return Fraction(0)
    return max(plan - planned.get(light.data_as_of, Fraction(0)), Fraction(0))


def _planned_on(days: Iterable[date], planned: Mapping[date, Fraction], start: date) -> Fraction:
    """What was planned for some days of the period."""
    none, one = Fraction(0), timedelta(days=1)
    return sum(
        (planned.get(day, none) - (planned.get(day - one, none) if day > start else none) for day in days), none
    )


def _of_year(plan: Fraction, amount: int, anatomy: Anatomy) -> Fraction:
    """What an amount of the year before comes to, laid over the plan to date."""
    net = anatomy.of_year.sold - anatomy.of_year.returned
    return plan * amount / net if net > 0 else Fraction(0)


def _members(
    anatomy: Anatomy, plan: Fraction, side: int, seen: Anatomies | None = None, region: str = ""
) -> list[list[Any]]:
    """(name, due, actual, growth over last year, the region's) of every channel or product group, the largest gap first.
    Sales before returns."""
    due: dict[str, Fraction] = {}
    now: dict[str, int] = {}
    for key, (_orders, amount) in anatomy.year.items():
        due[key[side]] = due.get(key[side], Fraction(0)) + _of_year(plan, amount, anatomy)
    for (channel, group, _short), (_orders, amount) in anatomy.now.items():
        name = (channel, group)[side]
        now[name] = now.get(name, 0) + amount
    rows: list[list[Any]] = []
    for name in due.keys() | now.keys():
        row = [name, round_half_up_to_int(due.get(name, Fraction(0))), now.get(name, 0)]
        if seen is not None:
            row += [
                _growth(anatomy.channels.get(name, 0), anatomy.channels_last_year.get(name, 0)),
                _growth(*seen.regions.get((region, name), (0, 0))),
            ]
        rows.append(row)
    return sorted(rows, key=lambda row: (row[2] - row[1], row[0]))


def _growth(now: int, then: int) -> str | None:
    return str(Fraction(now, then) - 1) if then > 0 else None


def _customers(anatomy: Anatomy, plan: Fraction) -> list[list[Any]]:
    """(outlet, name, due, actual, last day it bought) of those furthest behind."""
    return [
        [
            one.outlet, one.name, round_half_up_to_int(plan * one.year / one.of_year), one.now,
            one.last_day.isoformat() if one.last_day else None,
        ]
        for one in anatomy.customers
        if plan * one.year / one.of_year > one.now
    ]  # fmt: skip


def _chain(anatomy: Anatomy, plan: Fraction, actual: int) -> list[list[Any]]:
    """(link, actual ÷ usual, what it did to the gap): outlets that bought × visits to each × orders a visit × pieces an
    order × money a piece. A link nobody counts is left out; the others still add up to the gap."""
    year, now, before_ = anatomy.of_year, anatomy.total, anatomy.last_year
    if min(year.orders, now.orders, year.sold - year.returned) <= 0:
        return []
    ratios: list[tuple[str, Fraction]] = []
    reached = Fraction(1)
    if now.outlets and before_.outlets:
        ratios.append(("outlets", Fraction(now.outlets, before_.outlets)))
        reached = Fraction(now.outlets, before_.outlets)
    if anatomy.visits is not None and anatomy.visits > 0:
        visits = Fraction(anatomy.visits)
        ratios.append(("visits", visits / reached))
        reached = visits
    orders = Fraction(now.orders) / _of_year(plan, year.orders, anatomy)
    ratios.append(("orders", orders / reached))
    if now.pieces > 0 and year.pieces > 0:
        ratios.append(("pieces", Fraction(now.pieces) / _of_year(plan, year.pieces, anatomy) / orders))
    effects = diagnosis.chain(plan, actual, ratios, "money")
    shown: dict[str, Fraction | None] = dict(ratios)
    return [[name, _text(shown.get(name)), amount] for name, amount in effects]


def _peers(world: _World, light: Any, plan: Fraction) -> list[list[Any]]:
    """(unit path, people judged, their median pace, the holder's place from the top) of the region and the company."""
    if plan <= 0:
        return []
    own, rows = Fraction(light.actual) / plan, []
    for path in _above(light.org_path):
        if path in world.paces:
            paces, middle = world.paces[path]
            rows.append([path, len(paces), str(middle), len(paces) - bisect_right(paces, own) + 1])
    return rows


def _weekly(world: _World, light: Any) -> list[list[Any]]:
    """(last day, planned by then, sold by then) of every week so far."""
    planned, sold, total, rows = world.plans.get(light.target_id, {}), world.weekly.get(light.person_id, {}), 0, []
    for n, week in enumerate(world.weeks):
        if week.start > world.run.as_of:
            break
        total += sold.get(n, 0)
        end = min(week.end, world.run.as_of)
        rows.append([end.isoformat(), round_half_up_to_int(planned.get(end, Fraction(0))), total])
    return rows


def _plan(light: Any) -> Fraction:
    return Fraction(int(light.plan_num) * light.base, int(light.plan_den))


def _unit(unit: Any) -> Body:
    plan = Fraction(int(unit.plan_num), int(unit.plan_den))
    counts = {colour: getattr(unit, colour) for colour in ("green", "yellow", "red", "grey")}
    return {"path": unit.org_path, "pace": _share(unit.actual, plan), "light": unit.light, **counts}


def _end(end: Any | None, base: int) -> Body | None:
    if end is None or not base:
        return None
    shares = {name: _share(getattr(end, name), Fraction(base)) for name in ("point", "low", "high")}
    return shares | {"p70": end.p70_permille}


def _share(part: int | None, whole: Fraction) -> str | None:
    return None if part is None or whole <= 0 else str(Fraction(part) / whole)


def _text(share: Fraction | None) -> str | None:
    """Few digits are enough for a share that is only shown, and a fraction of many factors is long."""
    return None if share is None else str(share.limit_denominator(10**6))


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)


def _region(path: str) -> str:
    """The path as far as the region; the company's where there is none."""
    return "/".join(path.split("/")[:3]) + "/" if path.count("/") > 2 else path  # noqa: PLR2004


def _above(path: str) -> list[str]:
    """The team, the region, the company."""
    steps = path.strip("/").split("/")
    return ["/" + "/".join(steps[:n]) + "/" for n in range(len(steps), 0, -1)]
