"""Imports in the background: asked for on a page, done by the worker, watched and cancelled meanwhile."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from hangbiao.engines.journal.services import record
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals.arrivals import a_file
from hangbiao.rooms.actuals.errors import CannotUndo, MappingRefused
from hangbiao.rooms.actuals.mapping import mapping_from
from hangbiao.rooms.actuals.models import Batch, ImportJob, MappingText, Upload
from hangbiao.rooms.actuals.report import FileReport
from hangbiao.rooms.actuals.services import import_arrival
from hangbiao.rooms.actuals.undoing import refusal_of, undo_batch
from hangbiao.rooms.actuals.uploads import original_of

TASK = "actuals.work"  # defined in site/jobs.py, which may also light the lamps afterwards
UNDER_WAY = (ImportJob.State.WAITING, ImportJob.State.RUNNING)
EVERY = 0.5  # seconds between two words about progress


class Cancelled(Exception):
    """Somebody asked to stop."""


@transaction.atomic
def ask_for_import(*, upload: int, mapping: int, kind: str, at: datetime, actor: str) -> ImportJob:
    """Have a file checked or booked by the worker. Asking twice while it is under way gives the same job."""
    file, text = Upload.objects.get(pk=upload), MappingText.objects.get(pk=mapping)
    return _ask(kind=kind, upload=file, mapping=text, subject=None, at=at, actor=actor)


@transaction.atomic
def ask_for_undoing(*, batch: int, at: datetime, actor: str) -> ImportJob:
    """Have a batch undone by the worker; refuses (CannotUndo) at once what cannot be."""
    subject = Batch.objects.select_related("undoes").get(pk=batch)
    why = refusal_of(subject)
    if why:
        raise why
    kind = ImportJob.Kind.UNDO
    return _ask(kind=kind, upload=None, mapping=None, subject=subject, at=at, actor=actor)


def _ask(*, at: datetime, actor: str, **what: Any) -> ImportJob:
    job, made = ImportJob.objects.filter(state__in=UNDER_WAY).get_or_create(
        **what, defaults={"at": at, "actor": actor, "language": translation.get_language() or ""}
    )
    if made:
        _enqueue(job.pk)
    return job


def _enqueue(job: int) -> None:
    app.configure_task(TASK, lock="actuals").defer(job=job)


@transaction.atomic
def cancel_job(*, job: int, at: datetime, actor: str) -> None:
    """Stop a job: one that waits at once, one that runs at the next rows it reads. Nothing of it is booked."""
    found = ImportJob.objects.select_for_update().get(pk=job)
    if found.state not in UNDER_WAY or found.cancel:
        return
    found.cancel = True
    if found.state == ImportJob.State.WAITING:
        found.state = ImportJob.State.CANCELLED
    found.save(update_fields=["cancel", "state"])
    data = {"job": found.pk, "kind": found.kind, "file": found.upload.file_name if found.upload else ""}
    record(stream="actuals", kind="actuals.job_cancelled", at=at, actor=actor, data=data)


def perform(job: int, *, at: datetime) -> ImportJob:
    """Do the job, whatever it is; the worker calls this. Safe to repeat: a booked file is passed over."""
    with acting(system_scope(f"import job {job}")):
        found = _take_up(job)
        if found is None:
            return ImportJob.objects.get(pk=job)
        with translation.override(found.language or None):
            outcome = _outcome(found, at)
        ImportJob.objects.filter(pk=job).update(**outcome)
        if found.kind == ImportJob.Kind.BOOK and outcome["state"] == ImportJob.State.DONE:
            Upload.objects.filter(jobs=found).update(put_away=True)  # it waits for nobody any more
        found.refresh_from_db()
        return found


def _take_up(job: int) -> ImportJob | None:
    taken = ImportJob.objects.filter(pk=job, state__in=UNDER_WAY).update(state=ImportJob.State.RUNNING)
    return ImportJob.objects.select_related("upload", "mapping").get(pk=job) if taken else None


def _outcome(job: ImportJob, at: datetime) -> dict[str, Any]:
    """What became of it, as columns of the job."""
    try:
        with _watched(job) as told:
            if job.kind == ImportJob.Kind.UNDO:
                return _undone(job, at, told)
            return _imported(job, at, told)
    except Cancelled:
        return {"state": ImportJob.State.CANCELLED}
    except (CannotUndo, MappingRefused) as refused:
        return {"state": ImportJob.State.REFUSED, "report": {"lines": [str(refused)]}}
    except Exception as error:
        _failed(job, error)
        raise


def _failed(job: ImportJob, error: Exception) -> None:
    said = _(
        "没有做完：程序出了意外（%(what)s）。什么也没有入账，可以再试一次；若再次失败，请把这句话告诉维护人员。"
    )
    report = {"lines": [said % {"what": type(error).__name__}]}
    ImportJob.objects.filter(pk=job.pk).update(state=ImportJob.State.FAILED, report=report)


def _undone(job: ImportJob, at: datetime, told: Callable[[str, int], None]) -> dict[str, Any]:
    if job.subject_id is None:
        raise LookupError("an undoing has a subject")
    undoing = undo_batch(batch=job.subject_id, at=at, actor=job.actor, told=told)
    return {"state": ImportJob.State.DONE, "batch": undoing}


def _imported(job: ImportJob, at: datetime, told: Callable[[str, int], None]) -> dict[str, Any]:
    if job.upload is None or job.mapping is None:
        raise LookupError("an import has a file and a mapping")
    mapping = mapping_from(job.mapping.text, job.mapping.code)
    arrival = a_file(original_of(job.upload.sha256), job.upload.file_name)
    dry = job.kind == ImportJob.Kind.CHECK
    report = import_arrival(
        arrival, mapping, job.mapping.text, at=at, actor=job.actor, dry_run=dry, told=told
    )
    refused = report.status == "refused"
    batch = None if dry and report.status == "booked" else report.batch
    done: dict[str, Any] = {
        "state": ImportJob.State.REFUSED if refused else ImportJob.State.DONE,
        "report": told_of(report),
        "rows_done": report.rows_read,
        "batch": Batch.objects.get(pk=batch) if batch else None,
    }
    return done


def told_of(report: FileReport) -> dict[str, Any]:
    """A report as the job keeps it: the counts, and the sentences in the language of whoever asked."""
    names = (
        "status", "rows_read", "booked", "superseded", "unchanged", "left_out", "quarantined", "suspected", "repeated",
        "daily_changed", "refused_file",
    )  # fmt: skip
    days = [d.isoformat() if d else None for d in (report.first_day, report.last_day)]
    counts = {name: getattr(report, name) for name in names}
    return counts | {
        "days": days,
        "refusals": report.refusals,
        "notices": report.notices,
        "effect": report.effect,
    }


@contextmanager
def _watched(job: ImportJob) -> Iterator[Callable[[str, int], None]]:
    """`told(phase, rows)` for the import. What it hears is written through a connection of its own, because the import's
    is inside a transaction that nobody sees before it ends; whether to stop is read through the import's."""
    began, last = time.monotonic(), -EVERY
    before = job.elapsed_ms
    with ThreadPoolExecutor(1) as writer:

        def told(phase: str, rows: int) -> None:
            nonlocal last
            here = time.monotonic() - began
            if phase == "total":
                writer.submit(_write_down, job.pk, {"rows_total": rows})
            elif here - last >= EVERY or phase != "read":
                last = here
                what = {"phase": phase, "rows_done": rows, "elapsed_ms": before + int(here * 1000)}
                writer.submit(_write_down, job.pk, what)
                if ImportJob.objects.filter(pk=job.pk, cancel=True).exists():
                    raise Cancelled

        try:
            yield told
        finally:
            writer.submit(connection.close)


def _write_down(job: int, what: dict[str, Any]) -> None:
    ImportJob.objects.filter(pk=job, state=ImportJob.State.RUNNING).update(**what)
