"""What the targets room tells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VersionAdopted:
    """Targets of one period have a new current version (one event per set-based publication)."""

    period: int
    targets: tuple[int, ...]
