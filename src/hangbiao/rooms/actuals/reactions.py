"""What the actuals room does upon others' events."""

from datetime import datetime

from hangbiao.rooms.actuals import sql
from hangbiao.rooms.actuals.recredit import credit_anew
from hangbiao.rooms.actuals.services import current_definitions
from hangbiao.rooms.people.events import OrganisationChanged
from hangbiao.rooms.targets.events import VersionAdopted


def refresh_scorecards(event: VersionAdopted, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - every reaction is told both
    """Write the scorecard rows of the given targets anew: current version beside Σ daily facts."""
    sql.rebuild_scorecards(event.targets)


def credit_lines_anew(event: OrganisationChanged, *, at: datetime, actor: str) -> None:
    """Lines that landed before somebody said who works where go to whom they belong now."""
    credit_anew(current_definitions(), since=event.since, at=at, actor=actor)
