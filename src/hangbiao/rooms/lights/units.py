"""Roll a run up to teams, regions and the company: ΣA / ΣP and ΣA / ΣT over the territory book (docs/rules/attainment.md)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hangbiao.core.lights import Basis, Facts, Light, LightPolicy, Thresholds, colour_of, grey_reason
from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.rooms.lights import sql
from hangbiao.rooms.lights.models import Run

TOP = 2  # the slashes of the company's path, /C/


@dataclass(slots=True)
class _Sum:
    actual: int = 0
    base: int = 0
    original: int = 0
    stretch: int = 0
    plans: dict[int, int] = field(default_factory=dict)  # denominator → Σ base × numerator
    lit: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    people: list[int] = field(default_factory=lambda: [0, 0, 0, 0])  # green, yellow, red, grey

    @property
    def plan(self) -> Fraction:
        one, *others = [Fraction(num, den) for den, num in self.plans.items()] or [Fraction(0)]
        return sum(others, one)

    def take(self, other: "_Sum") -> None:
        """Count what lies below in."""
        self.actual += other.actual
        self.base += other.base
        self.original += other.original
        self.stretch += other.stretch
        self.lit += other.lit
        for den, num in other.plans.items():
            self.plans[den] = self.plans.get(den, 0) + num
        if other.reasons:
            self.reasons.update(other.reasons)
        for colour, count in enumerate(other.people):
            self.people[colour] += count


_Sums = dict[tuple[int, str], _Sum]


def write_units(run: Run, territories: Iterable[tuple[Any, ...]]) -> None:
    """One UnitLight per metric and unit that has a territory below it; `territories` as `sql.unit_sums` gives them."""
    sums: _Sums = defaultdict(_Sum)
    for metric, path, den, actual, base, stretch, plan_num, original, lit, reason in territories:
        reasons = Counter({reason: 1}) if reason else Counter[str]()
        here = _Sum(int(actual), int(base), int(original), int(stretch), {int(den): int(plan_num)}, lit, reasons)
        if (metric, path) in sums:
            sums[metric, path].take(here)
        else:
            sums[metric, path] = here
    for metric, path, *people in sql.people_counts(run.pk):
        sums[metric, path].people = people
    _roll_up(sums)
    policy = _policy(run)
    sql.write_unit_lights(_row(run, policy, *place, unit) for place, unit in sums.items())


def _roll_up(sums: _Sums) -> None:
    """Each unit into the one above it, the lowest first: /C/R01/T011/ into /C/R01/, that into /C/."""
    levels: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for place in sums:
        levels[place[1].count("/")].append(place)
    for depth in range(max(levels, default=0), TOP, -1):
        for metric, path in levels[depth]:
            above = (metric, path[: path.rindex("/", 0, -1) + 1])
            if above not in sums:
                levels[depth - 1].append(above)
            sums[above].take(sums[metric, path])


def _row(run: Run, policy: LightPolicy, metric: int, path: str, unit: _Sum) -> tuple[Any, ...]:
    """In the order of sql.UNIT_COLUMNS."""
    plan = unit.plan
    return (
        run.pk, metric, path, unit.base, unit.original, unit.stretch, unit.actual, round_half_up_to_int(plan),
        plan.numerator, plan.denominator, *_light(policy, unit, plan), sum(unit.people), *unit.people,
    )  # fmt: skip


def _light(policy: LightPolicy, unit: _Sum, plan: Fraction) -> tuple[str, str]:
    """Grey only where every territory below is grey; otherwise judged by the same rule as a person."""
    facts = Facts(unit.actual, unit.base, plan.numerator, plan.denominator * max(unit.base, 1))
    light = colour_of(facts, policy) if unit.lit and not grey_reason(facts, policy) else Light.GREY
    if light is Light.GREY:
        return light.value, min(unit.reasons, default="no_target", key=lambda r: (-unit.reasons[r], r))
    return light.value, ""


def _policy(run: Run) -> LightPolicy:
    """The run's borders. When a unit is too early or late to light, its territories say so."""
    borders = Thresholds(Fraction(run.policy["light.yellow_below"]), Fraction(run.policy["light.red_below"]))
    return LightPolicy(Basis(run.policy["light.basis"]), borders, min_plan_share=Fraction(0))
