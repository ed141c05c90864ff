"""Rows that a program sends: the same mapping, checks, quarantine and booking as a file, all of it in one batch."""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from hangbiao.engines.scope.context import Scope, acting, system_scope
from hangbiao.rooms.actuals import mapping as mappings
from hangbiao.rooms.actuals.credit import Credit
from hangbiao.rooms.actuals.errors import MappingRefused, PushRefused, Refused
from hangbiao.rooms.actuals.frames import Known, RefusedRow, frames
from hangbiao.rooms.actuals.models import MappingText, Quarantine
from hangbiao.rooms.actuals.reading import open_table
from hangbiao.rooms.actuals.report import FileReport
from hangbiao.rooms.actuals.sentences import sentence
from hangbiao.rooms.actuals.services import import_file
from hangbiao.rooms.actuals.streams import STREAMS, Stream
from hangbiao.rooms.people.facts import organisation
from hangbiao.rooms.targets import selectors as targets

ROOT = "/C/"
WHOM = ("rep", "territory")
HEADER_LINES = 2  # the first row stands on the second line
Row = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A row that was not booked; `row` counts what was sent, from 0."""

    row: int
    column: str
    value: str
    code: str
    reason: str
    remedy: str


@dataclass(slots=True)
class Pushed:
    """What became of the rows."""

    report: FileReport
    refused: list[RowRefused] = field(default_factory=list)


def pushable() -> list[Stream]:
    """The streams that programs may send: facts. Master data and targets come from files."""
    return [stream for stream in STREAMS.values() if stream.facts]


def push_rows(
    stream: str, rows: Sequence[Row], *, mapping: str = "", name: str, within: Scope, why: str, at: datetime, actor: str
) -> Pushed:
    """Book the rows that `within` covers as one batch called `name`; whatever is refused is named row by row.

    Without a mapping the rows speak in the stream's own fields; with one they use the columns of the file it describes.
    Refuses (PushRefused) what cannot become a batch at all.
    """
    with acting(system_scope(why)), tempfile.TemporaryDirectory(prefix="hangbiao-push-") as folder:
        columns = list(dict.fromkeys(key for row in rows for key in row))
        text = _mapping_text(stream, columns, mapping)
        place, file = Path(folder) / "mapping.yaml", Path(folder) / f"{name}.csv"
        place.write_text(text, encoding="utf-8")
        cells = [[_cell(row.get(column)) for column in columns] for row in rows]
        refused = _broken(cells, columns)
        _write(file, columns, cells, refused)
        used, _text = _loaded(place)
        refused |= _outside(used, file, within, at.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
        kept = _write(file, columns, cells, refused)
        if not kept:
            report = FileReport(file.name, used.mapping, stream, status="refused", rows_read=len(rows))
        else:
            report = import_file(place, file, at=at, actor=actor)
            if report.status == "refused":
                raise PushRefused("".join(report.refusals[:1]))
        return Pushed(report, _said(report, refused, kept))


def _mapping_text(stream: str, columns: Sequence[str], code: str) -> str:
    """The mapping through which the rows are read, as it is kept with the batch."""
    if not code:
        plain = {"mapping": f"api-{stream}", "stream": stream, "files": "api-*.csv", "columns": {c: c for c in columns}}
        return yaml.safe_dump(plain, allow_unicode=True, sort_keys=True)
    kept = MappingText.objects.filter(code=code).last()
    raw = yaml.safe_load(kept.text) if kept else None
    if not isinstance(raw, dict) or raw.get("stream") != stream:
        raise PushRefused(_("数据流 %(stream)s 没有名为 %(code)s 的映射。") % {"stream": stream, "code": code})
    raw.pop("format", None)
    return yaml.safe_dump(raw, allow_unicode=True, sort_keys=True)


def _loaded(path: Path) -> tuple[mappings.Mapping, str]:
    try:
        return mappings.load_mapping(path)
    except MappingRefused as refused:
        raise PushRefused("；".join(refused.troubles)) from None


def _cell(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _broken(cells: Sequence[Sequence[str]], columns: Sequence[str]) -> dict[int, RefusedRow]:
    """Cells that would break a line; every row is one line of the file that stands behind its batch."""
    found = {}
    for n, row in enumerate(cells):
        for column, cell in zip(columns, row, strict=True):
            if any(letter in cell for letter in "\r\n\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"):
                found[n] = RefusedRow(n, column, cell[:60], Refused("control_character", {}), list(row))
                break
    return found


def _write(
    file: Path, columns: Sequence[str], cells: Sequence[Sequence[str]], refused: Mapping[int, RefusedRow]
) -> list[int]:
    """The file of all rows that are not refused; gives their positions among those sent."""
    kept = [n for n in range(len(cells)) if n not in refused]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(cells[n] for n in kept)
    return kept


def _outside(used: mappings.Mapping, file: Path, within: Scope, today: date) -> dict[int, RefusedRow]:
    """Rows that count for a place the sender may not reach, or for nobody: they answer alike.

    Rows that cannot be read are left to the import to refuse.
    """
    if within.everything:
        return {}
    who = organisation()
    metrics = {m.code: m.pk for m in targets.metrics()}
    known, credit = Known(who.people, who.territories, metrics, {}, today), Credit(who)
    table = open_table(file, used)
    found: dict[int, RefusedRow] = {}

    def outside(line: int, given: Sequence[str | None]) -> None:
        """Names whom the row was for by what it says, not by what is known of them."""
        name, value = next(((n, v) for n, v in zip(WHOM, given, strict=True) if v), ("rep", ""))
        source = used.columns[name].source if name in used.columns else name
        why = Refused("outside_scope", {"value": value})
        found[line - HEADER_LINES] = RefusedRow(line, source or name, str(value), why, [])

    for frame in frames(table, used, known):
        nothing = [None] * len(frame.lines)
        asked = [frame.columns.get(name, nothing) for name in (*WHOM, "day")]
        for line, rep, territory, day in zip(frame.lines, *asked, strict=True):
            person, _territory, path = credit.of(rep, territory, day)
            if not within.covers(path, person or None):
                outside(line, (rep, territory))
        for row in frame.refused:  # to whom a part of the company is foreign, foreign and absent are one
            if not within.covers(ROOT) and row.why.code in {"unknown_person", "unknown_territory"}:
                outside(row.line, [_cell_of(row, table.header, used, name) for name in WHOM])
    return found


def _cell_of(row: RefusedRow, header: Sequence[str], used: mappings.Mapping, name: str) -> str | None:
    source = used.columns[name].source if name in used.columns else None
    return row.raw[list(header).index(source)] if source is not None and source in header else None


def _said(report: FileReport, refused: Mapping[int, RefusedRow], kept: Sequence[int]) -> list[RowRefused]:
    """All refused rows by their position among those sent, those of the batch's quarantine included."""
    said = []
    for n, row in refused.items():
        reason, remedy = sentence(row.why.code, row.why.facts)
        said.append(RowRefused(n, row.column, row.value, row.why.code, reason, remedy))
    if report.status == "booked" and report.batch:
        for one in Quarantine.objects.filter(batch=report.batch):
            at = kept[one.line - HEADER_LINES]
            said.append(RowRefused(at, one.column, one.value, one.code, one.reason, one.remedy))
    return sorted(said, key=lambda refusal: refusal.row)
