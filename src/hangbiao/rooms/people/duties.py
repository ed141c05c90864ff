"""Who fills a role of a flow for a person on a day (requirement R2.3, docs/rules/reviews.md)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from hangbiao.engines.flows.ports import Filled
from hangbiao.rooms.people.models import Deputy, Leave, Person, Post
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.selectors import on_protected_leave

EMPLOYEE, SUPERVISOR, REGION_MANAGER, SALES_DIRECTOR, HRBP = (
    "employee", "supervisor", "region_manager", "sales_director", "hrbp"
)  # fmt: skip
NAMES = (EMPLOYEE, SUPERVISOR, REGION_MANAGER, SALES_DIRECTOR, HRBP)

# A vacant role is filled from above, in this order; nobody below ever decides for somebody above.
_UPWARD: dict[str, tuple[str, ...]] = {
    SUPERVISOR: (Role.SUPERVISOR, Role.REGION_MANAGER, Role.EXECUTIVE, Role.HRBP),
    REGION_MANAGER: (Role.REGION_MANAGER, Role.EXECUTIVE, Role.HRBP),
    SALES_DIRECTOR: (Role.EXECUTIVE, Role.HRBP),
    HRBP: (Role.HRBP, Role.EXECUTIVE),
}
_ABOVE: dict[str, tuple[str, ...]] = {
    Role.REP: _UPWARD[SUPERVISOR],
    Role.SUPERVISOR: _UPWARD[REGION_MANAGER],
    Role.REGION_MANAGER: _UPWARD[SALES_DIRECTOR],
    Role.HRBP: (Role.EXECUTIVE,),
    Role.EXECUTIVE: (),
}


@dataclass(frozen=True, slots=True)
class _Holder:
    person: int
    account: int
    role: str
    path: str


def role_word(role: str) -> str:
    """What a role of the flow is called."""
    words = {
        "employee": _("员工"), "supervisor": _("主管"), "region_manager": _("大区经理"),
        "sales_director": _("销售总监"), "hrbp": "HRBP",
    }  # fmt: skip
    return words.get(role, role)


class Duties:
    """The flows' port `Roles`, answered from posts and deputies."""

    def names(self) -> Collection[str]:
        """The roles of flows."""
        return NAMES

    def fill(
        self, roles: Collection[str], subjects: Mapping[int, str], on: date
    ) -> Mapping[tuple[str, int], Sequence[Filled]]:
        """Supervisor → dated deputy → the manager above → HRBP; never the person it is about, but as the employee."""
        day = _Day(on)
        accounts = dict(Person.objects.filter(pk__in=subjects, account__isnull=False).values_list("pk", "account_id"))
        found: dict[tuple[str, int], Sequence[Filled]] = {}
        for subject, path in subjects.items():
            own = accounts.get(subject)
            for role in roles:
                if role == EMPLOYEE:
                    found[role, subject] = (Filled(own, own),) if own is not None else ()
                else:
                    holder = day.nearest(_UPWARD[role], path, but=subject)
                    found[role, subject] = (day.acting(holder, but=own),) if holder else ()
        return found

    def standing_in(self, on: date) -> Mapping[int, int]:
        """Principal → deputy, both accounts."""
        return _deputies(on)

    def away(self, on: date) -> Collection[int]:
        """People on protected leave."""
        return on_protected_leave(on)

    def rests(self, subjects: Collection[int], since: date) -> Mapping[int, Sequence[date]]:
        """The days of their protected leave."""
        found: dict[int, list[date]] = {}
        leaves = Leave.objects.filter(protected=True, end__gte=since, person_id__in=subjects)
        for person, start, end in leaves.order_by("start").values_list("person_id", "start", "end"):
            first = max(start, since)
            found.setdefault(person, []).extend(first + timedelta(days=n) for n in range((end - first).days + 1))
        return found

    def above(self, accounts: Collection[int], on: date) -> Mapping[int, int]:
        """The next manager of each account's highest post."""
        day = _Day(on)
        found = {}
        for account, person in Person.objects.filter(account_id__in=accounts).values_list("account_id", "pk"):
            role, path = day.highest(person)
            holder = day.nearest(_ABOVE.get(role, ()), path, but=person)
            if holder and account is not None:
                found[account] = day.acting(holder, but=account).account
        return found


class _Day:
    """The organisation on one day, read once."""

    def __init__(self, on: date) -> None:
        self.on = on

    @cached_property
    def _posts(self) -> list[tuple[int, int | None, str, str]]:
        rows = Post.objects.filter(_in_force(self.on)).exclude(person__left_on__lt=self.on).order_by("pk")
        return [
            (person, account, role, path)
            for person, account, role, path in rows.values_list("person_id", "person__account_id", "role", "unit__path")
        ]

    @cached_property
    def _holders(self) -> dict[tuple[str, str], list[_Holder]]:
        found: dict[tuple[str, str], list[_Holder]] = {}
        for person, account, role, path in self._posts:
            if account is not None:
                found.setdefault((role, path), []).append(_Holder(person, account, role, path))
        return found

    @cached_property
    def _places(self) -> dict[int, tuple[str, str]]:
        """Person → role and path of the highest post."""
        found: dict[int, tuple[str, str]] = {}
        for person, _account, role, path in self._posts:
            if person not in found or len(path) < len(found[person][1]):
                found[person] = (role, path)
        return found

    @cached_property
    def _deputies(self) -> dict[int, int]:
        return _deputies(self.on)

    def highest(self, person: int) -> tuple[str, str]:
        return self._places.get(person, ("", ""))

    def nearest(self, roles: Iterable[str], path: str, *, but: int) -> _Holder | None:
        """Role by role, and for each from the person's unit upwards."""
        for role in roles:
            for place in _upwards(path):
                holder = next((one for one in self._holders.get((role, place), ()) if one.person != but), None)
                if holder is not None:
                    return holder
        return None

    def acting(self, holder: _Holder, *, but: int | None) -> Filled:
        deputy = self._deputies.get(holder.account)
        return Filled(holder.account if deputy is None or deputy == but else deputy, holder.account)


def _upwards(path: str) -> Iterable[str]:
    """/C/R1/T-A/, /C/R1/, /C/."""
    while path.count("/") > 1:
        yield path
        path = path[: path.rindex("/", 0, -1) + 1]


def _in_force(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def _deputies(on: date) -> dict[int, int]:
    rows = Deputy.objects.filter(_in_force(on), principal__account__isnull=False, deputy__account__isnull=False)
    rows = rows.exclude(deputy__left_on__lt=on).order_by("-pk")
    return {
        int(principal or 0): int(deputy or 0)
        for principal, deputy in rows.values_list("principal__account_id", "deputy__account_id")
    }
