"""Who is where, for finding somebody and for telling somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from hangbiao.engines.accounts.models import Link
from hangbiao.engines.pages.numbers import name_of
from hangbiao.rooms.people.models import Assignment, DirectoryId, Person, Post, Territory, Unit
from hangbiao.rooms.people.roles import Role

MOST = 20
WIDE = (Role.SUPERVISOR, Role.REGION_MANAGER, Role.HRBP, Role.EXECUTIVE)

SAME_ID = ("wecom", "feishu")  # services that address people by the id with which they sign on


def regions() -> list[Unit]:
    """All regions."""
    return list(Unit.objects.filter(kind=Unit.Kind.REGION).order_by("path"))


def unit_called(code: str) -> Unit | None:
    return Unit.objects.filter(code=code).first()


def accounts_over(on: date, roles: Sequence[str] = WIDE) -> list[tuple[int, str]]:
    """(account, unit path) of everybody who looks after a unit on that day; a person with several posts stands there often."""
    posts = Post.objects.filter(_in_force(on), role__in=roles, person__account__isnull=False)
    rows = posts.order_by("pk").values_list("person__account_id", "unit__path")
    return [(int(account or 0), path) for account, path in rows]


def accounts_of(people: Iterable[int]) -> dict[int, int]:
    """Person → account, of those who have one."""
    rows = Person.objects.filter(pk__in=list(people), account__isnull=False).values_list("pk", "account_id")
    return {person: int(account or 0) for person, account in rows}


def names_of(people: Iterable[int]) -> dict[int, str]:
    """Person → name."""
    return dict(Person.objects.filter(pk__in=list(people)).values_list("pk", "name"))


def ids_in_directories(accounts: Iterable[int]) -> dict[int, dict[str, str]]:
    """Account → directory → the person's id there, from the list of people, else as they signed on; "" → employee code."""
    wanted = list(accounts)
    found: dict[int, dict[str, str]] = {}
    for link in Link.objects.filter(account__in=wanted, way__in=SAME_ID):
        found.setdefault(link.account_id, {})[link.way] = link.uid
    people = Person.objects.filter(account__in=wanted).values_list("account_id", "code")
    for account, code in people:
        found.setdefault(int(account or 0), {})[""] = code
    listed = DirectoryId.objects.filter(person__account__in=wanted)
    for account, directory, value in listed.values_list("person__account_id", "directory", "value"):
        found.setdefault(int(account or 0), {})[directory] = value
    return found


def named(people: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Person → code and name, as the reader reads it."""
    return {person.pk: (person.code, name_of(person)) for person in Person.objects.filter(pk__in=list(people))}


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came upon, each with where it stands or who works it."""

    people: Sequence[tuple[Person, Unit]]
    units: Sequence[Unit]
    territories: Sequence[tuple[Territory, Person | None]]

    @property
    def total(self) -> int:
        return len(self.people) + len(self.units) + len(self.territories)


def search(wanted: str, *, paths: Sequence[str], own: int | None, on: date) -> Found:
    """People, units and territories by name or code, within the given units (and oneself): the rest does not exist."""
    words = wanted.strip()
    if not words:
        return Found((), (), ())
    named = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__iexact=words)
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(unit__path__startswith=path)
    units = Unit.objects.filter(named, _below_or_at(paths)).order_by("path")[:MOST]
    return Found(_people(words, below, own, on), list(units), _territories(named & below, on))


def _people(words: str, below: Q, own: int | None, on: date) -> list[tuple[Person, Unit]]:
    named = Q(person__name__icontains=words) | Q(person__name_en__icontains=words) | Q(person__code__iexact=words)
    posts = Post.objects.filter(named, below | Q(person_id=own or 0), _in_force(on)).select_related("person", "unit")
    found = {post.person_id: (post.person, post.unit) for post in posts.order_by("person__code", "unit__path")[: 2 * MOST]}
    return list(found.values())[:MOST]


def _territories(wanted: Q, on: date) -> list[tuple[Territory, Person | None]]:
    places = list(Territory.objects.filter(wanted).select_related("unit").order_by("code")[:MOST])
    worked = Assignment.objects.filter(_in_force(on), territory__in=places).select_related("person")
    by = {one.territory_id: one.person for one in worked}
    return [(place, by.get(place.pk)) for place in places]


def _below_or_at(paths: Sequence[str]) -> Q:
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(path__startswith=path)
    return wanted


def _in_force(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
