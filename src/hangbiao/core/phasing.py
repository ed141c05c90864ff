"""How a target spreads over the days of its period, and what a person answers for. Page: docs/rules/phasing.md.

A `Liability` is a frozen value that carries everything needed to draw its curve again under another working-day
table; only its digest and its JSON are stored with a target.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import gcd, lcm
from typing import Any, Self

from hangbiao.core.deadlines import WorkCalendar
from hangbiao.core.errors import BadPhasing, BadSpan, EmptyPlan, NegativeTarget

_DAY = timedelta(days=1)
Span = tuple[date, date]
EVEN, MONTHS = "even", "months"
_WEIGHT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Phasing:
    """`even`: the same on every working day. `months`: a weight for each month, even over its working days."""

    kind: str = EVEN
    weights: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        fits = bool(self.weights) == (self.kind == MONTHS) and self.kind in {EVEN, MONTHS}
        if not fits or (self.weights and (min(self.weights) < 0 or not any(self.weights))):
            raise BadPhasing(self.text, "kind_or_weights")
        common = gcd(*self.weights) or 1
        object.__setattr__(self, "weights", tuple(w // common for w in self.weights))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `even` or `months:30/30/40`; decimals are weights too. Raises BadPhasing."""
        kind, _, rest = text.strip().partition(":")
        if not rest:
            return cls(kind or EVEN)
        words = [word.strip() for word in rest.split("/")]
        if not all(_WEIGHT.fullmatch(word) for word in words):
            raise BadPhasing(text, "not_numbers")
        exact = [Fraction(word) for word in words]
        den = lcm(*(w.denominator for w in exact))
        return cls(kind, tuple(int(w * den) for w in exact))

    @property
    def text(self) -> str:
        return f"{self.kind}:{'/'.join(map(str, self.weights))}" if self.weights else self.kind


@dataclass(frozen=True, slots=True)
class Ramp:
    """From `first` to `last` only `share` of the plan is expected: half for a newcomer, half of a handover."""

    first: date
    last: date
    share: Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """One territory's target (whole minor units) as far as one holder answers for it.

    Counted are the period's working days inside `active` and outside `excluded` (protected leave), each with the
    share the whole period's plan gives it: a month's weight is spread over all working days of that month, whoever
    works them. Annual leave is inside the plan and never excluded.
    """

    target: int
    phasing: Phasing
    start: date
    end: date
    active: tuple[Span, ...] = ()
    excluded: tuple[Span, ...] = ()
    ramps: tuple[Ramp, ...] = ()

    def __post_init__(self) -> None:
        if self.target < 0:
            raise NegativeTarget(Fraction(self.target))
        ramps = tuple((r.first, r.last) for r in self.ramps)
        for first, last in ((self.start, self.end), *self.active, *self.excluded, *ramps):
            if first > last:
                raise BadSpan(first, last)

    @classmethod
    def whole(cls, target: int, phasing: Phasing, start: date, end: date) -> Self:
        """The target of a full period, nobody joining, leaving or away."""
        return cls(target, phasing, start, end, ((start, end),))

    def shares(self, calendar: WorkCalendar) -> dict[date, Fraction]:
        """The share of the target that each counted day carries, in order of days.

        Raises EmptyPlan if a month that has weight has no working day, BadPhasing if the weights do not match the
        months, CalendarTooShort if the table does not cover the period.
        """
        active = _days(self.active, self.start, self.end) - _days(self.excluded, self.start, self.end)
        counted = {
            day: share * self._ramp_on(day) for day, share in self._full_plan(calendar) if day in active
        }
        return {day: share for day, share in counted.items() if share}

    def _full_plan(self, calendar: WorkCalendar) -> Iterable[tuple[date, Fraction]]:
        """Every working day of the period with its share of the plan; a month of weight 0 carries nothing."""
        months = _months(self.start, self.end)
        weights = self.phasing.weights
        if not weights:
            months, weights = [(self.start, self.end)], (1,)
        if len(weights) != len(months):
            raise BadPhasing(self.phasing.text, "one_weight_a_month")
        for (first, last), weight in zip(months, weights, strict=True):
            days = calendar.working_days(first, last)
            if weight and not days:
                raise EmptyPlan(first, last)
            share = Fraction(weight, sum(weights) * len(days)) if days else Fraction(0)
            yield from ((day, share) for day in days if share)

    def _ramp_on(self, day: date) -> Fraction:
        """Ramps that overlap multiply."""
        share = Fraction(1)
        for ramp in self.ramps:
            if ramp.first <= day <= ramp.last:
                share *= ramp.share
        return share

    def normal(self) -> Self:
        """The same part written the one way: spans clipped to the period, merged and sorted."""
        ramps = {
            Ramp(max(r.first, self.start), min(r.last, self.end), r.share)
            for r in self.ramps
            if r.share != 1 and r.first <= self.end and r.last >= self.start
        }
        return replace(
            self,
            active=_merged(self.active, self.start, self.end),
            excluded=_merged(self.excluded, self.start, self.end),
            ramps=tuple(sorted(ramps, key=lambda r: (r.first, r.last, r.share))),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "target": str(self.target),
            "phasing": self.phasing.text,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "active": [[a.isoformat(), b.isoformat()] for a, b in self.active],
            "excluded": [[a.isoformat(), b.isoformat()] for a, b in self.excluded],
            "ramps": [[r.first.isoformat(), r.last.isoformat(), str(r.share)] for r in self.ramps],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            int(value["target"]),
            Phasing.parse(value["phasing"]),
            date.fromisoformat(value["start"]),
            date.fromisoformat(value["end"]),
            tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in value["active"]),
            tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in value["excluded"]),
            tuple(
                Ramp(date.fromisoformat(a), date.fromisoformat(b), Fraction(s)) for a, b, s in value["ramps"]
            ),
        )


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of the plan due by the end of each day, as whole numerators over one denominator.

    `nums` has every calendar day of the period; a rest day repeats the day before; the last one is `den`.
    Plan to date of a target T: T × nums[day] / den, exactly.
    """

    den: int
    nums: Mapping[date, int]

    def share(self, day: date) -> Fraction:
        """w(day), from 0 before the period to 1 at its end and after."""
        if day in self.nums:
            return Fraction(self.nums[day], self.den)
        return Fraction(int(day > max(self.nums)))

    def plan(self, target: int, day: date) -> Fraction:
        """What is expected of `target` by the end of `day`, in its minor units, not rounded."""
        return target * self.share(day)


@dataclass(frozen=True, slots=True)
class Liability:
    """What one holder answers for in a period: one part, or several after a transfer."""

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if not self.parts:
            raise BadPhasing("", "no_parts")

    @property
    def period_start(self) -> date:
        return min(part.start for part in self.parts)

    @property
    def period_end(self) -> date:
        return max(part.end for part in self.parts)

    @property
    def first_day(self) -> date:
        """The first day anybody answers for."""
        return min(first for part in self.parts for first, _last in part.active)

    @property
    def last_day(self) -> date:
        return max(last for part in self.parts for _first, last in part.active)

    def total(self, calendar: WorkCalendar) -> Fraction:
        """The holder's target in minor units, exact. Its named rounding is `round_half_up_to_int`.

        Joining on 10 November with 100 at 30/30/40: 30·15/20 + 40 = 62.5. East 100 until 16 November, then
        North 80: 100·0.45 + 80·0.55 = 89. Zero where no counted day is left.
        """
        shares = (part.target * sum(part.shares(calendar).values(), Fraction(0)) for part in self.parts)
        return sum(shares, Fraction(0))

    def curve(self, calendar: WorkCalendar) -> Curve:
        """The cumulative plan of the whole liability. Raises EmptyPlan where no counted day is left."""
        first, last = self.period_start, self.period_end
        daily: dict[date, Fraction] = {}
        for part in self.shape().parts:
            for day, share in part.shares(calendar).items():
                daily[day] = daily.get(day, Fraction(0)) + part.target * share
        whole = sum(daily.values(), Fraction(0))
        if not whole:
            raise EmptyPlan(first, last)
        steps = {day: share / whole for day, share in daily.items()}
        den = lcm(*(step.denominator for step in steps.values()))
        nums, reached = {}, 0
        for back in range((last - first).days + 1):
            day = first + back * _DAY
            if day in steps:
                reached += steps[day].numerator * (den // steps[day].denominator)
            nums[day] = reached
        return Curve(den, nums)

    def shape(self) -> "Liability":
        """The same curve with the smallest targets: holders who spread alike share one shape and one digest."""
        parts = [part.normal() for part in self.parts if part.target] or [
            replace(part.normal(), target=1) for part in self.parts
        ]
        common = gcd(*(part.target for part in parts))
        smallest = (replace(part, target=part.target // common) for part in parts)
        return Liability(tuple(sorted(smallest, key=lambda p: (p.active, p.start, p.target, p.phasing.text))))

    def to_json(self) -> dict[str, Any]:
        return {"v": 1, "parts": [part.to_json() for part in self.parts]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(tuple(Part.from_json(part) for part in value["parts"]))

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hex."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _months(first: date, last: date) -> list[Span]:
    """The calendar months from `first` to `last`, cut at both ends."""
    months = []
    while first <= last:
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        months.append((first, min(after - _DAY, last)))
        first = after
    return months


def _merged(spans: Iterable[Span], first: date, last: date) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted((max(a, first), min(b, last)) for a, b in spans if a <= last and b >= first):
        if merged and start <= merged[-1][1] + _DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _days(spans: Iterable[Span], first: date, last: date) -> set[date]:
    return {a + n * _DAY for a, b in _merged(spans, first, last) for n in range((b - a).days + 1)}
