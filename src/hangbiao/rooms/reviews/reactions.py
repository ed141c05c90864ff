"""What the room does upon others' events."""

from datetime import datetime

from hangbiao.engines.flows.services import settle
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.lights.events import LightFlipped
from hangbiao.rooms.people.events import DeputyChanged
from hangbiao.rooms.reviews import services


def open_after_checkpoint(event: LightFlipped, *, at: datetime, actor: str) -> None:
    """Everybody who is yellow or red at the checkpoint, newly or still."""
    services.open_after_checkpoint(run=event.run, at=at, actor=actor)


def follow_deputies(event: DeputyChanged, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - the bus gives it
    """Pending tasks go to whoever stands in today, and come back."""
    with acting(system_scope("tasks follow a deputy")):
        settle(on=at.astimezone(services.zone()).date(), at=at, actor=actor)
