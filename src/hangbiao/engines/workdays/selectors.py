"""The core's WorkCalendar, from a version of the table."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from hangbiao.core.deadlines import WorkCalendar, WorkDay
from hangbiao.engines.workdays import sql
from hangbiao.engines.workdays.errors import NoSuchVersion
from hangbiao.engines.workdays.models import Version
from hangbiao.engines.workdays.sources import plain


def latest_version() -> int:
    """The number of the version in force."""
    return _version(None)[0]


def calendar(version: int | None = None, start: date | None = None, end: date | None = None) -> WorkCalendar:
    """The days from `start` to `end` (both included; else the calendar years the table covers) as `version` knows
    them, the latest unless one is named. Days outside the table are Monday to Friday and provisional.
    """
    number, digest, first, last = _version(version)
    return _calendar(digest, number, start or first, end or last)


def unpublished_year(start: date, end: date, version: int | None = None) -> int | None:
    """The year whose holidays are not published yet, of the first day from `start` to `end` that rests on an assumption;
    None where all of them are known. Whoever shows a deadline or a number of working days says it."""
    if end < start:
        return None
    day = calendar(version=version, start=start, end=end).first_provisional(start, end)
    return day.year if day else None


def _version(number: int | None) -> tuple[int, str, date, date]:
    rows = Version.objects.order_by("-number").values_list("number", "digest", "first", "last")
    found = (rows if number is None else rows.filter(number=number)).first()
    if found is None:
        raise NoSuchVersion(number=number)
    return found


# The digest names every day of the version, so a cached answer is right in any database and after any rollback.
@lru_cache(maxsize=256)
def _calendar(_digest: str, number: int, start: date, end: date) -> WorkCalendar:
    known = {row[0]: WorkDay(*row) for row in sql.days(number, start, end)}
    span = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return WorkCalendar([known.get(day) or WorkDay(day, plain(day), provisional=True) for day in span])


def version_known_at(at: datetime) -> int:
    """The version that was in force at an instant; before the first one, that one."""
    known = Version.objects.filter(at__lte=at).order_by("-number").values_list("number", flat=True).first()
    return known or Version.objects.order_by("number").values_list("number", flat=True)[0]
