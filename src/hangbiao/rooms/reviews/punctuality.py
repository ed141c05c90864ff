"""How many reviews were held in time, the open ones that are overdue among them. Page: docs/rules/reviews.md."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hangbiao.engines.flows.selectors import late_cases
from hangbiao.rooms.lights.selectors import below_any
from hangbiao.rooms.people.selectors import unit_names
from hangbiao.rooms.people.viewer import Viewer
from hangbiao.rooms.reviews.models import Review

REGION_STEPS = 3  # /C/R1/ has three strokes


@dataclass(frozen=True, slots=True)
class Kept:
    """Reviews of a unit: due ones by what became of them, and those whose time has not come."""

    unit: str
    in_time: int = 0
    done_late: int = 0
    late_open: int = 0
    waiting: int = 0

    @property
    def due(self) -> int:
        """Closed, or with their day behind them: an overdue one that is still open is never left out."""
        return self.in_time + self.done_late + self.late_open

    @property
    def share(self) -> Fraction | None:
        """In time among all that were due."""
        return Fraction(self.in_time, self.due) if self.due else None


def kept_by_unit(viewer: Viewer) -> list[Kept]:
    """The total first, then the viewer's regions, or the teams of their one region. Empty for who looks after nobody."""
    if not viewer.sees_results_of_others:
        return []
    reviews = Review.objects.also_through("case").filter(below_any(viewer.paths))
    rows = list(reviews.values_list("org_path", "case_id", "case__closed_at"))
    late = late_cases([case for _path, case, _closed in rows], viewer.on)
    names = unit_names(["team", "region", "company"])
    regions = {_up_to(path, REGION_STEPS) for path, _case, _closed in rows}
    steps = REGION_STEPS if len(regions) > 1 else REGION_STEPS + 1
    sums: dict[str, Kept] = {}
    for path, case, closed in rows:
        unit = _up_to(path, steps)
        known = sums.setdefault(unit, Kept(names.get(unit, unit)))
        field = _became(late=case in late, closed=closed is not None)
        sums[unit] = replace(known, **{field: getattr(known, field) + 1})
    units = [sums[unit] for unit in sorted(sums)]
    return [_total(units), *units] if units else []


def _became(*, late: bool, closed: bool) -> str:
    if late:
        return "done_late" if closed else "late_open"
    return "in_time" if closed else "waiting"


def _total(units: Sequence[Kept]) -> Kept:
    return Kept(
        "", sum(one.in_time for one in units), sum(one.done_late for one in units), sum(one.late_open for one in units),
        sum(one.waiting for one in units),
    )  # fmt: skip


def _up_to(path: str, strokes: int) -> str:
    """The path as far as so many strokes go; shorter ones as they are."""
    parts = path.split("/")
    return path if len(parts) <= strokes + 1 else "/".join(parts[:strokes]) + "/"
