"""What the desk changes: people are told, notices read, things looked at, wishes. None of it is journalled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from hangbiao.engines.notify import services as messages
from hangbiao.engines.notify.channels import groups
from hangbiao.engines.notify.clocks import zone
from hangbiao.engines.notify.services import Letter
from hangbiao.rooms.calendar.selectors import period_on, week_on
from hangbiao.rooms.desk import counts
from hangbiao.rooms.desk.errors import HalfAnInterval
from hangbiao.rooms.desk.looking import light_key
from hangbiao.rooms.desk.models import Looked, Notice, Wishes
from hangbiao.rooms.desk.reach import begins_on
from hangbiao.rooms.lights import selectors as lights

CHANNELS = ("mail", "wecom", "dingtalk", "feishu")


@dataclass(frozen=True, slots=True)
class News:
    """A notice in the house, and what a message outside needs beside it. `about` names what is to be done."""

    notice: Notice
    due_on: date | None = None
    about: Sequence[str] = ()
    outside: bool = True


def write_notices(news: Iterable[News | Notice]) -> None:
    """The one place where people are told something: a notice in the house, always, and a message by their channels.

    What an account has been told under the same key is left as it is.
    """
    told = [one if isinstance(one, News) else News(one) for one in news]
    Notice.objects.bulk_create([one.notice for one in told], batch_size=1000, ignore_conflicts=True)
    for at in sorted({one.notice.at for one in told}):
        day = at.astimezone(zone()).date()
        if day.isoformat() >= begins_on(at):
            prefix = prefix_on(day)
            outside = [_letter(one, prefix) for one in told if one.outside and one.notice.at == at]
            messages.write(outside, at=at)


def post_to_groups(*, key: str, kind: str, facts: dict[str, Any], href: str, at: datetime) -> None:
    """Sums for the groups that a robot posts to. Never anybody's own results."""
    day = at.astimezone(zone()).date()
    if day.isoformat() >= begins_on(at):
        prefix = prefix_on(day)
        messages.write(
            [Letter(None, f"{key}:{name}", kind, href, facts, prefix, channel=name) for name in groups()], at=at
        )


def _letter(one: News, prefix: str) -> Letter:
    notice = one.notice
    return Letter(
        notice.account_id, notice.key, notice.kind, notice.href, notice.facts, prefix,
        str(notice.facts.get("light", "")), one.due_on, one.about,
    )  # fmt: skip


def prefix_on(day: date) -> str:
    """How numbers of messages begin in that week: HB-2026Q4-W8."""
    period = period_on(day)
    week = week_on(period, day) if period else None
    return f"HB-{period.code}-W{week.number}" if period and week else f"HB-{day:%Y%m}"


def mark_read(*, account: int, at: datetime, notice: int | None = None) -> int:
    """Mark one notice of the account, or all of them, as read. Gives how many changed."""
    counts.forget(account)
    unread = Notice.objects.filter(account_id=account, read_at__isnull=True)
    return (unread.filter(pk=notice) if notice is not None else unread).update(read_at=at)


def mark_told_read(*, account: int, keys: Iterable[str], at: datetime) -> int:
    """Mark as read what a message told, which was read elsewhere. Gives how many notices changed."""
    counts.forget(account)
    unread = Notice.objects.filter(account_id=account, key__in=list(keys), read_at__isnull=True)
    return unread.update(read_at=at)


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
