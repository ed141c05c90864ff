"""Numbers with units, exact conversions, and the only roundings there are. Page: docs/rules/quantity.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from fractions import Fraction

from hangbiao.core.errors import MixedUnits, NotANumber, NoWeights, TooLarge, TooManyDecimals

Exact = int | Decimal | Fraction

# An amount in minor units must fit a signed 64-bit column with room for sums.
MOST_DIGITS = 17
# Addition that would have to round is refused instead.
_EXACT = Context(prec=80, traps=[Inexact, InvalidOperation, Overflow])
_MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and what it counts. Arithmetic between different units raises MixedUnits; nothing rounds."""

    number: Decimal
    unit: str

    def __post_init__(self) -> None:
        if not self.number.is_finite():
            raise NotANumber(str(self.number))

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(_EXACT.add(self.number, self._same(other)), self.unit)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(_EXACT.subtract(self.number, self._same(other)), self.unit)

    def __neg__(self) -> "Quantity":
        return Quantity(self.number.copy_negate(), self.unit)

    def __mul__(self, times: int | Decimal) -> "Quantity":
        return Quantity(_EXACT.multiply(self.number, Decimal(times)), self.unit)

    def __lt__(self, other: "Quantity") -> bool:
        return self.number < self._same(other)

    def __le__(self, other: "Quantity") -> bool:
        return self.number <= self._same(other)

    def __gt__(self, other: "Quantity") -> bool:
        return self.number > self._same(other)

    def __ge__(self, other: "Quantity") -> bool:
        return self.number >= self._same(other)

    def ratio_to(self, whole: "Quantity") -> Fraction:
        """This as an exact share of `whole`. A whole of zero raises ZeroDivisionError: ask before."""
        return Fraction(self.number) / Fraction(self._same(whole))

    def _same(self, other: "Quantity") -> Decimal:
        if other.unit != self.unit:
            raise MixedUnits(self.unit, other.unit)
        return other.number


def minor(number: Decimal, decimals: int) -> int:
    """`number` in whole minor units: minor(Decimal("12.30"), 2) == 1230.

    Raises TooManyDecimals where a digit would be lost, TooLarge past 17 digits, NotANumber for NaN and infinity.
    """
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise NotANumber(str(number))
    if not number:
        return 0
    if number.adjusted() + decimals >= MOST_DIGITS:
        raise TooLarge(str(number)[:40], MOST_DIGITS)
    text = "".join(map(str, digits)).lstrip("0")
    whole = text.rstrip("0")
    shift = exponent + len(text) - len(whole) + decimals
    if shift < 0:
        raise TooManyDecimals(number, decimals)
    value = int(whole + "0" * shift)
    return -value if sign else value


def major(value: int, decimals: int) -> Decimal:
    """Whole minor units as a number with its decimals: major(1230, 2) == Decimal("12.30"). Exact."""
    digits = tuple(int(d) for d in str(abs(value)))
    return Decimal((int(value < 0), digits, -decimals))


def round_half_up_to_int(value: Exact) -> int:
    """The nearest whole number; halves go away from zero (2.5 → 3, −2.5 → −3)."""
    exact = value if isinstance(value, Fraction) else Fraction(value)
    nearest = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return -nearest if exact < 0 else nearest


def round_half_up(value: Exact, places: int) -> Decimal:
    """`value` with `places` decimals; halves go away from zero."""
    return major(round_half_up_to_int(Fraction(value) * 10**places), places)


def round_down(value: Exact, places: int) -> Decimal:
    """`value` with `places` decimals, never more than it is (towards minus infinity)."""
    scaled = Fraction(value) * 10**places
    return major(scaled.numerator // scaled.denominator, places)


def print_ratio(value: Exact, borders: Sequence[Exact] = ()) -> str:
    """A ratio as a percentage that stands on the same side of every border as the exact value does.

    Half up with one decimal: 7/10 → "70.0%". Where that would show a border which the value does not reach (or
    hide one that it does), more decimals are printed, rounded down: 0.69995 with border 7/10 → "69.99%".
    """
    exact = Fraction(value) * 100
    marks = [Fraction(border) * 100 for border in borders]
    shown = round_half_up(exact, 1)
    for places in range(2, _MOST_PLACES + 1):
        if all((exact < mark) == (Fraction(shown) < mark) for mark in marks):
            break
        shown = round_down(exact, places)
    return f"{shown:f}%"


def split_largest_remainder(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Share a whole number by weights so that the parts add up exactly to it.

    Everybody gets the rounded-down share; the units left go to the largest remainders, the earlier one first among
    equals: 100000000 by (1, 1, 1) → 33333334, 33333333, 33333333. A negative total is shared as its opposite.
    Raises NoWeights if there are none, one is negative, or all are zero.
    """
    whole = sum((Fraction(w) for w in weights), Fraction(0))
    if whole <= 0 or any(w < 0 for w in weights):
        raise NoWeights(len(weights))
    exact = [abs(total) * Fraction(w) / whole for w in weights]
    parts = [share.numerator // share.denominator for share in exact]
    left = abs(total) - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))[:left]:
        parts[index] += 1
    return [-part for part in parts] if total < 0 else parts
