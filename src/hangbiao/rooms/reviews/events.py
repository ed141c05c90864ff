"""What the reviews room tells."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MeetingProposed:
    """A time for the talk of a review, or another one; `number` counts from 0."""

    review: int
    case: int
    number: int
    starts_at: datetime
