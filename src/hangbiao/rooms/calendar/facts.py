"""Periods as frozen values, for rooms that do not touch the calendar's tables."""

from dataclasses import dataclass
from datetime import date

from hangbiao.rooms.calendar.models import FiscalPeriod


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """A period whose dates are fixed, both days included."""

    pk: int
    code: str
    start: date
    end: date


def open_periods(*, ending_from: date | None = None) -> list[OpenPeriod]:
    """All open periods, oldest first; with `ending_from` those that end on that day or later."""
    rows = FiscalPeriod.objects.filter(end__gte=ending_from) if ending_from else FiscalPeriod.objects.all()
    return [OpenPeriod(*row) for row in rows.values_list("pk", "code", "start", "end")]
