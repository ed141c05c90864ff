"""Delimited text: CSV and its cousins."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol, TextIO, cast

from hangbiao.adapters.files.encodings import LONGEST_LINE, Survey, survey
from hangbiao.rooms.actuals.errors import FileRefused
from hangbiao.rooms.actuals.mapping import Format
from hangbiao.rooms.actuals.reading import CHUNK_ROWS, Cell, Chunk, Table

CHUNK_CHARACTERS = 6_000_000
csv.field_size_limit(LONGEST_LINE)


class Rows(Protocol):
    """What csv.reader gives."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


def read(path: Path, *, form: Format) -> Table:
    """Open a text file. One pass finds encoding and structural faults, a second one gives the rows."""
    seen = survey(path, declared=form.encoding, quote=form.quote)
    rows = _rows(path, seen, form)
    header = next(rows)
    return Table(header.rows[0] if header.rows else [], rows, max(0, seen.lines - 1))  # type: ignore[arg-type]


def _rows(path: Path, seen: Survey, form: Format) -> Iterator[Chunk]:
    """First the header alone, then the rows."""
    with path.open(encoding=seen.encoding, newline="") as file:
        guard = _Guard(file, one_line_rows=not seen.has_quotes)
        reader = csv.reader(guard, delimiter=form.delimiter, quotechar=form.quote, strict=True)
        try:
            header = (
                list(form.columns) if form.columns else [c.strip().lstrip("\ufeff") for c in _first(reader)]
            )
            yield Chunk([1], [list(header)])
            size = max(1, min(CHUNK_ROWS, CHUNK_CHARACTERS // max(1, seen.longest_line)))
            yield from _quoted(reader, guard, size) if seen.has_quotes else _plain(reader, size)
        except csv.Error as wrong:
            raise FileRefused("broken_quotes", line=guard.row_began, why=str(wrong)) from None


def _first(reader: Rows) -> list[str]:
    return next((row for row in reader if any(cell.strip() for cell in row)), [])


def _plain(reader: Rows, size: int) -> Iterator[Chunk]:
    """No quotes in the file: every row is one line, and whole slices come at the speed of C."""
    while True:
        before = reader.line_num
        rows = cast("list[list[Cell]]", list(islice(reader, size)))
        if not rows:
            return
        yield Chunk(range(before + 1, before + 1 + len(rows)), rows)


def _quoted(reader: Rows, guard: "_Guard", size: int) -> Iterator[Chunk]:
    """Quotes: a row may span lines, so each is asked where it began and how much it holds."""
    lines: list[int] = []
    rows: list[list[Cell]] = []
    weight = 0
    guard.row_began = reader.line_num + 1
    for row in reader:
        lines.append(guard.row_began)
        rows.append(list(row))
        weight += guard.held
        guard.row_began, guard.held = reader.line_num + 1, 0
        if len(rows) >= size or weight > CHUNK_CHARACTERS:
            yield Chunk(lines, rows)
            lines, rows, weight = [], [], 0
    if rows:
        yield Chunk(lines, rows)


class _Guard:
    """Hands lines to the csv module and stops a row that never ends."""

    def __init__(self, file: TextIO, *, one_line_rows: bool) -> None:
        self.file = file
        self.row_began = 1
        self.held = 0
        self.one_line_rows = one_line_rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.file) if self.one_line_rows else self._watched()

    def _watched(self) -> Iterator[str]:
        for line in self.file:
            self.held += len(line)
            if self.held > 2 * LONGEST_LINE:
                raise FileRefused("line_too_long", line=self.row_began, limit=LONGEST_LINE)
            yield line
