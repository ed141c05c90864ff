"""What was done, what is owed, and whether anybody is there to do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q
from procrastinate.contrib.django import app

from hangbiao.core.schedules import Occurrence, owed
from hangbiao.engines.schedules import catalogue, sql
from hangbiao.engines.schedules.catalogue import Schedule
from hangbiao.engines.schedules.models import Turn

PERIOD = timedelta(minutes=1)  # of the tick
TICK = "schedules.tick"
AN_HOUR_MOVES = timedelta(days=2)  # by less than this
LATELY = timedelta(days=400)  # of which the turns are looked through: a fiscal year and some


@dataclass(frozen=True, slots=True)
class Standing:
    """A schedule as it stands: the last turn that did something, what comes next, what is owed and since when it is late."""

    schedule: Schedule
    last: Turn | None
    next: Occurrence | None
    owed: Sequence[Occurrence]
    late: bool
    off: str


@dataclass(frozen=True, slots=True)
class Chore:
    """Small recurring work of the machine: how it went last, when it comes next."""

    task: str
    cron: str
    status: str
    began: datetime | None
    ended: datetime | None
    next: datetime
    late: bool


def standings(at: datetime) -> list[Standing]:
    """Every schedule, in the order of the list."""
    return [standing_of(one, at) for one in catalogue.schedules()]


def standing_of(schedule: Schedule, at: datetime) -> Standing:
    off = schedule.off()
    mine = Turn.objects.filter(schedule=schedule.name).exclude(result=Turn.Result.BEGUN)
    waiting = [] if off else owed_by(schedule, at)
    late = bool(waiting) and catalogue.is_owed(waiting[0], schedule, at)
    return Standing(schedule, mine.order_by("-id").first(), schedule.plan(at).next(at), waiting, late, off)


def late_ones(at: datetime) -> list[Standing]:
    """What should have happened by itself and did not. Asks little: an inbox counts it with every page."""
    on = [one for one in catalogue.schedules() if not one.off()]
    book = _book([one.name for one in on], at)
    return [standing_of(one, at) for one in on if any(catalogue.is_owed(o, one, at) for o in _owed(one, at, book))]


def owed_by(schedule: Schedule, at: datetime) -> list[Occurrence]:
    """What fell due since the schedule is known and was not done, oldest first."""
    return _owed(schedule, at, _book([schedule.name], at))


def _book(schedules: Sequence[str], at: datetime) -> dict[str, list[tuple[str, str, datetime]]]:
    """Schedule → (result, key, when) of its beginning and of what was done lately."""
    kept = Q(result=Turn.Result.BEGUN) | Q(result__in=[Turn.Result.DONE, Turn.Result.NOTHING], at__gte=at - LATELY)
    found: dict[str, list[tuple[str, str, datetime]]] = {}
    turns = Turn.objects.filter(kept, schedule__in=schedules)
    for name, result, key, when in turns.values_list("schedule", "result", "key", "at"):
        found.setdefault(name, []).append((result, key, when))
    return found


def _owed(schedule: Schedule, at: datetime, book: dict[str, list[tuple[str, str, datetime]]]) -> list[Occurrence]:
    turns = book.get(schedule.name, [])
    begun = next(((key, when) for result, key, when in turns if result == Turn.Result.BEGUN), None)
    if begun is None:
        return []
    done = {key for result, key, _when in turns if key and result != Turn.Result.BEGUN}
    since = max(begun[1] - AN_HOUR_MOVES, at - LATELY)
    return owed(schedule.plan(at), since=since, after=begun[0], at=at, done=done, each=schedule.each)


def history_of(schedule: str, limit: int = 200) -> list[Turn]:
    """The newest turns first."""
    return list(Turn.objects.filter(schedule=schedule).order_by("-id")[:limit])


def silent_since(wall: datetime) -> datetime | None:
    """When the background was last heard of, if that is longer ago than twice its period; None while it lives, and where
    none was ever started."""
    heard = sql.last_sign_of_life()
    return heard if heard is not None and wall - heard > 2 * PERIOD else None


def ever_heard() -> bool:
    """Whether a worker of this installation has ever looked at what is due."""
    return sql.last_sign_of_life() is not None


def chores(wall: datetime) -> list[Chore]:
    """The worker's own periodic tasks, by name."""
    tasks: dict[str, Any] = {one.task.name: one for one in app.periodic_registry.periodic_tasks.values()}
    tasks.pop(TICK, None)
    last = {task: (status, began, ended) for task, status, began, ended in sql.last_jobs(list(tasks))}
    return [_chore(name, one.cron, one.croniter, last.get(name), wall) for name, one in sorted(tasks.items())]


def _chore(name: str, cron: str, times: Any, last: tuple[str, datetime | None, datetime | None] | None, wall: datetime) -> Chore:
    coming = [datetime.fromtimestamp(times.get_next(float, start_time=start), UTC) for start in (wall.timestamp(),)]
    after = datetime.fromtimestamp(times.get_next(float, start_time=coming[0].timestamp()), UTC)
    status, began, ended = last or ("", None, None)
    late = began is not None and wall - began > 2 * (after - coming[0])
    return Chore(name, cron, status, began, ended, coming[0], late)
