"""What a rule refuses. Each error names its facts; `code` is the key under which a page finds the sentence."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar


@dataclass(eq=False)
class RuleError(Exception):
    """Base of all refusals by the rules."""

    code: ClassVar[str] = "rule"

    def __post_init__(self) -> None:
        self.args = tuple(self.facts.values())

    @property
    def facts(self) -> dict[str, object]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({said})" if said else self.code


@dataclass(eq=False)
class MixedUnits(RuleError):
    """Two quantities of different units met."""

    code: ClassVar[str] = "mixed_units"
    left: str
    right: str


@dataclass(eq=False)
class NotANumber(RuleError):
    """Infinity or "not a number" where an amount belongs."""

    code: ClassVar[str] = "not_a_number"
    value: str


@dataclass(eq=False)
class TooManyDecimals(RuleError):
    """Digits would be lost: the amount is finer than its unit."""

    code: ClassVar[str] = "too_many_decimals"
    number: Decimal
    decimals: int


@dataclass(eq=False)
class TooLarge(RuleError):
    """More digits than an amount can have."""

    code: ClassVar[str] = "too_large"
    value: str
    digits: int


@dataclass(eq=False)
class NoWeights(RuleError):
    """Nothing to share by: no weights, a negative one, or all of them zero."""

    code: ClassVar[str] = "no_weights"
    weights: int


@dataclass(eq=False)
class UnknownPattern(RuleError):
    """A fiscal calendar that is not known (yet)."""

    code: ClassVar[str] = "unknown_pattern"
    pattern: str


@dataclass(eq=False)
class UnknownPeriod(RuleError):
    """A text that does not name a period, such as "2026Q5"."""

    code: ClassVar[str] = "unknown_period"
    text: str


@dataclass(eq=False)
class NoSuchWeek(RuleError):
    """The period has fewer weeks than that."""

    code: ClassVar[str] = "no_such_week"
    period: str
    week: int
    weeks: int


@dataclass(eq=False)
class CalendarGap(RuleError):
    """The working-day table misses a day, or holds it twice."""

    code: ClassVar[str] = "calendar_gap"
    before: date
    after: date


@dataclass(eq=False)
class CalendarTooShort(RuleError):
    """A day outside the working-day table was needed: the table must be extended first."""

    code: ClassVar[str] = "calendar_too_short"
    first: date
    last: date
    asked: date


@dataclass(eq=False)
class NaiveInstant(RuleError):
    """An instant without a time zone."""

    code: ClassVar[str] = "naive_instant"
    instant: str


@dataclass(eq=False)
class BadCount(RuleError):
    """Fewer working days than a deadline needs."""

    code: ClassVar[str] = "bad_count"
    count: int


@dataclass(eq=False)
class BadPhasing(RuleError):
    """A phasing that cannot be read, or that does not fit its period."""

    code: ClassVar[str] = "bad_phasing"
    text: str
    why: str


@dataclass(eq=False)
class BadSpan(RuleError):
    """A stretch of days that ends before it begins."""

    code: ClassVar[str] = "bad_span"
    first: date
    last: date


@dataclass(eq=False)
class EmptyPlan(RuleError):
    """No working day carries the plan: nothing can be expected on any day."""

    code: ClassVar[str] = "empty_plan"
    first: date
    last: date


@dataclass(eq=False)
class NegativeTarget(RuleError):
    """A target below zero."""

    code: ClassVar[str] = "negative_target"
    target: Fraction


@dataclass(eq=False)
class StretchBelowBase(RuleError):
    """The stretch target is smaller than the base target."""

    code: ClassVar[str] = "stretch_below_base"
    base: Fraction
    stretch: Fraction


@dataclass(eq=False)
class NoExpectation(RuleError):
    """Nothing is expected, so there is nothing to compare with."""

    code: ClassVar[str] = "no_expectation"
    expected: Fraction | None


@dataclass(eq=False)
class NobodyCounted(RuleError):
    """A distribution of nobody."""

    code: ClassVar[str] = "nobody_counted"


@dataclass(eq=False)
class DirectionNotSupported(RuleError):
    """The rule knows only metrics where more is better."""

    code: ClassVar[str] = "direction_not_supported"
    direction: str


@dataclass(eq=False)
class BadThresholds(RuleError):
    """The red border lies above the yellow one, or a border is negative."""

    code: ClassVar[str] = "bad_thresholds"
    yellow_below: Fraction
    red_below: Fraction


@dataclass(eq=False)
class UnknownPolicy(RuleError):
    """No score policy of that name and version."""

    code: ClassVar[str] = "unknown_policy"
    name: str
    version: int | None
