"""The one list of what waits. Rooms offer through the port `Source`; `site/wiring.py` says which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hangbiao.core.deadlines import WorkCalendar
from hangbiao.engines.pages.waiting import Source, Waiting
from hangbiao.engines.workdays.selectors import calendar
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
    begun = {waiting.key: waiting.since.astimezone(viewer.zone).date() for waiting in found}
    dates = [viewer.on, *begun.values(), *(waiting.due for waiting in found if waiting.due)]
    days = calendar(start=min(dates), end=max(dates))
    items = [_item(waiting, begun[waiting.key], viewer.on, days) for waiting in found]
    counts.keep(viewer.account_id, "inbox", len(items))
    return sorted(items, key=lambda item: (item.waiting.due or date.max, -item.waiting.since.timestamp()))


def _item(waiting: Waiting, begun: date, on: date, days: WorkCalendar) -> Item:
    if waiting.due is None:
        return Item(waiting, None)
    assumed = days.first_provisional(min(begun, waiting.due), waiting.due)
    return Item(waiting, left_until(waiting.due, on, days), assumed.year if assumed else None)


def how_many(viewer: Viewer) -> int:
    """The number beside the inbox in the navigation; may be some seconds old, unless the reader did something themselves."""
    kept = counts.known(viewer.account_id, "inbox")
    return counts.keep(viewer.account_id, "inbox", sum(len(source(viewer)) for source in _sources)) if kept is None else kept


def left_until(due: date, on: date, days: WorkCalendar) -> int:
    """Working days after `on` up to `due`; since it, negative, when it has passed."""
    if due < on:
        return -max(days.count_working_days(due, on) - 1, 1)
    return days.count_working_days(on, due) - int(days.is_work(on))
