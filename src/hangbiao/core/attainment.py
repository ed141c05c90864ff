"""How far a holder has come: pace, cumulative, landing, roll-up, distribution, effects. Page: docs/rules/attainment.md."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hangbiao.core.errors import NobodyCounted, NoExpectation
from hangbiao.core.quantity import Exact

ATTAINED = Fraction(7, 10)


@dataclass(frozen=True, slots=True)
class Standing:
    """Actual, whole target and plan to date of one holder or of many, in minor units."""

    actual: int
    target: int
    plan: Fraction

    @property
    def pace(self) -> Fraction | None:
        return pace(self.actual, self.plan)

    @property
    def cumulative(self) -> Fraction | None:
        return cumulative(self.actual, self.target)


def pace(actual: Exact, plan: Exact) -> Fraction | None:
    """actual ÷ plan to date, exact; None where nothing (or less) is due yet, for then no ratio has a meaning."""
    return Fraction(actual) / Fraction(plan) if plan > 0 else None


def cumulative(actual: Exact, target: Exact) -> Fraction | None:
    """actual ÷ whole target, exact; None without a target. At the period's end it equals pace."""
    return Fraction(actual) / Fraction(target) if target > 0 else None


def landing(actual: Exact, target: Exact, plan: Exact, trailing_pace: Exact) -> Fraction:
    """Where the period will end if the rest comes at the pace of the last four weeks: A + (T − P)·ρ.

    46 of 100 at plan 68.7 with trailing pace 0.85 → 72.605. Used where there is no curve of last year
    (docs/rules/projection.md).
    """
    return Fraction(actual) + (Fraction(target) - Fraction(plan)) * Fraction(trailing_pace)


def roll_up(standings: Iterable[Standing]) -> Standing:
    """ΣA, ΣT, ΣP over territories. Percentages are never averaged up the tree; an empty unit has 0 of 0."""
    actual, target, plan = 0, 0, Fraction(0)
    for each in standings:
        actual, target, plan = actual + each.actual, target + each.target, plan + each.plan
    return Standing(actual, target, plan)


@dataclass(frozen=True, slots=True)
class Distribution:
    """What stands beside a headline: how the holders are spread."""

    counted: int
    mean: Fraction
    lower_quartile: Fraction
    median: Fraction
    upper_quartile: Fraction
    attained: int

    @property
    def share_attained(self) -> Fraction:
        return Fraction(self.attained, self.counted)


def distribution(rates: Sequence[Fraction], at_least: Fraction = ATTAINED) -> Distribution:
    """Mean, quartiles and the number of rates at or above `at_least`.

    10 of 20, 90 of 100, 30 of 180: mean 52.2 %, median 50 %, one of three attains 70 %; the headline ΣA/ΣT is 43.3 %.
    A quartile between two holders lies proportionally between them. Raises NobodyCounted.
    """
    if not rates:
        raise NobodyCounted
    order = sorted(rates)
    low, middle, high = (_quantile(order, Fraction(n, 4)) for n in (1, 2, 3))
    mean = sum(order, Fraction(0)) / len(order)
    return Distribution(len(order), mean, low, middle, high, sum(rate >= at_least for rate in order))


def _quantile(order: Sequence[Fraction], share: Fraction) -> Fraction:
    place = share * (len(order) - 1)
    below = place.numerator // place.denominator
    above = min(below + 1, len(order) - 1)
    return order[below] + (order[above] - order[below]) * (place - below)


@dataclass(frozen=True, slots=True)
class Effects:
    """Why attainment changed between two periods: more sold, or less asked."""

    volume: Fraction
    target: Fraction

    @property
    def total(self) -> Fraction:
        return self.volume + self.target


def effects(actual_before: Exact, original: Exact, actual: Exact, target: Exact) -> Effects:
    """Split the change of attainment from `actual_before / original` to `actual / target`.

    Volume effect (A₁ − A₀)/T₀, target effect A₁/T₁ − A₁/T₀: from 53/100 to 60.8/80 (76 %) it is +7.8 points of
    volume and +15.2 points of target. Raises NoExpectation for a target of zero or less.
    """
    for expected in (original, target):
        if expected <= 0:
            raise NoExpectation(Fraction(expected))
    first, second = Fraction(original), Fraction(target)
    now = Fraction(actual)
    return Effects((now - Fraction(actual_before)) / first, now / second - now / first)
