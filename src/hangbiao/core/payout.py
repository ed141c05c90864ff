"""The dual-track score, by named and versioned policies (requirement R1, domain 3). Payout plans come on top later.

Amounts are whole minor units, scores exact Fractions in points.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from hangbiao.core.errors import StretchBelowBase, UnknownPolicy

BASE_WEIGHT = 60
STRETCH_WEIGHT = 40
EXCESS_CAP = Fraction(3, 2)
PARALLEL_CAP = 150


@dataclass(frozen=True, slots=True)
class ScorePolicy:
    """A way to score. `version` changes whenever the formula does."""

    name: str
    version: int
    formula: Callable[[Fraction, Fraction, Fraction], Fraction]

    def score(self, actual: int, base: int, stretch: int | None) -> Fraction | None:
        """Points for actual against base and stretch.

        None where base is not positive: no target, no score. Without a stretch, or with stretch equal to base, the
        weights collapse to 100/0. A negative actual scores 0. Raises StretchBelowBase.
        """
        if stretch is not None and stretch < base:
            raise StretchBelowBase(base, stretch)
        if base <= 0:
            return None
        achieved = Fraction(max(actual, 0))
        if stretch is None or stretch == base:
            return 100 * min(achieved / base, Fraction(1))
        return self.formula(achieved, Fraction(base), Fraction(stretch))


def _incremental(a: Fraction, b: Fraction, s: Fraction) -> Fraction:
    excess = max(a - b, Fraction(0)) / (s - b)
    return BASE_WEIGHT * min(a / b, Fraction(1)) + STRETCH_WEIGHT * min(excess, EXCESS_CAP)


def _parallel(a: Fraction, b: Fraction, s: Fraction) -> Fraction:
    return min(BASE_WEIGHT * a / b + STRETCH_WEIGHT * a / s, Fraction(PARALLEL_CAP))


INCREMENTAL = ScorePolicy("incremental", 1, _incremental)
PARALLEL = ScorePolicy("parallel", 1, _parallel)
POLICIES = {p.name: p for p in (INCREMENTAL, PARALLEL)}


def policy_called(name: str) -> ScorePolicy:
    """The policy of that name. Raises UnknownPolicy."""
    if name not in POLICIES:
        raise UnknownPolicy(name)
    return POLICIES[name]
