"""Undo a batch by another one, so that the books stand as if it had not come. docs/rules/facts.md, "Undoing a batch"."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.rooms.actuals import booking, sql
from hangbiao.rooms.actuals.errors import CannotUndo
from hangbiao.rooms.actuals.events import BatchAccepted
from hangbiao.rooms.actuals.ledger import claims, daily, landing, stage
from hangbiao.rooms.actuals.models import RECREDIT, Batch, Feed, Suspect
from hangbiao.rooms.actuals.recredit import credit_anew
from hangbiao.rooms.actuals.report import FileReport
from hangbiao.rooms.actuals.services import current_definitions
from hangbiao.rooms.actuals.streams import STREAMS

Told = Callable[[str, int], None]


def root_of(batch: Batch) -> Batch:
    """The batch of lines at the end of a chain of undoings."""
    while batch.undoes is not None:
        batch = batch.undoes
    return batch


def refusal_of(batch: Batch) -> CannotUndo | None:
    """Why a batch cannot be undone, or None."""
    root = root_of(batch)
    if root.stream not in STREAMS or not STREAMS[root.stream].facts:
        return CannotUndo("master", stream=root.stream)
    if root.mapping.code == RECREDIT:
        return CannotUndo("recredit")
    later = Batch.objects.filter(undoes=batch).first()
    if later:
        return CannotUndo("undone", batch=batch.pk, by=later.pk)
    vague = claims.vague_batches(root, redo=not root.counts)
    if vague:
        return CannotUndo("vague", batches=vague)
    absent = claims.absent_files(root)
    if absent:
        return CannotUndo("absent", files=absent)
    return None


@transaction.atomic
def undo_batch(*, batch: int, at: datetime, actor: str, told: Told | None = None) -> Batch:
    """Book a batch that takes `batch` back; undoing an undoing brings the lines in again. Gives the new batch.

    Every value it had replaced returns; a line that a later batch corrected or confirmed stays as that one says.
    Official lights stay as they were seen. Refuses (CannotUndo, with the reason) master data, what is undone already,
    and what cannot be told exactly.
    """
    sql.one_import_at_a_time()
    subject = Batch.objects.select_for_update(of=("self",)).select_related("mapping", "undoes").get(pk=batch)
    why = refusal_of(subject)
    if why:
        raise why
    root = root_of(subject)
    undoing = Batch.objects.create(
        stream=root.stream, mapping=root.mapping, file_name=root.file_name, header=[], undoes=subject, actor=actor,
        sha256=hashlib.sha256(f"undo {subject.pk}".encode()).hexdigest(), recorded_at=at,
    )  # fmt: skip
    report = FileReport(root.file_name, root.mapping.code, root.stream, batch=undoing.pk)
    with stage.opened() as scratch:
        _settle(scratch, root, undoing, report, at=at, actor=actor, told=told or (lambda _phase, _rows: None))
    _close(subject, root, undoing, report, at=at, actor=actor)
    if undoing.first_day and undoing.last_day:  # what returns was credited when it came
        first, last = undoing.first_day, undoing.last_day
        credit_anew(current_definitions(), since=first, until=last, at=at, actor=actor)
    return undoing


def _settle(
    scratch: stage.Stage,
    root: Batch,
    undoing: Batch,
    report: FileReport,
    *,
    at: datetime,
    actor: str,
    told: Told,
) -> None:
    """Find the lines whose counting claim changes, land and sum them."""
    stream = STREAMS[root.stream]
    told("compare", 0)
    claims.compare(scratch, root)

    def files_of(days: list[date]) -> list[Path]:
        found = landing.files_of_days([stream.name], days).get(stream.name, {})
        return [landing.place_of(f.path) for files in found.values() for f in files]

    verdict = scratch.settle(stream, undoing.pk, files_of)
    told("book", verdict.superseded + verdict.unchanged)
    claims.register(landing.land_lines(scratch, stream, undoing, verdict, landing.real()))
    undoing.merkle_root = verdict.root
    report.rows_read = verdict.superseded + verdict.unchanged
    report.booked = report.superseded = verdict.superseded
    days = [d for d in verdict.days if d != booking.UNDATED]
    if days:
        report.first_day, report.last_day = min(days), max(days)
        mine = daily.touched_metrics(stream.name, booking.counted_metrics(current_definitions()))
        report.daily_changed = booking.sum_days(scratch, days, mine, undoing, report, at, actor)


def _close(
    subject: Batch, root: Batch, undoing: Batch, report: FileReport, *, at: datetime, actor: str
) -> None:
    """What counts now, how far the data reach, one line in the journal, the event."""
    Batch.objects.filter(pk__in={subject.pk, root.pk}).update(counts=False)
    if root.pk != subject.pk:
        Batch.objects.filter(pk=root.pk).update(counts=not root.counts)
    root.refresh_from_db()
    _reach_again(root.stream)
    Suspect.objects.filter(reversal=root).update(verdict="duplicate" if root.counts else "")
    for name in ("rows_read", "booked", "superseded", "daily_changed", "first_day", "last_day"):
        setattr(undoing, name, getattr(report, name))
    undoing.save()
    data = {
        "batch": undoing.pk, "undoes": subject.pk, "lines_of": root.pk, "in_force": root.counts, "stream": root.stream,
        "file": root.file_name, "lines": report.rows_read, "returned": report.superseded,
        "daily_changed": report.daily_changed, "merkle_root": undoing.merkle_root,
    }  # fmt: skip
    record(stream="actuals", kind="actuals.batch_undone", at=at, actor=actor, data=data)
    told = BatchAccepted(undoing.pk, undoing.stream, undoing.first_day, undoing.last_day)
    tell(told, at=at, actor=actor)


def _reach_again(stream: str) -> None:
    """How far the stream's data reach without what no longer counts. A batch that did not say reaches its last day."""
    reach: dict[str, date] = {}
    feeds = dict(Feed.objects.filter(stream=stream).values_list("org_path", "data_as_of"))
    counted = Batch.objects.filter(stream=stream, counts=True, undoes=None)
    for said, last in counted.values_list("reach", "last_day"):
        if said is None and last:
            said = {place: min(last, day).isoformat() for place, day in feeds.items()}  # noqa: PLW2901
        for place, day in (said or {}).items():
            reach[place] = max(reach.get(place, date.min), date.fromisoformat(day))
    Feed.objects.filter(stream=stream).exclude(org_path__in=reach).delete()
    for place, day in reach.items():
        Feed.objects.update_or_create(stream=stream, org_path=place, defaults={"data_as_of": day})
