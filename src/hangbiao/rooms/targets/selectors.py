"""Read metrics, targets and their versions."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from hangbiao.rooms.targets.models import Metric, Target, Version


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
