"""What the lights room tells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LightFlipped:
    """Official lights of one checkpoint changed (one event per run; the flips are rows of it)."""

    run: int
    flips: tuple[int, ...]
