"""When recurring work falls due: every day at an hour, or on the mornings after named days. Page: docs/rules/schedule.md.

An occurrence is called by its day, so that it stays the same one when its hour is changed later. The hour is the company's
own; where its clock leaps over it, the occurrence falls on the first instant behind the leap, and where the hour comes twice,
on the first of the two. So every day has exactly one, in zones with summer time too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that something is to be done: its name for good, and the instant (UTC) from which on it is due."""

    key: str
    due: datetime

    @property
    def day(self) -> date:
        """The day it is called by."""
        return date.fromisoformat(self.key)


class Plan(Protocol):
    """When something recurs. All three move forward with their argument and never back (a property test)."""

    def last(self, at: datetime) -> Occurrence | None: ...

    def next(self, at: datetime) -> Occurrence | None: ...

    def between(self, since: datetime, until: datetime) -> list[Occurrence]:
        """Due after `since` and not after `until`, in order."""
        ...


def instant(day: date, hour: time, zone: tzinfo) -> datetime:
    """The one instant of a day at an hour of `zone`, in UTC."""
    return datetime.combine(day, hour.replace(fold=0), zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day of the year at `hour`, called by that day."""

    hour: time
    zone: tzinfo

    def last(self, at: datetime) -> Occurrence:
        day = at.astimezone(self.zone).date()
        today = self._of(day)
        return today if today.due <= at else self._of(day - _DAY)

    def next(self, at: datetime) -> Occurrence:
        return self._of(self.last(at).day + _DAY)

    def between(self, since: datetime, until: datetime) -> list[Occurrence]:
        one, found = self.next(since), []
        while one.due <= until:
            found.append(one)
            one = self._of(one.day + _DAY)
        return found

    def _of(self, day: date) -> Occurrence:
        return Occurrence(day.isoformat(), instant(day, self.hour, self.zone))


@dataclass(frozen=True, slots=True)
class MorningAfter:
    """At `hour` of the day after each of `days`, called by the named day: what a day was is known when it is over."""

    days: Sequence[date]
    hour: time
    zone: tzinfo

    def last(self, at: datetime) -> Occurrence | None:
        past = [one for one in self._all() if one.due <= at]
        return past[-1] if past else None

    def next(self, at: datetime) -> Occurrence | None:
        return next((one for one in self._all() if one.due > at), None)

    def between(self, since: datetime, until: datetime) -> list[Occurrence]:
        return [one for one in self._all() if since < one.due <= until]

    def _all(self) -> list[Occurrence]:
        return [
            Occurrence(day.isoformat(), instant(day + _DAY, self.hour, self.zone)) for day in sorted(set(self.days))
        ]


def owed(
    plan: Plan, *, since: datetime, at: datetime, done: Collection[str], each: bool, after: str = ""
) -> list[Occurrence]:
    """What fell due after `since` and is not done: in order if `each` counts, else the last only.

    `after` names the last occurrence before the schedule began: neither it nor an earlier one is owed, even if the hour moves.
    A clock that is set back owes nothing that was done; one that leaps ahead owes what it leapt over, once.
    """
    if each:
        return [one for one in plan.between(since, at) if one.key not in done and one.key > after]
    last = plan.last(at)
    newest = max(done, default=after)
    return [last] if last and last.due > since and last.key > newest else []
