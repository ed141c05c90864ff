"""What a rep can still do this week, from their own figures; what others ask of them waits in the inbox."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from hangbiao.engines.workdays.selectors import calendar
from hangbiao.rooms.board.selectors.person import PersonView
from hangbiao.rooms.board.selectors.setting import Setting
from hangbiao.rooms.board.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Todo:
    """One line: a process metric that is short, or a date that comes. `days_left` counts working days, today included."""

    kind: str
    days_left: int
    metric: Any = None
    missing: int = 0
    first: date | None = None
    last: date | None = None
    unpublished: int | None = None  # the year whose holidays `days_left` only assumes


def todos(viewer: Viewer, setting: Setting, seen: PersonView) -> list[Todo]:
    """Nothing about a period that is over."""
    if not setting.period.start <= viewer.on <= setting.period.end:
        return []
    work = calendar(start=viewer.on, end=setting.period.end)

    def line(kind: str, until: date, **more: Any) -> Todo:
        last = min(until, setting.period.end)
        assumed = work.first_provisional(viewer.on, last) if viewer.on <= last else None
        days = work.count_working_days(viewer.on, last)
        return Todo(kind, days, unpublished=assumed.year if assumed else None, **more)

    return list(_lines(viewer, setting, seen, line))


def _lines(viewer: Viewer, setting: Setting, seen: PersonView, line: Callable[..., Todo]) -> Iterator[Todo]:
    week = next((w for w in setting.weeks if w.start <= viewer.on <= w.end), None)
    if week is not None:
        same = week.start <= setting.today <= week.end
        for row in seen.process if same else ():
            if row.week_done < row.week_planned:
                yield line("short", week.end, metric=row.metric, missing=row.week_planned - row.week_done)
    window = setting.window
    if window is not None:
        opened = window.opens <= viewer.on
        until = window.closes if opened else window.opens
        yield line("window_open" if opened else "window", until, first=window.opens, last=window.closes)
    if setting.next_checkpoint is not None:
        yield line("checkpoint", setting.next_checkpoint, first=setting.next_checkpoint)
