"""What scope refuses. These are faults of the program (a forgotten scope), except OutOfScope."""

from typing import Any


class ScopeError(Exception):
    """Base: the facts are attributes."""

    status = 500

    def __init__(self, **facts: Any) -> None:
        super().__init__(", ".join(f"{key}={value!r}" for key, value in facts.items()))
        self.facts = facts


class Unscoped(ScopeError):
    """A scoped table was asked while nobody was acting. Wrap the work in `acting(...)`."""


class Tripped(ScopeError):
    """A statement reaches a scoped table without the scope's condition on that very reference."""


class OutOfScope(ScopeError):
    """A row was to be written for somebody whom the acting scope does not see."""

    status = 403
