"""After the vendor has taken a message: what became of it, and telling it that the thing is done."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from hangbiao.engines.notify import channels
from hangbiao.engines.notify.clocks import wall
from hangbiao.engines.notify.models import Message
from hangbiao.engines.notify.ports import Receipt, Refused, State, Trouble
from hangbiao.engines.notify.sending import _pass_on
from hangbiao.engines.notify.services import note
from hangbiao.engines.outbox.crash import point

log = logging.getLogger("hangbiao.messages")
WAITS = [timedelta(minutes=m) for m in (1, 2, 5, 15, 60, 240, 720, 1440)]
CLOSE_FOR = timedelta(days=2)


def follow(most: int = 500) -> int:
    """Ask for the outcome of what was accepted, and close what is done. Gives how many were looked at."""
    done = 0
    while done < most and _look():
        done += 1
    while done < most and _close():
        done += 1
    return done


@transaction.atomic
def _look() -> bool:
    now = wall()
    due = Message.objects.filter(next_look__lte=now).exclude(channel__in=channels.resting(now))
    row = due.select_for_update(skip_locked=True).order_by("next_look").first()
    if row is None:
        return False
    adapter = channels.channel(row.channel)
    row.looks += 1
    row.next_look = now + WAITS[row.looks - 1] if row.looks <= len(WAITS) else None
    if adapter is not None and adapter.confirms:
        try:
            state, code = adapter.confirm(_receipt(row), to=row.to)
        except Refused as why:
            log.info("outcome of %s not known yet: %s", row.number, why)
        except Exception:  # an adapter that breaks its promise: the message stays accepted, it is asked again
            log.exception("channel %s broke on the outcome of %s", row.channel, row.number)
        else:
            _heard(row, state, code)
    point("message.confirming")
    row.save()
    return True


def _heard(row: Message, state: State, code: str) -> None:
    repeats = getattr(channels.channel(row.channel), "repeats", ())
    if state is State.FILTERED and code in repeats and row.tries > 1:
        state = State.CONFIRMED  # what the vendor kept back is our own second try: the first one is there
    if state == row.state:
        return
    if state in {State.FILTERED, State.FAILED}:
        row.trouble, row.code, row.next_look = str(state), code[:80], None
        note(row, state, code=code)
        if _pass_on(row):
            row.receipt = row.accepted_at = None
        else:
            row.state = str(state)
        return
    if row.state == State.READ:
        return
    row.state = str(state)
    note(row, state, code=code)
    if state is State.READ:
        row.next_look = None


@transaction.atomic
def _close() -> bool:
    now = wall()
    due = Message.objects.filter(closing__lte=now).exclude(channel__in=channels.resting(now))
    row = due.select_for_update(skip_locked=True).order_by("closing").first()
    if row is None:
        return False
    adapter = channels.channel(row.channel)
    begun, row.closing, row.closed_at = row.closing, None, now
    if adapter is not None and row.receipt:
        try:
            with override(row.language or settings.LANGUAGE_CODE):
                adapter.close(_receipt(row), to=row.to, note=_("已完成"))
        except Refused as why:
            _later(row, why, begun, now)
        except Exception:  # an adapter that breaks its promise
            log.exception("channel %s broke on closing %s", row.channel, row.number)
    row.save()
    return True


def _later(row: Message, why: Refused, begun: datetime | None, now: datetime) -> None:
    """Try again for two days; what then is still open in the vendor's list harms nobody."""
    note(row, "unclosed", code=why.code, said=why.said)
    if why.trouble in {Trouble.CONTENT, Trouble.RECIPIENT} or row.accepted_at is None:
        return
    if now - row.accepted_at < CLOSE_FOR + (begun - row.accepted_at if begun else timedelta(0)):
        row.closing, row.closed_at = now + timedelta(minutes=10), None


def _receipt(row: Message) -> Receipt:
    kept = row.receipt or {}
    return Receipt(kept.get("kind", ""), kept.get("ids", {}))
