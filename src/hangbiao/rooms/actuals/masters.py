"""Master data and targets: the same reading and refusing, then the services of the rooms they belong to."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from hangbiao.core.quantity import major
from hangbiao.rooms.actuals import sql
from hangbiao.rooms.actuals.errors import Refused
from hangbiao.rooms.actuals.frames import Frame, RefusedRow, drop, shown, texts
from hangbiao.rooms.actuals.mapping import Mapping
from hangbiao.rooms.calendar import selectors as calendar
from hangbiao.rooms.calendar import services as calendar_services
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.facts import organisation, unit_paths
from hangbiao.rooms.people.rows import AssignmentRow, LeaveRow, PersonRow, RowRefusal, TerritoryRow, UnitRow
from hangbiao.rooms.targets import selectors as targets
from hangbiao.rooms.targets import services as target_services
from hangbiao.rooms.targets.rows import MetricRow, TargetRow

ALWAYS = date(2000, 1, 1)
Booking = Callable[..., list[RowRefusal]]


@dataclass(frozen=True, slots=True)
class Door:
    """Where rows of a master stream go."""

    row: type
    book: Booking


DOORS = {
    "metrics": Door(MetricRow, target_services.upsert_metrics),
    "units": Door(UnitRow, people.upsert_units),
    "people": Door(PersonRow, people.upsert_people),
    "territories": Door(TerritoryRow, people.upsert_territories),
    "assignments": Door(AssignmentRow, people.upsert_assignments),
    "leaves": Door(LeaveRow, people.upsert_leaves),
    "targets": Door(TargetRow, target_services.publish_targets),
}
_RENAMED = {"from": "valid_from", "to": "valid_to"}


def book_frame(frame: Frame, mapping: Mapping, *, at: datetime, actor: str) -> list[RefusedRow]:
    """Hand a frame's rows to their room. Rows that a business rule refuses come back and leave the frame."""
    door = DOORS[mapping.stream]
    rows = list(rows_of(frame, door.row))
    if mapping.stream == "targets":
        _open_periods(rows, at, actor)
    refusals = door.book(rows, at=at, actor=actor) if rows else []
    refused = [_refused(r, frame, mapping) for r in refusals]
    drop(frame, {r.index for r in refusals})
    return refused


def rows_of(frame: Frame, kind: type) -> Iterator[Any]:
    """The frame's rows as the other room's dataclass; an empty cell leaves the field's default."""
    names = list(frame.columns)
    for values in zip(*frame.columns.values(), strict=True):
        given = {_RENAMED.get(n, n): v for n, v in zip(names, values, strict=True) if v is not None}
        yield kind(**given)


def _refused(refusal: RowRefusal, frame: Frame, mapping: Mapping) -> RefusedRow:
    field = {v: k for k, v in _RENAMED.items()}.get(refusal.column, refusal.column)
    column = mapping.columns.get(field)
    named = column.source if column and column.source else field
    why = Refused("business", {"reason": refusal.reason, "remedy": refusal.remedy})
    raw = frame.raw[refusal.index]
    return RefusedRow(frame.lines[refusal.index], shown(named), refusal.value[:200], why, texts(raw))


def _open_periods(rows: Sequence[TargetRow], at: datetime, actor: str) -> None:
    """Targets open the periods whose days or codes they name; a code that is no quarter is refused by the targets room."""
    days = {r.day for r in rows if r.day and not r.period} | {_first_day(r.period) for r in rows if r.period}
    for day in sorted(d for d in days if d):
        if calendar.period_on(day) is None:
            calendar_services.ensure_periods(first=day, last=day, at=at, actor=actor)


def _first_day(code: str) -> date | None:
    quarter = re.fullmatch(r"(20[0-9]{2})Q([1-4])", code, re.ASCII)
    return date(int(quarter[1]), 3 * int(quarter[2]) - 2, 1) if quarter else None


def company_exists() -> bool:
    """Whether a root unit, /C/, is there."""
    return any(path.strip("/").count("/") == 0 for path in unit_paths().values())


def own_territories(frame: Frame, *, at: datetime, actor: str) -> None:
    """Where a company has no territories, every rep has one of their own with the same code."""
    reps = [r for r in rows_of(frame, PersonRow) if r.role == "rep"]
    people.upsert_territories(
        [TerritoryRow(territory=r.person, unit=r.unit, name=r.name, name_en=r.name_en) for r in reps],
        at=at,
        actor=actor,
    )
    people.upsert_assignments(
        [
            AssignmentRow(territory=r.person, person=r.person, valid_from=r.valid_from or r.joined or ALWAYS, valid_to=r.valid_to)
            for r in reps
        ],
        at=at,
        actor=actor,
    )  # fmt: skip


def derived_targets(factor: Decimal) -> list[TargetRow]:
    """A territory's target of each open period: what it came to in the period before, times `factor`."""
    periods = sorted(calendar.periods_until(date.max), key=lambda p: p.start)
    after = {a.pk: b.code for a, b in pairwise(periods)}
    metrics = {m.pk: m for m in targets.metrics()}
    territories = {p.pk: code for code, p in organisation().territories.items()}
    sums: dict[tuple[int, int, int], int] = {}
    for period, metric, territory, _person, value in sql.holders_totals():
        sums[period, metric, territory] = sums.get((period, metric, territory), 0) + value
    rows = []
    for (period, metric, territory), value in sorted(sums.items()):
        if value > 0 and territory in territories and period in after:
            places = metrics[metric].decimals
            base = (major(value, places) * factor).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            rows.append(
                TargetRow(
                    metric=metrics[metric].code,
                    base=base,
                    territory=territories[territory],
                    period=after[period],
                )
            )
    return rows
