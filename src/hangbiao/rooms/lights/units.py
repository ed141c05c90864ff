"""Roll a run up to teams, regions and the company: ΣA / ΣP and ΣA / ΣT over the territory book (docs/rules/attainment.md)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from operator import itemgetter
from typing import Any

from hangbiao.core.lights import Basis, Facts, LightPolicy, Thresholds, light_for
from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.rooms.lights import sql
from hangbiao.rooms.lights.models import Run


@dataclass(slots=True)
class _Sum:
    actual: int = 0
    base: int = 0
    original: int = 0
    stretch: int = 0
    plans: Counter[int] = field(default_factory=Counter)  # denominator → Σ base × numerator
    lit: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)

    @property
    def plan(self) -> Fraction:
        return sum((Fraction(num, den) for den, num in self.plans.items()), Fraction(0))


def write_units(run: Run, territories: Iterable[tuple[Any, ...]]) -> None:
    """One UnitLight per metric and unit that has a territory below it; `territories` as `sql.unit_sums` gives them."""
    sums: dict[tuple[int, str], _Sum] = defaultdict(_Sum)
    for metric, path, den, actual, base, stretch, plan_num, original, lit, reason in territories:
        for above in _above(path):
            unit = sums[metric, above]
            unit.actual += int(actual)
            unit.base += int(base)
            unit.original += int(original)
            unit.stretch += int(stretch)
            unit.plans[int(den)] += int(plan_num)
            unit.lit += lit
            if reason:
                unit.reasons[reason] += 1
    for metric, path, light, people in sql.people_counts(run.pk):
        for above in _above(path):
            sums[metric, above].people[light] += people
    policy = _policy(run)
    sql.write_unit_lights(_row(run, policy, *place, unit) for place, unit in sorted(sums.items(), key=itemgetter(0)))


@cache
def _above(path: str) -> tuple[str, ...]:
    """/C/R01/T011/ → /C/, /C/R01/, /C/R01/T011/."""
    steps = path.strip("/").split("/")
    return tuple("/" + "/".join(steps[: n + 1]) + "/" for n in range(len(steps)))


def _row(run: Run, policy: LightPolicy, metric: int, path: str, unit: _Sum) -> tuple[Any, ...]:
    """In the order of sql.UNIT_COLUMNS."""
    plan, people = unit.plan, unit.people
    return (
        run.pk, metric, path, unit.base, unit.original, unit.stretch, unit.actual, round_half_up_to_int(plan),
        plan.numerator, plan.denominator, *_light(policy, unit, plan), people.total(), people["green"], people["yellow"],
        people["red"], people["grey"],
    )  # fmt: skip


def _light(policy: LightPolicy, unit: _Sum, plan: Fraction) -> tuple[str, str]:
    """Grey only where every territory below is grey; otherwise judged by the same rule as a person."""
    facts = Facts(unit.actual, unit.base, plan.numerator, plan.denominator * max(unit.base, 1))
    verdict = light_for(facts, policy)
    if not unit.lit or verdict.grey_reason:
        return "grey", min(unit.reasons, default="no_target", key=lambda r: (-unit.reasons[r], r))
    return verdict.light.value, ""


def _policy(run: Run) -> LightPolicy:
    """The run's borders. When a unit is too early or late to light, its territories say so."""
    borders = Thresholds(Fraction(run.policy["light.yellow_below"]), Fraction(run.policy["light.red_below"]))
    return LightPolicy(Basis(run.policy["light.basis"]), borders, min_plan_share=Fraction(0))
