"""What the actuals room tells."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class BatchAccepted:
    """A file was booked. `first_day` … `last_day` are the business days it touched (empty for master data)."""

    batch: int
    stream: str
    first_day: date | None
    last_day: date | None
