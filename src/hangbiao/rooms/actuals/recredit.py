"""Lines that are somebody else's since the organisation changed: credited anew, as corrections of what landed before.

A file of assignments may come after the sales it speaks of. Nothing is overwritten: a batch of its own supersedes the
lines whose credit changed, and every replaced daily value stays in history.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils.translation import gettext as _

from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.rooms.actuals import booking, sql
from hangbiao.rooms.actuals.credit import Credit
from hangbiao.rooms.actuals.events import BatchAccepted
from hangbiao.rooms.actuals.ledger import claims, daily, landing, stage
from hangbiao.rooms.actuals.ledger import sql as ledger
from hangbiao.rooms.actuals.mapping import Definition, digest
from hangbiao.rooms.actuals.models import RECREDIT, Batch, MappingText
from hangbiao.rooms.actuals.report import FileReport
from hangbiao.rooms.actuals.streams import STREAMS, Stream
from hangbiao.rooms.people.facts import organisation

_running: ContextVar["booking.Running | None"] = ContextVar("hangbiao_running_import", default=None)


@contextmanager
def during(run: "booking.Running") -> Iterator[None]:
    """Within an import lines land where the import's own do, so that a dry run leaves nothing."""
    token = _running.set(run)
    try:
        yield
    finally:
        _running.reset(token)


def credit_anew(
    definitions: Sequence[Definition], *, since: date, at: datetime, actor: str, until: date = date.max
) -> int:
    """Credit every landed line of these days to whom it belongs now; gives the number of lines that moved.

    Nobody's claim changes: such a batch lands lines and names no keys, so that undoing what brought them stays exact.
    """
    days = [d for d in landing.landed_days(booking.UNDATED) if since <= d <= until]
    if not days:
        return 0
    sql.one_import_at_a_time()
    credit, run = Credit(organisation()), _running.get()
    with _scratch(run) as scratch:
        target = run.landing if run else landing.real()
        streams = (s for s in STREAMS.values() if s.facts)
        return sum(_one_stream(s, days, credit, scratch, target, definitions, at, actor) for s in streams)


@contextmanager
def _scratch(run: "booking.Running | None") -> Iterator[stage.Stage]:
    if run:
        yield run.scratch
    else:
        with stage.opened() as own:
            yield own


def _one_stream(
    stream: Stream,
    days: Sequence[date],
    credit: Credit,
    scratch: stage.Stage,
    target: landing.Landing,
    definitions: Sequence[Definition],
    at: datetime,
    actor: str,
) -> int:
    scratch.clear()
    batch: Batch | None = None
    for files in daily.groups(landing.files_of_days([stream.name], days).get(stream.name, {})):
        source = ledger.live([landing.place_of(f.path) for f in files], any(f.corrections for f in files))
        moved = [
            (*asked, *now)
            for *asked, person, place, path in scratch.credits(stream, source)
            if (now := credit.of(*asked)) != (person, place, path)
        ]
        if moved:
            batch = batch or _begin(stream, at, actor)
            scratch.move(stream, source, batch.pk, moved)
    if batch is None:
        return 0
    verdict = scratch.judge_moved(stream)
    claims.register(landing.land_lines(scratch, stream, batch, verdict, target))
    touched = sorted(verdict.days)
    metrics = daily.touched_metrics(stream.name, booking.counted_metrics(definitions))
    report = FileReport(batch.file_name, RECREDIT, stream.name)
    batch.daily_changed = booking.sum_days(scratch, touched, metrics, batch, report, at, actor)
    _close(batch, verdict, touched, at, actor)
    scratch.clear()
    return verdict.superseded


def _begin(stream: Stream, at: datetime, actor: str) -> Batch:
    kept, _made = MappingText.objects.get_or_create(
        code=RECREDIT, digest=digest(""), defaults={"text": "", "recorded_at": at}
    )
    return Batch.objects.create(
        stream=stream.name, mapping=kept, file_name=_("任职变动后重新归属"), sha256="", recorded_at=at,
        actor=actor, reach={},
    )  # fmt: skip


def _close(batch: Batch, verdict: stage.Verdict, touched: Sequence[date], at: datetime, actor: str) -> None:
    batch.rows_read = batch.booked = batch.superseded = verdict.superseded
    batch.first_day, batch.last_day = touched[0], touched[-1]
    batch.merkle_root = batch.sha256 = verdict.root
    batch.save()
    data = {
        "batch": batch.pk, "stream": batch.stream, "lines": verdict.superseded, "daily_changed": batch.daily_changed,
        "merkle_root": batch.merkle_root, "since": touched[0].isoformat(),
    }  # fmt: skip
    record(stream="actuals", kind="actuals.lines_recredited", at=at, actor=actor, data=data)
    tell(BatchAccepted(batch.pk, batch.stream, batch.first_day, batch.last_day), at=at, actor=actor)
