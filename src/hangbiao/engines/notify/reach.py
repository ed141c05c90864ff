"""The one question messages ask about people: how somebody can be reached. `site/wiring.py` says who answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from hangbiao.core.quiet import Quiet


@dataclass(frozen=True, slots=True)
class Reach:
    """In which language, through which channels (the first is tried first), by which id in each, and when not."""

    language: str
    quiet: Quiet
    ways: Sequence[tuple[str, str]] = field(default=())  # (channel, the person's id there)


class People(Protocol):
    """Answers for any number of accounts at once."""

    def reach(self, accounts: Collection[int], *, at: datetime) -> Mapping[int, Reach]:
        """Account → how to reach it. Channels that are not set up may be named; they are passed over."""

    def company(self, *, at: datetime) -> Reach:
        """For what goes to a group: the company's own language and quiet time."""


_people: list[People] = []


def connect(people: People) -> None:
    """Called once, when all rooms are ready."""
    _people[:] = [people]


def people() -> People:
    """Who answers."""
    return _people[0]
