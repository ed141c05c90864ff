"""How a target spreads over its period, exactly: whole numerators over one denominator for every calendar day.

P(t) = T · num(t) / den. A spec is a value that any working-day calendar can turn into a curve, so a target version
keeps the spec and a curve belongs to one calendar version (domain 1, 5, 6).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from math import gcd, lcm
from typing import Any

from hangbiao.core.deadlines import WorkCalendar
from hangbiao.core.errors import BadPhasing, EmptyPlan

Spans = tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True)
class Phasing:
    """`even`: the same on every working day. `months`: a weight per month, even over that month's working days."""

    kind: str
    weights: tuple[Fraction, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Phasing":
        """`even` or `months:30/30/40`. Raises BadPhasing."""
        kind, _colon, rest = text.strip().partition(":")
        if kind == "even" and not rest:
            return cls("even")
        try:
            weights = tuple(Fraction(part.strip()) for part in rest.split("/"))
        except (ValueError, ZeroDivisionError):
            raise BadPhasing(text) from None
        if kind != "months" or any(w < 0 for w in weights) or sum(weights) <= 0:
            raise BadPhasing(text)
        return cls("months", weights)

    def __str__(self) -> str:
        return "even" if self.kind == "even" else "months:" + "/".join(str(w) for w in self.weights)

    def shares(self, start: date, end: date, calendar: WorkCalendar) -> dict[date, Fraction]:
        """Working day → its share of the whole target; the shares sum to 1. Raises EmptyPlan or BadPhasing."""
        if self.kind == "even":
            days = calendar.working_days(start, end)
            if not days:
                raise EmptyPlan(start, end)
            return dict.fromkeys(days, Fraction(1, len(days)))
        spans = _months(start, end)
        if len(spans) != len(self.weights):
            raise BadPhasing(str(self))
        whole = sum(self.weights)
        shares: dict[date, Fraction] = {}
        for (first, last), weight in zip(spans, self.weights, strict=True):
            days = calendar.working_days(first, last)
            if weight and not days:
                raise EmptyPlan(first, last)
            shares.update(dict.fromkeys(days, weight / whole / len(days)) if weight else {})
        return shares


@dataclass(frozen=True, slots=True)
class Part:
    """One territory's target for the days somebody answers for it.

    `target` in minor units; `active` spans, both days included; `excluded` spans (protected leave) take days out.
    """

    target: int
    phasing: Phasing
    start: date
    end: date
    active: Spans
    excluded: Spans = ()

    @classmethod
    def whole(cls, target: int, phasing: Phasing, start: date, end: date) -> "Part":
        """The full period, nobody away."""
        return cls(target, phasing, start, end, ((start, end),))

    def planned(self, calendar: WorkCalendar) -> dict[date, Fraction]:
        """Day → amount planned on it, in minor units (exact)."""
        shares = self.phasing.shares(self.start, self.end, calendar)
        return {
            day: self.target * share
            for day, share in shares.items()
            if _inside(day, self.active) and not _inside(day, self.excluded)
        }


@dataclass(frozen=True, slots=True)
class Curve:
    """Cumulative plan: num(day)/den of the target by the end of `day`, for every calendar day of the period."""

    den: int
    nums: Mapping[date, int] = field(hash=False)

    def share(self, day: date) -> Fraction:
        """w(t): before the period 0, after it 1."""
        if day in self.nums:
            return Fraction(self.nums[day], self.den)
        return Fraction(0) if day < min(self.nums) else Fraction(1)

    def plan(self, target: int, day: date) -> Fraction:
        """P(t) in minor units, exact."""
        return target * self.share(day)


@dataclass(frozen=True, slots=True)
class Liability:
    """Everything one holder answers for in a period: one part, or several after a transfer (domain 6)."""

    parts: tuple[Part, ...]

    @property
    def period_start(self) -> date:
        return min(p.start for p in self.parts)

    @property
    def period_end(self) -> date:
        return max(p.end for p in self.parts)

    @property
    def first_day(self) -> date:
        return min(a for p in self.parts for a, _b in p.active)

    @property
    def last_day(self) -> date:
        return max(b for p in self.parts for _a, b in p.active)

    def total(self, calendar: WorkCalendar) -> Fraction:
        """T·Σ phasing of the active days, in minor units, before the named rounding."""
        return sum(self._planned(calendar).values(), Fraction(0))

    def curve(self, calendar: WorkCalendar) -> Curve:
        """The exact curve over the period. Raises EmptyPlan when no active working day carries any plan."""
        planned = self._planned(calendar)
        total = sum(planned.values(), Fraction(0))
        if total <= 0:
            raise EmptyPlan(self.first_day, self.last_day)
        shares = {day: amount / total for day, amount in planned.items()}
        den = lcm(*(s.denominator for s in shares.values()))
        nums: dict[date, int] = {}
        so_far = 0
        day = self.period_start
        while day <= self.period_end:
            share = shares.get(day, Fraction(0))
            so_far += share.numerator * (den // share.denominator)
            nums[day] = so_far
            day += timedelta(days=1)
        return Curve(den, nums)

    def shape(self) -> "Liability":
        """The same curve with the targets in lowest terms: equal shapes share one spec, whatever their amounts."""
        common = gcd(*(p.target for p in self.parts)) or 1
        if len(self.parts) == 1 or common <= 0:
            return Liability(tuple(replace(p, target=1) for p in self.parts[:1]) + self.parts[1:])
        return Liability(tuple(replace(p, target=p.target // common) for p in self.parts))

    def _planned(self, calendar: WorkCalendar) -> dict[date, Fraction]:
        whole: dict[date, Fraction] = {}
        for part in self.parts:
            for day, amount in part.planned(calendar).items():
                whole[day] = whole.get(day, Fraction(0)) + amount
        return whole

    def to_json(self) -> dict[str, Any]:
        """A plain value for a JSON column; `from_json` gives the same liability back."""
        return {
            "parts": [
                {
                    "target": str(p.target),
                    "phasing": str(p.phasing),
                    "start": p.start.isoformat(),
                    "end": p.end.isoformat(),
                    "active": [[a.isoformat(), b.isoformat()] for a, b in p.active],
                    "excluded": [[a.isoformat(), b.isoformat()] for a, b in p.excluded],
                }
                for p in self.parts
            ]
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Liability":
        return cls(
            tuple(
                Part(
                    int(p["target"]),
                    Phasing.parse(p["phasing"]),
                    date.fromisoformat(p["start"]),
                    date.fromisoformat(p["end"]),
                    _spans(p["active"]),
                    _spans(p["excluded"]),
                )
                for p in value["parts"]
            )
        )

    def digest(self) -> str:
        """SHA-256 of the canonical JSON: the name of the shape."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


def _months(start: date, end: date) -> list[tuple[date, date]]:
    """The calendar months that start … end touches, cut to it."""
    spans = []
    first = start
    while first <= end:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        spans.append((first, min(following - timedelta(days=1), end)))
        first = following
    return spans


def _inside(day: date, spans: Spans) -> bool:
    return any(a <= day <= b for a, b in spans)


def _spans(rows: list[list[str]]) -> Spans:
    return tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in rows)
