"""A file of refused rows that somebody corrected offline and sent again: which rows it settles."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from hangbiao.rooms.actuals.frames import texts
from hangbiao.rooms.actuals.models import Batch, Quarantine
from hangbiao.rooms.actuals.reading import Table

BATCH, LINE = {"#批次", "#batch"}, {"#行号", "#line"}


def marks() -> list[str]:
    """The columns added to such a file: where the row comes from, why it was refused, what to do."""
    return [_("#批次"), _("#行号"), _("#原因"), _("#处理")]


def settle(table: Table, batch: Batch, *, at: datetime, actor: str) -> int:
    """Mark the quarantined rows that an opened file names as sent again in `batch`, whose own quarantine keeps those that
    were refused once more. Gives how many; 0 for any other file."""
    places = [next((n for n, name in enumerate(table.header) if name in wanted), None) for wanted in (BATCH, LINE)]
    if None in places:
        return 0
    settled = 0
    for origin, line, cells in _named(table, [p for p in places if p is not None]):
        waits = Q(resolved_by=None) | Q(resolved_by__counts=False)
        rows = Quarantine.objects.filter(waits, batch=origin, line=line).exclude(batch=batch)
        settled += rows.update(sent=cells, resolved_by=batch, resolved_at=at, resolved_actor=actor)
    return settled


def _named(table: Table, places: Sequence[int]) -> Iterator[tuple[int, int, list[str]]]:
    width = min(places)
    for chunk in table.chunks:
        for row in chunk.rows:
            said = [texts(row)[p] if p < len(row) else "" for p in places]
            if all(s.isdecimal() and len(s) < 18 for s in said):  # noqa: PLR2004 - fits a database number
                yield int(said[0]), int(said[1]), texts(row)[:width]
