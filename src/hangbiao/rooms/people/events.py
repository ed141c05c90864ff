"""What the people room tells."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OrganisationChanged:
    """Assignments, posts or protected leave changed from `since` on."""

    since: date
