"""Importing one file, judged by what must hold whatever the file is, and undone again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.db import transaction

from hangbiao.engines.journal.models import Entry
from hangbiao.rooms.actuals.models import Batch, LandedFile, Quarantine
from hangbiao.rooms.actuals.report import FileReport
from hangbiao.rooms.actuals.selectors import differences
from hangbiao.rooms.actuals.streams import STREAMS
from tests.world.orders import send

SENTENCE_ENDS = "。"
# Making metrics known belongs to the mapping folder, not to the file.
OF_THE_FOLDER = {"actuals.MappingText", "targets.Metric"}
KEPT = {"accounts", "people", "targets", "actuals", "lights", "calendar"}


class _Undone(Exception):
    """Raised to take an attempt out of the database again."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an import ended. `faults` is empty where every promise was kept."""

    status: str
    code: str
    booked: int
    quarantined: int
    faults: tuple[str, ...]


def attempt(mapping: Path, path: Path, at: datetime) -> Attempt:
    """Import `path` and say what was promised and not kept. A crash is a fault as well."""
    ended = Attempt("crashed", "", 0, 0, ())
    try:
        with transaction.atomic():
            before = _rows_of_every_table()
            report = send(mapping, path, at)
            faults = tuple(_faults(report, before))
            ended = Attempt(report.status, report.refusals[0] if report.refusals else "", report.booked,
                            report.quarantined, faults)  # fmt: skip
            raise _Undone
    except _Undone:
        return ended
    except Exception as crash:
        return Attempt("crashed", "", 0, 0, (f"crash: {type(crash).__name__}: {str(crash)[:300]}",))


def _rows_of_every_table() -> dict[str, int]:
    found = {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.app_label in KEPT and model._meta.label not in OF_THE_FOLDER
    }
    return found | {"journal": Entry.objects.exclude(kind="targets.metrics_booked").count()}


def _faults(report: FileReport, before: dict[str, int]) -> Iterator[str]:
    if report.status == "refused":
        if not report.refusals or report.refusals[0].count(SENTENCE_ENDS) < 2:
            yield f"unnamed: a refused file without reason and remedy: {report.refusals[:1]}"
        if (after := _rows_of_every_table()) != before:
            yield f"half: a refused file left {[k for k in after if after[k] != before.get(k)]}"
        return
    if report.status != "booked":
        yield f"half: neither booked nor refused: {report.status}"
        return
    yield from _faults_of_rows(report)


def _faults_of_rows(report: FileReport) -> Iterator[str]:
    refused = list(Quarantine.objects.filter(batch=report.batch))
    if len(refused) != report.quarantined:
        yield f"unnamed: {report.quarantined} rows refused, {len(refused)} kept"
    if any(not (q.reason and q.remedy and q.line and q.code) for q in refused):
        yield "unnamed: a refused row without line, reason or remedy"
    known = report.booked + report.unchanged + report.repeated + report.quarantined + report.left_out
    if known != report.rows_read:
        yield f"half: {report.rows_read} rows read, {known} accounted for"
    batch = Batch.objects.get(pk=report.batch)
    if (batch.booked, batch.quarantined) != (report.booked, report.quarantined):
        yield "half: the batch says otherwise than the report"
    if STREAMS[report.stream].facts:
        landed = sum(LandedFile.objects.filter(batch=batch, day__isnull=True).values_list("rows", flat=True))
        if landed != report.booked:
            yield f"half: {report.booked} rows booked, {landed} landed"
    yield from (f"half: {difference}" for difference in differences())
