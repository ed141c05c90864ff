"""How much of a target is planned by given days: curves as small tables of shares, for drawings."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from hangbiao.core.phasing import Liability
from hangbiao.engines.workdays.selectors import calendar as work_calendar
from hangbiao.rooms.targets.models import CurveDay, PhasingSpec

Shares = dict[int, dict[date, float]]


def shares_of(specs: Iterable[int], days: Iterable[date], calendar_version: int) -> Shares:
    """Phasing spec → day → share planned by its end. Rounded: lights are judged by exact products elsewhere."""
    rows = CurveDay.objects.filter(
        curve__spec__in=list(specs), curve__calendar_version=calendar_version, day__in=list(days)
    )
    found: Shares = {}
    for spec, den, day, num in rows.values_list("curve__spec_id", "curve__den", "day", "num"):
        found.setdefault(spec, {})[day] = float(num / den)
    return found


def exact_shares(specs: Iterable[int], day: date, calendar_version: int) -> dict[int, Fraction]:
    """Phasing spec → the exact share planned by the end of a day; shapes never drawn for this calendar are drawn now."""
    wanted = set(specs)
    rows = CurveDay.objects.filter(
        curve__spec__in=wanted, curve__calendar_version=calendar_version, day=day
    ).values_list("curve__spec_id", "num", "curve__den")
    found = {spec: Fraction(int(num), int(den)) for spec, num, den in rows}
    for row in PhasingSpec.objects.filter(pk__in=wanted - found.keys()):
        shape = Liability.from_json(row.spec)
        calendar = work_calendar(version=calendar_version, start=shape.period_start, end=shape.period_end)
        found[row.pk] = shape.curve(calendar).share(day)
    return found
