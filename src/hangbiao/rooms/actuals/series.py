"""Rows over time for drawings: what was sold day by day, and what was planned by the end of given days."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Sum

from hangbiao.rooms.actuals.models import DailyFact, Scorecard

SHARE = F("spec__curves__days__num") / F("spec__curves__den")


def _below(paths: Sequence[str]) -> Q:
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(org_path__startswith=path)
    return wanted


def daily_of_units(
    period: int, metric: int, paths: Sequence[str], until: date
) -> list[tuple[str, date, int]]:
    """(path of the lowest unit, day, value) over the territory book."""
    facts = DailyFact.objects.filter(_below(paths), period_id=period, metric_id=metric, day__lte=until)
    sums = facts.filter(territory__isnull=False).values("org_path", "day").annotate(total=Sum("value"))
    return [(path, day, int(total)) for path, day, total in sums.values_list("org_path", "day", "total")]


def daily_of_people(
    period: int, people: Iterable[int], until: date, metric: int | None = None
) -> list[tuple[int, int, date, int]]:
    """(person, metric, day, value) over the person book."""
    facts = DailyFact.objects.filter(period_id=period, person__in=list(people), day__lte=until)
    if metric is not None:
        facts = facts.filter(metric_id=metric)
    sums = facts.values("person_id", "metric_id", "day").annotate(total=Sum("value"))
    return [
        (p, m, day, int(total))
        for p, m, day, total in sums.values_list("person_id", "metric_id", "day", "total")
    ]


def plan_of_units(
    period: int, metric: int, paths: Sequence[str], days: Iterable[date], calendar_version: int
) -> list[tuple[str, date, Decimal]]:
    """(path of the lowest unit, day, planned by the end of that day in minor units) over the territory book.

    For drawings: the database's division rounds in the far decimals. Lights are judged by exact products elsewhere.
    """
    cards = Scorecard.objects.filter(_below(paths), period_id=period, metric_id=metric, book="territory")
    cards = cards.filter(
        spec__curves__calendar_version=calendar_version, spec__curves__days__day__in=list(days)
    )
    sums = cards.values("org_path", "spec__curves__days__day").annotate(plan=Sum(F("base") * SHARE))
    return list(sums.values_list("org_path", "spec__curves__days__day", "plan"))


def shares_of_targets(
    targets: Iterable[int], days: Iterable[date], calendar_version: int
) -> list[tuple[int, date, Decimal]]:
    """(target, day, share of it planned by the end of that day)."""
    cards = Scorecard.objects.filter(
        target__in=list(targets), spec__curves__calendar_version=calendar_version
    )
    cards = cards.filter(spec__curves__days__day__in=list(days))
    return list(cards.annotate(share=SHARE).values_list("target_id", "spec__curves__days__day", "share"))
