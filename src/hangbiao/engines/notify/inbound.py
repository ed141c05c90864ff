"""What a messenger calls back: the port that an adapter implements, named in settings.CALLBACKS by the messenger's name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Forged(Exception):
    """Not from the messenger, or not for us. Whoever sent it is told nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `id` is the same for each of its repeats; `number` is the key of the message it is about, "" if of none."""

    id: str
    kind: str  # "ack" for the button that says it was read; else the messenger's own word
    people: tuple[str, ...] = ()  # every id by which the messenger knows who it was
    number: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer, and what was told (nothing, when the messenger only tried the address)."""

    body: bytes = b""
    content_type: str = "text/plain"
    told: Told | None = None


class Inbound(Protocol):
    """One messenger's callbacks: judges signature and receiver, decrypts, reads."""

    def hear(
        self, *, method: str, query: Mapping[str, str], headers: Mapping[str, str], raw: bytes, now: datetime
    ) -> Answer:
        """Refuses Forged."""
