"""Does the 80 % range hold what it says? The projections of finished periods against what came."""

from dataclasses import dataclass
from datetime import date

from hangbiao.rooms.lights.models import Light, Projection, Run


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one official day: how many ranges were given, and how many of them held the end."""

    period: str
    as_of: date
    given: int
    held: int


def coverage_of(metric: int, *, periods: int = 4) -> list[Coverage]:
    """The official days of the last finished periods, oldest first; empty until a period's last day is official.

    Counted are the territories and people in the reader's scope that had a range.
    """
    last_days = Run.objects.filter(kind=Run.Kind.CHECKPOINT).select_related("period").order_by("-as_of")
    ended = [run for run in last_days if run.as_of == run.period.end][:periods]
    found: list[Coverage] = []
    for end in reversed(ended):
        came = dict(Light.objects.filter(run=end, metric_id=metric).values_list("target_id", "actual"))
        before = Run.objects.filter(period=end.period_id, kind=Run.Kind.CHECKPOINT, as_of__lt=end.as_of)
        found.extend(_of(run, end.period.code, metric, came) for run in before)
    return [one for one in found if one.given]


def _of(run: Run, period: str, metric: int, came: dict[int, int]) -> Coverage:
    rows = Projection.objects.filter(run=run, metric_id=metric, target__isnull=False)
    ranges = [
        (low, came[target], high)
        for target, low, high in rows.values_list("target_id", "low", "high")
        if target in came and low is not None and high is not None
    ]
    return Coverage(period, run.as_of, len(ranges), sum(low <= end <= high for low, end, high in ranges))
