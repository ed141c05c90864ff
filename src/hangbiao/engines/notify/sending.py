"""Sending: take a message, compose it once, keep its bytes, send them until an answer comes.

Between `_take` and `_send` everything is committed: whoever dies there leaves a message that says that a try was begun.
"""

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from hangbiao.engines.notify import channels
from hangbiao.engines.notify.clocks import now, wall
from hangbiao.engines.notify.models import Message, Part
from hangbiao.engines.notify.ports import Parcel, Refused, Trouble
from hangbiao.engines.notify.reach import Reach, people
from hangbiao.engines.notify.services import OPEN, note
from hangbiao.engines.notify.wording import outgoing
from hangbiao.engines.outbox.crash import point

log = logging.getLogger("hangbiao.messages")
State = Message.State
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)
LEASE = timedelta(minutes=2)  # until a try that nobody finished is taken up again
PATIENCE = timedelta(minutes=10)  # before another channel is used, where nothing can have arrived
DOUBT = timedelta(minutes=50)  # where it may have arrived and the vendor cannot say
MARGIN = timedelta(minutes=2)  # before a vendor's memory ends
FIRST_LOOK = timedelta(seconds=20)


def pump(most: int = 500) -> int:
    """Send what is due, one after another; gives how many tries that took. Any number may run at once."""
    done = 0
    for _n in range(most):
        taken, ready = _take()
        if taken is None:
            break
        if ready:
            point("message.composed")
            _send(taken.pk, taken.tries)
            done += 1
    return done


@transaction.atomic
def _take() -> tuple[Message | None, bool]:
    """The next message that is due, and whether it may be sent now: composed, with a token of its channel."""
    wall_now = wall()
    due = Message.objects.filter(state__in=OPEN, next_try__lte=wall_now, send_at__lte=now())
    row = due.select_for_update(skip_locked=True).order_by("next_try", "pk").first()
    if row is None:
        return None, False
    ready = False
    if row.expires_at <= now():
        _end(row, State.EXPIRED, "unknown" if row.uncertain else "expired")
    elif pause := channels.spread(wall_now):
        row.next_try = wall_now + pause
    elif row.state == State.QUEUED:
        _compose(row, wall_now)
    if row.state == State.COMPOSED and row.next_try <= wall_now:
        ready = _begin(row, wall_now)
    row.save()
    return row, ready


def _begin(row: Message, wall_now: datetime) -> bool:
    row.uncertain = row.uncertain or row.begun  # the last try ended without a word: its sender died
    if row.channel in channels.resting(wall_now):
        _wait_for_channel(row, wall_now)
        return False
    if _is_forgotten(row, wall_now):  # the worker was away for long
        if not _pass_on(row):
            _end(row, State.DEAD, "unknown", row.code, row.said)
        return False
    free_at = channels.take(row.channel, wall_now)
    if free_at is not None:
        row.next_try = free_at
        return False
    row.begun, row.tries = True, row.tries + 1
    row.first_try = row.first_try or wall_now
    row.next_try = wall_now + LEASE
    return True


def _compose(row: Message, wall_now: datetime) -> None:
    """Choose the channel, write the text in the reader's language, keep the bytes."""
    reach = _reach_of(row)
    ways = _ways(row, reach)
    if not ways:
        _end(row, State.DEAD, row.trouble or Trouble.RECIPIENT, row.code, row.said)
        return
    resting = channels.resting(wall_now)
    row.channel, row.to = next((way for way in ways if way[0] not in resting), ways[0])
    row.language = reach.language
    if row.channel in resting:
        _wait_for_channel(row, wall_now)
        return
    try:
        parcel = _parcel(row, reach)
    except Refused as why:
        _after_refusal(row, why, wall_now)
        return
    except Exception as wrong:  # whatever it is: this one message is in trouble, the others go on
        log.exception("message %s cannot be composed for %s", row.number, row.channel)
        _after_refusal(row, Refused(Trouble.CONTENT, said=f"{type(wrong).__name__}: {wrong}"), wall_now)
        return
    row.parcel_kind, row.parcel, row.shortened = parcel.kind, parcel.body, parcel.shortened
    row.state = State.COMPOSED


def _parcel(row: Message, reach: Reach) -> Parcel:
    adapter = channels.channel(row.channel)
    if adapter is None:
        raise LookupError(row.channel)
    parts = list(Part.objects.filter(message=row))
    return adapter.compose(outgoing(row, parts, language=reach.language, to=row.to))


def _reach_of(row: Message) -> Reach:
    if row.account_id is None:
        return people().company(at=row.at)
    found = people().reach([row.account_id], at=now()).get(row.account_id)
    return found or people().company(at=row.at)


def _ways(row: Message, reach: Reach) -> Sequence[tuple[str, str]]:
    """What is left to try: set up, not passed over for this message, never a group for a person."""
    if row.account_id is None:
        return [] if row.channel in row.passed or row.channel not in channels.names() else [(row.channel, "")]
    groups = channels.groups()
    return [way for way in reach.ways if way[0] in channels.names() and way[0] not in (*row.passed, *groups)]


def _wait_for_channel(row: Message, wall_now: datetime) -> None:
    """The channel rests: another one where nothing can have arrived, else later."""
    if not row.uncertain and row.state == State.COMPOSED and _pass_on(row):
        return
    state = channels.states().get(row.channel)
    row.trouble, row.code, row.said = (state.trouble, state.code, state.said) if state else ("busy", "", "")
    row.next_try = wall_now + timedelta(seconds=random.uniform(30, 60))  # noqa: S311 - no secret


def _pass_on(row: Message) -> bool:
    """To the person's next channel, composed anew; False if there is none."""
    left = [way for way in _ways(row, _reach_of(row)) if way[0] != row.channel]
    if not left:
        return False
    row.passed = [*row.passed, row.channel]
    row.state, row.parcel, row.parcel_kind, row.first_try, row.uncertain = State.QUEUED, None, "", None, False
    row.next_try = wall()
    return True


@transaction.atomic
def _send(pk: int, tries: int) -> None:
    """One try. The row stays locked, so that nobody else sends it meanwhile; dying lets it go."""
    row = (
        Message.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.COMPOSED, tries=tries).first()
    )
    adapter = channels.channel(row.channel) if row else None
    if row is None or adapter is None:
        return
    parcel = Parcel(row.parcel_kind, bytes(row.parcel or b""), row.shortened)
    point("message.sending")
    try:
        receipt = adapter.send(parcel, to=row.to)
    except Refused as why:
        _after_refusal(row, why, wall())
        row.save()
        return
    except Exception as wrong:
        log.exception("channel %s broke on %s", row.channel, row.number)
        _after_refusal(row, Refused(Trouble.BUSY, said=f"{type(wrong).__name__}: {wrong}"), wall())
        row.save()
        return
    point("message.accepted")
    row.begun = False
    row.state, row.receipt, row.accepted_at = State.ACCEPTED, {"kind": receipt.kind, "ids": dict(receipt.ids)}, wall()
    row.trouble = row.code = row.said = ""
    row.next_look = row.accepted_at + FIRST_LOOK if adapter.confirms else None
    note(row, State.ACCEPTED)
    if row.todos.exists() and not row.todos.filter(done_at__isnull=True).exists():
        row.closing = row.accepted_at  # done while it was on its way
    row.save()
    channels.worked(row.channel, row.accepted_at)


def _after_refusal(row: Message, why: Refused, wall_now: datetime) -> None:
    """What follows from the class of the trouble."""
    row.trouble, row.code, row.said, row.begun = why.trouble, why.code[:80], why.said.replace("\0", ""), False
    note(row, why.trouble, code=why.code, said=row.said)
    if why.trouble not in {Trouble.RECIPIENT, Trouble.CONTENT}:
        channels.failed(row.channel, why, wall=wall_now, at=now())
    row.uncertain = (why.trouble is Trouble.BUSY and row.state == State.COMPOSED) or row.uncertain
    if why.trouble is Trouble.CONTENT:
        _end(row, State.DEAD, why.trouble, why.code, row.said)
    elif why.trouble is Trouble.RECIPIENT:
        if not _pass_on(row):
            _end(row, State.DEAD, why.trouble, why.code, row.said)
    elif _has_waited_enough(row, why, wall_now) and _pass_on(row):
        return
    else:
        row.next_try = wall_now + _pause(row.tries, why)


def _has_waited_enough(row: Message, why: Refused, wall_now: datetime) -> bool:
    if why.trouble is Trouble.CONFIG:
        return not row.uncertain
    return row.first_try is not None and wall_now - row.first_try >= (DOUBT if row.uncertain else PATIENCE)


def _is_forgotten(row: Message, wall_now: datetime) -> bool:
    """It may have arrived, and the vendor would no longer know it: another try could be seen twice."""
    known = channels.remembers(row.channel)
    may = row.uncertain or row.begun
    return bool(may and known and row.first_try and wall_now - row.first_try >= known - MARGIN)


def _pause(tries: int, why: Refused) -> timedelta:
    wait = min(FIRST_WAIT * (1 << min(max(tries - 1, 0), 10)), LONGEST_WAIT) * random.uniform(0.75, 1.25)  # noqa: S311
    return max(wait, timedelta(seconds=why.retry_after or 0))


def _end(row: Message, state: str, trouble: str, code: str = "", said: str = "") -> None:
    row.state, row.trouble, row.code, row.said = state, trouble, code[:80], said[:200]
    note(row, state, code=code, said=said)
