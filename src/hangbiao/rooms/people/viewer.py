"""Who is looking: the account, its person, role, and what may be seen, all as of one instant."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from hangbiao.engines.scope.context import Scope
from hangbiao.rooms.people.selectors import first_of, posts_begun, roles_in, scope_of


@dataclass(frozen=True, slots=True)
class Viewer:
    """The first argument of every selector that reads for somebody."""

    person: Any | None
    role: str
    scope: Scope
    at: datetime
    on: date
    account_id: int | None = None
    within: tuple[date, date] | None = None  # the days a page is about
    roles: frozenset[str] = frozenset()  # every role held that day; `role` is the one whose page opens first

    def about(self, first: date, last: date) -> "Viewer":
        """The same viewer before a page about some days: units that were theirs in them stand there as well."""
        return replace(self, within=(first, last))

    @property
    def zone(self) -> ZoneInfo:
        """Where the company's days begin and end."""
        return ZoneInfo(settings.TIME_ZONE)

    @property
    def paths(self) -> tuple[str, ...]:
        """The units whose results this viewer sees; everything is the root."""
        return ("/",) if self.scope.everything else self.scope.paths + self._past

    @property
    def _past(self) -> tuple[str, ...]:
        if self.within is None:
            return ()
        first, last = self.within
        return tuple({p.path for p in self.scope.past if p.first <= last and p.last >= first})

    @property
    def sees_results_of_others(self) -> bool:
        return bool(self.paths or self.scope.past)


def viewer_of(account: Any, *, at: datetime, on: date) -> Viewer:
    """The viewer behind an account, with the posts of that day."""
    person = getattr(account, "person", None)
    posts = posts_begun(person, on) if person else []
    roles = roles_in(posts, on)
    return Viewer(
        person=person, role=first_of(roles), scope=scope_of(person, on, posts), at=at, on=on, account_id=account.pk,
        roles=frozenset(roles),
    )  # fmt: skip
