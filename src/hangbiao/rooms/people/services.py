"""Everything that changes the organisation. Set-based: one call takes the rows of a file and leaves one journal line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hangbiao.core.merkle import tree_hash
from hangbiao.engines.accounts.selectors import usernames_among
from hangbiao.engines.accounts.services import NewAccount, open_accounts, set_mails
from hangbiao.engines.journal.digests import canonical
from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.rooms.people.events import OrganisationChanged
from hangbiao.rooms.people.joining import Known
from hangbiao.rooms.people.models import Leave, Person, Post, Territory, Unit
from hangbiao.rooms.people.refusals import ends_first, no_person, no_territory, no_unit, username_taken
from hangbiao.rooms.people.rows import AssignmentRow, LeaveRow, PersonRow, RowRefusal, TerritoryRow, UnitRow
from hangbiao.rooms.people.spans import AT_ONCE, Assignments, Posts

ALWAYS = date(2000, 1, 1)
COMPANY = "C"
LONGEST_PATH = 200


def company_exists() -> bool:
    """Whether the root unit is there."""
    return Unit.objects.filter(kind=Unit.Kind.COMPANY).exists()


@transaction.atomic
def ensure_company(*, name: str, at: datetime, actor: str, name_en: str = "") -> Unit:
    """The company's root unit, made when it is missing. Never renamed here."""
    found = Unit.objects.filter(kind=Unit.Kind.COMPANY).first()
    if found:
        return found
    unit = Unit.objects.create(
        code=COMPANY,
        name=name,
        name_en=name_en,
        kind=Unit.Kind.COMPANY,
        path=f"/{COMPANY}/",
        valid_from=ALWAYS,
    )
    record(stream="people", kind="people.company_named", at=at, actor=actor, data={"name": name})
    return unit


@transaction.atomic
def upsert_units(rows: Sequence[UnitRow], *, at: datetime, actor: str) -> list[RowRefusal]:
    """Make units known or rename them. A parent may stand later in the same file. Moving a unit is refused."""
    known = {u.code: u for u in Unit.objects.all()}
    refused: list[RowRefusal] = []
    waiting = list(enumerate(rows))
    while waiting:
        coming = {row.unit for _i, row in waiting}
        later: list[tuple[int, UnitRow]] = []
        for index, row in waiting:
            if row.parent and row.parent not in known and row.parent in coming:
                later.append((index, row))
                continue
            trouble = _unit_trouble(index, row, known)
            if trouble:
                refused.append(trouble)
            else:
                known[row.unit] = _save_unit(row, known)
        if len(later) == len(waiting):
            refused += [no_unit(i, "parent", r.parent) for i, r in later]
            break
        waiting = later
    _journal("people.units_booked", rows, refused, at, actor)
    return refused


def _unit_trouble(index: int, row: UnitRow, known: dict[str, Unit]) -> RowRefusal | None:
    if row.kind not in Unit.Kind.values:
        return RowRefusal(
            index,
            "kind",
            row.kind,
            _("单位类型只能是 company、region 或 team。"),
            _("请改正类型后重新导入。"),
        )
    if row.parent and row.parent not in known:
        return no_unit(index, "parent", row.parent)
    root = _root_of(known)
    if row.kind == Unit.Kind.COMPANY and root and root.code not in {COMPANY, row.unit}:
        reason = _("公司已经存在，编号是 %(code)s。") % {"code": root.code}
        return RowRefusal(index, "unit", row.unit, reason, _("请用这个编号，或把类型改为 region 或 team。"))
    found = known.get(row.unit)
    parent = _parent_of(row, known)
    if found and parent and found.parent_id != parent.pk:
        return RowRefusal(
            index,
            "parent",
            row.parent,
            _("单位 %(unit)s 已经属于别的上级，不能直接移动。") % {"unit": row.unit},
            _("请新建单位并从生效日起调整人员任职，历史才不会变。"),
        )
    return None if found else _path_trouble(index, row, parent, known)


def _path_trouble(index: int, row: UnitRow, parent: Unit | None, known: dict[str, Unit]) -> RowRefusal | None:
    """Paths are names for good: short enough for their column, and no two alike."""
    path = _path_of(row, parent)
    if len(path) > LONGEST_PATH:
        reason = _("上级加起来的编号超过 %(limit)s 个字符。") % {"limit": LONGEST_PATH}
        return RowRefusal(index, "unit", row.unit, reason, _("请缩短编号，或减少层级。"))
    alike = {"/", "-"} & set(row.unit) and row.kind != Unit.Kind.COMPANY
    rival = next((u for u in known.values() if u.path == path), None) if alike else None
    if rival:
        reason = _("编号与单位 %(unit)s 只差斜线和连字符，无法区分。") % {"unit": rival.code}
        return RowRefusal(index, "unit", row.unit, reason, _("请改用别的编号。"))
    return None


def _root_of(known: dict[str, Unit]) -> Unit | None:
    return next((u for u in known.values() if u.kind == Unit.Kind.COMPANY), None)


def _parent_of(row: UnitRow, known: dict[str, Unit]) -> Unit | None:
    if row.kind == Unit.Kind.COMPANY:
        return None
    return known.get(row.parent) or _root_of(known)


def _path_of(row: UnitRow, parent: Unit | None) -> str:
    """The company's is always the same, whatever its code: lines of nobody lie there."""
    segment = COMPANY if row.kind == Unit.Kind.COMPANY else row.unit.replace("/", "-")
    return (parent.path if parent else "/") + f"{segment}/"


def _save_unit(row: UnitRow, known: dict[str, Unit]) -> Unit:
    parent = _parent_of(row, known)
    unit = known.get(row.unit) or (_root_of(known) if row.kind == Unit.Kind.COMPANY else None) or Unit(
        kind=row.kind, parent=parent, path=_path_of(row, parent), valid_from=row.valid_from or ALWAYS
    )
    unit.code, unit.name = row.unit, row.name
    unit.name_en, unit.province = row.name_en or unit.name_en, row.province or unit.province
    unit.save()
    return unit


@transaction.atomic
def upsert_people(rows: Sequence[PersonRow], *, at: datetime, actor: str) -> list[RowRefusal]:
    """Make people and their posts known. A later post in the same role ends the one before it the day before."""
    units = {u.code: u for u in Unit.objects.all()}
    root = next((u for u in units.values() if u.kind == Unit.Kind.COMPANY), None)
    people = {p.code: p for p in Person.objects.filter(code__in={r.person for r in rows})}
    posts = Posts(people)
    names, known = _Usernames(rows, people), Known.load()
    before = {code: _said_of(person) for code, person in people.items()}
    refused: list[RowRefusal] = []
    for index, row in enumerate(rows):
        unit = units.get(row.unit) if row.unit else root
        trouble = _person_trouble(index, row, unit) or names.trouble(index, row) or known.trouble(index, row)
        if unit is None or trouble:
            refused.append(trouble or no_unit(index, "unit", row.unit))
            continue
        person = people.get(row.person) or Person(code=row.person)
        begins = row.valid_from or row.joined or ALWAYS
        rival = posts.place(person, unit, row.role, begins, row.valid_to)
        if rival:
            refused.append(_two_units(index, row, rival))
            continue
        people[row.person] = _described(person, row)
        names.claim(row)
        known.claim(row)
    names.open_accounts(people, at=at, actor=actor)
    changed = [p for p in people.values() if before.get(p.code) != _said_of(p)]
    _write(Person, changed, ["name", "name_en", "mail", "joined_on", "left_on", "account"])
    known.save()
    set_mails({p.account_id: p.mail for p in changed if p.account_id and p.mail}, at=at, actor=actor)
    posts.save()
    _journal("people.people_booked", rows, refused, at, actor)
    days = [r.left for r in rows if r.left] + [d for d in [posts.changes.since] if d]
    if days:
        tell(OrganisationChanged(since=min(days)), at=at, actor=actor)
    return refused


def _person_trouble(index: int, row: PersonRow, unit: Unit | None) -> RowRefusal | None:
    if row.role not in Post.Role.values:
        remedy = _("可用角色：%(roles)s。") % {"roles": "、".join(Post.Role.values)}
        return RowRefusal(index, "role", row.role, _("没有这个角色。"), remedy)
    if unit is None:
        return no_unit(index, "unit", row.unit)
    if row.valid_to and row.valid_to < (row.valid_from or row.joined or ALWAYS):
        return ends_first(index, "to", row.valid_to)
    return None


def _two_units(index: int, row: PersonRow, rival: Unit) -> RowRefusal:
    reason = _("同一角色从同一天起已经属于单位 %(unit)s。") % {"unit": rival.name}
    return RowRefusal(index, "unit", row.unit, reason, _("调动请写明新的生效日（from）；否则请改正单位。"))


def _described(person: Person, row: PersonRow) -> Person:
    person.name, person.name_en = row.name, row.name_en or person.name_en
    person.joined_on, person.left_on = row.joined or person.joined_on, row.left or person.left_on
    person.mail = row.mail or person.mail
    return person


def _said_of(person: Person) -> tuple[Any, ...]:
    return (person.name, person.name_en, person.mail, person.joined_on, person.left_on, person.account_id)


def _write(model: type[Person | Territory], rows: Iterable[Any], fields: Sequence[str]) -> None:
    """Insert the rows, or change `fields` of those that are there."""
    model._default_manager.bulk_create(
        rows, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )


class _Usernames:
    """Who of one call gets an account by which name. A name belongs to one person, and a person keeps the account."""

    def __init__(self, rows: Sequence[PersonRow], people: dict[str, Person]) -> None:
        self._taken = usernames_among({r.username for r in rows if r.username})
        self._with_account = {code for code, person in people.items() if person.account_id}
        self._given: dict[str, PersonRow] = {}

    def trouble(self, index: int, row: PersonRow) -> RowRefusal | None:
        if not self._wants(row):
            return None
        claimed = self._given.get(row.username)
        taken = row.username in self._taken or (claimed is not None and claimed.person != row.person)
        return username_taken(index, row.username) if taken else None

    def claim(self, row: PersonRow) -> None:
        if self._wants(row) and not any(r.person == row.person for r in [self._given.get(row.username)] if r):
            self._given[row.username] = row

    def _wants(self, row: PersonRow) -> bool:
        return bool(row.username) and row.person not in self._with_account

    def open_accounts(self, people: dict[str, Person], *, at: datetime, actor: str) -> None:
        new = [NewAccount(r.username, r.name[:64], r.name_en[:64], r.mail) for r in self._given.values()]
        accounts = open_accounts(new, at=at, actor=actor)
        for row in self._given.values():
            people[row.person].account = accounts[row.username]


@transaction.atomic
def upsert_territories(rows: Sequence[TerritoryRow], *, at: datetime, actor: str) -> list[RowRefusal]:
    """Make territories known. Their unit is fixed: a re-organisation makes new territories."""
    units = {u.code: u for u in Unit.objects.all()}
    root = next((u for u in units.values() if u.kind == Unit.Kind.COMPANY), None)
    owners = {r.vacancy_owner for r in rows if r.vacancy_owner}
    people = {p.code: p for p in Person.objects.filter(code__in=owners)}
    known = {t.code: t for t in Territory.objects.filter(code__in={r.territory for r in rows})}
    changed: dict[str, Territory] = {}
    refused: list[RowRefusal] = []
    for index, row in enumerate(rows):
        unit = units.get(row.unit) if row.unit else root
        if unit is None:
            refused.append(no_unit(index, "unit", row.unit))
        elif row.vacancy_owner and row.vacancy_owner not in people:
            refused.append(no_person(index, "vacancy_owner", row.vacancy_owner))
        else:
            territory = known.get(row.territory) or Territory(
                code=row.territory, unit=unit, valid_from=row.valid_from or ALWAYS
            )
            territory.name = row.name or territory.name or row.territory
            territory.name_en = row.name_en or territory.name_en
            territory.vacancy_owner = people.get(row.vacancy_owner) or territory.vacancy_owner
            territory.valid_to = row.valid_to
            known[row.territory] = changed[row.territory] = territory
    _write(Territory, changed.values(), ["name", "name_en", "vacancy_owner", "valid_to"])
    _journal("people.territories_booked", rows, refused, at, actor)
    return refused


@transaction.atomic
def upsert_assignments(rows: Sequence[AssignmentRow], *, at: datetime, actor: str) -> list[RowRefusal]:
    """Say who works a territory from when. Without an end it lasts until somebody follows; two at once are refused."""
    territories = {t.code: t for t in Territory.objects.filter(code__in={r.territory for r in rows})}
    people = {p.code: p for p in Person.objects.filter(code__in={r.person for r in rows})}
    assignments = Assignments(territories)
    refused: list[RowRefusal] = []
    for index, row in sorted(enumerate(rows), key=lambda pair: (pair[1].valid_from, pair[0])):
        if row.territory not in territories:
            refused.append(no_territory(index, row.territory))
        elif row.person not in people:
            refused.append(no_person(index, "person", row.person))
        elif row.valid_to and row.valid_to < row.valid_from:
            refused.append(ends_first(index, "to", row.valid_to))
        else:
            place = territories[row.territory]
            other = assignments.place(place, people[row.person], row.valid_from, row.valid_to)
            if other:
                refused.append(_two_at_once(index, row, other))
    assignments.save()
    _journal("people.assignments_booked", rows, refused, at, actor)
    if assignments.changes.since:
        tell(OrganisationChanged(since=assignments.changes.since), at=at, actor=actor)
    return sorted(refused, key=lambda r: r.index)


def _two_at_once(index: int, row: AssignmentRow, other: Person) -> RowRefusal:
    reason = _("片区 %(territory)s 在这段时间已由 %(person)s 负责。") % {
        "territory": row.territory,
        "person": other.name,
    }
    return RowRefusal(index, "person", row.person, reason, _("请先结束前一段分配，或改正日期。"))


@transaction.atomic
def upsert_leaves(rows: Sequence[LeaveRow], *, at: datetime, actor: str) -> list[RowRefusal]:
    """Book leave. Protected kinds lower the target of the days they cover; others do not."""
    people = {p.code: p for p in Person.objects.filter(code__in={r.person for r in rows})}
    paths = _paths_of_posts(people)
    booked: dict[tuple[str, str, date], Leave] = {}
    refused: list[RowRefusal] = []
    for index, row in enumerate(rows):
        if row.person not in people:
            refused.append(no_person(index, "person", row.person))
        elif row.end < row.start:
            refused.append(ends_first(index, "end", row.end))
        else:
            person = people[row.person]
            earlier = [path for first, path in paths.get(person.pk, ()) if first <= row.start]
            booked[row.person, row.kind, row.start] = Leave(
                person=person, kind=row.kind, start=row.start, end=row.end, protected=row.protected,
                org_path=earlier[-1] if earlier else f"/{COMPANY}/",
            )  # fmt: skip
    Leave.objects.bulk_create(
        booked.values(),
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["person", "kind", "start"],
        update_fields=["end", "protected", "org_path"],
    )
    _journal("people.leaves_booked", rows, refused, at, actor)
    if booked:
        tell(OrganisationChanged(since=min(start for _p, _k, start in booked)), at=at, actor=actor)
    return refused


def _paths_of_posts(people: dict[str, Person]) -> dict[int, list[tuple[date, str]]]:
    """Person → the first day and unit path of each post, oldest first."""
    found: dict[int, list[tuple[date, str]]] = {}
    posts = Post.objects.filter(person__code__in=list(people)).order_by("valid_from", "pk")
    for person, first, path in posts.values_list("person", "valid_from", "unit__path"):
        found.setdefault(person, []).append((first, path))
    return found


def _journal(kind: str, rows: Sequence[Any], refused: list[RowRefusal], at: datetime, actor: str) -> None:
    """One line for the whole set: how many rows, and the Merkle root of what they said."""
    out = {r.index for r in refused}
    leaves = [_leaf(row) for index, row in enumerate(rows) if index not in out]
    data = {"rows": len(leaves), "refused": len(refused), "root": tree_hash(leaves).hex()}
    record(stream="people", kind=kind, at=at, actor=actor, data=data)


def _leaf(row: Any) -> bytes:
    text: Callable[[Any], str] = lambda v: "" if v is None else str(v)
    return canonical({k: text(v) for k, v in asdict(row).items()}).encode()
