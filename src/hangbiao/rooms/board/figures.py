"""The figures of one holder on one day, and what follows from them for a drawing or a sentence. Exact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from hangbiao.core.attainment import cumulative, pace
from hangbiao.core.payout import policy_called
from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.engines.pages.charts import Bar


@dataclass(frozen=True, slots=True)
class Figures:
    """Amounts in minor units; `plan` is exact."""

    actual: int
    base: int
    stretch: int | None
    plan: Fraction
    point: int | None = None
    low: int | None = None
    high: int | None = None
    p70_permille: int | None = None

    @property
    def attained(self) -> Fraction | None:
        """Actual ÷ base, cumulative."""
        return cumulative(self.actual, self.base)

    @property
    def expected(self) -> Fraction | None:
        """Plan to date ÷ base."""
        return self.plan / self.base if self.base > 0 else None

    @property
    def pace(self) -> Fraction | None:
        """Actual ÷ plan to date."""
        return pace(self.actual, self.plan)

    @property
    def gap(self) -> Fraction | None:
        """Attained − expected, as a share of the base."""
        return (self.actual - self.plan) / self.base if self.base > 0 else None

    @property
    def behind(self) -> int:
        """How much less than planned to date; negative when ahead."""
        return round_half_up_to_int(self.plan - self.actual)

    @property
    def left(self) -> int:
        """What is still missing to the base; negative above it."""
        return self.base - self.actual

    @property
    def to_stretch(self) -> int:
        """What is still missing to the stretch target, 0 without one."""
        return self.stretch - self.actual if self.stretch is not None else 0

    @property
    def end(self) -> Fraction | None:
        return self._share(self.point)

    @property
    def end_low(self) -> Fraction | None:
        return self._share(self.low)

    @property
    def end_high(self) -> Fraction | None:
        return self._share(self.high)

    @property
    def p70(self) -> Fraction | None:
        """The probability of ending at 70 % of base or more."""
        return None if self.p70_permille is None else Fraction(self.p70_permille, 1000)

    @property
    def bar(self) -> Bar:
        """For a bullet."""
        stretch = self._share(self.stretch)
        return Bar(
            self.attained or Fraction(0),
            self.expected or Fraction(0),
            stretch,
            self.end_low,
            self.end,
            self.end_high,
        )

    def score(self, policy: str) -> Fraction | None:
        """Points by the named policy."""
        return policy_called(policy).score(self.actual, self.base, self.stretch)

    def a_week(self, on: date, end: date) -> int:
        """What every week left must bring to reach the base; 0 when it is reached or no day is left."""
        left, days = self.base - self.actual, (end - on).days
        return round_half_up_to_int(Fraction(left * 7, days)) if left > 0 and days > 0 else 0

    def usual_week(self, start: date, on: date) -> int:
        """The average week so far."""
        days = (on - start).days + 1
        return round_half_up_to_int(Fraction(self.actual * 7, days)) if days > 0 else 0

    def _share(self, amount: int | None) -> Fraction | None:
        return Fraction(amount, self.base) if amount is not None and self.base > 0 else None


def of_light(light: Any, end: Any | None) -> Figures:
    """The figures of a person's or territory's light; its curve holds the planned share."""
    plan = Fraction(light.base * int(light.plan_num), int(light.plan_den))
    return _made(light.actual, light.base, light.stretch, plan, end)


def of_unit(light: Any, end: Any | None) -> Figures:
    """The figures of a unit's light; its plan is the sum below it."""
    return _made(
        light.actual, light.base, light.stretch, Fraction(int(light.plan_num), int(light.plan_den)), end
    )


def _made(actual: int, base: int, stretch: int | None, plan: Fraction, end: Any | None) -> Figures:
    if end is None:
        return Figures(actual, base, stretch, plan)
    return Figures(actual, base, stretch, plan, end.point, end.low, end.high, end.p70_permille)


def together(parts: Iterable[Figures]) -> Figures:
    """ΣA, ΣP, ΣT of several; ranges cannot be added, so only the middle of the forecast survives."""
    known = list(parts)
    if len(known) == 1:
        return known[0]
    points = [p.point for p in known]
    return Figures(
        actual=sum(p.actual for p in known),
        base=sum(p.base for p in known),
        stretch=sum(p.stretch or p.base for p in known),
        plan=sum((p.plan for p in known), Fraction(0)),
        point=sum(p for p in points if p is not None) if points and None not in points else None,
    )
