"""Rows as they come from a file, for the targets room. Amounts are Decimals in the metric's own unit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MetricRow:
    metric: str
    name: str
    unit: str
    name_en: str = ""
    decimals: int = 0
    direction: str = "higher"


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A territory's target. `period` is a code like 2026Q4; where it is empty, `day` says which period.

    `phasing` is `even` or `months:30/30/40`. Where a row names a person instead of a territory, the person's own
    territory (same code) is meant.
    """

    metric: str
    base: Decimal
    territory: str = ""
    person: str = ""
    period: str = ""
    day: date | None = None
    stretch: Decimal | None = None
    phasing: str = "even"
