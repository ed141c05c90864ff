"""When each of the demo's files arrives. A file's name says what it holds; from that follows the instant."""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
BEGINNING = datetime(2024, 7, 1, 6, tzinfo=ZONE)

# Of files that arrive at the same instant, those that others refer to come first.
FIRST_COME = (
    "units",
    "people",
    "territories",
    "assignments",
    "leaves",
    "territory_attributes",
    "targets",
    "outlets",
)


def arrival(name: str) -> datetime:
    """A day's file comes the next morning, a week's route plan on its Monday, a month's file on the first of the next.

    A quarter's targets come on its first day.
    """
    if found := re.search(r"_week_(\d{4}-\d\d-\d\d)", name):
        return datetime.combine(date.fromisoformat(found[1]), time(6, 10), ZONE)
    if found := re.search(r"_late_(\d{4}-\d\d-\d\d)", name):
        return datetime.combine(date.fromisoformat(found[1]), time(8, 30), ZONE)
    if found := re.search(r"_(\d{4}-\d\d-\d\d)", name):
        return datetime.combine(date.fromisoformat(found[1]) + timedelta(1), time(6, 10), ZONE)
    if found := re.search(r"_(\d{4})Q(\d)", name):
        start = date(int(found[1]), 3 * int(found[2]) - 2, 1)
        if name.startswith("targets"):
            return datetime.combine(start, time(7), ZONE)
        return datetime.combine(_first_after(start.replace(month=start.month + 2)), time(9), ZONE)
    if found := re.search(r"_(\d{4})-(\d\d)\.", name):
        return datetime.combine(_first_after(date(int(found[1]), int(found[2]), 1)), time(9), ZONE)
    return BEGINNING


def files_until(folder: Path, at: datetime, *, after: datetime | None = None) -> list[tuple[datetime, Path]]:
    """The files that have arrived by `at` (and not by `after`), in the order of arrival."""
    found = [(arrival(p.name), p) for p in folder.iterdir() if p.suffix in {".csv", ".xlsx"}]
    due = [pair for pair in found if pair[0] <= at and (after is None or pair[0] > after)]
    return sorted(due, key=lambda pair: (pair[0], _rank(pair[1].name), pair[1].name))


def _rank(name: str) -> int:
    return next((n for n, stem in enumerate(FIRST_COME) if name.startswith(stem)), len(FIRST_COME))


def _first_after(month: date) -> date:
    return (month.replace(day=28) + timedelta(4)).replace(day=1)
