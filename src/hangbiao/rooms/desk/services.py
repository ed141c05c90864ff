"""What the desk changes: notices read, things looked at, wishes. None of it is journalled: it moves no number."""

from collections.abc import Iterable
from datetime import datetime, time

from django.db import transaction

from hangbiao.rooms.desk import counts
from hangbiao.rooms.desk.errors import HalfAnInterval
from hangbiao.rooms.desk.looking import light_key
from hangbiao.rooms.desk.models import Looked, Notice, Wishes
from hangbiao.rooms.lights import selectors as lights

CHANNELS = ("mail", "wecom", "dingtalk", "feishu")


def write_notices(notices: Iterable[Notice]) -> None:
    """Keep notices; one whose key its account already has is left as it is."""
    Notice.objects.bulk_create(notices, batch_size=1000, ignore_conflicts=True)


def mark_read(*, account: int, at: datetime, notice: int | None = None) -> int:
    """Mark one notice of the account, or all of them, as read. Gives how many changed."""
    counts.forget(account)
    unread = Notice.objects.filter(account_id=account, read_at__isnull=True)
    return (unread.filter(pk=notice) if notice is not None else unread).update(read_at=at)


def look_at(*, account: int, keys: Iterable[str], at: datetime) -> None:
    """These wait no longer for this account."""
    wanted = set(keys)
    fresh = wanted - set(Looked.objects.filter(account_id=account, key__in=wanted).values_list("key", flat=True))
    if fresh:
        counts.forget(account)
        Looked.objects.bulk_create([Looked(account_id=account, key=key, at=at) for key in fresh], ignore_conflicts=True)


def look_at_person(*, account: int, person: int, at: datetime) -> None:
    """Somebody's page was opened: their official light has been looked at."""
    run = lights.newest_official()
    if run is not None:
        look_at(account=account, keys=[light_key(run.pk, person)], at=at)


@transaction.atomic
def keep_wishes(*, account: int, quiet_from: time | None, quiet_to: time | None, channels: Iterable[str]) -> Wishes:
    """Quiet hours (both ends or none: HalfAnInterval) and the channels by which messages may come; unknown ones are ignored."""
    if (quiet_from is None) != (quiet_to is None):
        raise HalfAnInterval
    wanted = [channel for channel in CHANNELS if channel in set(channels)]
    kept, _made = Wishes.objects.update_or_create(
        account_id=account, defaults={"quiet_from": quiet_from, "quiet_to": quiet_to, "channels": wanted}
    )
    return kept
