"""What the journal refuses."""

from typing import Any


class JournalError(Exception):
    """Base: the facts are attributes."""

    status = 500

    def __init__(self, **facts: Any) -> None:
        super().__init__(", ".join(f"{key}={value!r}" for key, value in facts.items()))
        self.facts = facts


class NotInTransaction(JournalError):
    """A line without a surrounding transaction could outlive a deed that fails."""


class Unwritable(JournalError):
    """The data hold something that would not come back from the database as it went in."""


class NoCheckpoint(JournalError):
    """The checkpoint file cannot be read as one."""
