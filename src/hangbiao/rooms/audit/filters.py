"""What the address asks of the journal: days, actor, stream, kind, words. Wishes that make no sense are ignored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hangbiao.engines.accounts.selectors import accounts_called
from hangbiao.engines.journal import reading
from hangbiao.engines.journal.models import Entry

LONGEST = 60
TABLE = "log"


@dataclass(frozen=True, slots=True)
class Filters:
    """`who` is as typed: a name, a user name, or the journal's own word like system:demo."""

    first: date | None = None
    last: date | None = None
    who: str = ""
    stream: str = ""
    kind: str = ""
    text: str = ""

    @property
    def narrowed(self) -> bool:
        return any((self.first, self.last, self.who, self.stream, self.kind, self.text))


def filters_of(query: Mapping[str, str]) -> Filters:
    """Read the address."""

    def said(key: str) -> str:
        return query.get(key, "").replace("\0", "").strip()[:LONGEST]

    return Filters(
        first=_day(said("from")), last=_day(said("to")), who=said("who"), stream=said(f"{TABLE}-stream"),
        kind=said(f"{TABLE}-kind"), text=said(f"{TABLE}-q"),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def found(filters: Filters, zone: ZoneInfo) -> QuerySet[Entry]:
    """The lines that fit, the newest first."""
    return reading.lines(
        first=_midnight(filters.first, zone),
        until=_midnight(filters.last + timedelta(days=1), zone) if filters.last and filters.last < date.max else None,
        stream=filters.stream,
        kind=filters.kind,
        who="system:" if filters.who == _("系统") else filters.who,
        actors=accounts_called(filters.who) if filters.who else (),
        text=filters.text,
    )


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    """When a day begins; the year 1 has no instants in every zone."""
    return datetime.combine(day, time.min, zone) if day and day.year > 1 else None
