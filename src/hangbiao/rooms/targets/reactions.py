"""What the targets room does upon others' events."""

from datetime import datetime

from hangbiao.rooms.calendar.facts import open_periods
from hangbiao.rooms.people.events import OrganisationChanged
from hangbiao.rooms.targets.models import Target
from hangbiao.rooms.targets.services import derive_person_targets


def follow_the_organisation(event: OrganisationChanged, *, at: datetime, actor: str) -> None:
    """Re-derive the people's targets of every period that the change reaches."""
    with_targets = set(Target.objects.values_list("period_id", flat=True).distinct())
    for period in open_periods(ending_from=event.since):
        if period.pk in with_targets:
            derive_person_targets(period=period, at=at, actor=actor)
