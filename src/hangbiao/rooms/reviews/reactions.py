"""What the room does upon others' events."""

from datetime import datetime

from hangbiao.engines.flows.clocks import recount
from hangbiao.engines.flows.services import settle
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.engines.workdays.events import WorkdaysChanged
from hangbiao.rooms.lights.events import LightFlipped
from hangbiao.rooms.people.events import DeputyChanged, OrganisationChanged
from hangbiao.rooms.reviews import services


def open_after_checkpoint(event: LightFlipped, *, at: datetime, actor: str) -> None:
    """Everybody who is yellow or red at the checkpoint, newly or still."""
    services.open_after_checkpoint(run=event.run, at=at, actor=actor)


def follow_deputies(event: DeputyChanged, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - the bus gives it
    """Pending tasks go to whoever stands in today, and come back."""
    with acting(system_scope("tasks follow a deputy")):
        settle(on=at.astimezone(services.zone()).date(), at=at, actor=actor)


def move_deadlines(event: OrganisationChanged | WorkdaysChanged, *, at: datetime, actor: str) -> None:  # noqa: ARG001
    """Protected leave and new days off give more time; nothing takes time away from anybody."""
    with acting(system_scope("deadlines follow leave and working days")):
        recount(subjects=None, at=at, actor=actor, zone=services.zone())
