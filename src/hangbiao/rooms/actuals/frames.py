"""Rows of a file through a mapping: the wanted columns converted, the bad rows set aside with their reasons."""

import gc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hangbiao.rooms.actuals import convert
from hangbiao.rooms.actuals.convert import BAD, Converter
from hangbiao.rooms.actuals.errors import Refused
from hangbiao.rooms.actuals.mapping import Column
from hangbiao.rooms.actuals.mapping import Mapping as FileMapping
from hangbiao.rooms.actuals.reading import Cell, Chunk, Formula, Table
from hangbiao.rooms.actuals.streams import STREAMS, Field


@dataclass(frozen=True, slots=True)
class Known:
    """What the codes of a file must be found in, and how exact its numbers may be."""

    people: Mapping[str, int]
    territories: Mapping[str, Any]
    metrics: Mapping[str, int]
    places: Mapping[str, int]
    today: date


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not booked: where, what was read, why, and the row itself for sending it again."""

    line: int
    column: str
    value: str
    why: Refused
    raw: list[str]


@dataclass(slots=True)
class Frame:
    """Good rows of one chunk, column by column, with the rows that were refused or left out."""

    lines: list[int]
    columns: dict[str, list[Any]]
    refused: list[RefusedRow]
    raw: list[list[Cell]]
    left_out: int = 0
    blank: int = 0


def converter(
    field: Field, column: Column, nulls: frozenset[str], known: Known, *, past_only: bool
) -> Converter:
    """The converter of a field's kind, as this mapping writes it."""
    places = known.places.get(field.name, field.scale)
    readers = {
        "text": convert.text_reader,
        "number": convert.scaled_reader(column, places=places, scale=field.scale),
        "coordinate": convert.scaled_reader(column, places=field.scale, scale=field.scale),
        "decimal": lambda text: convert.number_of(text, column),
        "date": convert.day_reader(column, today=known.today if past_only and field.name == "day" else None),
        "whole": convert.whole_reader,
        "flag": convert.flag_reader,
        "choice": convert.choice_reader(field.choices),
        "person": convert.known_reader(known.people, "unknown_person"),
        "territory": convert.known_reader(known.territories, "unknown_territory"),
        "metric": convert.known_reader(known.metrics, "unknown_metric"),
    }
    plain = convert.plain_numbers(column, nulls, places) if field.kind == "number" else None
    return Converter(field, column, nulls, readers[field.kind], plain)


def frames(table: Table, mapping: FileMapping, known: Known) -> Iterator[Frame]:
    """Convert a table chunk by chunk."""
    stream = STREAMS[mapping.stream]
    nulls = frozenset(mapping.format.nulls) | {""}
    position = {name: n for n, name in enumerate(table.header)}
    converters = {
        name: converter(_field(stream.field(name)), column, nulls, known, past_only=stream.past_only)
        for name, column in mapping.columns.items()
    }
    where = [(position[name], frozenset(allowed)) for name, allowed in mapping.where.items()]
    sources = {name: None if c.source is None else position[c.source] for name, c in mapping.columns.items()}
    for chunk in table.chunks:
        yield _frame(chunk, len(table.header), converters, sources, where)


def undisturbed(made: Iterator[Frame]) -> Iterator[Frame]:
    """Frames with the cycle collector asleep: millions of short-lived rows wake it for nothing, at a tenth of the time."""
    awake = gc.isenabled()
    gc.disable()
    try:
        yield from made
    finally:
        if awake:
            gc.enable()


def _field(field: Field | None) -> Field:
    if field is None:
        raise LookupError("a mapping names only fields of its stream")
    return field


def _frame(
    chunk: Chunk,
    width: int,
    converters: Mapping[str, Converter],
    sources: Mapping[str, int | None],
    where: list[tuple[int, frozenset[str]]],
) -> Frame:
    frame = Frame(list(chunk.lines), {}, [], chunk.rows)
    _keep_whole_rows(frame, width)
    if where:
        _keep_wanted(frame, where)
    by_position = list(zip(*frame.raw, strict=True)) if frame.raw else [()] * width
    bad: dict[int, tuple[str, Cell]] = {}
    for name, convert_one in converters.items():
        source = sources[name]
        cells = [convert_one.column.const or ""] * len(frame.raw) if source is None else by_position[source]
        values = convert_one.of(cells)
        frame.columns[name] = values
        if convert_one.has_bad:
            for n, value in enumerate(values):
                if value is BAD:
                    bad.setdefault(n, (name, cells[n]))
    if bad:
        _set_aside(frame, bad, converters)
    return frame


def _keep_whole_rows(frame: Frame, width: int) -> None:
    """Drop blank lines, refuse rows with too few or too many cells."""
    if all(len(row) == width for row in frame.raw):
        return
    kept: list[tuple[int, list[Cell]]] = []
    for line, row in zip(frame.lines, frame.raw, strict=True):
        if len(row) == width:
            kept.append((line, row))
        elif not any(shown(c).strip() for c in row):
            frame.blank += 1
        else:
            why = Refused("wrong_width", {"have": len(row), "want": width})
            frame.refused.append(RefusedRow(line, "", "", why, texts(row)))
    frame.lines, frame.raw = [k[0] for k in kept], [k[1] for k in kept]


def _keep_wanted(frame: Frame, where: list[tuple[int, frozenset[str]]]) -> None:
    kept = [
        (line, row)
        for line, row in zip(frame.lines, frame.raw, strict=True)
        if all(shown(row[n]).strip() in allowed for n, allowed in where)
    ]
    frame.left_out = len(frame.raw) - len(kept)
    frame.lines, frame.raw = [k[0] for k in kept], [k[1] for k in kept]


def _set_aside(frame: Frame, bad: dict[int, tuple[str, Cell]], converters: Mapping[str, Converter]) -> None:
    for n, (name, cell) in bad.items():
        if not any(shown(c).strip() for c in frame.raw[n]):
            frame.blank += 1
            continue
        column = converters[name].column.source or name
        why = converters[name].explain(cell)
        frame.refused.append(RefusedRow(frame.lines[n], column, shown(cell)[:200], why, texts(frame.raw[n])))
    drop(frame, set(bad))


def drop(frame: Frame, rows: set[int]) -> None:
    """Take rows out of a frame, by position."""
    keep = [n for n in range(len(frame.lines)) if n not in rows]
    frame.lines = [frame.lines[n] for n in keep]
    frame.raw = [frame.raw[n] for n in keep]
    frame.columns = {name: [values[n] for n in keep] for name, values in frame.columns.items()}


def shown(cell: Cell) -> str:
    return cell.text if isinstance(cell, Formula) else cell if isinstance(cell, str) else cell.isoformat()


def texts(row: list[Cell]) -> list[str]:
    """A row as it can be kept and sent again: NUL-free, each cell of bounded length, at most 400 cells."""
    return [shown(c)[:400] for c in row[:400]]
