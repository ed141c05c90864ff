"""Red, yellow, green, grey: turn actual to date into a light, and say why (requirement R2.2, domain 0, 1, 18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


class Grey(StrEnum):
    """Why there is no colour. Where several hold, the first of this list is named."""

    ON_LEAVE = "on_leave"
    NOT_RATED = "not_rated"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"
    FEED_LATE = "feed_late"
    TOO_EARLY = "too_early"


class State(StrEnum):
    NORMAL = "normal"
    PENDING = "pending"
    YELLOW = "yellow"
    RED = "red"
    RECOVERING = "recovering"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class LightPolicy:
    """The borders in force. Ratios are exact; a border belongs to the better side."""

    basis: str = "pace"
    yellow_below: Fraction = Fraction(7, 10)
    red_below: Fraction = Fraction(1, 2)
    min_plan_share: Fraction = Fraction(3, 20)
    late_after_workdays: int = 2
    min_active_share: Fraction = Fraction(1, 5)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one target on one day.

    `actual`, `base` in minor units; `share` the planned share w(t); `workdays_without_data` counts the working days
    after the last day that data reached (None: no data ever came); `active_share` of the period's working days.
    """

    actual: int
    base: int
    share: Fraction
    workdays_without_data: int | None = 0
    active_share: Fraction = Fraction(1)
    on_leave: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    light: Light
    grey: Grey | None
    ratio: Fraction | None
    border: Fraction | None


def light_for(standing: Standing, policy: LightPolicy) -> Verdict:
    """Judge how far `actual` has come against what was expected by that day.

    Borders  Exact products, never a rounded ratio: exactly 70 % is green, exactly 50 % is yellow, 69.999 % is
             yellow. A negative actual (returns outweigh sales) is red.
    Grey     See `Grey` for the order of reasons; grey opens nothing.
    Source   requirement R2.2; domain 0 and 1.
    """
    grey = _grey(standing, policy)
    expected = standing.base * (standing.share if policy.basis == "pace" else Fraction(1))
    ratio = standing.actual / expected if expected > 0 else None
    if grey is not None or ratio is None:
        return Verdict(Light.GREY, grey or Grey.NO_TARGET, ratio, None)
    if standing.actual < policy.red_below * expected:
        return Verdict(Light.RED, None, ratio, policy.red_below)
    if standing.actual < policy.yellow_below * expected:
        return Verdict(Light.YELLOW, None, ratio, policy.yellow_below)
    return Verdict(Light.GREEN, None, ratio, policy.yellow_below)


def _grey(standing: Standing, policy: LightPolicy) -> Grey | None:
    late = standing.workdays_without_data
    reasons = {
        Grey.ON_LEAVE: standing.on_leave,
        Grey.NOT_RATED: standing.active_share < policy.min_active_share,
        Grey.NO_TARGET: standing.base <= 0,
        Grey.NO_DATA: late is None,
        Grey.FEED_LATE: late is not None and late > policy.late_after_workdays,
        Grey.TOO_EARLY: standing.share < policy.min_plan_share,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def state_at_checkpoint(light: Light, before: Light | None) -> State:
    """The state that an official light brings: a first clean checkpoint after yellow or red is `recovering`."""
    if light is not Light.GREEN:
        return State(light.value)
    return State.RECOVERING if before in {Light.YELLOW, Light.RED} else State.NORMAL


def states_of(checkpoints: Sequence[Light]) -> list[State]:
    """The states of a run of official lights, oldest first."""
    return [state_at_checkpoint(c, checkpoints[i - 1] if i else None) for i, c in enumerate(checkpoints)]


def state_of_preview(preview: Light, official: Light | None, state: State | None) -> State:
    """Between checkpoints: below a border that no checkpoint confirmed is `pending`; clean keeps the official state."""
    if preview is Light.GREY:
        return State.GREY
    if preview is Light.GREEN:
        return State.NORMAL if state in {None, State.GREY} else State(state or State.NORMAL)
    if official is Light.RED or (official is Light.YELLOW and preview is Light.YELLOW):
        return State(official.value)
    return State.PENDING
