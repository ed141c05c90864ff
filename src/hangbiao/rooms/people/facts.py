"""The organisation as frozen values: who works which territory when, who is away, where a person belongs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hangbiao.rooms.people.models import Assignment, Leave, Person, Post, Territory, Unit


@dataclass(frozen=True, slots=True)
class Spell:
    """One assignment, both days included; `last` None while it lasts."""

    territory: int
    person: int
    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Place:
    """A territory with the unit it belongs to."""

    pk: int
    code: str
    unit_path: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """Everything the targets and actuals rooms need to know about people, loaded in five queries."""

    people: Mapping[str, int]
    territories: Mapping[str, Place]
    spells: Sequence[Spell]
    protected_leave: Mapping[int, tuple[tuple[date, date], ...]]
    rep_posts: Mapping[int, tuple[tuple[date, date | None, str], ...]]
    employed: Mapping[int, tuple[date | None, date | None]]

    def path_of(self, person: int, on: date) -> str:
        """The unit path of the person's rep post on a day; before the first post the first, after the last the last."""
        posts = self.rep_posts.get(person, ())
        best = "/C/"
        for first, _last, path in posts:
            if first <= on or best == "/C/":
                best = path
        return best


def organisation() -> Organisation:
    """Load the organisation with all its dates."""
    leave: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for person, start, end in (
        Leave.objects.filter(protected=True).order_by("start").values_list("person", "start", "end")
    ):
        leave[person].append((start, end))
    posts: dict[int, list[tuple[date, date | None, str]]] = defaultdict(list)
    rows = Post.objects.filter(role=Post.Role.REP).order_by("valid_from")
    for person, first, last, path in rows.values_list("person", "valid_from", "valid_to", "unit__path"):
        posts[person].append((first, last, path))
    return Organisation(
        people=dict(Person.objects.values_list("code", "pk")),
        territories={
            code: Place(pk, code, path, first, last)
            for pk, code, path, first, last in Territory.objects.values_list(
                "pk", "code", "unit__path", "valid_from", "valid_to"
            )
        },
        spells=[
            Spell(*row)
            for row in Assignment.objects.order_by("valid_from", "pk").values_list(
                "territory", "person", "valid_from", "valid_to"
            )
        ],
        protected_leave={k: tuple(v) for k, v in leave.items()},
        rep_posts={k: tuple(v) for k, v in posts.items()},
        employed={pk: (a, b) for pk, a, b in Person.objects.values_list("pk", "joined_on", "left_on")},
    )


def unit_paths() -> dict[str, str]:
    """Unit code → path."""
    return dict(Unit.objects.values_list("code", "path"))
