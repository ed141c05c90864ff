"""Fiscal periods, their weeks and their checkpoints, as plain dates. Page: docs/rules/periods.md."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from hangbiao.core.errors import UnknownPattern, UnknownPeriod

_DAY = timedelta(days=1)
_CODE = re.compile(r"([0-9]{4})Q([1-4])")
MONTHS_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Period:
    """A fiscal period: `2026Q4`, first and last day inclusive."""

    code: str
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Week:
    """A block of seven days counted from the period's first day; the last one may be shorter."""

    number: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """Which period a day belongs to, and how a period is cut into weeks and checkpoints.

    `pattern` names the way years are cut. Only calendar quarters exist so far; 4-4-5 years come in here, and
    nothing outside this class computes a period's dates.
    """

    pattern: str = "quarters"
    week_days: int = 7
    checkpoint_every: int = 14

    def __post_init__(self) -> None:
        if self.pattern != "quarters":
            raise UnknownPattern(self.pattern)

    def period_of(self, day: date) -> Period:
        """The period that `day` belongs to."""
        return _quarter(day.year, (day.month - 1) // MONTHS_A_QUARTER + 1)

    def period(self, code: str) -> Period:
        """The period called `code`. Raises UnknownPeriod."""
        match = _CODE.fullmatch(code)
        if not match or not int(match[1]):
            raise UnknownPeriod(code)
        return _quarter(int(match[1]), int(match[2]))

    def previous(self, period: Period) -> Period:
        return self.period_of(period.start - _DAY)

    def next(self, period: Period) -> Period:
        return self.period_of(period.end + _DAY)

    def same_last_year(self, period: Period) -> Period:
        """The period that carries the same season one year earlier."""
        year, number = period.code.split("Q")
        return _quarter(int(year) - 1, int(number))

    def weeks(self, period: Period) -> list[Week]:
        """Blocks of seven days from the first day on. 92 days make thirteen full weeks and a fourteenth of one day."""
        starts = range(0, period.days, self.week_days)
        return [
            Week(
                n,
                period.start + back * _DAY,
                min(period.start + (back + self.week_days - 1) * _DAY, period.end),
            )
            for n, back in enumerate(starts, start=1)
        ]

    def week_of(self, day: date) -> Week:
        """The week of its period that `day` lies in."""
        period = self.period_of(day)
        return self.weeks(period)[(day - period.start).days // self.week_days]

    def checkpoints(self, period: Period) -> list[date]:
        """Days 14, 28, 42 … of the period, and its last day. A full stop at the end is never doubled."""
        days = range(self.checkpoint_every, period.days, self.checkpoint_every)
        return [*(period.start + (n - 1) * _DAY for n in days), period.end]


def _quarter(year: int, number: int) -> Period:
    first_month = (number - 1) * MONTHS_A_QUARTER + 1
    after = (year + 1, 1) if number == 4 else (year, first_month + MONTHS_A_QUARTER)  # noqa: PLR2004
    return Period(f"{year:04d}Q{number}", date(year, first_month, 1), date(*after, 1) - _DAY)
