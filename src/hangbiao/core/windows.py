"""Correction windows: week numbers become dates when a period opens. Page: docs/rules/periods.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hangbiao.core.errors import NoSuchWeek
from hangbiao.core.periods import FiscalCalendar, Period

DEFAULT_WEEKS = (10,)


@dataclass(frozen=True, slots=True)
class Window:
    """Requests may be filed from `opens` to `closes`, both days included."""

    week: int
    opens: date
    closes: date

    def is_open_on(self, day: date) -> bool:
        return self.opens <= day <= self.closes


def windows_of(period: Period, weeks: Sequence[int], calendar: FiscalCalendar) -> list[Window]:
    """The windows of a period, one for each listed week, in order and each once.

    Week 10 of 2025Q4 is 3–9 December. Raises NoSuchWeek for a week the period does not have.
    Source: requirement R3.
    """
    have = {week.number: week for week in calendar.weeks(period)}
    for number in weeks:
        if number not in have:
            raise NoSuchWeek(period.code, number, len(have))
    return [Window(n, have[n].start, have[n].end) for n in sorted(set(weeks))]
