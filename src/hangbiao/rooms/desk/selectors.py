"""Reading notices and wishes: always those of one account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hangbiao.engines.notify.selectors import sent_of
from hangbiao.rooms.desk import counts
from hangbiao.rooms.desk.models import Notice, Wishes
from hangbiao.rooms.desk.wording import outside, sentence

NEWS = timedelta(days=30)
PAGE = 50


@dataclass(frozen=True, slots=True)
class News:
    """A notice as its reader sees it. What is older than a month counts as read."""

    pk: int
    said: str
    light: str
    href: str
    at: datetime
    unread: bool
    outside: str = ""


def notices_of(account: int, at: datetime, *, page: int = 1) -> tuple[Sequence[News], bool]:
    """One page of notices, the newest first, and whether there are more."""
    start = (page - 1) * PAGE
    rows = list(Notice.objects.filter(account_id=account, at__lte=at).order_by("-at", "-pk")[start : start + PAGE + 1])
    sent = sent_of(account, [row.key for row in rows])
    return [_news(row, at, sent.get(row.key)) for row in rows[:PAGE]], len(rows) > PAGE


def unread(account: int | None, at: datetime) -> int:
    """How many notices of the last month are unread."""
    return Notice.objects.filter(account_id=account or 0, read_at__isnull=True, at__gt=at - NEWS, at__lte=at).count()


def unread_lately(account: int | None, at: datetime) -> int:
    """The same for the navigation: may be some seconds old."""
    kept = counts.known(account, "notices")
    return counts.keep(account, "notices", unread(account, at)) if kept is None else kept


def notice_of(account: int, notice: int) -> Notice | None:
    return Notice.objects.filter(account_id=account, pk=notice).first()


def wishes_of(account: int) -> Any:
    """How somebody wants to be reached; None while they said nothing."""
    return Wishes.objects.filter(account_id=account).first()


def _news(row: Notice, at: datetime, message: Any) -> News:
    fresh = row.read_at is None and row.at > at - NEWS
    said = sentence(row.kind, row.facts)
    return News(row.pk, said, str(row.facts.get("light", "")), row.href, row.at, fresh, outside(message) if message else "")
