"""The port to file readers, and the check that a file has the columns its mapping needs."""

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from hangbiao.rooms.actuals.errors import FileRefused
from hangbiao.rooms.actuals.mapping import Format, Mapping
from hangbiao.rooms.actuals.sentences import near

CHUNK_ROWS = 25_000
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Formula:
    """A workbook cell that holds a formula instead of a value."""

    text: str


Cell = str | date | Formula


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows with the physical line each begins on."""

    lines: Sequence[int]
    rows: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Table:
    """An opened file: its header and its rows, chunk by chunk, so that memory stays bounded.

    `rows` is about how many there will be, for telling progress; None where the file does not say.
    """

    header: list[str]
    chunks: Iterator[Chunk]
    rows: int | None = None


class Reader(Protocol):
    """Opens one kind of file. Refuses (FileRefused) what is structurally broken, at once or while reading."""

    def __call__(self, path: Path, *, form: Format) -> Table: ...


def open_table(path: Path, mapping: Mapping) -> Table:
    """Open a file with the reader of its kind and check its header against the mapping."""
    if not path.is_file():
        raise FileRefused("missing", file=path.name)
    if path.stat().st_size == 0:
        raise FileRefused("empty_file")
    reader: Reader = import_string(settings.READERS[mapping.format.kind])
    table = reader(path, form=mapping.format)
    _check_header(table.header, wanted_columns(mapping))
    return table


def wanted_columns(mapping: Mapping) -> list[str]:
    """The file columns that a mapping uses, each once."""
    used = [c.source for c in mapping.columns.values() if c.source is not None]
    return list(dict.fromkeys([*used, *mapping.where]))


def _check_header(header: list[str], wanted: list[str]) -> None:
    if not any(header):
        raise FileRefused("no_header")
    counts = Counter(header)
    absent = [c for c in wanted if c not in counts]
    if absent:
        raise FileRefused(
            "columns_absent",
            columns=absent,
            have=[h[:40] for h in header[:40]],
            near=_guesses(absent, header),
        )
    twice = [c for c in wanted if counts[c] > 1]
    if twice:
        raise FileRefused("duplicate_header", columns=twice)


def _guesses(absent: list[str], header: list[str]) -> str:
    short = [h for h in header[:200] if len(h) < LONGEST_NAME]
    guesses = []
    for name in absent:
        folded = {h.strip().casefold(): h for h in short}
        close = difflib.get_close_matches(name.strip().casefold(), list(folded), n=1, cutoff=0.6)
        guesses += [near(name, folded[c]) for c in close]
    return "".join(guesses)
