"""What the people room tells."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OrganisationChanged:
    """Assignments, posts or protected leave changed from `since` on."""

    since: date


@dataclass(frozen=True, slots=True)
class DeputyChanged:
    """Somebody stands in for somebody else from a day to a day, or no longer does. People by their keys."""

    number: int
    principal: int
    deputy: int
    first: date
    last: date
    ended: bool
