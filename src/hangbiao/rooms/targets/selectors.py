"""Read metrics, targets and their versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from hangbiao.rooms.people.selectors import unit_called
from hangbiao.rooms.targets.models import Book, Metric, Target, Version


def metrics() -> list[Metric]:
    """All metrics, the headline first."""
    return list(Metric.objects.all())


def metric_called(code: str) -> Metric | None:
    return Metric.objects.filter(code=code).first()


def headline() -> Metric | None:
    """The metric that the board opens with: the one in first position."""
    return Metric.objects.first()


def versions_of(target: int) -> list[Version]:
    """Every version ever adopted, oldest first."""
    return list(Version.objects.filter(target_id=target).order_by("number"))


def versions_known_at(targets: Sequence[int], at: datetime) -> dict[int, Version]:
    """Target → the version that counted at an instant."""
    rows = Version.objects.filter(target_id__in=targets, recorded_at__lte=at).order_by("number")
    return {v.target_id: v for v in rows}


def targets_of_person(person: int) -> QuerySet[Target]:
    """Somebody's own targets, of all periods and metrics."""
    return Target.objects.filter(person_id=person)


def targets_in(period: int) -> QuerySet[Target]:
    return Target.objects.filter(period_id=period)


def territory_bases(period: int, metric: int, path: str, at: datetime) -> list[tuple[int, int, int]]:
    """(phasing spec, base, stretch) of every territory target below a path, in the version that counted at an instant."""
    rows = Version.objects.also_through("target").filter(
        target__period_id=period, target__metric_id=metric, target__book=Book.TERRITORY,
        org_path__startswith=path, recorded_at__lte=at,
    )  # fmt: skip
    newest = rows.order_by("target_id", "-number").distinct("target_id")
    return [(s, base, base if top is None else top) for s, base, top in newest.values_list("spec_id", "base", "stretch")]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A target with the version that counts."""

    target: Target
    version: Version


def targets_after(
    after: int, limit: int, *, period: str = "", metric: str = "", unit: str = "", person: str = "", book: str = ""
) -> list[Agreed]:
    """Targets in order of their keys, from behind `after` on; every filter is a code, an empty one asks for all."""
    found = Target.objects.filter(pk__gt=after, current__gt=0).select_related(
        "metric", "period", "person", "territory"
    )
    if unit:
        at = unit_called(unit)
        found = found.filter(org_path__startswith=at.path) if at else found.none()
    for name, value in (("period__code", period), ("metric__code", metric), ("person__code", person), ("book", book)):
        found = found.filter(**{name: value}) if value else found
    shown = list(found.order_by("pk")[:limit])
    versions = Version.objects.filter(target__in=[t.pk for t in shown])
    current = {(v.target_id, v.number): v for v in versions}
    return [Agreed(t, current[t.pk, t.current]) for t in shown if (t.pk, t.current) in current]


def decimals_of(target: int) -> int:
    """The decimals of the target's metric."""
    return Target.objects.filter(pk=target).values_list("metric__decimals", flat=True)[0]
