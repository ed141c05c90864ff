"""Changing the working-day table: always a new version, never an edit."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from hangbiao.engines.journal.digests import root_of_rows
from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.engines.workdays import sql
from hangbiao.engines.workdays.errors import DayTwice, NoSuchVersion, Unexplained
from hangbiao.engines.workdays.events import WorkdaysChanged
from hangbiao.engines.workdays.models import Day, Version
from hangbiao.engines.workdays.selectors import latest_version
from hangbiao.engines.workdays.sources import FIRST_YEAR, DayRow, days_of, digest_of


@transaction.atomic
def seed(*, through_year: int, at: datetime, actor: str) -> int:
    """Fill the table to the end of `through_year` from the libraries. Gives the version in force.

    Adds years only; days that are there stay as they are. An installation comes seeded (migration 0003).
    """
    sql.wait_for_other_changes()
    last = Version.objects.order_by("-number").values_list("last", flat=True).first()
    first_missing = last.year + 1 if last else FIRST_YEAR
    rows = [row for year in range(first_missing, through_year + 1) for row in days_of(year)]
    if not rows:
        return latest_version()
    return _add(rows, at=at, actor=actor, reason=f"seeded to {through_year}")


@transaction.atomic
def change_days(rows: Sequence[DayRow], *, at: datetime, actor: str, reason: str) -> int:
    """Make days working days or days off. Gives the new version, or the present one if nothing differs.

    Refuses a day named twice and a change without a reason. Running deadlines may move later, never earlier
    (core.deadlines.only_later): whoever holds deadlines asks for them again.
    """
    if not reason.strip():
        raise Unexplained
    seen: set[date] = set()
    for row in rows:
        if row.day in seen:
            raise DayTwice(day=row.day.isoformat())
        seen.add(row.day)
    sql.wait_for_other_changes()
    now = _state(latest_version())
    news = [row for row in rows if now.get(row.day) != (row.is_work, row.provisional)]
    if not news:
        return latest_version()
    version = _add(news, at=at, actor=actor, reason=reason)
    tell(WorkdaysChanged(version), at=at, actor=actor)
    return version


def _add(rows: Sequence[DayRow], *, at: datetime, actor: str, reason: str) -> int:
    try:
        number = latest_version()
    except NoSuchVersion:
        number = 0
    state = _state(number) | {row.day: (row.is_work, row.provisional) for row in rows}
    version = Version.objects.create(
        number=number + 1, at=at, reason=reason, digest=digest_of(state), first=min(state), last=max(state)
    )
    Day.objects.bulk_create(
        [
            Day(
                version=version,
                day=row.day,
                is_work=row.is_work,
                name=row.name,
                source=row.source or actor,
                provisional=row.provisional,
            )
            for row in rows
        ],
        batch_size=2000,
    )
    facts = {"version": version.number, "days": len(rows), "reason": reason, "digest": version.digest}
    root = root_of_rows([row.day.isoformat(), row.is_work, row.provisional] for row in rows)
    record(stream="workdays", kind="workdays.changed", at=at, actor=actor, data=facts | {"root": root})
    return version.number


def _state(number: int) -> dict[date, tuple[bool, bool]]:
    """Every day the version knows: (is work, provisional)."""
    return {day: (is_work, provisional) for day, is_work, provisional in sql.days(number, date.min, date.max)}
