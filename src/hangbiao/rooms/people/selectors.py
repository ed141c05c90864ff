"""Read the organisation: what a person may see, who they are, who waits to sign in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hangbiao.engines.pages.numbers import name_of
from hangbiao.engines.scope.context import Past, Scope
from hangbiao.rooms.people.models import Assignment, Deputy, Leave, Person, Post, Territory, Unit


def posts_on(person: Person, on: date) -> list[Post]:
    """The person's posts on a day, the highest unit first."""
    current = person.posts.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return sorted(current.select_related("unit"), key=lambda p: len(p.unit.path))


WIDE = frozenset({Post.Role.SUPERVISOR, Post.Role.REGION_MANAGER, Post.Role.HRBP, Post.Role.EXECUTIVE})


def posts_begun(person: Person, on: date) -> list[Post]:
    """The person's posts that began by a day, those that ended before it among them."""
    return list(person.posts.filter(valid_from__lte=on).select_related("unit"))


def scope_of(person: Person | None, on: date, posts: Sequence[Post] | None = None) -> Scope:
    """What a person may see on a day (docs/guide/access.md).

    A rep their own rows, a manager or HRBP their units with all their history, an executive the company; of a unit that
    was theirs, what lay in their time; as a deputy, what the other one sees. An administrator, an auditor or an
    integrator sees no results; somebody without a post, or who has left, sees nothing. `posts`: of posts_begun, if known.
    """
    if person is None:
        return Scope(reason="account without a person")
    if has_left(person, on):
        return Scope(reason=f"{person.code} has left", account_id=person.account_id)
    posts = posts_begun(person, on) if posts is None else posts
    paths = _looked_after(posts, on) | _as_deputy(person, on)
    return Scope(
        reason=f"posts of {person.code} on {on}",
        paths=tuple(sorted(paths)),
        person_id=person.pk if any(p.role == Post.Role.REP for p in posts) else None,
        account_id=person.account_id,
        past=_past(posts, paths, on),
    )


def has_left(person: Person, on: date) -> bool:
    """Whether the last day of their employment is over."""
    return person.left_on is not None and person.left_on < on


def _looked_after(posts: Iterable[Post], on: date) -> set[str]:
    return {p.unit.path for p in posts if p.role in WIDE and (p.valid_to is None or p.valid_to >= on)}


def _past(posts: Iterable[Post], present: set[str], on: date) -> tuple[Past, ...]:
    """Units that were somebody's and lie in none that is theirs now."""
    ended = [p for p in posts if p.role in WIDE and p.valid_to is not None and p.valid_to < on]
    return tuple(
        sorted(
            (
                Past(p.unit.path, p.valid_from, p.valid_to)
                for p in ended
                if p.valid_to and not any(p.unit.path.startswith(path) for path in present)
            ),
            key=lambda past: (past.path, past.first),
        )
    )


def _as_deputy(person: Person, on: date) -> set[str]:
    """The units of everybody for whom the person stands in on that day. Standing in does not pass on."""
    standing = Deputy.objects.filter(deputy=person, valid_from__lte=on, valid_to__gte=on).select_related("principal")
    found: set[str] = set()
    for one in standing:
        if not has_left(one.principal, on):
            found |= _looked_after(posts_on(one.principal, on), on)
    return found


def roles_of(person: Person, on: date) -> set[str]:
    """Every role the person has on a day."""
    return {str(p.role) for p in posts_on(person, on)}


def roles_in(posts: Iterable[Post], on: date) -> set[str]:
    """The roles that last on a day, among the posts of posts_begun."""
    return {str(p.role) for p in posts if p.valid_to is None or p.valid_to >= on}


def first_of(roles: Collection[str]) -> str:
    """Of several roles the one that decides."""
    order = [
        Post.Role.EXECUTIVE, Post.Role.HRBP, Post.Role.REGION_MANAGER, Post.Role.SUPERVISOR, Post.Role.REP,
        Post.Role.ADMINISTRATOR, Post.Role.AUDITOR, Post.Role.INTEGRATOR,
    ]  # fmt: skip
    return next((str(r) for r in order if r in roles), "")


def units_under(paths: Sequence[str], kind: str = "") -> QuerySet[Unit]:
    """Units at or below the given paths."""
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(path__startswith=path)
    found = Unit.objects.filter(wanted).order_by("path")
    return found.filter(kind=kind) if kind else found


def unit_names(kinds: Sequence[str]) -> dict[str, str]:
    """Path → name of all units of the given kinds."""
    return dict(Unit.objects.filter(kind__in=kinds).values_list("path", "name"))


def territory_names() -> dict[int, tuple[str, str]]:
    """Territory → its code and name."""
    return {pk: (code, name) for pk, code, name in Territory.objects.values_list("pk", "code", "name")}


def managers_on(on: date) -> dict[str, str]:
    """Unit path → the name of its supervisor or region manager on a day, in the reader's language."""
    posts = Post.objects.filter(role__in=[Post.Role.SUPERVISOR, Post.Role.REGION_MANAGER], valid_from__lte=on)
    posts = posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).select_related("unit", "person")
    return {p.unit.path: name_of(p.person) for p in posts}


def worked_between(people: Collection[int], since: date, until: date) -> list[tuple[int, int]]:
    """(person, territory) of everybody who worked one on any day between two days (both included), each pair once."""
    there = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=since), person__in=people, valid_from__lte=until
    )
    return list(there.order_by("person", "territory").values_list("person", "territory").distinct())


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A territory that nobody works on a day, and who answers for it."""

    territory: Territory
    owner: str
    named: bool  # somebody was named as owner; otherwise it is the manager next above


def vacancies(paths: Sequence[str], on: date) -> list[Vacancy]:
    """Territories below the given units that stand vacant on a day. Without a named owner the supervisor answers."""
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(unit__path__startswith=path)
    there = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    worked = Assignment.objects.filter(there, valid_from__lte=on).values("territory_id")
    found = Territory.objects.filter(inside, there, valid_from__lte=on).exclude(pk__in=worked)
    rows = list(found.select_related("unit", "vacancy_owner").order_by("unit__path", "code"))
    managers = managers_on(on) if any(t.vacancy_owner is None for t in rows) else {}
    return [
        Vacancy(t, name_of(t.vacancy_owner), named=True)
        if t.vacancy_owner
        else Vacancy(t, _manager_above(t.unit.path, managers), named=False)
        for t in rows
    ]


def _manager_above(path: str, managers: Mapping[str, str]) -> str:
    """The manager of the unit, else of the nearest one above it; empty where there is none."""
    while path.strip("/"):
        if path in managers:
            return managers[path]
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return ""


def people_to_sign_in_as(on: date) -> list[tuple[Person, Post]]:
    """Everybody with an account and a post on that day, by role and unit (the demo's sign-in list)."""
    posts = Post.objects.filter(valid_from__lte=on, person__account__isnull=False)
    posts = posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).select_related(
        "person__account", "unit"
    )
    return [(p.person, p) for p in posts.order_by("unit__path", "person__code")]


def on_protected_leave(on: date) -> list[int]:
    """People whose protected leave covers the day, in order of their keys."""
    rows = Leave.objects.filter(protected=True, start__lte=on, end__gte=on)
    return sorted(set(rows.values_list("person_id", flat=True)))


def units_above(path: str) -> list[Unit]:
    """The unit at `path` and every unit that contains it, the highest first."""
    return list(Unit.objects.filter(path__in=_steps(path)).order_by("path"))


def person_called(code: str) -> Person | None:
    return Person.objects.filter(code=code).first()


def people_seen(
    who: Scope, on: date, *, unit: str = "", q: str = "", after: int = 0, limit: int = 100
) -> list[Person]:
    """People with a post of that day inside the scope, and its own person, in order of their keys."""
    posts = Post.objects.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    if not who.everything:
        inside = Q(person_id=who.person_id) if who.person_id else Q(pk__in=[])
        for path in who.paths:
            inside |= Q(unit__path__startswith=path)
        posts = posts.filter(inside)
    if unit:
        at = Unit.objects.filter(code=unit).values_list("path", flat=True).first()
        posts = posts.filter(unit__path__startswith=at) if at else posts.none()
    found = Person.objects.filter(pk__in=posts.values("person_id"), pk__gt=after).order_by("pk")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(name_en__icontains=q) | Q(code__iexact=q))
    return list(found[:limit])


def posts_of(people: Sequence[int], on: date) -> dict[int, list[Post]]:
    """Person → their posts of a day, the highest unit first."""
    posts = Post.objects.filter(person__in=people, valid_from__lte=on).select_related("unit")
    found: dict[int, list[Post]] = {}
    for post in posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).order_by("unit__path", "role"):
        found.setdefault(post.person_id, []).append(post)
    return found


def unit_called(code: str) -> Unit | None:
    return Unit.objects.filter(code=code).first()


def codes_of_names() -> tuple[dict[str, str], dict[str, str]]:
    """Name → code of people and of territories, where only one is called so."""
    found: list[dict[str, str]] = []
    for table in (Person, Territory):
        codes: dict[str, list[str]] = {}
        for name, code in table.objects.exclude(name="").values_list("name", "code"):
            codes.setdefault(name, []).append(code)
        found.append({name: several[0] for name, several in codes.items() if len(several) == 1})
    return found[0], found[1]


def units_down_to_regions(paths: Sequence[str]) -> QuerySet[Unit]:
    """The units at the given paths, and below them companies and regions (not the teams, of which there are many)."""
    wanted = Q(path__in=list(paths))
    for path in paths:
        wanted |= Q(path__startswith=path) & ~Q(kind=Unit.Kind.TEAM)
    return Unit.objects.filter(wanted).order_by("path")


def units_at(paths: Iterable[str]) -> dict[str, Unit]:
    """Path → unit, of the units at or above the given paths."""
    wanted = {step for path in paths for step in _steps(path)}
    return {u.path: u for u in Unit.objects.filter(path__in=wanted)}


def _steps(path: str) -> list[str]:
    """/C/R01/T011/ → /C/, /C/R01/, /C/R01/T011/."""
    names = path.strip("/").split("/")
    return ["/" + "/".join(names[: n + 1]) + "/" for n in range(len(names))]


def managers_of(paths: Iterable[str], on: date) -> dict[str, Person]:
    """Unit path → its supervisor or region manager on a day, for the given units only."""
    roles = [Post.Role.SUPERVISOR, Post.Role.REGION_MANAGER]
    posts = Post.objects.filter(role__in=roles, unit__path__in=list(paths), valid_from__lte=on)
    posts = posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return {p.unit.path: p.person for p in posts.select_related("unit", "person")}


def holders_of(role: str, on: date) -> list[Person]:
    """People with an account and a post of that role on a day."""
    posts = Post.objects.filter(role=role, valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    there = Person.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=on), account__is_active=True)
    return list(there.filter(pk__in=posts.values("person_id")).select_related("account"))


def leavers_among(accounts: Iterable[int], on: date) -> set[int]:
    """Those of the accounts whose person is past their last day."""
    gone = Person.objects.filter(account__in=list(accounts), left_on__lt=on)
    return {account for account in gone.values_list("account_id", flat=True) if account}


def holds(person: Person | None, role: str, on: date) -> bool:
    """Whether somebody has a post of that role on a day, whatever else they are."""
    return person is not None and any(post.role == role for post in posts_on(person, on))


def people_with_roles(roles: Iterable[str], on: date) -> list[int]:
    """Everybody who has one of these roles on a day."""
    posts = Post.objects.filter(role__in=list(roles), valid_from__lte=on)
    return list(posts.exclude(valid_to__lt=on).values_list("person_id", flat=True).distinct())
