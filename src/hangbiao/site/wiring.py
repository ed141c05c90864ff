"""Who reacts to what, on one page. A new event class must stand here, with its reactions or with nothing("why")."""

from collections.abc import Sequence

from hangbiao.engines.journal import events as bus
from hangbiao.engines.journal.events import Reaction
from hangbiao.engines.pages.waiting import Source


def nothing(why: str) -> tuple[Reaction, ...]:
    """No reaction, and the reason for it."""
    if not why:
        raise ValueError("say why nothing follows")
    return ()


def reactions() -> dict[type, Sequence[Reaction]]:
    """The table: event → reactions in the same transaction, in order."""
    from hangbiao.engines.flows.events import (
        CaseClosed,
        CasesOpened,
        CasesRaised,
        TasksDone,
        TasksEscalated,
        TasksGiven,
        TasksReminded,
    )
    from hangbiao.engines.notify.events import ChannelStopped, MessageRead
    from hangbiao.engines.workdays.events import WorkdaysChanged
    from hangbiao.rooms.actuals import reactions as actuals
    from hangbiao.rooms.actuals.events import BatchAccepted
    from hangbiao.rooms.desk import reactions as desk
    from hangbiao.rooms.lights.events import LightFlipped
    from hangbiao.rooms.people.events import DeputyChanged, OrganisationChanged
    from hangbiao.rooms.reviews import reactions as reviews
    from hangbiao.rooms.reviews.events import MeetingProposed
    from hangbiao.rooms.targets import reactions as targets
    from hangbiao.rooms.targets.events import VersionAdopted

    return {
        OrganisationChanged: [targets.follow_the_organisation, actuals.credit_lines_anew, reviews.move_deadlines],
        WorkdaysChanged: [reviews.move_deadlines],
        VersionAdopted: [actuals.refresh_scorecards],
        BatchAccepted: nothing("the scorecard moves inside the booking; the next preview reads it"),
        LightFlipped: [desk.tell_whose_light_flipped, reviews.open_after_checkpoint],
        CasesOpened: nothing("the tasks given with it are told"),
        CasesRaised: nothing("the light that raised it has been told"),
        TasksGiven: [desk.tell_of_tasks],
        TasksDone: [desk.close_todos],
        TasksReminded: [desk.remind_of_tasks],
        TasksEscalated: [desk.tell_of_late_tasks],
        CaseClosed: nothing("the review's page shows it"),
        ChannelStopped: [desk.tell_administrators],
        MessageRead: [desk.notices_were_read],
        MeetingProposed: [desk.tell_of_meeting],
        DeputyChanged: [desk.tell_who_stands_in, reviews.follow_deputies],
    }


PUBLISH = "webhooks.publish"


def afterwards() -> dict[type, Sequence[str]]:
    """Event → what follows once the change is committed, by name; kept as rows and retried (engines/outbox)."""
    from hangbiao.rooms.actuals.events import BatchAccepted
    from hangbiao.rooms.lights.events import LightFlipped
    from hangbiao.rooms.people.events import OrganisationChanged
    from hangbiao.rooms.targets.events import VersionAdopted

    return dict.fromkeys((BatchAccepted, LightFlipped, OrganisationChanged, VersionAdopted), (PUBLISH,))


def waiting() -> Sequence[Source]:
    """Who offers what to the inbox, in no particular order: the deadlines make it."""
    from hangbiao.rooms.desk import sources
    from hangbiao.rooms.reviews import sources as reviews
    from hangbiao.rooms.studio import sources as studio

    return [
        reviews.my_parts,
        sources.my_light, sources.lights_of_my_people, sources.refused_rows, sources.late_feeds,
        studio.stopped_channels, studio.lost_messages, studio.unheard_messages, studio.stuck_reactions,
        studio.silent_background, studio.late_schedules,
    ]  # fmt: skip


def connect() -> None:
    from hangbiao.engines.flows import ports
    from hangbiao.engines.notify import reach
    from hangbiao.engines.outbox import services as outbox
    from hangbiao.engines.schedules import catalogue
    from hangbiao.engines.webhooks import services as webhooks
    from hangbiao.rooms.desk import inbox
    from hangbiao.rooms.desk.reach import Reaching
    from hangbiao.rooms.people.duties import Duties
    from hangbiao.site.schedules import schedules

    catalogue.connect(schedules())
    ports.connect(Duties())
    reach.connect(Reaching())
    bus.connect(reactions(), afterwards(), outbox.keep)
    outbox.connect({PUBLISH: webhooks.publish})
    inbox.connect(waiting())
