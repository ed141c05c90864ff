"""The channels that are set up, and how each of them is doing: its token bucket and its circuit."""

import json
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.engines.notify.events import ChannelStopped
from hangbiao.engines.notify.models import ChannelState
from hangbiao.engines.notify.ports import Channel, Explains, Refused, Trouble

ROBOT = "_robot"
MANY = 5  # failures in a row that open the circuit
SHORTEST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)
MINUTE = timedelta(minutes=1)


def names() -> list[str]:
    """The channels of settings.CHANNELS, in their order."""
    return list(getattr(settings, "CHANNELS", {}))


def groups() -> list[str]:
    """Those that post to a group: they get sums and never anybody's own results."""
    return [name for name in names() if name.endswith(ROBOT)]


def channel(name: str) -> Channel | None:
    """The adapter of a channel that is set up."""
    given = getattr(settings, "CHANNELS", {}).get(name)
    return None if given is None else _made(name, json.dumps(given, sort_keys=True))


@lru_cache(maxsize=64)
def _made(_name: str, given: str) -> Channel:
    found: dict[str, Any] = json.loads(given)
    made: Channel = import_string(found["adapter"])(**found.get("options", {}))
    return made


def explained(name: str, code: str) -> tuple[str, str] | None:
    """What the vendor's code means and what to do; None where the channel cannot tell."""
    found = channel(name)
    return found.explain(code) if isinstance(found, Explains) and code else None


def remembers(name: str) -> timedelta | None:
    """How long the vendor knows a message it has had already; None where it never does (mail, robots).

    An adapter says it by `remembers`, in seconds.
    """
    seconds = getattr(channel(name), "remembers", None)
    return timedelta(seconds=seconds) if seconds else None


def states() -> dict[str, ChannelState]:
    return {state.name: state for state in ChannelState.objects.all()}


def resting(wall: datetime) -> set[str]:
    """Channels that send nothing now: stopped, or left alone for a while after many failures."""
    return {s.name for s in states().values() if s.stopped_at or (s.rests_until and s.rests_until > wall)}


def spread(wall: datetime) -> timedelta:
    """How long what is due now waits: nothing, but a minute or a few where everybody sends at the full and half hour."""
    if wall.minute % 30:
        return timedelta(0)
    return MINUTE - timedelta(seconds=wall.second) + timedelta(seconds=random.uniform(0, 180))  # noqa: S311 - no secret


@transaction.atomic
def take(name: str, wall: datetime) -> datetime | None:
    """Take a token; None if there was one, else when there will be.

    One instant is the whole bucket: never more than `per_minute` in any sixty seconds, a fifth of them at once.
    """
    state, (step, ahead) = _locked(name, wall), _bucket(name)
    begun = max(state.free_at, wall)
    if begun - wall > ahead:
        return begun - ahead
    ChannelState.objects.filter(pk=name).update(free_at=begun + step)
    return None


def _bucket(name: str) -> tuple[timedelta, timedelta]:
    """How far apart tokens are, and how much may be taken ahead of time."""
    adapter = channel(name)
    rate = adapter.per_minute if adapter else 1
    at_once = max(rate // 5, 1)
    step = MINUTE / max(rate - at_once, 1)
    return step, step * (at_once - 1)


def _locked(name: str, wall: datetime) -> ChannelState:
    ChannelState.objects.bulk_create([ChannelState(name=name, free_at=wall)], ignore_conflicts=True)
    return ChannelState.objects.select_for_update().get(pk=name)


def worked(name: str, wall: datetime) -> None:
    """It sent something: failures are forgotten."""
    ChannelState.objects.filter(pk=name, stopped_at__isnull=True).update(
        failures=0, rests_until=None, trouble="", code="", said="", worked_at=wall
    )


@transaction.atomic
def failed(name: str, why: Refused, *, wall: datetime, at: datetime) -> None:
    """Note a refusal that is the channel's and not the message's: slow down, rest, or stop and tell (ChannelStopped)."""
    state = _locked(name, wall)
    noted: dict[str, Any] = {"trouble": why.trouble, "code": why.code[:80], "said": why.said}
    if why.trouble is Trouble.CONFIG:
        if state.stopped_at is None:
            ChannelState.objects.filter(pk=name).update(stopped_at=wall, **noted)
            record(stream="messages", kind="messages.channel_stopped", at=at, actor="system:messages",
                   data={"channel": name, "code": why.code, "said": why.said})  # fmt: skip
            tell(ChannelStopped(name, str(why.trouble), why.code, why.said), at=at, actor="system:messages")
        return
    if why.trouble is Trouble.RATE:
        pause = timedelta(seconds=why.retry_after or 0) + _bucket(name)[1]
        ChannelState.objects.filter(pk=name).update(free_at=max(state.free_at, wall + pause), **noted)
        return
    noted["failures"] = state.failures + 1
    if noted["failures"] >= MANY:
        rest = min(SHORTEST_REST * 2 ** (noted["failures"] - MANY), LONGEST_REST)
        noted["rests_until"] = wall + rest
    ChannelState.objects.filter(pk=name).update(**noted)


def stopped() -> Sequence[ChannelState]:
    """Those that wait for an administrator, as long as they are set up."""
    return list(ChannelState.objects.filter(stopped_at__isnull=False, name__in=names()).order_by("stopped_at"))
