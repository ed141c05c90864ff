"""Posts and assignments of one call, held in memory and written together: a file of thousands needs no query per row."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

from hangbiao.rooms.people.models import Assignment, Person, Post, Territory, Unit

A_DAY = timedelta(days=1)
AT_ONCE = 2_000


Span = TypeVar("Span", Post, Assignment)


@dataclass(slots=True)
class Changes(Generic[Span]):
    """What was begun and what ends otherwise than before; `since` is the first day on which an answer differs."""

    begun: list[Span] = field(default_factory=list)
    ended: dict[int, Span] = field(default_factory=dict)
    since: date | None = None

    def begin(self, row: Span) -> None:
        self.begun.append(row)
        self._from(row.valid_from)

    def end(self, row: Span, last: date | None, *, open_ended: bool) -> None:
        """Let `row` hold until `last`."""
        if (row.valid_to, row.open_ended) == (last, open_ended):
            return
        if row.valid_to != last:
            self._from(min(d for d in (row.valid_to, last) if d) + A_DAY)
        row.valid_to, row.open_ended = last, open_ended
        if row.pk is not None:
            self.ended[row.pk] = row

    def _from(self, day: date) -> None:
        self.since = min(self.since or day, day)


def _before_the_next(known: Sequence[Span], first: date) -> date | None:
    """An open end lasts until somebody or something follows, whichever came in first."""
    later = [row.valid_from for row in known if row.valid_from > first]
    return min(later) - A_DAY if later else None


def _gives_way(row: Span, first: date) -> bool:
    """Whether `row` just ends when another begins on `first`: nobody said that it lasts longer."""
    return (row.open_ended or row.valid_to is None) and row.valid_from < first


def _end_open(known: Sequence[Span], first: date, changes: Changes[Span]) -> None:
    for row in known:
        if _gives_way(row, first) and (row.valid_to is None or row.valid_to >= first):
            changes.end(row, first - A_DAY, open_ended=True)


class Posts:
    """The posts of the given people. A later post in the same role ends the one before it; HRBPs may hold several."""

    def __init__(self, people: Iterable[str]) -> None:
        self.changes: Changes[Post] = Changes()
        self._known: dict[tuple[str, str], list[Post]] = defaultdict(list)
        rows = Post.objects.filter(person__code__in=list(people)).select_related("person", "unit").order_by("pk")
        for post in rows:
            self._known[post.person.code, post.role].append(post)

    def place(self, person: Person, unit: Unit, role: str, first: date, last: date | None) -> Unit | None:
        """Give the post; or give the unit in which the same role begins on the same day, and change nothing."""
        known = self._known[person.code, role]
        single = role != Post.Role.HRBP
        same = next((p for p in known if p.unit_id == unit.pk and p.valid_from == first), None)
        if same is None and single:
            rival = next((p for p in known if p.valid_from == first), None)
            if rival:
                return rival.unit
        open_ended = last is None
        if open_ended and single:
            last = _before_the_next(known, first)
        if same:
            self.changes.end(same, last, open_ended=open_ended)
            return None
        if single:
            _end_open(known, first, self.changes)
        made = Post(
            person=person, unit=unit, role=role, valid_from=first, valid_to=last, open_ended=open_ended
        )
        known.append(made)
        self.changes.begin(made)
        return None

    def save(self) -> None:
        """Write everything; the people themselves are saved by now."""
        for post in self.changes.begun:
            post.person_id = post.person.pk
        Post.objects.bulk_create(self.changes.begun, batch_size=AT_ONCE)
        Post.objects.bulk_update(self.changes.ended.values(), ["valid_to", "open_ended"], batch_size=AT_ONCE)


class Assignments:
    """Who works the given territories. A successor ends the predecessor; two people at once never stand here."""

    def __init__(self, territories: Iterable[str]) -> None:
        self.changes: Changes[Assignment] = Changes()
        self._known: dict[int, list[Assignment]] = defaultdict(list)
        rows = Assignment.objects.filter(territory__code__in=list(territories)).select_related("person")
        for row in rows.order_by("pk"):
            self._known[row.territory_id].append(row)

    def place(self, territory: Territory, person: Person, first: date, last: date | None) -> Person | None:
        """Assign; or give the person who is in the way, and change nothing."""
        known = self._known[territory.pk]
        same = next((r for r in known if r.person_id == person.pk and r.valid_from == first), None)
        others = [r for r in known if r is not same]
        open_ended = last is None
        last = last or _before_the_next(others, first)
        for row in others:
            begins_later = last is not None and row.valid_from > last
            reaches_in = not begins_later and (row.valid_to is None or row.valid_to >= first)
            if reaches_in and not _gives_way(row, first):
                return row.person
        if same:
            self.changes.end(same, last, open_ended=open_ended)
            return None
        _end_open(others, first, self.changes)
        made = Assignment(
            territory=territory, person=person, valid_from=first, valid_to=last, open_ended=open_ended
        )
        known.append(made)
        self.changes.begin(made)
        return None

    def save(self) -> None:
        Assignment.objects.bulk_create(self.changes.begun, batch_size=AT_ONCE)
        Assignment.objects.bulk_update(self.changes.ended.values(), ["valid_to", "open_ended"], batch_size=AT_ONCE)
