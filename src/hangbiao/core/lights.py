"""Which light a holder gets, and why. Page: docs/rules/lights.md.

This is the definition; set-based passes elsewhere restate it for speed and are tested against it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from hangbiao.core.errors import BadThresholds, DirectionNotSupported, NoExpectation


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


class Grey(StrEnum):
    """Why there is no light. The order is the precedence: the first that applies is the one said."""

    ON_LEAVE = "on_leave"
    NOT_RATED = "not_rated"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"
    FEED_LATE = "feed_late"
    TOO_EARLY = "too_early"


class Basis(StrEnum):
    """What the borders are compared with: the plan to date, the whole target, or the projected end."""

    PACE = "pace"
    CUMULATIVE = "cumulative"
    LANDING = "landing"


class Direction(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


class State(StrEnum):
    """What the lights so far amount to."""

    NORMAL = "normal"
    PENDING = "pending"
    YELLOW = "yellow"
    RED = "red"
    RECOVERING = "recovering"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A border belongs to the better side: exactly 70 % is green, exactly 50 % yellow."""

    yellow_below: Fraction = Fraction(7, 10)
    red_below: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        if not 0 <= self.red_below <= self.yellow_below:
            raise BadThresholds(self.yellow_below, self.red_below)


@dataclass(frozen=True, slots=True)
class LightPolicy:
    """The dated parameters of a light; these are the defaults."""

    basis: Basis = Basis.PACE
    thresholds: Thresholds = field(default_factory=Thresholds)
    min_plan_share: Fraction = Fraction(15, 100)
    late_after_workdays: int = 2
    min_active_share: Fraction = Fraction(1, 5)
    direction: Direction = Direction.HIGHER


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one holder and metric on one day. Amounts in minor units.

    `plan_num / plan_den` is the share of the plan due (a point of the curve). `feed_age` counts the working days the
    data are behind; None: nothing has ever arrived. `active_days` of `period_days` working days are the holder's own.
    `landing` is the projected end, already rounded to a whole number; only the basis of that name needs it.
    """

    actual: int
    target: int
    plan_num: int
    plan_den: int
    feed_age: int | None = 0
    on_leave: bool = False
    active_days: int = 1
    period_days: int = 1
    landing: int | None = None


@dataclass(frozen=True, slots=True)
class Because:
    """The reason as a code and its numbers; pages find the words."""

    code: str
    facts: Mapping[str, int | str | Fraction]


@dataclass(frozen=True, slots=True)
class Verdict:
    light: Light
    grey_reason: Grey | None
    ratio: Fraction | None
    because: Because


def light_for(facts: Facts, policy: LightPolicy) -> Verdict:
    """Judge how far `actual` has come against what the policy's basis expects by today.

    Units    Minor units throughout. Borders are compared as exact products, never as a rounded ratio, so 69.999 % is
             yellow even where a page could print "70.0 %".
    Borders  Exactly 70 % is green, exactly 50 % yellow; less than nothing (returns) is red.
    Grey     In this order: on leave, not rated, no target, no data, feed late, too early. A grey light carries no
             ratio. Missing data are not missing sales.
    Raises   NoExpectation for basis `landing` without a projection; DirectionNotSupported for "lower is better".
    Source   requirement R2.2; docs/rules/lights.md.
    """
    if policy.direction is not Direction.HIGHER:
        raise DirectionNotSupported(policy.direction)
    grey = grey_reason(facts, policy)
    if grey:
        return Verdict(Light.GREY, grey, None, Because(grey, _grey_facts(grey, facts, policy)))
    achieved, num, den = _compared(facts, policy.basis)
    ratio = Fraction(achieved * den, facts.target * num)
    light = colour_of(facts, policy)
    code = "at_or_above" if light is Light.GREEN else "below"
    border = policy.thresholds.red_below if light is Light.RED else policy.thresholds.yellow_below
    return Verdict(
        light, None, ratio, Because(code, {"basis": policy.basis, "ratio": ratio, "border": border})
    )


def colour_of(facts: Facts, policy: LightPolicy) -> Light:
    """Green, yellow or red of facts for which `grey_reason` finds nothing; borders as in `light_for`."""
    achieved, num, den = _compared(facts, policy.basis)
    if _is_below(achieved * den, facts.target * num, policy.thresholds.red_below):
        return Light.RED
    if _is_below(achieved * den, facts.target * num, policy.thresholds.yellow_below):
        return Light.YELLOW
    return Light.GREEN


def grey_reason(facts: Facts, policy: LightPolicy) -> Grey | None:
    """The first reason, in the order of `Grey`, for which no colour may be shown."""
    active, share = policy.min_active_share, policy.min_plan_share
    reasons = {
        Grey.ON_LEAVE: facts.on_leave,
        Grey.NOT_RATED: facts.active_days * active.denominator < facts.period_days * active.numerator,
        Grey.NO_TARGET: facts.target <= 0,
        Grey.NO_DATA: facts.feed_age is None,
        Grey.FEED_LATE: facts.feed_age is not None and facts.feed_age > policy.late_after_workdays,
        Grey.TOO_EARLY: facts.plan_num <= 0
        or facts.plan_num * share.denominator < facts.plan_den * share.numerator,
    }
    return next((reason for reason, applies in reasons.items() if applies), None)


def _compared(facts: Facts, basis: Basis) -> tuple[int, int, int]:
    """What has been achieved, and the share of the target it is held against as numerator and denominator."""
    if basis is Basis.PACE:
        return facts.actual, facts.plan_num, facts.plan_den
    if basis is Basis.CUMULATIVE:
        return facts.actual, 1, 1
    if facts.landing is None:
        raise NoExpectation(None)
    return facts.landing, 1, 1


def _is_below(achieved: int, expected: int, border: Fraction) -> bool:
    return achieved * border.denominator < expected * border.numerator


def _grey_facts(grey: Grey, facts: Facts, policy: LightPolicy) -> dict[str, int | str | Fraction]:
    if grey is Grey.NOT_RATED:
        share = Fraction(facts.active_days, facts.period_days) if facts.period_days else Fraction(0)
        return {"active_share": share, "border": policy.min_active_share}
    if grey is Grey.FEED_LATE:
        return {"feed_age": facts.feed_age or 0, "border": policy.late_after_workdays}
    if grey is Grey.TOO_EARLY:
        return {"plan_share": Fraction(facts.plan_num, facts.plan_den), "border": policy.min_plan_share}
    return {}


def state_of(official: Sequence[Light], preview: Light | None = None) -> State:
    """What the official lights so far (oldest first) and today's preview amount to.

    A yellow or red checkpoint says so at once. The first green one after yellow or red is `recovering`, the next
    green one `normal`; grey checkpoints in between neither help nor harm. A preview below a border that no
    checkpoint has confirmed is `pending`; a better preview changes nothing.
    """
    if preview is Light.GREY:
        return State.GREY
    lit = [light for light in official if light is not Light.GREY]
    confirmed = lit[-1] if lit else Light.GREEN
    if preview is not None and _SEVERITY[preview] > _SEVERITY[confirmed]:
        return State.PENDING
    if preview is None and official and official[-1] is Light.GREY:
        return State.GREY
    if confirmed is not Light.GREEN:
        return State(confirmed)
    return State.RECOVERING if len(lit) > 1 and lit[-2] is not Light.GREEN else State.NORMAL


_SEVERITY = {Light.GREEN: 0, Light.YELLOW: 1, Light.RED: 2}
