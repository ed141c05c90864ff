"""What the actuals room does upon others' events."""

from datetime import datetime

from hangbiao.rooms.actuals import sql
from hangbiao.rooms.targets.events import VersionAdopted


def refresh_scorecards(event: VersionAdopted, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - every reaction is told both
    """Write the scorecard rows of the given targets anew: current version beside Σ daily facts."""
    sql.rebuild_scorecards(event.targets)
