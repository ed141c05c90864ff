"""Working days and what is due when. Page: docs/rules/deadlines.md."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import accumulate, pairwise
from typing import NamedTuple

from hangbiao.core.errors import BadCount, CalendarGap, CalendarTooShort, NaiveInstant

_DAY = timedelta(days=1)
CUTOFF = time(18, 0)


class WorkDay(NamedTuple):
    """A day of the table. Provisional: no notice has been published for it yet, Monday to Friday is assumed."""

    day: date
    is_work: bool
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A gapless stretch of the working-day table, oldest day first; plain tuples will do.

    Every question about a day outside raises CalendarTooShort: whoever keeps the table extends it and asks again.
    Raises CalendarGap if a day is missing, doubled or out of order.
    """

    days: Sequence[tuple[date, bool, bool]]
    _until: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        days = tuple(WorkDay(*day) for day in self.days)
        for before, after in pairwise(days):
            if after.day - before.day != _DAY:
                raise CalendarGap(before.day, after.day)
        object.__setattr__(self, "days", days)
        object.__setattr__(self, "_until", tuple(accumulate(int(d.is_work) for d in days)))

    @property
    def first(self) -> date:
        return self.days[0][0]

    @property
    def last(self) -> date:
        return self.days[-1][0]

    def is_work(self, day: date) -> bool:
        return self.days[self._at(day)][1]

    def is_provisional(self, start: date, end: date | None = None) -> bool:
        """Whether any day from `start` to `end` (or `start` alone) rests on an assumption."""
        return self.first_provisional(start, end or start) is not None

    def first_provisional(self, start: date, end: date) -> date | None:
        """The first day from `start` to `end` that rests on an assumption."""
        return next((d for d, _, provisional in self.days[self._at(start) : self._at(end) + 1] if provisional), None)

    def working_days(self, start: date, end: date) -> list[date]:
        """The working days from `start` to `end`, both included."""
        if start > end:
            return []
        return [day for day, is_work, _ in self.days[self._at(start) : self._at(end) + 1] if is_work]

    def count_working_days(self, start: date, end: date) -> int:
        if start > end:
            return 0
        return self._until[self._at(end)] - self._until[self._at(start)] + int(self.is_work(start))

    def index(self, day: date, since: date | None = None) -> int:
        """Which working day `day` is, counted from `since` (or the table's first day): 1 is the first.

        A rest day has the number of the last working day before it, so 0 is possible.
        """
        return self.count_working_days(since or self.first, day)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; with 0, the day itself or the next working day if it is a rest day."""
        if count < 0:
            raise BadCount(count)
        before = self._until[self._at(day)]
        wanted = before + count
        if count == 0:
            if self.is_work(day):
                return day
            wanted = before + 1
        place = bisect_left(self._until, wanted)
        if place == len(self.days):
            raise CalendarTooShort(self.first, self.last, self.last + _DAY)
        return self.days[place][0]

    def earliest_within(self, day: date, count: int) -> date:
        """The earliest day D with at most `count` working days after it, up to and including `day`.

        Data that reach D or later are at most `count` working days old on `day`. Where the table begins inside
        that stretch, the day before the table is the answer: no working day is known that would make it late.
        """
        if count < 0:
            raise BadCount(count)
        place = self._at(day)
        oldest = self._until[place] - count
        return self.first - _DAY if oldest <= 0 else self.days[bisect_left(self._until, oldest)][0]

    def _at(self, day: date) -> int:
        if not self.days:
            raise CalendarTooShort(day, day, day)
        place = (day - self.first).days
        if not 0 <= place < len(self.days):
            raise CalendarTooShort(self.first, self.last, day)
        return place


@dataclass(frozen=True, slots=True)
class Deadline:
    """Due until the end of `day`, that is before `ends_at` (the following midnight where the calendar lives)."""

    day: date
    ends_at: datetime
    provisional: bool


def due(
    trigger: datetime, count: int, calendar: WorkCalendar, *, zone: tzinfo, cutoff: time = CUTOFF
) -> Deadline:
    """`count` working days after `trigger`: day 1 is the working day after it, the end of day `count` is the deadline.

    Borders  A trigger on a rest day, or after `cutoff` (18:00:00 itself still counts), is taken as having come on
             the next working day. Fri 26 Sep 2025, five days → Fri 10 Oct: Sun 28 Sep is worked, 1–8 Oct is not.
    Flag     `provisional` if any day from trigger to deadline rests on an assumption.
    Raises   CalendarTooShort, NaiveInstant, BadCount (fewer than one day).
    Source   requirement R2.3.
    """
    if trigger.utcoffset() is None:
        raise NaiveInstant(trigger.isoformat())
    if count < 1:
        raise BadCount(count)
    local = trigger.astimezone(zone)
    came = local.date()
    if local.time() > cutoff and calendar.is_work(came):
        counted_from = calendar.add_working_days(came, 1)
    else:
        counted_from = calendar.add_working_days(came, 0)
    day = calendar.add_working_days(counted_from, count)
    ends_at = datetime.combine(day + _DAY, time(0), tzinfo=zone)
    return Deadline(day, ends_at, calendar.is_provisional(came, day))


def only_later(running: Deadline, recomputed: Deadline) -> Deadline:
    """A deadline that people already see, after the working-day table changed: it may move later, never earlier."""
    if recomputed.day > running.day:
        return recomputed
    return Deadline(running.day, running.ends_at, recomputed.provisional)
