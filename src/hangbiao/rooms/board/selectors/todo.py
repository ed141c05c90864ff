"""What a rep can still do this week, from their own figures; what others ask of them waits in the inbox."""

from collections.abc import Iterator
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


def todos(viewer: Viewer, setting: Setting, seen: PersonView) -> list[Todo]:
    """Nothing about a period that is over."""
    if not setting.period.start <= viewer.on <= setting.period.end:
        return []
    work = calendar(start=viewer.on, end=setting.period.end)

    def left(until: date) -> int:
        return work.count_working_days(viewer.on, min(until, setting.period.end))

    return list(_lines(viewer, setting, seen, left))


def _lines(viewer: Viewer, setting: Setting, seen: PersonView, left: Any) -> Iterator[Todo]:
    week = next((w for w in setting.weeks if w.start <= viewer.on <= w.end), None)
    if week is not None:
        same = week.start <= setting.today <= week.end
        for row in seen.process if same else ():
            if row.week_done < row.week_planned:
                yield Todo("short", left(week.end), row.metric, row.week_planned - row.week_done)
    window = setting.window
    if window is not None:
        opened = window.opens <= viewer.on
        until = window.closes if opened else window.opens
        yield Todo("window_open" if opened else "window", left(until), first=window.opens, last=window.closes)
    if setting.next_checkpoint is not None:
        yield Todo("checkpoint", left(setting.next_checkpoint), first=setting.next_checkpoint)
