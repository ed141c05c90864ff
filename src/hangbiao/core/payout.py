"""The dual-track score, 60 for base and 40 for stretch, by named and versioned policies. Page: docs/rules/score.md."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from hangbiao.core.errors import NegativeTarget, StretchBelowBase, UnknownPolicy
from hangbiao.core.quantity import Exact

FULL = 100


class ScorePolicy(Protocol):
    """A way to turn actual, base and stretch into points. Its name and version are shown wherever a score is."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    def score(self, actual: Exact, base: Exact, stretch: Exact | None) -> Fraction | None: ...


@dataclass(frozen=True, slots=True)
class Incremental:
    """60·min(A/B, 1) + 40·min((A−B)⁺/(S−B), 1.5): meeting base is the pass line, each unit above it is worth more.

    Borders  B=100, S=130: A=100 → 60, A=130 → 100, A=145 and beyond → 120. A negative actual scores 0.
    Edges    No stretch, or S = B: all 100 points are base. B = 0: None, there is nothing to measure against.
    Raises   StretchBelowBase, NegativeTarget.
    Source   requirement R1; docs/rules/score.md.
    """

    name: str = "incremental"
    version: int = 1
    base_points: int = 60
    stretch_cap: Fraction = Fraction(3, 2)

    def score(self, actual: Exact, base: Exact, stretch: Exact | None) -> Fraction | None:
        sold, low, high = _checked(actual, base, stretch)
        if low == 0:
            return None
        reached = min(sold / low, Fraction(1))
        if high == low:
            return FULL * reached
        beyond = min(max(sold - low, Fraction(0)) / (high - low), self.stretch_cap)
        return self.base_points * reached + (FULL - self.base_points) * beyond


@dataclass(frozen=True, slots=True)
class Parallel:
    """60·A/B + 40·A/S, at most 150 points: the plain reading of the two weights.

    Borders  B=100, S=130: A=100 → 90.77, A=130 → 118; without the cap a typing error of A=1000 would earn 908.
    Edges    and errors as for `Incremental`.
    Source   requirement R1; docs/rules/score.md.
    """

    name: str = "parallel"
    version: int = 1
    base_points: int = 60
    most: Fraction = Fraction(150)

    def score(self, actual: Exact, base: Exact, stretch: Exact | None) -> Fraction | None:
        sold, low, high = _checked(actual, base, stretch)
        if low == 0:
            return None
        points = self.base_points * sold / low + (FULL - self.base_points) * sold / high
        return min(points, self.most)


def _checked(actual: Exact, base: Exact, stretch: Exact | None) -> tuple[Fraction, Fraction, Fraction]:
    """Actual (not below nothing), base, and stretch (base where there is none) as exact numbers."""
    low = Fraction(base)
    high = low if stretch is None else Fraction(stretch)
    if low < 0:
        raise NegativeTarget(low)
    if high < low:
        raise StretchBelowBase(low, high)
    return max(Fraction(actual), Fraction(0)), low, high


POLICIES: tuple[ScorePolicy, ...] = (Incremental(), Parallel())


def policy_called(name: str, version: int | None = None) -> ScorePolicy:
    """The policy of that name, in that version or the newest. Raises UnknownPolicy."""
    found = [p for p in POLICIES if p.name == name and version in {None, p.version}]
    if not found:
        raise UnknownPolicy(name, version)
    return max(found, key=lambda policy: policy.version)
