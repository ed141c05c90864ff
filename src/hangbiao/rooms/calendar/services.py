"""Open periods: fix their weeks, checkpoints and windows as dates."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from hangbiao.core.periods import FiscalCalendar
from hangbiao.core.windows import windows_of
from hangbiao.engines.journal.services import record
from hangbiao.rooms.calendar.models import Checkpoint, FiscalPeriod, Week, Window

QUARTERS = FiscalCalendar()


@transaction.atomic
def ensure_periods(
    *, first: date, last: date, at: datetime, actor: str, window_weeks: Sequence[int] = (10,)
) -> None:
    """Open every quarter that touches first … last and is not open yet. Dates of an open period never move."""
    day = first
    while day <= last:
        period = QUARTERS.period_of(day)
        if not FiscalPeriod.objects.filter(code=period.code).exists():
            row = FiscalPeriod.objects.create(code=period.code, start=period.start, end=period.end)
            Week.objects.bulk_create(
                Week(period=row, number=w.number, start=w.start, end=w.end) for w in QUARTERS.weeks(period)
            )
            checkpoints = QUARTERS.checkpoints(period)
            Checkpoint.objects.bulk_create(
                Checkpoint(period=row, number=n, day=d) for n, d in enumerate(checkpoints, start=1)
            )
            Window.objects.bulk_create(
                Window(period=row, week=w.week, opens=w.opens, closes=w.closes)
                for w in windows_of(period, list(window_weeks), QUARTERS)
            )
            record(
                stream="calendar",
                kind="calendar.period_opened",
                at=at,
                actor=actor,
                data={"period": period.code, "start": str(period.start), "end": str(period.end)},
            )
        day = QUARTERS.next(period).start
