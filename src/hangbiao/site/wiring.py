"""Who reacts to what, on one page. A new event class must stand here, with its reactions or with nothing("why")."""

from collections.abc import Sequence

from hangbiao.engines.journal import events as bus
from hangbiao.engines.journal.events import Reaction


def nothing(why: str) -> tuple[Reaction, ...]:
    """No reaction, and the reason for it."""
    if not why:
        raise ValueError("say why nothing follows")
    return ()


def reactions() -> dict[type, Sequence[Reaction]]:
    """The table: event → reactions in the same transaction, in order."""
    from hangbiao.rooms.actuals import reactions as actuals
    from hangbiao.rooms.actuals.events import BatchAccepted
    from hangbiao.rooms.lights.events import LightFlipped
    from hangbiao.rooms.people.events import OrganisationChanged
    from hangbiao.rooms.targets import reactions as targets
    from hangbiao.rooms.targets.events import VersionAdopted

    return {
        OrganisationChanged: [targets.follow_the_organisation],
        VersionAdopted: [actuals.refresh_scorecards],
        BatchAccepted: nothing("the scorecard moves inside the booking; the next preview reads it"),
        LightFlipped: nothing("reviews and messages open in a later release; the board shows flips already"),
    }


def connect() -> None:
    bus.connect(reactions())
