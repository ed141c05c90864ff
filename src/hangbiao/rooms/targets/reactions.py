"""What the targets room does upon others' events."""

from datetime import datetime

from hangbiao.rooms.calendar.models import FiscalPeriod
from hangbiao.rooms.people.events import OrganisationChanged
from hangbiao.rooms.targets.services import derive_person_targets


def follow_the_organisation(event: OrganisationChanged, *, at: datetime, actor: str) -> None:
    """Re-derive the people's targets of every period that the change reaches."""
    for period in FiscalPeriod.objects.filter(end__gte=event.since, targets__isnull=False).distinct():
        derive_person_targets(period=period, at=at, actor=actor)
