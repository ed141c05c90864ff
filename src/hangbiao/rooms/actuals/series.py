"""Rows over time for drawings: what was sold week by week, and what was planned by the end of given days."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, F, Func, IntegerField, Q, Sum, Value

from hangbiao.rooms.actuals.models import DailyFact, Scorecard, UnitDay
from hangbiao.rooms.targets.shares import shares_of


class WeekSince(Func):
    """Whole weeks between a start and a day: 0 for the first seven days."""

    template = "((%(expressions)s) / 7)"
    arg_joiner = " - "
    output_field = IntegerField()


def _below(paths: Sequence[str]) -> Q:
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(org_path__startswith=path)
    return wanted


def days_between(start: date, until: date) -> list[date]:
    """Every day by name: the index of daily facts has the day before the person, and finds each one by itself."""
    return [start + timedelta(days=n) for n in range((until - start).days + 1)]


def _week(start: date) -> WeekSince:
    return WeekSince(F("day"), Value(start, output_field=DateField()))


def weekly_of_units(
    period: int, metric: int, paths: Sequence[str], start: date, until: date
) -> list[tuple[str, int, int]]:
    """(path, week from 0, value) of the units with exactly these paths, over the territory book."""
    days = UnitDay.objects.filter(
        period_id=period, metric_id=metric, day__in=days_between(start, until), org_path__in=list(paths)
    )
    sums = days.annotate(week=_week(start)).values("org_path", "week").annotate(total=Sum("value"))
    return [(path, week, int(v)) for path, week, v in sums.values_list("org_path", "week", "total")]


def weekly_of_people(
    period: int, people: Iterable[int], start: date, until: date, metrics: Collection[int]
) -> list[tuple[int, int, int, int]]:
    """(person, metric, week from 0, value) over the person book."""
    facts = DailyFact.objects.filter(
        period_id=period,
        metric__in=list(metrics),
        day__in=days_between(start, until),
        person__in=list(people),
    )
    sums = (
        facts.annotate(week=_week(start))
        .values("person_id", "metric_id", "week")
        .annotate(total=Sum("value"))
    )
    return [(p, m, w, int(v)) for p, m, w, v in sums.values_list("person_id", "metric_id", "week", "total")]


def plan_of_units(
    period: int, metric: int, paths: Sequence[str], days: Sequence[date], calendar_version: int
) -> list[tuple[str, date, float]]:
    """(path, day, planned by the end of that day in minor units) of the units with exactly these paths, over the
    territory book."""
    bases = _bases(period, metric, paths)
    shares = shares_of({spec for _path, spec in bases}, days, calendar_version)
    return [
        (path, day, share * total)
        for (path, spec), total in bases.items()
        for day, share in shares.get(spec, {}).items()
    ]


def _bases(period: int, metric: int, paths: Sequence[str]) -> dict[tuple[str, int], int]:
    """(path, phasing) → Σ base. A large company has thousands of lowest units and few shapes: summed before they are
    laid over days."""
    cards = Scorecard.objects.filter(_below(paths), period_id=period, metric_id=metric, book="territory")
    sums = cards.values_list("org_path", "spec_id").annotate(total=Sum("base"))
    wanted, found = set(paths), dict[tuple[str, int], int]()
    for lowest, spec, total in sums:
        for path in {lowest[: n + 1] for n, letter in enumerate(lowest) if letter == "/"} & wanted:
            found[path, spec] = found.get((path, spec), 0) + int(total)
    return found


def plan_of_targets(
    targets: Iterable[int], days: Sequence[date], calendar_version: int
) -> list[tuple[int, date, float]]:
    """(target, day, planned by the end of that day in minor units)."""
    cards = Scorecard.objects.filter(target__in=list(targets)).values_list("target_id", "spec_id", "base")
    rows: list[tuple[Any, ...]] = list(cards)
    shares = shares_of({spec for _target, spec, _base in rows}, days, calendar_version)
    return [
        (target, day, share * base)
        for target, spec, base in rows
        for day, share in shares.get(spec, {}).items()
    ]
