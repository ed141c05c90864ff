"""What stands in the ledger and on no card: Σ holders + unassigned = ledger, for each of the two books."""

from collections.abc import Sequence
from typing import NamedTuple

from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.lights import sql
from hangbiao.rooms.lights.models import Run
from hangbiao.rooms.lights.services import named_inputs


class Unassigned(NamedTuple):
    """An amount in minor units that lies in a unit and counts for no holder there (nobody's, or somebody's without a
    target)."""

    metric_id: int
    org_path: str
    value: int


def unassigned_in(run: Run, book: str) -> list[Unassigned]:
    """The whole company's, as the run's named inputs have it: whoever shows them cuts them to the reader's scope."""
    if run.unassigned is not None:
        return written_down(run, book)
    with acting(system_scope("what counts for no holder of a target")):
        return [Unassigned(*row) for row in sql.unassigned(named_inputs(run), book)]


def written_down(run: Run, book: str) -> list[Unassigned]:
    """The same without reading the facts: empty until the run has been projected."""
    return [Unassigned(*row) for row in (run.unassigned or {}).get(book, ())]


def summed(rows: Sequence[Unassigned], paths: Sequence[str]) -> int:
    """What lies at or below the given units."""
    return sum(row.value for row in rows if any(row.org_path.startswith(path) for path in paths))
