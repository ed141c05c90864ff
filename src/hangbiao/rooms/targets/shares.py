"""How much of a target is planned by given days: curves as small tables of shares, for drawings."""

from collections.abc import Iterable
from datetime import date

from hangbiao.rooms.targets.models import CurveDay

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
