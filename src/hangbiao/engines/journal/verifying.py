"""Verification that somebody asks for on a page: slice by slice, so that it can be watched, however long the journal is."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from procrastinate.contrib.django import app

from hangbiao.engines.journal import sql
from hangbiao.engines.journal.models import Entry, Head, Verification
from hangbiao.engines.journal.selectors import WALKED, Finding, Walk, heads_against
from hangbiao.engines.journal.services import record

SLICE = 5_000
MOST_KEPT = 200  # findings; the rest is counted


@transaction.atomic
def ask_for_verification(*, stream: str, at: datetime, actor: str) -> Verification:
    """Have one stream (or all: an empty name) verified by the worker. Asking twice while it is under way gives the same."""
    asked, made = Verification.objects.exclude(state=Verification.State.DONE).get_or_create(
        stream=stream, defaults={"at": at, "actor": actor}
    )
    if made:
        app.configure_task("journal.verify").defer(verification=asked.pk)
    return asked


def perform(verification: int, *, at: datetime) -> None:
    """Walk the lines and keep what was found; the worker calls this. Safe to repeat: it begins anew."""
    asked = Verification.objects.filter(pk=verification).exclude(state=Verification.State.DONE).first()
    if asked is None:
        return
    wanted = [asked.stream] if asked.stream else sorted({*_named(Head), *sql.distinct("stream")})
    total = Head.objects.filter(stream__in=wanted).aggregate(n=Sum("n"))["n"] or 0
    _note(asked, state=Verification.State.RUNNING, total=total, done=0, streams=len(wanted))
    walked, counts = 0, {True: 0, False: 0}
    kept: list[dict[str, Any]] = []
    for stream in wanted:
        for lines, findings in _slices(stream):
            walked += lines
            for finding in findings:
                counts[finding.breaks_the_record] += 1
                kept += [asdict(finding)] if len(kept) < MOST_KEPT else []
            _note(asked, done=walked)
    _finish(asked, at, walked, kept, counts)


def _named(model: type[Head]) -> list[str]:
    return list(model.objects.values_list("stream", flat=True))


def _slices(stream: str) -> Iterator[tuple[int, list[Finding]]]:
    """One stream in order: how many lines were walked, and what they gave. Its head is read with its last lines."""
    ends: dict[str, tuple[int, str]] = {}
    walk, place = Walk(ends), (0, 0)
    more = True
    while more:
        with sql.one_snapshot():
            rows = list(_after(stream, place)[:SLICE])
            more = len(rows) == SLICE
            findings = [finding for row in rows for finding in walk.step(row[1:])]
            findings += [] if more else heads_against(stream, ends)
        if rows:
            place = (rows[-1][2], rows[-1][0])
        yield len(rows), findings


def _after(stream: str, place: tuple[int, int]) -> QuerySet[Entry, tuple[Any, ...]]:
    """The lines of a stream behind a number and an id: a forged one may share its number with a real one."""
    n, pk = place
    behind = Q(n__gt=n) | Q(n=n, id__gt=pk)
    return Entry.objects.filter(behind, stream=stream).order_by("n", "id").values_list("id", *WALKED)


def _note(asked: Verification, **what: Any) -> None:
    Verification.objects.filter(pk=asked.pk).update(**what)


@transaction.atomic
def _finish(asked: Verification, at: datetime, walked: int, kept: list[Any], counts: dict[bool, int]) -> None:
    """The result, and one line about it: that somebody looked is itself worth knowing."""
    found = {"broken": counts[True], "doubtful": counts[False]}
    _note(asked, state=Verification.State.DONE, done=walked, findings=kept, finished_at=at, **found)
    data = {"verification": asked.pk, "of": asked.stream, "lines": walked, **found}
    record(stream="journal", kind="journal.verified", at=at, actor=asked.actor, data=data)
