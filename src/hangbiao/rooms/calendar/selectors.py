"""Read periods, weeks, checkpoints and windows. Public: everybody may know the calendar."""

from datetime import date

from hangbiao.rooms.calendar.models import Checkpoint, FiscalPeriod, Week, Window


def period_on(day: date) -> FiscalPeriod | None:
    """The period that a day belongs to, if it is open."""
    return FiscalPeriod.objects.filter(start__lte=day, end__gte=day).first()


def period_called(code: str) -> FiscalPeriod | None:
    return FiscalPeriod.objects.filter(code=code).first()


def periods_until(day: date) -> list[FiscalPeriod]:
    """Open periods that have begun by `day`, oldest first."""
    return list(FiscalPeriod.objects.filter(start__lte=day))


def checkpoints_of(period: FiscalPeriod) -> list[date]:
    return list(Checkpoint.objects.filter(period=period).values_list("day", flat=True))


def week_on(period: FiscalPeriod, day: date) -> Week | None:
    return Week.objects.filter(period=period, start__lte=day, end__gte=day).first()


def weeks_of(period: FiscalPeriod) -> list[Week]:
    return list(Week.objects.filter(period=period))


def windows_in(period: FiscalPeriod) -> list[Window]:
    return list(Window.objects.filter(period=period))


def all_checkpoints() -> list[date]:
    """The checkpoints of all open periods, oldest first."""
    return list(Checkpoint.objects.order_by("day").values_list("day", flat=True))
