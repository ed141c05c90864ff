"""A file's good rows in a scratch DuckDB: hashed, compared with what earlier batches said, made ready to land."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from hangbiao.core.merkle import tree_hash
from hangbiao.rooms.actuals.ledger import sql
from hangbiao.rooms.actuals.streams import Stream

MEMORY = "150MB"
PIECE, LEAF = 25_600, 64
BETWEEN = chr(30)
WHOLE = {"number", "coordinate", "whole"}


@dataclass(slots=True)
class Verdict:
    """How a file's rows stand to what was known."""

    new: int = 0
    superseded: int = 0
    unchanged: int = 0
    late: int = 0
    repeated: int = 0
    repeated_lines: list[int] = field(default_factory=list)
    confirmed: int = 0
    days: dict[date, tuple[int, int]] = field(default_factory=dict)
    root: str = ""


@contextmanager
def opened() -> Iterator["Stage"]:
    """A stage for one run, whatever number of files; its folder, where DuckDB spills to, goes away whatever happens."""
    with tempfile.TemporaryDirectory(prefix="hangbiao-") as folder:
        connection = duckdb.connect(":memory:")
        try:
            connection.execute(f"SET memory_limit = '{MEMORY}'")
            connection.execute("SET threads = 1")
            connection.execute("SET preserve_insertion_order = false")
            connection.execute(f"SET temp_directory = {sql.quoted(folder)}")
            yield Stage(connection, Path(folder))
        finally:
            connection.close()


@dataclass(slots=True)
class Stage:
    """Scratch space of one run; every file begins with empty tables."""

    duck: duckdb.DuckDBPyConnection
    folder: Path

    def begin(self, stream: Stream) -> None:
        self.clear()
        self.duck.execute(sql.make_incoming(stream))

    def clear(self) -> None:
        """Forget the file before."""
        for statement in sql.CLEAR:
            self.duck.execute(statement)
        shutil.rmtree(self.folder / "landed", ignore_errors=True)

    def add(
        self,
        stream: Stream,
        key: Sequence[str],
        lines: Sequence[int],
        columns: dict[str, list[Any]],
        credit: Sequence[tuple[int, int, str]],
        undated: date,
    ) -> None:
        """Take over the good rows of one chunk. `credit` is (person, territory, path) of each row, 0 for none."""
        if not lines:
            return
        rows = len(lines)
        days = columns.get("day")
        people, territories, paths = zip(*credit, strict=True)
        chunk: dict[str, Any] = {
            "source_line": np.fromiter(lines, np.int64, rows),
            "day": np.array(
                [d or undated for d in days] if days else [undated] * rows, dtype="datetime64[us]"
            ),
            "version": np.fromiter((v or 0 for v in columns.get("version", [0] * rows)), np.int64, rows),
            "person_id": np.fromiter(people, np.int64, rows),
            "territory_id": np.fromiter(territories, np.int64, rows),
            "org_path": np.array(paths, dtype=object),
        }
        for one in stream.fields:
            if one.name in columns and one.name not in {"day", "version"}:
                values = columns[one.name]
                kind = np.int64 if one.kind in WHOLE else object
                chunk[one.name] = np.array(values, dtype=kind)
        self.duck.register("chunk", chunk)
        present = [f.name for f in stream.fields if f.name in columns]
        self.duck.execute(sql.insert_chunk(stream, present, key))
        self.duck.unregister("chunk")

    def judge(self, stream: Stream, batch: int, key_files: Sequence[Path]) -> Verdict:
        """Say of every row whether it is new, unchanged, a correction or late; make the rows to land ready."""
        verdict = Verdict()
        rows, keys = self._one(sql.ROWS_AND_KEYS)
        if keys < rows:
            verdict.repeated = self._one(sql.CONTENTS)[0] - keys
            if verdict.repeated:
                verdict.repeated_lines = [
                    line for (line,) in self.duck.execute(sql.REPEATED_LINES).fetchall()
                ]
            self.duck.execute(sql.DROP_REPEATED)
        self.duck.execute(sql.make_known(key_files))
        self.duck.execute(sql.make_ready(stream, batch))
        self.duck.execute(sql.make_confirmed(batch))
        verdict.confirmed = self._one("SELECT count(*) FROM confirmed")[0]
        counts = dict(self.duck.execute(sql.OPS).fetchall())
        verdict.new, verdict.superseded, verdict.late = (counts.get(op, 0) for op in ("new", "set", "old"))
        verdict.unchanged = rows - verdict.repeated - verdict.new - verdict.superseded - verdict.late
        verdict.days = {day: (n, c) for day, n, c in self.duck.execute(sql.TOUCHED).fetchall()}
        verdict.root = self._root(stream)
        return verdict

    def settle(self, stream: Stream, batch: int, files_of: Callable[[list[date]], list[Path]]) -> Verdict:
        """Make ready the lines that turn what was booked into what the `moves` say; give how many and on which days."""
        verdict = Verdict()
        moved, verdict.unchanged = self._one(sql.MOVED)
        days = [day for (day,) in self.duck.execute(sql.MOVED_DAYS).fetchall() if day]
        if moved:
            self.duck.execute(sql.make_settled(stream, batch, files_of(days)))
            if self._one(sql.UNSETTLED)[0]:
                raise LookupError("a claimed line is not where it landed")
            verdict.superseded = moved - verdict.unchanged
            verdict.days = {day: (n, c) for day, n, c in self.duck.execute(sql.TOUCHED).fetchall()}
            verdict.root = self._root(stream)
        return verdict

    def credits(self, stream: Stream, source: str) -> list[tuple[Any, ...]]:
        """(rep, territory, day, person, territory's number, path) of the lines of `source`, each once."""
        return self.duck.execute(sql.credited(stream, source)).fetchall()

    def move(self, stream: Stream, source: str, batch: int, moved: Sequence[tuple[Any, ...]]) -> None:
        """Make those lines of `source` ready whose credit is another one now."""
        self.duck.execute(sql.MAKE_MOVED)
        self.duck.executemany(sql.NOTE_MOVED, sorted(set(moved), key=str))
        present = {row[0] for row in self.duck.execute(f"DESCRIBE {source}").fetchall()}
        tables = {row[0] for row in self.duck.execute("SHOW TABLES").fetchall()}
        self.duck.execute(sql.move(stream, source, batch, present=present, first="ready" not in tables))

    def judge_moved(self, stream: Stream) -> Verdict:
        """All that `move` made ready, as one file's verdict."""
        verdict = Verdict(root=self._root(stream))
        verdict.days = {day: (n, c) for day, n, c in self.duck.execute(sql.TOUCHED).fetchall()}
        verdict.superseded = sum(n for n, _corrections in verdict.days.values())
        return verdict

    def reach(self, by_region: bool, today: date, undated: date) -> dict[str, date]:
        """How far the data reach: place → newest business day that is not in the future."""
        found = self.duck.execute(sql.reach(by_region), [today]).fetchall()
        return {place: day for place, day in found if day and day > undated}

    def _one(self, statement: str) -> tuple[Any, ...]:
        row = self.duck.execute(statement).fetchone()
        return row or ()

    def _root(self, stream: Stream) -> str:
        """Merkle root over the roots of each PIECE rows in line order (memory stays bounded), a leaf being LEAF rows."""
        rows = self.duck.execute(sql.leaves(stream))
        roots = []
        while piece := rows.fetchmany(PIECE):
            texts = [text for (text,) in piece]
            leaves = (BETWEEN.join(texts[n : n + LEAF]) for n in range(0, len(texts), LEAF))
            roots.append(tree_hash([leaf.encode() for leaf in leaves]))
        return tree_hash(roots).hex()
