"""The one list of what waits. Rooms offer through the port `Source`; `site/wiring.py` says which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hangbiao.core.errors import CalendarTooShort
from hangbiao.engines.pages.waiting import Source, Waiting
from hangbiao.engines.workdays.selectors import calendar, unpublished_year
from hangbiao.rooms.desk import counts
from hangbiao.rooms.people.viewer import Viewer

_sources: list[Source] = []


def connect(sources: Sequence[Source]) -> None:
    """Take over the list of sources (called once, when all rooms are ready)."""
    _sources[:] = sources


@dataclass(frozen=True, slots=True)
class Item:
    """Something that waits, and how many working days are left: 0 is today, negative is overdue, None has no deadline."""

    waiting: Waiting
    left: int | None
    unpublished: int | None = None  # the year whose holidays the deadline only assumes

    @property
    def overdue(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def late(self) -> int:
        """Working days since the deadline."""
        return -self.left if self.left is not None and self.left < 0 else 0


def waiting_for(viewer: Viewer) -> list[Item]:
    """Everything, the nearest deadline first; what has none comes last; else in the order in which its source gave it."""
    found = [waiting for source in _sources for waiting in source(viewer)]
    left = {due: left_until(due, viewer.on) for due in {waiting.due for waiting in found}}
    items = [Item(waiting, left[waiting.due], _unpublished(waiting, viewer)) for waiting in found]
    counts.keep(viewer.account_id, "inbox", len(items))
    return sorted(items, key=lambda item: (item.waiting.due or date.max, -item.waiting.since.timestamp()))


def _unpublished(waiting: Waiting, viewer: Viewer) -> int | None:
    if waiting.due is None:
        return None
    return unpublished_year(min(waiting.since.astimezone(viewer.zone).date(), waiting.due), waiting.due)


def how_many(viewer: Viewer) -> int:
    """The number beside the inbox in the navigation; may be some seconds old, unless the reader did something themselves."""
    kept = counts.known(viewer.account_id, "inbox")
    return counts.keep(viewer.account_id, "inbox", sum(len(source(viewer)) for source in _sources)) if kept is None else kept


def left_until(due: date | None, on: date) -> int | None:
    """Working days after `on` up to `due`."""
    if due is None:
        return None
    try:
        days = calendar(start=min(on, due), end=max(on, due))
        if due < on:
            return -max(days.count_working_days(due, on) - 1, 1)
        return days.count_working_days(on, due) - int(days.is_work(on))
    except CalendarTooShort:
        return (due - on).days
