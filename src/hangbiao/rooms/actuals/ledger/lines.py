"""The landed lines of one day behind one holder's figure: what each said, whether it counts, and what replaced it.

Whose lines may be read is a required argument: DuckDB knows no scope of its own.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from hangbiao.rooms.actuals.ledger.sql import files, quoted
from hangbiao.rooms.actuals.mapping import Definition
from hangbiao.rooms.actuals.streams import STREAMS

TOTALS = "daily_totals"
MEMORY = "100MB"
SCALE = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A landed line. `fields` holds what was read, by the stream's field; `value` is what it adds, in minor units."""

    batch: int
    origin: int
    number: int
    op: str
    value: int
    counts_then: bool
    counts_now: bool
    replaced_by: int | None
    moved: bool
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """What all lines of the day together come to."""

    lines: int = 0
    then: int = 0
    now: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.lines + other.lines, self.then + other.then, self.now + other.now)


@dataclass(frozen=True, slots=True)
class Whose:
    """A holder's own lines (a person, or the territory book below a path), as far as the reader may see them.

    `everything`, `paths` and `reader` are the reader's scope; none of them means nothing.
    """

    person: int | None
    path: str
    everything: bool
    paths: tuple[str, ...]
    reader: int | None

    @property
    def condition(self) -> str:
        """The same as SQL."""
        if self.person is not None:
            own = f"person_id = {int(self.person)}"
        else:
            own = f"territory_id IS NOT NULL AND starts_with(org_path, {quoted(self.path)})"
        if self.everything:
            return f"({own})"
        ways = [f"starts_with(org_path, {quoted(p)})" for p in self.paths]
        if self.reader is not None:
            ways.append(f"person_id = {int(self.reader)}")
        return f"({own} AND ({' OR '.join(ways) or 'FALSE'}))"


@contextmanager
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    """A small DuckDB for one answer."""
    duck = duckdb.connect(":memory:")
    try:
        duck.execute(f"SET memory_limit = '{MEMORY}'")
        duck.execute("SET threads = 1")
        yield duck
    finally:
        duck.close()


def gather(
    duck: duckdb.DuckDBPyConnection,
    stream: str,
    paths: Sequence[Path],
    whose: Whose,
    definition: Definition,
    then: int,
) -> Tally:
    """Make the table `told` of one stream's lines of a day, and say what they come to."""
    duck.execute(_told(stream, paths, whose, definition, then))
    found = duck.execute(
        "SELECT count(*), coalesce(sum(value) FILTER (WHERE counts_then), 0)::BIGINT, "
        "coalesce(sum(value) FILTER (WHERE counts_now), 0)::BIGINT FROM told"
    ).fetchone()
    return Tally(*found) if found else Tally()


def page_of(duck: duckdb.DuckDBPyConnection, stream: str, limit: int, offset: int) -> list[Line]:
    """The asked piece of `told`, in the order in which the lines came in."""
    names = [f.name for f in STREAMS[stream].fields if f.name not in {"day", "version"}]
    own = ", ".join(f'"{name}"' for name in names)
    rows = duck.execute(
        "SELECT batch, origin, source_line, op, value, counts_then, counts_now, replaced_by, moved"
        f", {own} FROM told ORDER BY batch, source_line LIMIT {int(limit)} OFFSET {int(offset)}"
    ).fetchall()
    return [_line(names, *row) for row in rows]


def _line(
    names: Sequence[str],
    batch: int,
    origin: int,
    number: int,
    op: str,
    value: int,
    then: bool,
    now: bool,
    by: int | None,
    moved: bool,
    *read: Any,
) -> Line:
    return Line(batch, origin, number, op, value, then, now, by, moved, dict(zip(names, read, strict=True)))


def _told(stream: str, paths: Sequence[Path], whose: Whose, definition: Definition, then: int) -> str:
    """Of one key the latest batch counts; `replaced_by` is the next one. `then` = newest batch then. `origin` is where the
    content first stood: an undoing lands old lines once more."""
    value, wanted = _measure(stream, definition)
    return f"""
CREATE OR REPLACE TEMP TABLE told AS
WITH landed AS (SELECT *, min(batch) OVER (PARTITION BY key, hash) AS origin FROM {files(paths)}),
mine AS (SELECT DISTINCT key FROM landed WHERE {whose.condition}),
ranked AS (
  SELECT l.key, l.batch, lead(l.batch) OVER ladder AS replaced_by, lead(l.op) OVER ladder AS how,
         max(CASE WHEN l.batch <= {int(then)} THEN l.batch END) OVER (PARTITION BY l.key) AS top_then
  FROM landed l SEMI JOIN mine m ON m.key = l.key WHERE l.op <> 'old'
  WINDOW ladder AS (PARTITION BY l.key ORDER BY l.batch))
SELECT l.*, CAST({value} AS BIGINT) AS value, r.replaced_by, coalesce(r.how = 'gone', FALSE) AS moved,
       coalesce(r.batch = r.top_then, FALSE) AS counts_then,
       l.op <> 'old' AND r.replaced_by IS NULL AS counts_now
FROM landed l LEFT JOIN ranked r ON r.key = l.key AND r.batch = l.batch AND l.op <> 'old'
WHERE l.op <> 'gone' AND {whose.condition} AND {wanted}
"""


def _measure(stream: str, definition: Definition) -> tuple[str, str]:
    """What a line adds to the metric, and which lines do."""
    step = 10 ** (SCALE - definition.decimals)
    if stream == TOTALS:
        return f"coalesce(value, 0) // {step}", f"metric = {quoted(definition.metric)}"
    wanted = [
        f'"{name}" IN ({", ".join(quoted(v) for v in allowed)})' for name, allowed in definition.where.items()
    ]
    value = "1" if definition.measure == "count" else f'coalesce("{definition.measure}", 0) // {step}'
    return value, " AND ".join(wanted) or "TRUE"
