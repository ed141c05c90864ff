"""Phasing specs and their curves as rows: one spec per shape, one curve per spec and calendar version."""

from collections.abc import Sequence

from django.db import transaction

from hangbiao.core.phasing import Liability
from hangbiao.engines.workdays.selectors import calendar as work_calendar
from hangbiao.rooms.targets import sql
from hangbiao.rooms.targets.models import Curve, PhasingSpec, Version


def spec_rows(liabilities: Sequence[Liability]) -> list[PhasingSpec]:
    """The row of each liability's shape, in their order; shapes that are new are kept."""
    shapes = [(shape, shape.digest()) for shape in (one.shape() for one in liabilities)]
    rows = {
        row.digest: row
        for row in PhasingSpec.objects.filter(digest__in={digest for _shape, digest in shapes})
    }
    missing = {digest: shape for shape, digest in shapes if digest not in rows}
    PhasingSpec.objects.bulk_create(
        [PhasingSpec(digest=digest, spec=shape.to_json()) for digest, shape in missing.items()],
        ignore_conflicts=True,
    )
    rows |= {row.digest: row for row in PhasingSpec.objects.filter(digest__in=missing)}
    return [rows[digest] for _shape, digest in shapes]


@transaction.atomic
def ensure_curves(*, period: int, calendar_version: int) -> None:
    """Compute the curves that a period's versions need under one calendar version and do not have yet."""
    lacking = PhasingSpec.objects.exclude(curves__calendar_version=calendar_version)
    if not lacking.exists():  # nearly always, and the versions of a large company are many
        return
    for row in lacking.filter(pk__in=Version.objects.filter(target__period_id=period).values("spec")):
        shape = Liability.from_json(row.spec)
        first, last = shape.period_start, shape.period_end
        calendar = work_calendar(version=calendar_version, start=first, end=last)
        curve = shape.curve(calendar)
        saved = Curve.objects.create(spec=row, calendar_version=calendar_version, den=curve.den)
        sql.insert_curve_days(saved.pk, ((day.isoformat(), num) for day, num in curve.nums.items()))
