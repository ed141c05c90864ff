"""What the libraries know about the days of mainland China. They seed the table, they never answer for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

FIRST_YEAR = 2004  # the first year that chinesecalendar covers
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day as somebody says it is: an administrator, a notice, a library."""

    day: date
    is_work: bool
    name: str = ""
    source: str = ""
    provisional: bool = False


def published_through() -> int:
    """The last year whose notice with its make-up days the library holds."""
    import chinese_calendar

    return int(max(chinese_calendar.constants.holidays).year)


def days_of(year: int) -> Iterator[DayRow]:
    """All days of a year: as published, or provisional from the known holidays without make-up days."""
    if FIRST_YEAR <= year <= published_through():
        return _published(year)
    return _expected(year)


def _published(year: int) -> Iterator[DayRow]:
    import chinese_calendar

    for day in _every_day(year):
        _off, name = chinese_calendar.get_holiday_detail(day)
        yield DayRow(day, bool(chinese_calendar.is_workday(day)), name or "", "chinesecalendar")


def _expected(year: int) -> Iterator[DayRow]:
    import holidays

    named = holidays.country_holidays("CN", years=year)
    for day in _every_day(year):
        yield DayRow(day, plain(day) and day not in named, named.get(day, ""), "holidays", provisional=True)


def plain(day: date) -> bool:
    """Monday to Friday: what is left where no table and no library reaches."""
    return day.weekday() < SATURDAY


def _every_day(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def digest_of(state: Mapping[date, tuple[bool, bool]]) -> str:
    """Names a state of the whole table: day → (is work, provisional)."""
    lines = (f"{day} {is_work:d} {provisional:d}\n" for day, (is_work, provisional) in sorted(state.items()))
    return sha256("".join(lines).encode()).hexdigest()
