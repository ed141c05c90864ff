"""Keeping reactions and making them happen."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from hangbiao.engines.journal.services import record
from hangbiao.engines.outbox.models import Pending

log = logging.getLogger("hangbiao.outbox")
Afterwards = Callable[..., None]
MOST_TRIES, LONGEST_LIST = 8, 500
FIRST_WAIT = timedelta(seconds=15)
KEPT = timedelta(days=30)
_known: dict[str, Afterwards] = {}


def connect(table: Mapping[str, Afterwards]) -> None:
    """Take over who can be named (called once, when all rooms are ready)."""
    _known.clear()
    _known.update(table)


def wall() -> datetime:
    """What clocks on the wall show: retries go by it."""
    found: datetime = import_string(settings.WALL_CLOCK)()
    return found


def keep(reaction: str, event: Any, *, at: datetime, actor: str) -> None:
    """Write down that `reaction` is to follow, in the teller's transaction, and wake the worker after its commit."""
    made = Pending.objects.create(
        reaction=reaction,
        event=dotted(type(event).__name__),
        facts=told(event),
        at=at,
        actor=actor,
        next_try=wall(),
    )
    _wake(made.pk)


def _wake(pending: int, **how: Any) -> None:
    """A job for the worker (jobs.py), enqueued in the transaction of whoever asks."""
    app.configure_task("outbox.follow", **how).defer(pending=pending)


def dotted(name: str) -> str:
    """LightFlipped → light.flipped: how an event is called outside."""
    return ".".join(part.lower() for part in re.findall(r"[A-Z][a-z0-9]*", name))


def told(event: Any) -> dict[str, Any]:
    """The event's facts as JSON. A list of more than 500 is told by its length: who wants it reads it where it stands."""
    found: dict[str, Any] = {}
    for one in fields(event):
        value = getattr(event, one.name)
        if isinstance(value, list | tuple | set | frozenset):
            found[one.name] = {"count": len(value)} if len(value) > LONGEST_LIST else [_plain(v) for v in value]
        else:
            found[one.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def attempt(*, pending: int) -> None:
    """Let one reaction happen, if it still has to. Its failure is noted and tried again later, ever less often."""
    with transaction.atomic():
        row = Pending.objects.select_for_update(skip_locked=True).filter(pk=pending).first()
        if row is None or row.state != Pending.State.WAITING:
            return
        try:
            with transaction.atomic():
                _known[row.reaction](row.event, row.facts, number=row.pk, at=row.at, actor=row.actor)
        except Exception as wrong:  # noqa: BLE001 - whatever it is: note it, keep the row, go on
            log.warning("reaction %s of %s failed: %r", row.reaction, row.event, wrong)
            row.tries += 1
            row.trouble = f"{type(wrong).__name__}: {wrong}"[:400]
            row.state = Pending.State.STUCK if row.tries >= MOST_TRIES else Pending.State.WAITING
            row.next_try = wall() + FIRST_WAIT * 4**row.tries
            row.save(update_fields=["tries", "trouble", "state", "next_try"])
            if row.state == Pending.State.WAITING:
                _wake(row.pk, schedule_at=row.next_try)
            return
        Pending.objects.filter(pk=row.pk).update(state=Pending.State.DONE, trouble="")


@transaction.atomic
def try_again(*, pending: int, actor: str, at: datetime) -> None:
    """Give a stuck reaction another round of tries."""
    stuck = Pending.objects.filter(pk=pending, state=Pending.State.STUCK)
    if stuck.update(state=Pending.State.WAITING, tries=0, next_try=wall()):
        record(stream="outbox", kind="outbox.tried_again", at=at, actor=actor, data={"pending": pending})
        _wake(pending)


def sweep() -> int:
    """Wake the worker for what should have happened and did not: its job was lost. Old finished rows go."""
    now = wall()
    late = Pending.objects.filter(state=Pending.State.WAITING, next_try__lt=now - timedelta(minutes=5))
    found = list(late.values_list("pk", flat=True)[:1000])
    for pending in found:
        _wake(pending)
    Pending.objects.filter(state=Pending.State.DONE, next_try__lt=now - KEPT).delete()
    return len(found)
