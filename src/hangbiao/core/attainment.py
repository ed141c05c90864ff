"""How far we have come: pace, cumulative, landing, roll-up, distribution, volume and target effect (domain 1, 2, 13, 14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Holding:
    """Actual against target of one holder, in minor units."""

    actual: int
    target: int


def cumulative(actual: int, target: int) -> Fraction | None:
    """A / T; None when there is no target."""
    return Fraction(actual, target) if target > 0 else None


def pace(actual: int, plan: Fraction) -> Fraction | None:
    """A / P, the plan to date; None when nothing was planned yet."""
    return actual / plan if plan > 0 else None


def landing(actual: int, plan: Fraction, target: int, pace_of_four_weeks: Fraction) -> Fraction:
    """L = A + (T − P)·ρ₄w: the fallback projection where there is no last-year curve (domain 2), in minor units."""
    return actual + (target - plan) * pace_of_four_weeks


def rolled_up(holdings: Sequence[Holding]) -> Fraction | None:
    """ΣA / ΣT, never a mean of rates; None when no target is there."""
    return cumulative(sum(h.actual for h in holdings), sum(h.target for h in holdings))


@dataclass(frozen=True, slots=True)
class Distribution:
    """What stands beside the headline: how the people are spread."""

    people: int
    at_or_above: Fraction
    quartiles: tuple[Fraction, Fraction, Fraction]
    mean: Fraction


def distribution(holdings: Sequence[Holding], border: Fraction = Fraction(7, 10)) -> Distribution | None:
    """Share of people at or above `border`, quartiles (linear between neighbours) and mean of rates; None of nobody."""
    rates = sorted(Fraction(h.actual, h.target) for h in holdings if h.target > 0)
    if not rates:
        return None
    above = Fraction(sum(r >= border for r in rates), len(rates))
    first, second, third = (_quantile(rates, Fraction(q, 4)) for q in (1, 2, 3))
    return Distribution(len(rates), above, (first, second, third), sum(rates, Fraction(0)) / len(rates))


def _quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    at = share * (len(ordered) - 1)
    low = at.numerator // at.denominator
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


@dataclass(frozen=True, slots=True)
class Effects:
    """The change of an attainment, split: what was sold, and what was expected."""

    volume: Fraction
    target: Fraction


def volume_and_target_effect(before: Holding, after: Holding) -> Effects:
    """(A₁−A₀)/T₀ and A₁/T₁ − A₁/T₀; together the whole change of A/T (domain 14)."""
    sold = Fraction(after.actual - before.actual, before.target)
    moved = Fraction(after.actual, after.target) - Fraction(after.actual, before.target)
    return Effects(sold, moved)
