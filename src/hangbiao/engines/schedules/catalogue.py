"""Which schedules there are: `site/schedules.py` lists them, with what each does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise

from hangbiao.core.schedules import Occurrence, Plan

Facts = Mapping[str, Any]
Work = Callable[..., Facts | None]
"""Takes occurrence (None: by hand, nothing is owed), at and actor; gives what came of it, None if there was nothing to do."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """`plan` is asked anew each time, because hours are policy and days come with periods. With `each`, every missed
    occurrence is made up for in order; otherwise only the last one counts. `apart`: the work has transactions of its own and
    is safe to repeat. `off` says why it does not run here; empty: it does."""

    name: str
    title: str | Promise
    about: str | Promise
    plan: Callable[[datetime], Plan]
    work: Work
    said: Callable[[Facts], str]
    each: bool = False
    apart: bool = False
    grace: timedelta = timedelta(minutes=15)
    off: Callable[[], str] = lambda: ""


_known: dict[str, Schedule] = {}


def connect(schedules: Sequence[Schedule]) -> None:
    """Take over the list (called once, when all rooms are ready)."""
    _known.clear()
    _known.update({one.name: one for one in schedules})


def schedules() -> list[Schedule]:
    """All of them, in the order of the list."""
    return list(_known.values())


def schedule_called(name: str) -> Schedule | None:
    return _known.get(name)


def is_owed(occurrence: Occurrence, schedule: Schedule, at: datetime) -> bool:
    """Whether it should have been done long enough ago to say that it is late."""
    return occurrence.due + schedule.grace < at
