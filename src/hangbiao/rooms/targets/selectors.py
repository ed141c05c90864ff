"""Read metrics, targets and their versions."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

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
