"""The administrator's list of who can sign in: people, the state of their account, the last letter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localtime

from hangbiao.engines.accounts.factors import with_second_step
from hangbiao.engines.accounts.selectors import LetterState, linked_accounts, newest_letters
from hangbiao.rooms.people import words
from hangbiao.rooms.people.models import Person, Post

PER_PAGE, AT_A_TIME = 50, 500
NO_PASSWORD = "!"  # how Django marks a password that cannot be entered  # noqa: S105
STATES = ("all", "without", "invited", "open", "closed")


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the list."""

    person: Person
    post: Post | None
    state: str  # without, invited, no_password, open, closed
    letter: LetterState | None
    has_left: bool
    second_step: bool = False
    linked: bool = False

    @property
    def role(self) -> str:
        return words.role(self.post.role) if self.post else ""

    @property
    def last_seen(self) -> datetime | None:
        account = self.person.account
        return localtime(account.last_login) if account and account.last_login else None

    @property
    def may_be_invited(self) -> bool:
        return self.state != "closed" and not self.has_left


@dataclass(frozen=True, slots=True)
class Roster:
    """A page of the list, and how many people are in each state."""

    lines: Sequence[Line]
    page: "Page[Person]"
    counts: Mapping[str, int]


def roster(*, state: str, search: str, page: int, on: date, wall: datetime) -> Roster:
    """People of that day, filtered and paged by the database."""
    everybody, states = _found(search, on), _states()
    counts = everybody.aggregate(**{key: Count("pk", filter=wanted) for key, wanted in states.items()})
    pages = Paginator(everybody.filter(states[state]).order_by("code"), PER_PAGE)
    pages.count = counts[state]  # known already
    found = pages.get_page(page)
    return Roster(_lines(list(found.object_list), on, wall), found, counts)


def everybody_on_the_list(*, state: str, search: str, on: date, wall: datetime) -> Iterator[Line]:
    """All of them, some hundred in hand at a time."""
    found, last = _found(search, on).filter(_states()[state]).order_by("code"), ""
    while people := list(found.filter(code__gt=last)[:AT_A_TIME]):
        yield from _lines(people, on, wall)
        last = people[-1].code


def _found(search: str, on: date) -> QuerySet[Person]:
    """Whoever is on the list and found by the search."""
    everybody = Person.objects.filter(_employed(on) | Q(account__is_active=True)).select_related("account")
    if search:
        everybody = everybody.filter(
            Q(name__icontains=search) | Q(code__icontains=search) | Q(mail__icontains=search)
        )
    return everybody


def _employed(on: date) -> Q:
    return Q(left_on__isnull=True) | Q(left_on__gte=on)


def _states() -> dict[str, Q]:
    """State → its condition."""
    enterable = Q(account__is_active=True)
    has_password = ~Q(account__password__startswith=NO_PASSWORD)
    return {
        "all": Q(),
        "without": Q(account=None),
        "invited": enterable & ~has_password,
        "open": enterable & has_password,
        "closed": Q(account__is_active=False),
    }


def _lines(people: list[Person], on: date, wall: datetime) -> list[Line]:
    posts: dict[int, Post] = {}
    of_day = Post.objects.filter(person__in=people, valid_from__lte=on).select_related("unit")
    for post in of_day.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).order_by("-unit__path"):
        posts[post.person_id] = post  # the highest unit is the last one
    linked = linked_accounts([p.account_id for p in people if p.account_id])
    guarded = with_second_step([p.account_id for p in people if p.account_id])
    letters = newest_letters([p.account_id for p in people if p.account_id], wall=wall)
    return [
        Line(
            p,
            posts.get(p.pk),
            _state(p, letters),
            letters.get(p.account_id or 0),
            bool(p.left_on and p.left_on < on), p.account_id in guarded, p.account_id in linked)
        for p in people
    ]


def _state(person: Person, letters: Mapping[int, LetterState]) -> str:
    if person.account is None:
        return "without"
    if not person.account.is_active:
        return "closed"
    if not person.account.has_usable_password():
        return "invited" if person.account_id in letters else "no_password"
    return "open"
