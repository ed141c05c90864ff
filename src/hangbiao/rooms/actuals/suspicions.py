"""Lines that look like one sale booked twice: somebody says whether they are, and a duplicate is reversed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals import booking
from hangbiao.rooms.actuals.errors import NothingToSend
from hangbiao.rooms.actuals.events import BatchAccepted
from hangbiao.rooms.actuals.ledger import daily, landing, stage
from hangbiao.rooms.actuals.ledger import sql as ledger
from hangbiao.rooms.actuals.mapping import mapping_from
from hangbiao.rooms.actuals.models import Batch, Suspect
from hangbiao.rooms.actuals.report import FileReport
from hangbiao.rooms.actuals.services import current_definitions
from hangbiao.rooms.actuals.sql import one_import_at_a_time
from hangbiao.rooms.actuals.streams import STREAMS

BOTH, DUPLICATE = "both", "duplicate"
LINES = STREAMS["order_lines"]
NEGATED = ("net_amount", "quantity")


@dataclass(frozen=True, slots=True)
class Line:
    """An order line as it stands in the ledger."""

    cells: dict[str, Any]

    @property
    def called(self) -> str:
        return f"{self.cells['order']} / {self.cells['line']}"


def open_suspects() -> list[Suspect]:
    """What nobody has decided, of batches that count."""
    waiting = Suspect.objects.filter(verdict="", batch__counts=True).select_related("batch")
    return list(waiting.order_by("-batch", "id"))


def decided(count: int = 50) -> list[Suspect]:
    """What was decided, the latest first."""
    return list(Suspect.objects.exclude(verdict="").select_related("batch").order_by("-decided_at")[:count])


def how_many_decided() -> int:
    return Suspect.objects.exclude(verdict="").count()


def exists(suspect: int) -> bool:
    return Suspect.objects.filter(pk=suspect).exists()


@transaction.atomic
def decide(*, suspect: int, verdict: str, line: str = "", at: datetime, actor: str) -> Suspect:
    """Say of suspected lines that `both` are sales, or that `line` is a `duplicate`: then a line of the opposite amount
    is booked beside it, in a batch that can be undone. Deciding the same again changes nothing; another verdict after
    one is refused (NothingToSend)."""
    found = Suspect.objects.select_for_update().get(pk=suspect)
    if found.verdict:
        if found.verdict == verdict:
            return found
        raise NothingToSend(_("已经有人作出判断。要改变它，请先撤销那次冲销的批次。"))
    if verdict == DUPLICATE:
        if line not in found.lines:
            raise NothingToSend(_("请选出重复的是哪一行。"))
        with acting(system_scope("a duplicate is reversed")):
            found.reversal = _reverse(found, line, at, actor)
    found.verdict, found.decided_at, found.decided_by = verdict, at, actor
    found.save()
    data = {
        "suspect": found.pk, "verdict": verdict, "lines": found.lines, "line": line,
        "reversal": found.reversal_id,
    }  # fmt: skip
    record(stream="actuals", kind="actuals.suspect_decided", at=at, actor=actor, data=data)
    return found


def _reverse(suspect: Suspect, called: str, at: datetime, actor: str) -> Batch:
    """Book the opposite of a line under a key of its own."""
    one_import_at_a_time()
    with stage.opened() as scratch:
        line = _line(scratch, suspect, called)
        origin = Batch.objects.select_related("mapping").get(pk=line.cells["batch"])
        batch = Batch.objects.create(
            stream=LINES.name, mapping=origin.mapping, file_name=f"{origin.file_name}:{called}"[-255:],
            sha256=hashlib.sha256(f"reversal {suspect.pk} {called}".encode()).hexdigest(), recorded_at=at, actor=actor,
            rows_read=1, booked=1, reach={},
        )  # fmt: skip
        report = FileReport(batch.file_name, origin.mapping.code, LINES.name, batch=batch.pk)
        key = mapping_from(origin.mapping.text, origin.mapping.code).key_fields
        _land(scratch, line, key, batch, report, at, actor)
    batch.first_day = batch.last_day = suspect.day
    batch.daily_changed = report.daily_changed
    batch.save()
    data = {"batch": batch.pk, "reverses": called, "of": origin.pk, "merkle_root": batch.merkle_root}
    record(stream="actuals", kind="actuals.line_reversed", at=at, actor=actor, data=data)
    tell(BatchAccepted(batch.pk, batch.stream, suspect.day, suspect.day), at=at, actor=actor)
    return batch


def _land(
    scratch: stage.Stage,
    line: Line,
    key: Sequence[str],
    batch: Batch,
    report: FileReport,
    at: datetime,
    actor: str,
) -> None:
    columns = {f.name: [line.cells.get(f.name)] for f in LINES.fields if line.cells.get(f.name) is not None}
    for name in NEGATED:
        if name in columns:
            columns[name] = [-line.cells[name]]
    name = _distinguishing(key)
    columns[name] = [f"{line.cells[name]}~{batch.pk}"]
    columns.pop("version", None)
    credit = (line.cells["person_id"] or 0, line.cells["territory_id"] or 0, line.cells["org_path"])
    scratch.begin(LINES)
    scratch.add(LINES, list(key), [line.cells["source_line"] or 0], columns, [credit], booking.UNDATED)
    verdict = scratch.judge(LINES, batch.pk, landing.key_files(LINES.name))
    batch.merkle_root = verdict.root
    landing.land(scratch, LINES, batch, verdict, landing.real())
    mine = daily.touched_metrics(LINES.name, booking.counted_metrics(current_definitions()))
    days = list(verdict.days)
    report.daily_changed = booking.sum_days(scratch, days, mine, batch, report, at, actor)
    scratch.clear()


def _distinguishing(key: Sequence[str]) -> str:
    """The field of the key that can carry a mark, so that the reversal is a line of its own."""
    for name in ("line", "order", *key):
        field = LINES.field(name)
        if name in key and field and field.kind == "text":
            return name
    raise NothingToSend(_("这个映射的键里没有文字字段，无法另记一行。请发送更正文件。"))


def _line(scratch: stage.Stage, suspect: Suspect, called: str) -> Line:
    files = landing.files_of_days([LINES.name], [suspect.day]).get(LINES.name, {}).get(suspect.day, [])
    source = ledger.live([landing.place_of(f.path) for f in files], any(f.corrections for f in files))
    rows = scratch.duck.execute(ledger.line_called(source), [called])
    names = [column[0] for column in rows.description]
    found = rows.fetchone()
    if found is None:
        raise NothingToSend(_("这一行已经不在账上（可能已更正或撤销），无需冲销。"))
    return Line(dict(zip(names, found, strict=True)))
