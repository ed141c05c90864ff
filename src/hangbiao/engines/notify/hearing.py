"""What messengers call back: each event is kept once, however often it comes; "I have read it" counts for the message."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from hangbiao.engines.journal.events import tell
from hangbiao.engines.notify.events import MessageRead
from hangbiao.engines.notify.inbound import Inbound, Told
from hangbiao.engines.notify.models import Callback, Message, Part
from hangbiao.engines.notify.services import note

ACK = "ack"
HELD = (Message.State.ACCEPTED, Message.State.CONFIRMED)


def ear(messenger: str) -> Inbound | None:
    """The adapter that judges what this messenger calls back, if it is set up."""
    given: dict[str, Any] | None = getattr(settings, "CALLBACKS", {}).get(messenger)
    if given is None:
        return None
    made: Inbound = import_string(given["adapter"])(**given.get("options", {}))
    return made


@transaction.atomic
def hear(*, messenger: str, told: Told, at: datetime) -> bool:
    """Keep an event; False if it is known. A receiver's "I have read it" makes the message read (MessageRead)."""
    person = told.people[0] if told.people else ""
    kept = {"kind": told.kind[:80], "person": person[:128], "number": told.number[:128], "facts": dict(told.facts), "at": at}
    _row, new = Callback.objects.get_or_create(messenger=messenger, told=told.id[:100], defaults=kept)
    if new and told.kind == ACK and told.number:
        _read(messenger, told, at)
    return new


def _read(messenger: str, told: Told, at: datetime) -> None:
    """Only if it was this person's, and only what the vendor has taken."""
    row = Message.objects.select_for_update().filter(number=told.number, channel=messenger, state__in=HELD).first()
    if row is None or row.to.lower() not in {one.lower() for one in told.people}:
        return
    row.state, row.next_look = Message.State.READ, None
    row.save(update_fields=["state", "next_look"])
    note(row, Message.State.READ)
    keys = tuple(Part.objects.filter(message=row).values_list("key", flat=True))
    tell(MessageRead(row.number, row.account_id, keys), at=at, actor=f"messenger:{messenger}")
