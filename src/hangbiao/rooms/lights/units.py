"""Roll a run up to teams, regions and the company: ΣA / ΣP and ΣA / ΣT over the territory book (docs/rules/attainment.md)."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from hangbiao.core.lights import Basis, Facts, LightPolicy, Thresholds, light_for
from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.rooms.lights import sql
from hangbiao.rooms.lights.models import Run, UnitLight


@dataclass(slots=True)
class _Sum:
    actual: int = 0
    base: int = 0
    original: int = 0
    stretch: int = 0
    plan: Fraction = Fraction(0)
    lit: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)


def write_units(run: Run) -> None:
    """One UnitLight per metric and unit that has a territory below it."""
    sums: dict[tuple[int, str], _Sum] = defaultdict(_Sum)
    for metric, path, den, actual, base, stretch, plan_num, original, lit, reason in sql.unit_sums(run.pk):
        for above in _above(path):
            unit = sums[metric, above]
            unit.actual += int(actual)
            unit.base += int(base)
            unit.original += int(original)
            unit.stretch += int(stretch)
            unit.plan += Fraction(int(plan_num), int(den))
            unit.lit += lit
            if reason:
                unit.reasons[reason] += 1
    for metric, path, light, people in sql.people_counts(run.pk):
        for above in _above(path):
            sums[metric, above].people[light] += people
    UnitLight.objects.bulk_create(
        _row(run, metric, path, unit) for (metric, path), unit in sorted(sums.items())
    )


def _above(path: str) -> list[str]:
    """/C/R01/T011/ → /C/, /C/R01/, /C/R01/T011/."""
    steps = path.strip("/").split("/")
    return ["/" + "/".join(steps[: n + 1]) + "/" for n in range(len(steps))]


def _row(run: Run, metric: int, path: str, unit: _Sum) -> UnitLight:
    light, reason = _light(run, unit)
    return UnitLight(
        run=run,
        metric_id=metric,
        org_path=path,
        base=unit.base,
        original_base=unit.original,
        stretch=unit.stretch,
        actual=unit.actual,
        plan=round_half_up_to_int(unit.plan),
        plan_num=unit.plan.numerator,
        plan_den=unit.plan.denominator,
        light=light,
        grey_reason=reason,
        people=sum(unit.people.values()),
        green=unit.people["green"],
        yellow=unit.people["yellow"],
        red=unit.people["red"],
        grey=unit.people["grey"],
    )


def _light(run: Run, unit: _Sum) -> tuple[str, str]:
    """Grey only where every territory below is grey; otherwise judged by the same rule as a person."""
    facts = Facts(unit.actual, unit.base, unit.plan.numerator, unit.plan.denominator * max(unit.base, 1))
    verdict = light_for(facts, _policy(run))
    if not unit.lit or verdict.grey_reason:
        return "grey", min(unit.reasons, default="no_target", key=lambda r: (-unit.reasons[r], r))
    return verdict.light.value, ""


def _policy(run: Run) -> LightPolicy:
    """The run's borders. When a unit is too early or late to light, its territories say so."""
    borders = Thresholds(Fraction(run.policy["light.yellow_below"]), Fraction(run.policy["light.red_below"]))
    return LightPolicy(Basis(run.policy["light.basis"]), borders, min_plan_share=Fraction(0))
