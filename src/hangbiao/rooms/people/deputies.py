"""Standing in: who sees and acts for somebody who is away, from a day to a day, and what the journal keeps of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.rooms.people.errors import (
    EndsBeforeItBegins,
    NoSuchColleague,
    NotFitToStandIn,
    NotOneColleague,
    NotOnesOwnDeputy,
)
from hangbiao.rooms.people.events import DeputyChanged
from hangbiao.rooms.people.models import Deputy, Person, Post
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.selectors import WIDE, has_left, posts_on

LINE = (Role.SUPERVISOR, Role.REGION_MANAGER)
WITHOUT_RESULTS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.INTEGRATOR})
MOST = 200


@transaction.atomic
def appoint_deputy(
    *, principal: Person, deputy: Person, first: date, last: date, reason: str, at: datetime, actor: str
) -> Deputy:
    """Let `deputy` see what `principal` sees, both days included. Saying it again from the same day changes the end."""
    if principal.pk == deputy.pk:
        raise NotOnesOwnDeputy(name=principal.name)
    if last < first:
        raise EndsBeforeItBegins(first=first, last=last)
    if has_left(deputy, first) or {p.role for p in posts_on(deputy, first)} & WITHOUT_RESULTS:
        raise NotFitToStandIn(name=deputy.name)
    kept, _made = Deputy.objects.update_or_create(
        principal=principal, deputy=deputy, valid_from=first, defaults={"valid_to": last, "reason": reason}
    )
    said = {"principal": principal.code, "deputy": deputy.code, "from": first.isoformat(), "to": last.isoformat()}
    record(stream="people", kind="people.deputy_appointed", at=at, actor=actor, data=said | {"reason": reason})
    tell(DeputyChanged(kept.pk, principal.pk, deputy.pk, first, last, ended=False), at=at, actor=actor)
    return kept


@transaction.atomic
def end_deputy(*, deputy: Deputy, last: date, at: datetime, actor: str) -> None:
    """Let it end earlier. What was seen and done until then stays what it was."""
    if last < deputy.valid_from:
        raise EndsBeforeItBegins(first=deputy.valid_from, last=last)
    Deputy.objects.filter(pk=deputy.pk).update(valid_to=last)
    _ended(deputy, last, at, actor)


@transaction.atomic
def stop_deputy(*, deputy: Deputy, on: date, at: datetime, actor: str) -> None:
    """Let it end now: yesterday was the last day. What began today or later has no day left, so its row goes."""
    last = on - timedelta(days=1)
    if deputy.valid_from <= last:
        end_deputy(deputy=deputy, last=last, at=at, actor=actor)
        return
    Deputy.objects.filter(pk=deputy.pk).delete()
    _ended(deputy, last, at, actor)


def _ended(deputy: Deputy, last: date, at: datetime, actor: str) -> None:
    said = {"principal": deputy.principal.code, "deputy": deputy.deputy.code, "to": last.isoformat()}
    data = said | {"from": deputy.valid_from.isoformat()}
    record(stream="people", kind="people.deputy_ended", at=at, actor=actor, data=data)
    event = DeputyChanged(deputy.pk, deputy.principal_id, deputy.deputy_id, deputy.valid_from, last, ended=True)
    tell(event, at=at, actor=actor)


def names_for(person: Person | None, on: date) -> list[Person]:
    """For whom somebody may name a deputy: for themselves, if they look after a unit, and for the line managers below.

    By their own posts alone: whoever stands in does not pass it on.
    """
    own = [p for p in posts_on(person, on) if p.role in WIDE] if person and not has_left(person, on) else []
    if person is None or not own:
        return []
    below = Q(pk__in=[])
    for post in own:
        if post.role != Role.HRBP:
            below |= Q(unit__path__startswith=post.unit.path) & ~Q(unit__path=post.unit.path)
    there = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    led = Post.objects.filter(below, there, role__in=LINE).exclude(person=person).values("person_id")
    return [person, *Person.objects.filter(pk__in=led).filter(_still_there(on)).order_by("code")[:MOST]]


def colleague_called(word: str, on: date) -> Person:
    """The one colleague with this employee number or name who can sign in; refuses none and several."""
    said = word.strip().replace("\0", "")
    there = Person.objects.filter(_still_there(on), account__is_active=True)
    found = list(there.filter(code__iexact=said)[:1] or there.filter(Q(name=said) | Q(name_en__iexact=said))[:2])
    if not found:
        raise NoSuchColleague(said=said)
    if len(found) > 1:
        raise NotOneColleague(said=said)
    return found[0]


def _still_there(on: date) -> Q:
    return Q(left_on__isnull=True) | Q(left_on__gte=on)


@dataclass(frozen=True, slots=True)
class Standing:
    """One deputyship as a page shows it: `may_end` says whether the reader may."""

    row: Deputy
    state: str  # now, coming or over
    mine: bool
    may_end: bool


def concerning(person: Person | None, on: date) -> list[Standing]:
    """Those that concern somebody: for them, by them, and of the line managers below; what is over stays for a quarter."""
    if person is None:
        return []
    theirs = {p.pk for p in names_for(person, on)}
    known = Q(principal=person) | Q(deputy=person) | Q(principal_id__in=theirs)
    rows = Deputy.objects.filter(known, valid_to__gte=on - timedelta(days=92)).select_related("principal", "deputy")
    return [
        Standing(
            row, _state(row, on), mine=row.deputy_id == person.pk, may_end=row.principal_id in theirs and row.valid_to >= on
        )
        for row in rows.order_by("-valid_from", "-pk")[:MOST]
    ]


def _state(row: Deputy, on: date) -> str:
    if row.valid_to < on:
        return "over"
    return "coming" if row.valid_from > on else "now"


def to_end(person: Person | None, number: int, on: date) -> Deputy | None:
    """The deputyship that somebody wants to end; None where it is not theirs to end, or over, or not there."""
    found = [s.row for s in concerning(person, on) if s.row.pk == number and s.may_end]
    return found[0] if found else None
