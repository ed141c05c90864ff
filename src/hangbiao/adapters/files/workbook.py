"""XLSX workbooks, read as a stream and distrusted: a workbook is a ZIP archive that anybody can forge."""

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl

from hangbiao.rooms.actuals.errors import FileRefused
from hangbiao.rooms.actuals.mapping import Format
from hangbiao.rooms.actuals.reading import Cell, Chunk, Formula, Table

MEGABYTE = 1 << 20
LARGEST = 300 * MEGABYTE
LARGEST_STRINGS = 60 * MEGABYTE
RATIO = 200
MOST_ENTRIES = 2_000
LAST_ROW = 1_048_576
CHUNK_ROWS = 5_000
WIDEST = 400
# A forged archive can make the parsers raise anything at all; whatever it is, the file is what is wrong.
FAULTS = Exception


def read(path: Path, *, form: Format) -> Table:
    """Open a workbook's sheet (the first, or `form.sheet`)."""
    _refuse_bombs(path)
    rows = _rows(path, form)
    first = next(rows)
    return Table([str(c) for c in first.rows[0]] if first.rows else [], rows)


def _refuse_bombs(path: Path) -> None:
    """Look at the archive's own list before unpacking anything. (zipfile never unpacks more than the list says.)"""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except FAULTS as wrong:
        raise FileRefused("not_a_workbook", why=_why(wrong)) from None
    size = sum(e.file_size for e in entries)
    packed = max(1, sum(e.compress_size for e in entries))
    strings = max((e.file_size for e in entries if "sharedstrings" in e.filename.lower()), default=0)
    bomb = size > 10 * MEGABYTE and size > RATIO * packed
    if size > LARGEST or strings > LARGEST_STRINGS or bomb or len(entries) > MOST_ENTRIES:
        raise FileRefused("zip_bomb", size=size // MEGABYTE, ratio=size // packed, limit=LARGEST // MEGABYTE)


def _rows(path: Path, form: Format) -> Iterator[Chunk]:
    with path.open("rb") as file:  # by its content: a kept original has no suffix that openpyxl would accept
        yield from _rows_of(file, form)


def _rows_of(file: BinaryIO, form: Format) -> Iterator[Chunk]:
    try:
        book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
    except FAULTS as wrong:
        raise FileRefused("not_a_workbook", why=_why(wrong)) from None
    try:
        sheet = _sheet(book, form.sheet)
        sheet.reset_dimensions()  # a sheet may claim a billion rows; what it holds counts
        yield from _chunks(sheet, form)
    except FileRefused:
        raise
    except FAULTS as wrong:
        raise FileRefused("not_a_workbook", why=_why(wrong)) from None
    finally:
        with suppress(FAULTS):
            book.close()


def _sheet(book: Any, name: str) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if name and name not in sheets:
        raise FileRefused("no_sheet", sheet=name, have=list(sheets))
    if not sheets:
        raise FileRefused("not_a_workbook", why="no sheet")
    return sheets[name] if name else next(iter(sheets.values()))


def _chunks(sheet: Any, form: Format) -> Iterator[Chunk]:
    width = len(form.columns)
    if width:
        yield Chunk([1], [list(form.columns)])
    lines: list[int] = []
    rows: list[list[Cell]] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > LAST_ROW:
            raise FileRefused("too_many_rows", limit=LAST_ROW)
        row = [_cell(cell) for cell in cells[: width or WIDEST]]
        if not any(row):
            continue
        if not width:
            header = [str(c).strip() for c in row]
            while header and not header[-1]:
                header.pop()
            width = len(header)
            yield Chunk([number], [list(header)])
            continue
        lines.append(number)
        rows.append(row + [""] * (width - len(row)))
        if len(rows) >= CHUNK_ROWS:
            yield Chunk(lines, rows)
            lines, rows = [], []
    if not width:
        yield Chunk([1], [[]])
    if rows:
        yield Chunk(lines, rows)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or not isinstance(value, str | int | float | bool | date | datetime):
        return Formula(str(value)[:200])
    if isinstance(value, datetime):
        return value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else value.isoformat(" ")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(
            value, ".15g"
        )  # the digits that a spreadsheet keeps; the sixteenth is noise of the format
    return value if isinstance(value, date) else str(value)


def _why(wrong: BaseException) -> str:
    return f"{type(wrong).__name__}: {str(wrong)[:80]}"
