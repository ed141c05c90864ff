"""Look into a file before anything is booked: which mapping fits, and the first rows as they would be read."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.engines.pages.numbers import name_of
from hangbiao.rooms.actuals import wording
from hangbiao.rooms.actuals.convert import EMPTY_NUMBER
from hangbiao.rooms.actuals.errors import FileRefused, MappingRefused
from hangbiao.rooms.actuals.frames import Known, frames, texts
from hangbiao.rooms.actuals.ledger.daily import TOTALS
from hangbiao.rooms.actuals.mapping import Format, Mapping, mapping_from
from hangbiao.rooms.actuals.models import MappingText
from hangbiao.rooms.actuals.reading import Table, open_table, wanted_columns
from hangbiao.rooms.actuals.sentences import joined, sentence
from hangbiao.rooms.actuals.services import DEFINITIONS, current_definitions
from hangbiao.rooms.actuals.streams import STREAMS
from hangbiao.rooms.people.facts import organisation
from hangbiao.rooms.targets import selectors as targets

HEAD = 256 * 1024
ROWS = 12


@contextmanager
def beginning_of(path: Path) -> Iterator[Path]:
    """The first lines of a large text file as a file of their own; a workbook, or a small file, as it is."""
    with path.open("rb") as file:
        head = file.read(HEAD + 1)
    if len(head) <= HEAD or head.startswith(b"PK\x03\x04"):
        yield path
        return
    cut = head.rfind(b"\n\x00") + 2 if b"\x00" in head[:200] else head.rfind(b"\n") + 1
    with tempfile.TemporaryDirectory(prefix="hangbiao-head-") as folder:
        part = Path(folder) / path.name
        part.write_bytes(head[: cut if cut > 1 else HEAD])
        yield part


@dataclass(frozen=True, slots=True)
class Choice:
    """A mapping that could read a file; `fits` says whether every column it needs is there, `named` whether it is made
    for files of this name."""

    pk: int
    mapping: Mapping
    fits: bool
    named: bool
    own: bool
    trouble: str = ""

    @property
    def title(self) -> str:
        return self.mapping.title or self.mapping.mapping


def offered_mappings() -> list[tuple[MappingText, Mapping]]:
    """Every mapping the page offers, in its present state."""
    found = []
    for kept in MappingText.objects.filter(offered=True).exclude(code=DEFINITIONS).order_by("code"):
        try:
            mapping = mapping_from(kept.text, kept.code)
        except MappingRefused:
            continue
        if not mapping.derive:
            found.append((kept, mapping))
    return found


def choices_for(path: Path, name: str) -> list[Choice]:
    """The mappings for a file, the best first: made for its name and fitting, then fitting, then the others."""
    found = []
    with beginning_of(path) as head:
        for kept, mapping in offered_mappings():
            trouble = _trouble(head, mapping)
            named = fnmatch(name, mapping.files)
            found.append(Choice(kept.pk, mapping, not trouble, named, bool(kept.saved_by), trouble))
    return sorted(
        found, key=lambda c: (not c.fits, not c.named, -len(wanted_columns(c.mapping)), not c.own, c.title)
    )


def _trouble(path: Path, mapping: Mapping) -> str:
    try:
        table = open_table(path, mapping)
        first = next(iter(table.chunks), None)
        if first and first.rows and len(first.rows[0]) != len(table.header):
            return _("列数对不上。")
    except FileRefused as refused:
        return str(refused)
    return ""


def chosen(choices: Sequence[Choice]) -> Choice | None:
    """The mapping to take without asking: the only one that fits best."""
    best = [c for c in choices if c.fits and c.named] or [c for c in choices if c.fits]
    most = max((len(wanted_columns(c.mapping)) for c in best), default=0)
    fullest = [c for c in best if len(wanted_columns(c.mapping)) == most]
    return fullest[0] if len(fullest) == 1 else None


@dataclass(frozen=True, slots=True)
class Look:
    """The first rows through a mapping: fields, and per row its line, its cells, and what refuses it."""

    fields: list[tuple[str, str]]
    rows: list[tuple[int, list[str], str]]
    left_out: int
    refused: int


def known_now(today: date) -> Known:
    """What codes of a file are compared with."""
    who = organisation()
    metrics = {m.code: m.pk for m in targets.metrics()}
    return Known(who.people, who.territories, metrics, {}, today)


def look_into(path: Path, mapping: Mapping, known: Known) -> Look:
    """The first rows as they would be read. Raises FileRefused what refuses the whole file."""
    stream = STREAMS[mapping.stream]
    fields = [
        (f.name, mapping.columns[f.name].source or "") for f in stream.fields if f.name in mapping.columns
    ]
    rows: list[tuple[int, list[str], str]] = []
    left_out = 0
    with beginning_of(path) as head:
        table = open_table(head, mapping)
        for chunk in table.chunks:
            few = type(chunk)(chunk.lines[: 5 * ROWS], chunk.rows[: 5 * ROWS])
            (frame,) = frames(Table(table.header, iter([few])), mapping, known)
            left_out += frame.left_out
            good = zip(frame.lines, zip(*(frame.columns[f] for f, _s in fields), strict=True), strict=True)
            for line, values in good:
                said = [_said(v, stream.field(f)) for (f, _s), v in zip(fields, values, strict=True)]
                rows.append((line, said, ""))
            for bad in frame.refused:
                where = dict(zip(table.header, bad.raw, strict=False))
                cells = [where.get(source, mapping.columns[f].const or "") for f, source in fields]
                why = joined(*sentence(bad.why.code, bad.why.facts))
                rows.append((bad.line, cells, bad.column + _("：") + why if bad.column else why))
            break
    refused = sum(1 for r in rows if r[2])
    return Look(fields, list(islice(sorted(rows), ROWS)), left_out, refused)


def _said(value: Any, field: Any) -> str:
    """A value as it was understood."""
    if value is None or value == EMPTY_NUMBER:
        return ""
    if field.kind in {"number", "coordinate"}:
        whole, rest = divmod(abs(value), 10**field.scale)
        decimals = f"{rest:0{field.scale}d}".rstrip("0")
        sign = "−" if value < 0 else ""
        return f"{sign}{whole:,}" + (f".{decimals}" if decimals else "")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value.isoformat() if isinstance(value, date) else str(value)


def head_of(path: Path, form: Format, rows: int = 200) -> tuple[list[str], list[list[str]]]:
    """Header and first rows of a file as text, without any mapping."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    if path.stat().st_size == 0:
        raise FileRefused("empty_file")
    with beginning_of(path) as head:
        table: Table = import_string(settings.READERS[form.kind])(head, form=form)
        chunk = next(iter(table.chunks), None)
        return list(table.header), [texts(row) for row in (chunk.rows[:rows] if chunk else [])]


def pattern_of(name: str) -> str:
    """The file names that a mapping drafted from this one is for: digits may differ."""
    return (
        re.sub(r"[0-9]+", "*", name)
        if re.search(r"[^0-9.\-_]", name.rsplit(".", 1)[0])
        else f"*{Path(name).suffix}"
    )


def counted_from(stream: str) -> str | None:
    """The metrics that a stream of facts moves, named; empty if none, None where the stream holds no facts to count."""
    if not STREAMS[stream].facts:
        return None
    own = {d.metric for d in current_definitions() if d.stream == stream}
    if stream == TOTALS:
        own = {m.code for m in targets.metrics()}
    return wording.listed([name_of(m) for m in targets.metrics() if m.code in own])


def mapping_kept(number: int) -> MappingText | None:
    return MappingText.objects.filter(pk=number).first()


def states_of(kept: MappingText) -> list[MappingText]:
    """The other states that a mapping had, the newest first."""
    return list(MappingText.objects.filter(code=kept.code).exclude(pk=kept.pk).order_by("-id")[:20])


def title_of(kept: MappingText) -> str:
    try:
        return mapping_from(kept.text, kept.code).title or kept.code
    except MappingRefused:
        return kept.code
