"""Do what is due; ask for it by hand."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from hangbiao.core.schedules import Occurrence
from hangbiao.engines.journal.services import record
from hangbiao.engines.schedules import catalogue, selectors, sql
from hangbiao.engines.schedules.catalogue import Schedule
from hangbiao.engines.schedules.models import Turn
from hangbiao.engines.scope.context import acting, system_scope

log = logging.getLogger("hangbiao.schedules")
ACTOR = "system:schedule"
RUN_NOW = "schedules.run_now"  # defined in site/jobs.py
LONGEST_WAIT = timedelta(hours=1)


def wall() -> datetime:
    """What clocks on the wall show: signs of life go by it."""
    found: datetime = import_string(settings.WALL_CLOCK)()
    return found


def tick(*, at: datetime) -> list[Turn]:
    """Give a sign of life and do everything that is owed, each schedule in its order. Safe to repeat and to run twice at once."""
    sql.beat(wall())
    return [turn for one in catalogue.schedules() if not one.off() for turn in _make_up(one, at)]


def run_now(*, schedule: str, at: datetime, actor: str) -> Turn | None:
    """What somebody asked for on the page: the next turn that is owed, however often it failed; without one, out of turn.

    None while somebody else is at it.
    """
    one = catalogue.schedule_called(schedule)
    if one is None or one.off():
        return None
    with sql.alone(one.name) as mine:
        if not mine:
            return None
        owed = selectors.owed_by(one, at)
        return _turn(one, owed[0] if owed else None, at, actor)


@transaction.atomic
def ask(*, schedule: str, actor: str, at: datetime) -> None:
    """Let the worker run it now; the journal keeps who wanted it."""
    record(stream="schedules", kind="schedules.asked", at=at, actor=actor, data={"name": schedule})
    app.configure_task(RUN_NOW).defer(schedule=schedule, actor=actor)


def _make_up(schedule: Schedule, at: datetime) -> list[Turn]:
    """In order; behind one that fails the later ones wait."""
    turns: list[Turn] = []
    with sql.alone(schedule.name) as mine:
        if not mine:
            return turns
        _begin(schedule, at)
        for occurrence in selectors.owed_by(schedule, at):
            if _must_wait(schedule, occurrence, at):
                break
            turns.append(_turn(schedule, occurrence, at, ACTOR))
            if turns[-1].result == Turn.Result.FAILED:
                break
    return turns


def _begin(schedule: Schedule, at: datetime) -> None:
    """The first time that it is looked at: what was due by then is not owed."""
    if not Turn.objects.filter(schedule=schedule.name, result=Turn.Result.BEGUN).exists():
        last = schedule.plan(at).last(at)
        Turn.objects.create(
            schedule=schedule.name, key=last.key if last else "", at=at, result=Turn.Result.BEGUN, actor=ACTOR
        )


def _must_wait(schedule: Schedule, occurrence: Occurrence, at: datetime) -> bool:
    """After n failures 2, 4, 8 … minutes, up to an hour."""
    failed = Turn.objects.filter(schedule=schedule.name, key=occurrence.key, result=Turn.Result.FAILED).order_by("id")
    times = list(failed.values_list("at", flat=True))
    return bool(times) and at < times[-1] + min(timedelta(minutes=2 ** min(len(times), 6)), LONGEST_WAIT)


def _turn(schedule: Schedule, occurrence: Occurrence | None, at: datetime, actor: str) -> Turn:
    begun = time.monotonic()
    told: dict[str, Any] = {
        "schedule": schedule.name, "key": occurrence.key if occurrence else "", "due": occurrence.due if occurrence else None,
        "at": at, "actor": actor,
    }  # fmt: skip
    try:
        with acting(system_scope(f"schedule {schedule.name}")):
            return _work(schedule, occurrence, told, begun)
    except Exception as wrong:
        log.exception("schedule %s failed", schedule.name)
        return Turn.objects.create(
            **told, result=Turn.Result.FAILED, trouble=f"{type(wrong).__name__}: {wrong}"[:400], took_ms=_since(begun)
        )


def _work(schedule: Schedule, occurrence: Occurrence | None, told: dict[str, Any], begun: float) -> Turn:
    """The work and the line about it in one transaction, unless the work has its own."""

    def done() -> Turn:
        facts = schedule.work(occurrence=occurrence, at=told["at"], actor=told["actor"])
        result = Turn.Result.NOTHING if facts is None else Turn.Result.DONE
        return Turn.objects.create(**told, result=result, facts=dict(facts or {}), took_ms=_since(begun))

    if schedule.apart:
        return done()
    with transaction.atomic():
        return done()


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
