"""The one question flows ask the organisation: who fills a role. `site/wiring.py` says who answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Filled:
    """Who acts (`account`) and whose duty it is (`principal`, the same unless somebody stands in)."""

    account: int
    principal: int


class Roles(Protocol):
    """Answers for any number of subjects at once."""

    def names(self) -> Collection[str]:
        """The roles it knows."""

    def fill(
        self, roles: Collection[str], subjects: Mapping[int, str], on: date
    ) -> Mapping[tuple[str, int], Sequence[Filled]]:
        """(role, subject) → who fills it; nobody for a role that stays vacant all the way up. `subjects`: whom, and where."""

    def standing_in(self, on: date) -> Mapping[int, int]:
        """Principal → the account that stands in on that day; whoever acts in person is not in it."""

    def away(self, on: date) -> Collection[int]:
        """The subjects whose clock stands still that day."""

    def rests(self, subjects: Collection[int], since: date) -> Mapping[int, Sequence[date]]:
        """Subject → the days from `since` on, as far as they are known, on which its clock stands still."""

    def above(self, accounts: Collection[int], on: date) -> Mapping[int, int]:
        """Account → the next manager's account."""


_roles: list[Roles] = []


def connect(roles: Roles) -> None:
    """Called once, when all rooms are ready."""
    _roles[:] = [roles]


def roles() -> Roles:
    """Who answers."""
    return _roles[0]
