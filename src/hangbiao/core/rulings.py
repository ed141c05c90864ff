"""How a rule of the company's own turns a ratio into a light. Page: docs/rules/rules.md.

The definition; the set-based pass restates it and is tested against it. Without hysteresis, condition and certainty it is the
rule of core.lights.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from hangbiao.core.errors import BadThresholds
from hangbiao.core.lights import Light


class Effect(StrEnum):
    """What a rule's condition does: below a border only where it holds too, or at least yellow or red where it holds."""

    NARROW = "narrow"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Bands:
    """Borders belong to the better side. Who is confirmed yellow or red gets better only at the border plus `hysteresis`."""

    yellow_below: Fraction = Fraction(7, 10)
    red_below: Fraction = Fraction(1, 2)
    hysteresis: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if not 0 <= self.red_below <= self.yellow_below or self.hysteresis < 0:
            raise BadThresholds(self.yellow_below, self.red_below)

    def light_of(self, ratio: Fraction, confirmed: Light | None = None) -> Light:
        """Compared exactly. `confirmed`: the last official light, grey ones passed over."""
        red, yellow = self.red_below, self.yellow_below
        if ratio < red + (self.hysteresis if confirmed is Light.RED else 0):
            return Light.RED
        if ratio < yellow + (self.hysteresis if confirmed in {Light.RED, Light.YELLOW} else 0):
            return Light.YELLOW
        return Light.GREEN


def with_condition(light: Light, effect: Effect, holds: bool | None) -> Light:
    """Unknown never lights anything. A condition makes nothing better than its own effect says."""
    if effect is Effect.NARROW:
        return light if holds else Light.GREEN
    least = Light(effect.value)
    return _worse(light, least) if holds else light


def sure_enough(chance_above: Fraction | None, certainty: Fraction, below_before: bool) -> bool:
    """A projected end below the border counts when it is `certainty` or more likely to end there, or was there at the
    checkpoint before too. `chance_above`: the probability to end at the border or above; None where it is not known."""
    return below_before or (chance_above is not None and 1 - chance_above >= certainty)


def _worse(one: Light, other: Light) -> Light:
    order = [Light.GREEN, Light.YELLOW, Light.RED]
    return max(one, other, key=order.index)
