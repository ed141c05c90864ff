"""Refused rows: written to a file to be corrected offline, or corrected on the page and sent again."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from hangbiao.engines.journal.services import record
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals import returned
from hangbiao.rooms.actuals.arrivals import corrected_rows
from hangbiao.rooms.actuals.errors import NothingToSend
from hangbiao.rooms.actuals.mapping import Format, mapping_from
from hangbiao.rooms.actuals.models import Batch, Quarantine
from hangbiao.rooms.actuals.report import FileReport
from hangbiao.rooms.actuals.services import import_arrival

NAMED_LINES = 4
AT_ONCE = 5_000
CODECS = {"auto": "utf-8-sig", "utf-8": "utf-8-sig"}


def open_rows(batch: int) -> "QuerySet[Quarantine]":
    """The batch's refused rows that nobody has sent again with success, in the order of their lines."""
    waits = Q(resolved_by=None) | Q(resolved_by__counts=False)
    return Quarantine.objects.filter(waits, batch=batch).order_by("line")


def is_open(row: Quarantine) -> bool:
    """Whether a refused row still waits: not sent again, or what it was sent with has been undone since."""
    return row.resolved_by is None or not row.resolved_by.counts


@transaction.atomic
def send_again(*, batch: int, corrected: dict[int, Sequence[str]], at: datetime, actor: str) -> FileReport:
    """Book refused rows as somebody corrected them: row number → cells, in the order of the file's columns.

    They become a batch of their own; each quarantine row stays and says by which batch, when and by whom it was
    resolved. Where every row is refused again nothing changes and the report says why. A row that was resolved in the
    meantime is left alone; NothingToSend if all were.
    """
    found = Quarantine.objects.select_for_update(of=("self",)).select_related("resolved_by")
    rows = [r for r in found.filter(batch=batch, pk__in=corrected).order_by("line") if is_open(r)]
    if not rows:
        raise NothingToSend(_("这些行已经重新发送过，没有重复入账。"))
    origin = Batch.objects.select_related("mapping").get(pk=batch)
    mapping = mapping_from(origin.mapping.text, origin.mapping.code)
    lines = [row.line for row in rows]
    listed = ",".join(map(str, lines[:NAMED_LINES])) + ("…" if len(lines) > NAMED_LINES else "")
    cells = [_fitted(corrected[row.pk], len(origin.header)) for row in rows]
    arrival = corrected_rows(
        f"{origin.file_name}:{listed}", f"batch {origin.pk}", origin.header, lines, cells
    )
    with acting(system_scope("refused rows are sent again")):
        mark = transaction.savepoint()
        report = import_arrival(arrival, mapping, origin.mapping.text, at=at, actor=actor)
        if report.status == "refused" or report.quarantined == len(rows):
            transaction.savepoint_rollback(mark)
            report.batch = None
            return report
        transaction.savepoint_commit(mark)
    for row, sent in zip(rows, cells, strict=True):
        row.sent, row.resolved_by_id, row.resolved_at, row.resolved_actor = sent, report.batch, at, actor
    Quarantine.objects.bulk_update(rows, ["sent", "resolved_by", "resolved_at", "resolved_actor"])
    data = {"batch": origin.pk, "into": report.batch, "rows": len(rows), "lines": lines[:50]}
    record(stream="actuals", kind="actuals.rows_corrected", at=at, actor=actor, data=data)
    return report


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    return [c.replace("\0", "")[:400] for c in [*cells, *[""] * width][:width]]


def same_mistake(row: Quarantine) -> "list[Quarantine]":
    """The open rows of the batch that were refused for the same value in the same column."""
    if not row.column or row.column not in row.batch.header:
        return [row]
    alike = open_rows(row.batch_id).filter(column=row.column, value=row.value, code=row.code)
    return list(alike.select_related("batch")[:AT_ONCE])


def same_mistakes(batch: int) -> dict[tuple[str, str, str], int]:
    """How many open rows of a batch were refused for the same value in the same column."""
    counted = open_rows(batch).order_by().values_list("column", "value", "code").annotate(n=Count("id"))
    return {(column, value, code): n for column, value, code, n in counted.filter(n__gt=1)[:1000]}


def with_value(rows: Sequence[Quarantine], column: str, value: str) -> dict[int, Sequence[str]]:
    """The rows with one column changed."""
    corrected: dict[int, Sequence[str]] = {}
    for row in rows:
        place = row.batch.header.index(column)
        cells = _fitted(row.raw, len(row.batch.header))
        corrected[row.pk] = [*cells[:place], value, *cells[place + 1 :]]
    return corrected


def export_quarantine(batch: int, path: Path) -> int:
    """Write a batch's open refused rows to correct and send again: the file's own columns in the form that its mapping
    reads, then batch, line, reason, remedy. Gives how many."""
    origin = Batch.objects.select_related("mapping").get(pk=batch)
    form = mapping_from(origin.mapping.text, origin.mapping.code).format
    header = [*origin.header, *returned.marks()]
    rows = []
    for refused in open_rows(batch).iterator():
        cells = _fitted(refused.raw, len(origin.header))
        rows.append([*cells, str(batch), str(refused.line), refused.reason, refused.remedy])
    if not form.header:  # a file without a header has no room for more columns
        header, rows = [], [row[: len(origin.header)] for row in rows]
    write = _write_workbook if form.kind == "xlsx" else _write_text
    write(path, [header, *rows] if header else rows, form)
    return len(rows)


def _write_text(path: Path, rows: Sequence[Sequence[str]], form: Format) -> None:
    encoding = CODECS.get(form.encoding.lower(), form.encoding)
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        csv.writer(file, delimiter=form.delimiter, quotechar=form.quote).writerows(rows)


def _write_workbook(path: Path, rows: Sequence[Sequence[str]], form: Format) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(form.sheet or "Sheet1")
    for row in rows:
        sheet.append([_no_formula(cell) for cell in row])
    book.save(path)


def _no_formula(text: str) -> str:
    """A cell that a spreadsheet would take for a formula stays text."""
    return f"'{text}" if text.startswith("=") else text
