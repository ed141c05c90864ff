"""Everything that changes the organisation. Set-based: one call takes the rows of a file and leaves one journal line."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hangbiao.core.merkle import tree_hash
from hangbiao.engines.accounts.services import open_account
from hangbiao.engines.journal.digests import canonical
from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.rooms.people.events import OrganisationChanged
from hangbiao.rooms.people.models import Assignment, Leave, Person, Post, Territory, Unit
from hangbiao.rooms.people.rows import AssignmentRow, LeaveRow, PersonRow, RowRefusal, TerritoryRow, UnitRow

ALWAYS = date(2000, 1, 1)
COMPANY = "C"


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
        later: list[tuple[int, UnitRow]] = []
        for index, row in waiting:
            if row.parent and row.parent not in known and any(r.unit == row.parent for _i, r in waiting):
                later.append((index, row))
                continue
            trouble = _unit_trouble(index, row, known)
            if trouble:
                refused.append(trouble)
            else:
                known[row.unit] = _save_unit(row, known)
        if len(later) == len(waiting):
            refused += [_no_unit(i, "parent", r.parent) for i, r in later]
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
        return _no_unit(index, "parent", row.parent)
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
    return None


def _no_unit(index: int, column: str, code: str) -> RowRefusal:
    return RowRefusal(
        index,
        column,
        code,
        _("没有编号为 %(code)s 的单位。") % {"code": code},
        _("请先导入该单位，或改正编号。"),
    )


def _parent_of(row: UnitRow, known: dict[str, Unit]) -> Unit | None:
    if row.kind == Unit.Kind.COMPANY:
        return None
    return known.get(row.parent or COMPANY) or next(
        (u for u in known.values() if u.kind == Unit.Kind.COMPANY), None
    )


def _save_unit(row: UnitRow, known: dict[str, Unit]) -> Unit:
    parent = _parent_of(row, known)
    segment = row.unit.replace("/", "-")
    unit = known.get(row.unit) or Unit(
        code=row.unit,
        kind=row.kind,
        parent=parent,
        path=(parent.path if parent else "/") + f"{segment}/",
        valid_from=row.valid_from or ALWAYS,
    )
    unit.name, unit.name_en, unit.province = (
        row.name,
        row.name_en or unit.name_en,
        row.province or unit.province,
    )
    unit.save()
    return unit


@transaction.atomic
def upsert_people(rows: Sequence[PersonRow], *, at: datetime, actor: str) -> list[RowRefusal]:
    """Make people and their posts known. A later post in the same role ends the one before it the day before."""
    units = {u.code: u for u in Unit.objects.all()}
    root = next((u for u in units.values() if u.kind == Unit.Kind.COMPANY), None)
    people = {p.code: p for p in Person.objects.all()}
    refused: list[RowRefusal] = []
    for index, row in enumerate(rows):
        unit = units.get(row.unit) if row.unit else root
        if row.role not in Post.Role.values:
            refused.append(
                RowRefusal(
                    index,
                    "role",
                    row.role,
                    _("没有这个角色。"),
                    _("可用角色：%(roles)s。") % {"roles": "、".join(Post.Role.values)},
                )
            )
        elif unit is None:
            refused.append(_no_unit(index, "unit", row.unit))
        elif row.valid_to and row.valid_from and row.valid_to < row.valid_from:
            refused.append(_ends_first(index, row.valid_to))
        else:
            people[row.person] = person = _save_person(row, people.get(row.person), at, actor)
            _save_post(person, unit, row)
    _journal("people.people_booked", rows, refused, at, actor)
    if leavers := [r.left for r in rows if r.left]:
        tell(OrganisationChanged(since=min(leavers)), at=at, actor=actor)
    return refused


def _ends_first(index: int, end: date) -> RowRefusal:
    return RowRefusal(index, "to", end.isoformat(), _("结束日早于开始日。"), _("请改正日期。"))


def _save_person(row: PersonRow, person: Person | None, at: datetime, actor: str) -> Person:
    person = person or Person(code=row.person)
    person.name, person.name_en = row.name, row.name_en or person.name_en
    person.joined_on, person.left_on = row.joined or person.joined_on, row.left or person.left_on
    if row.username and person.account_id is None:
        person.account = open_account(
            username=row.username, name=row.name, name_en=row.name_en, at=at, actor=actor
        )
    person.save()
    return person


def _save_post(person: Person, unit: Unit, row: PersonRow) -> None:
    begins = row.valid_from or row.joined or ALWAYS
    same_role = Post.objects.filter(person=person, role=row.role)
    if same_role.filter(unit=unit, valid_from=begins).update(valid_to=row.valid_to):
        return
    if row.role != Post.Role.HRBP:
        same_role.filter(valid_from__lt=begins, valid_to__isnull=True).update(
            valid_to=begins - timedelta(days=1)
        )
    Post.objects.create(person=person, unit=unit, role=row.role, valid_from=begins, valid_to=row.valid_to)


@transaction.atomic
def upsert_territories(rows: Sequence[TerritoryRow], *, at: datetime, actor: str) -> list[RowRefusal]:
    """Make territories known. Their unit is fixed: a re-organisation makes new territories."""
    units = {u.code: u for u in Unit.objects.all()}
    root = next((u for u in units.values() if u.kind == Unit.Kind.COMPANY), None)
    people = {p.code: p for p in Person.objects.all()}
    known = {t.code: t for t in Territory.objects.all()}
    refused: list[RowRefusal] = []
    for index, row in enumerate(rows):
        unit = units.get(row.unit) if row.unit else root
        if unit is None:
            refused.append(_no_unit(index, "unit", row.unit))
        elif row.vacancy_owner and row.vacancy_owner not in people:
            refused.append(_no_person(index, "vacancy_owner", row.vacancy_owner))
        else:
            territory = known.get(row.territory) or Territory(
                code=row.territory, unit=unit, valid_from=row.valid_from or ALWAYS
            )
            territory.name = row.name or territory.name or row.territory
            territory.name_en = row.name_en or territory.name_en
            territory.vacancy_owner = people.get(row.vacancy_owner) or territory.vacancy_owner
            territory.valid_to = row.valid_to
            territory.save()
            known[row.territory] = territory
    _journal("people.territories_booked", rows, refused, at, actor)
    return refused


def _no_person(index: int, column: str, code: str) -> RowRefusal:
    return RowRefusal(
        index,
        column,
        code,
        _("没有编号为 %(code)s 的人员。") % {"code": code},
        _("请先导入该人员，或改正编号。"),
    )


@transaction.atomic
def upsert_assignments(rows: Sequence[AssignmentRow], *, at: datetime, actor: str) -> list[RowRefusal]:
    """Say who works a territory from when. A successor ends the predecessor; two people at once are refused."""
    territories = {t.code: t for t in Territory.objects.all()}
    people = {p.code: p for p in Person.objects.all()}
    refused: list[RowRefusal] = []
    for index, row in sorted(enumerate(rows), key=lambda pair: (pair[1].valid_from, pair[0])):
        if row.territory not in territories:
            reason = _("没有编号为 %(code)s 的片区。") % {"code": row.territory}
            refused.append(
                RowRefusal(index, "territory", row.territory, reason, _("请先导入该片区，或改正编号。"))
            )
        elif row.person not in people:
            refused.append(_no_person(index, "person", row.person))
        elif row.valid_to and row.valid_to < row.valid_from:
            refused.append(_ends_first(index, row.valid_to))
        else:
            trouble = _assign(index, row, territories[row.territory], people[row.person])
            if trouble:
                refused.append(trouble)
    _journal("people.assignments_booked", rows, refused, at, actor)
    if rows:
        tell(OrganisationChanged(since=min(r.valid_from for r in rows)), at=at, actor=actor)
    return sorted(refused, key=lambda r: r.index)


def _assign(index: int, row: AssignmentRow, territory: Territory, person: Person) -> RowRefusal | None:
    of_territory = Assignment.objects.filter(territory=territory)
    if of_territory.filter(person=person, valid_from=row.valid_from).update(valid_to=row.valid_to):
        return None
    day_before = row.valid_from - timedelta(days=1)
    of_territory.filter(valid_from__lt=row.valid_from, valid_to__isnull=True).update(valid_to=day_before)
    clash = of_territory.exclude(valid_to__lt=row.valid_from)
    clash = clash.exclude(valid_from__gt=row.valid_to) if row.valid_to else clash
    other = clash.select_related("person").first()
    if other:
        reason = _("片区 %(territory)s 在这段时间已由 %(person)s 负责。") % {
            "territory": territory.code,
            "person": other.person.name,
        }
        return RowRefusal(index, "person", row.person, reason, _("请先结束前一段分配，或改正日期。"))
    Assignment.objects.create(
        territory=territory, person=person, valid_from=row.valid_from, valid_to=row.valid_to
    )
    return None


@transaction.atomic
def upsert_leaves(rows: Sequence[LeaveRow], *, at: datetime, actor: str) -> list[RowRefusal]:
    """Book leave. Protected kinds lower the target of the days they cover; others do not."""
    people = {p.code: p for p in Person.objects.all()}
    refused: list[RowRefusal] = []
    for index, row in enumerate(rows):
        person = people.get(row.person)
        if person is None:
            refused.append(_no_person(index, "person", row.person))
        elif row.end < row.start:
            refused.append(_ends_first(index, row.end))
        else:
            post = person.posts.filter(valid_from__lte=row.start).order_by("-valid_from").first()
            Leave.objects.update_or_create(
                person=person,
                kind=row.kind,
                start=row.start,
                defaults={
                    "end": row.end,
                    "protected": row.protected,
                    "org_path": post.unit.path if post else f"/{COMPANY}/",
                },
            )
    _journal("people.leaves_booked", rows, refused, at, actor)
    if rows:
        tell(OrganisationChanged(since=min(r.start for r in rows)), at=at, actor=actor)
    return refused


def _journal(kind: str, rows: Sequence[Any], refused: list[RowRefusal], at: datetime, actor: str) -> None:
    """One line for the whole set: how many rows, and the Merkle root of what they said."""
    out = {r.index for r in refused}
    leaves = [_leaf(row) for index, row in enumerate(rows) if index not in out]
    data = {"rows": len(leaves), "refused": len(refused), "root": tree_hash(leaves).hex()}
    record(stream="people", kind=kind, at=at, actor=actor, data=data)


def _leaf(row: Any) -> bytes:
    text: Callable[[Any], str] = lambda v: "" if v is None else str(v)
    return canonical({k: text(v) for k, v in asdict(row).items()}).encode()
