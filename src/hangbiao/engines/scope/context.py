"""In whose eyes the present piece of work sees the company. Set by middleware, worker and command; never guessed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

log = logging.getLogger("hangbiao.scope")


@dataclass(frozen=True, slots=True)
class Past:
    """A place that somebody looked after from a day to a day (both included), and does no longer."""

    path: str
    first: date
    last: date

    def __post_init__(self) -> None:
        _looks_like_a_path(self.path)


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be seen: everything, or what lies below one of `paths`, or belongs to `person_id`.

    Of a place in `past` only rows whose own time lies in those days are seen, and nothing is written there. A path looks
    like /C/R01/ and ends with a slash. A scope without paths and person sees nothing, which is right for an administrator
    of configuration.
    """

    reason: str
    everything: bool = False
    paths: tuple[str, ...] = ()
    person_id: int | None = None
    account_id: int | None = None
    past: tuple[Past, ...] = ()

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a scope says why it is there: reason is empty")
        for path in self.paths:
            _looks_like_a_path(path)

    def covers(self, path: str | None, person_id: int | None = None) -> bool:
        """Whether a row with this path and person lies inside now; what is past is only looked at."""
        if self.everything:
            return True
        if self.person_id is not None and person_id == self.person_id:
            return True
        return path is not None and any(path.startswith(prefix) for prefix in self.paths)


# Tables whose rows have just been checked: the tripwire lets these INSERTs pass and no others.
checked_inserts: ContextVar[frozenset[str]] = ContextVar("hangbiao_checked_inserts", default=frozenset())
_current: ContextVar[Scope | None] = ContextVar("hangbiao_scope", default=None)


def current() -> Scope | None:
    """The scope of the present work, or None if nobody set one."""
    return _current.get()


def _looks_like_a_path(path: str) -> None:
    if not (path.startswith("/") and path.endswith("/")):
        raise ValueError(f"a path begins and ends with a slash, not {path!r}")


@contextmanager
def acting(scope: Scope) -> Iterator[Scope]:
    """Do the work inside with the eyes of `scope`; the former scope returns afterwards."""
    if scope.everything:
        log.info("acts with everything in sight: %s", scope.reason, extra={"account_id": scope.account_id})
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def system_scope(reason: str) -> Scope:
    """Everything, for a command, a job or a set-based pass; the reason is logged."""
    return Scope(reason=reason, everything=True)


def below(path: str) -> tuple[str, str]:
    """The half-open text range of everything below `path`: '/' is followed by '0' in ASCII (the columns collate "C")."""
    return path, path[:-1] + "0"
