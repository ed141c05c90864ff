"""What comes in: a file on disk, or a few rows that somebody corrected on a page. Both are opened through a mapping."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hangbiao.rooms.actuals.errors import FileRefused
from hangbiao.rooms.actuals.mapping import Mapping
from hangbiao.rooms.actuals.reading import Cell, Chunk, Table, open_table

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something to import: its name, what tells its content from any other, and how it is opened."""

    name: str
    digest: Callable[[], str]
    opened: Callable[[Mapping], Table]


def a_file(path: Path, name: str = "") -> Arrival:
    """A file; `name` is what its sender called it."""

    def digest() -> str:
        if not path.is_file():
            raise FileRefused("missing", file=path.name)
        return digest_of(path)

    return Arrival(name or path.name, digest, lambda mapping: open_table(path, mapping))


def digest_of(path: Path) -> str:
    """The content hash by which files are told apart and originals are kept."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def corrected_rows(
    name: str, of: str, header: Sequence[str], lines: Sequence[int], rows: Sequence[Sequence[str]]
) -> Arrival:
    """Rows of an earlier file as somebody corrected them; `of` says which rows of which batch these are."""

    def opened(mapping: Mapping) -> Table:
        made: list[list[Cell]] = [[_cell(c, mapping) for c in row] for row in rows]
        return Table(list(header), iter([Chunk(list(lines), made)]))

    told = json.dumps([of, list(header), list(lines), [list(r) for r in rows]], ensure_ascii=False)
    return Arrival(name, lambda: hashlib.sha256(told.encode()).hexdigest(), opened)


def _cell(text: str, mapping: Mapping) -> Cell:
    """A workbook's date cell was kept as its ISO day: give it back as the date it was."""
    if mapping.format.kind == "xlsx" and _ISO_DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
