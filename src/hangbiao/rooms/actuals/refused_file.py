"""Refused rows as a file, to be corrected offline: the sender's own columns, and what is wrong with each row."""

import csv
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from hangbiao.rooms.actuals import returned
from hangbiao.rooms.actuals.mapping import Format, mapping_from
from hangbiao.rooms.actuals.models import Batch, Quarantine

CODECS = {"auto": "utf-8-sig", "utf-8": "utf-8-sig"}


def open_rows(batch: int) -> "QuerySet[Quarantine]":
    """The batch's refused rows that nobody has sent again with success, in the order of their lines."""
    waits = Q(resolved_by=None) | Q(resolved_by__counts=False)
    return Quarantine.objects.filter(waits, batch=batch).order_by("line")


def fitted(cells: Sequence[str], width: int) -> list[str]:
    """Cells as they go into a file or out of a form: as many as there are columns."""
    return [c.replace("\0", "")[:400] for c in [*cells, *[""] * width][:width]]


def export_quarantine(batch: int, path: Path, *, nothing_booked: bool = False) -> int:
    """Write a batch's open refused rows to correct and send again: the file's own columns in the form that its mapping
    reads, then batch, line, reason, remedy. Gives how many. Where `nothing_booked` came of the batch none is named."""
    origin = Batch.objects.select_related("mapping").get(pk=batch)
    form = mapping_from(origin.mapping.text, origin.mapping.code).format
    header = [*origin.header, *returned.marks()]
    rows = []
    for refused in open_rows(batch).iterator():
        cells = fitted(refused.raw, len(origin.header))
        named = "" if nothing_booked else str(batch)
        rows.append([*cells, named, str(refused.line), refused.reason, refused.remedy])
    if not form.header:  # a file without a header has no room for more columns
        header, rows = [], [row[: len(origin.header)] for row in rows]
    write = _write_workbook if form.kind == "xlsx" else _write_text
    write(path, [header, *rows] if header else rows, form)
    return len(rows)


def keep_refused(batch: Batch, folder: Path | None) -> Path:
    """Write the refused rows of a batch that is about to be undone because its mapping is strict: into `folder` under
    the file's name, else on the landing disk under its content."""
    batch.save(update_fields=["header"])
    suffix = ".xlsx" if mapping_from(batch.mapping.text, batch.mapping.code).format.kind == "xlsx" else ".csv"
    place = folder or Path(settings.LANDING) / "refused"
    name = Path(batch.file_name).stem if folder else f"{batch.sha256[:16]}-{batch.mapping.digest[:8]}"
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{name}.refused{suffix}"
    export_quarantine(batch.pk, path, nothing_booked=True)
    return path


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
