"""Standing in: who sees and acts for somebody who is away, from a day to a day, and what the journal keeps of it."""

from datetime import date, datetime

from django.db import transaction

from hangbiao.engines.journal.services import record
from hangbiao.rooms.people.errors import EndsBeforeItBegins, NotOnesOwnDeputy
from hangbiao.rooms.people.models import Deputy, Person


@transaction.atomic
def appoint_deputy(
    *, principal: Person, deputy: Person, first: date, last: date, reason: str, at: datetime, actor: str
) -> Deputy:
    """Let `deputy` see what `principal` sees, both days included. Saying it again from the same day changes the end."""
    if principal.pk == deputy.pk:
        raise NotOnesOwnDeputy(name=principal.name)
    if last < first:
        raise EndsBeforeItBegins(first=first, last=last)
    kept, _made = Deputy.objects.update_or_create(
        principal=principal, deputy=deputy, valid_from=first, defaults={"valid_to": last, "reason": reason}
    )
    said = {"principal": principal.code, "deputy": deputy.code, "from": first.isoformat(), "to": last.isoformat()}
    record(stream="people", kind="people.deputy_appointed", at=at, actor=actor, data=said | {"reason": reason})
    return kept


@transaction.atomic
def end_deputy(*, deputy: Deputy, last: date, at: datetime, actor: str) -> None:
    """Let it end earlier. What was seen and done until then stays what it was."""
    if last < deputy.valid_from:
        raise EndsBeforeItBegins(first=deputy.valid_from, last=last)
    Deputy.objects.filter(pk=deputy.pk).update(valid_to=last)
    said = {"principal": deputy.principal.code, "deputy": deputy.deputy.code, "to": last.isoformat()}
    record(stream="people", kind="people.deputy_ended", at=at, actor=actor, data=said)
