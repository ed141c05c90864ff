"""Before a rule is published: whom it would have lit at the last six checkpoints, and why in one case. It changes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import transaction

from hangbiao.engines.formula.judging import Known as Value
from hangbiao.engines.formula.judging import Line, explain
from hangbiao.engines.scope.context import Scope, acting, system_scope
from hangbiao.rooms.lights.models import Light, Run
from hangbiao.rooms.lights.rules import sql
from hangbiao.rooms.lights.rules.applying import the_pass
from hangbiao.rooms.lights.rules.body import Body
from hangbiao.rooms.lights.rules.names import recent_of
from hangbiao.rooms.people.directory import named
from hangbiao.rooms.people.selectors import people_with_roles
from hangbiao.rooms.targets.selectors import metrics

SIX, MOST_NAMES = 6, 50
COLOURS = ("red", "yellow", "green", "grey")


@dataclass(frozen=True, slots=True)
class Difference:
    """Somebody whom the rule would have lit differently."""

    person: int
    code: str
    name: str
    stood: str
    light: str


@dataclass(frozen=True, slots=True)
class Past:
    """One checkpoint: how many people the rule is for, how they stood, how it would have lit them; names of those who differ,
    as far as the reader may see them."""

    run: int
    day: date
    people: int
    stood: Mapping[str, int]
    light: Mapping[str, int]
    differ: int
    worse: int
    names: Sequence[Difference] = field(default_factory=tuple)


def preview(body: Body, *, inside: Sequence[str] = (), runs: int = SIX) -> list[Past]:
    """The last checkpoints, oldest first. Counts are of everybody; names only of people below `inside`."""
    with transaction.atomic(), acting(system_scope("a rule is tried on past checkpoints; its reader gets counts")):
        last = list(Run.objects.filter(kind=Run.Kind.CHECKPOINT).select_related("period").order_by("-as_of")[:runs])
        return [_past(run, body, inside) for run in reversed(last)]


def _past(run: Run, body: Body, inside: Sequence[str]) -> Past:
    one = the_pass(run, body, people=_people(body, run), alone=True)
    stood: Counter[str] = Counter()
    light: Counter[str] = Counter()
    differ = worse = 0
    for before, after, count in sql.counts(one):
        stood[before] += count
        light[after] += count
        differ += count if before != after else 0
        worse += count if _severity(after) > _severity(before) else 0
    found = sql.others(one, list(inside), MOST_NAMES) if inside and differ else []
    names = named({person for _target, person, _path, _before, _after in found})
    return Past(
        run.pk, run.as_of, stood.total(), {c: stood[c] for c in COLOURS}, {c: light[c] for c in COLOURS}, differ, worse,
        [Difference(person, *names[person], before, after) for _t, person, _path, before, after in found if person in names],
    )  # fmt: skip


def _people(body: Body, run: Run) -> list[int]:
    return people_with_roles(body.roles, run.as_of) if body.roles else []


def _severity(light: str) -> int:
    return {"red": 2, "yellow": 1}.get(light, 0)


@dataclass(frozen=True, slots=True)
class Case:
    """One person at one checkpoint: as it stood, by the rule, the ratio it compares, each condition with its values."""

    stood: str
    light: str
    reason: str
    was: str
    ratio: Fraction | None
    lines: Sequence[Line]


def explain_case(body: Body, *, run: int, person: int) -> Case | None:
    """Why the rule lights somebody so. Only for readers who may see that person: the caller asks."""
    with transaction.atomic(), acting(system_scope("a rule is explained for one person")):
        this = Run.objects.select_related("period").get(pk=run)
        one = the_pass(this, body, people=_people(body, this), alone=True)
        row = sql.row_of(one, person)
    if row is None:
        return None
    asked = row["asked"]
    ratio = Fraction(row["achieved"]) / Fraction(asked) if row["achieved"] is not None and asked and asked > 0 else None
    lines = explain(body.condition, values_of(row)) if body.condition else []
    return Case(row["stood"], row["light"], row["reason"], row["was"], ratio, lines)


def values_of(row: Mapping[str, Any]) -> dict[str, Value]:
    """What a condition may speak of, exact, from the columns of one person."""
    base, num, den = row["base"], int(row["num"]), int(row["den"])
    found: dict[str, Value] = {
        "attainment": _over(row["actual"], base), "pace": _over(row["actual"] * den, base * num), "plan_share": _over(num, den),
        "landing": _over(row.get("point"), base), "landing_chance": _over(row.get("permille"), 1000),
    }  # fmt: skip
    before = row.get("before")
    found["change"] = None if before is None else _over(row["actual"] - int(before), int(before))
    for name in ("days_left", "workdays_left", "week", "below_weeks", "light_before"):
        found[name] = row.get(name)
    for code, one in recent_of(metrics()).items():
        value = row.get(code)
        found[code] = None if value is None else Fraction(int(value), 10**one.decimals)
    return found


def _over(top: int | None, bottom: int) -> Fraction | None:
    return None if top is None or not bottom else Fraction(top, bottom)


def is_seen(run: int, person: int, scope: Scope) -> bool:
    """Whether a reader may see this person's lights of that checkpoint: asked in the reader's own scope."""
    with acting(scope):
        return Light.objects.filter(run_id=run, run__kind=Run.Kind.CHECKPOINT, person_id=person).exists()
