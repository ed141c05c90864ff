"""When a message may disturb somebody. Page: docs/rules/messages.md."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from hangbiao.core.deadlines import WorkCalendar
from hangbiao.core.errors import NaiveInstant

_DAY = timedelta(days=1)
MORNING = time(8, 0)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `since` (included) to `until` (excluded), over midnight where it ends earlier than it begins; equal ends: no
    quiet hours. With `rest_days`, days that are not worked are quiet as a whole."""

    since: time
    until: time
    rest_days: bool = True

    @property
    def over_midnight(self) -> bool:
        return self.until < self.since

    def holds_at(self, of_day: time) -> bool:
        """Whether this time of any day lies in the quiet hours."""
        if self.over_midnight:
            return of_day >= self.since or of_day < self.until
        return self.since <= of_day < self.until


def not_before(at: datetime, quiet: Quiet, calendar: WorkCalendar, *, zone: tzinfo) -> datetime:
    """`at` itself, or when quiet time ends: on a working day, at the end of the quiet hours.

    Borders  22:00–08:00: 21:59:59 is loud, 22:00:00 is quiet, 08:00:00 is loud. Quiet hours inside the day end on the same
             day; a rest day then ends at 08:00 of the next working day. Friday evening before a make-up Sunday ends on Sunday.
    Raises   NaiveInstant; CalendarTooShort where no working day is known.
    Source   requirement R2.2.
    """
    if at.utcoffset() is None:
        raise NaiveInstant(at.isoformat())
    local = at.astimezone(zone)
    day, of_day = local.date(), local.time()
    resting = quiet.rest_days and not calendar.is_work(day)
    if not resting and not quiet.holds_at(of_day):
        return at
    by_hours = not resting or quiet.over_midnight or quiet.holds_at(MORNING)
    morning = quiet.until if by_hours else MORNING
    if not resting and quiet.over_midnight and of_day >= quiet.since:
        day += _DAY
    if quiet.rest_days:
        day = calendar.add_working_days(day, 0)
    return datetime.combine(day, morning, tzinfo=zone)
