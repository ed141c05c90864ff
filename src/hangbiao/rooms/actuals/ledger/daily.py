"""Raw lines to daily rows: only the touched days, a few at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hangbiao.rooms.actuals.ledger import sql
from hangbiao.rooms.actuals.ledger.landing import files_of_days, place_of
from hangbiao.rooms.actuals.ledger.stage import Stage
from hangbiao.rooms.actuals.mapping import Definition
from hangbiao.rooms.actuals.models import LandedFile

ROWS_AT_ONCE = 600_000
TOTALS = "daily_totals"
SUSPECTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Counted:
    """A metric with its number in the database."""

    pk: int
    definition: Definition


def touched_metrics(stream: str, counted: Sequence[Counted]) -> list[Counted]:
    """The metrics whose daily values a file of this stream can change."""
    return [c for c in counted if stream in {c.definition.stream, TOTALS}]


def recompute(stage: Stage, days: Sequence[date], counted: Sequence[Counted]) -> Iterator[tuple[Any, ...]]:
    """(metric, day, territory, person, path, value) of the given metrics on the given days, from all landed lines.

    All is summed before the first row is handed over: the caller copies rows into PostgreSQL, and a connection that is
    copying cannot answer which files have landed.
    """
    streams = {c.definition.stream for c in counted if c.definition.stream} | {TOTALS}
    sum_landed(stage, files_of_days(streams, days), counted)
    return summed(stage)


def sum_landed(
    stage: Stage, landed: dict[str, dict[date, list[LandedFile]]], counted: Sequence[Counted]
) -> None:
    """Sum landed lines into the stage's table `daily`, some days at a time."""
    stage.duck.execute(sql.MAKE_DAILY)
    for stream in sorted(landed):
        for files in groups(landed[stream]):
            source = sql.live([place_of(f.path) for f in files], any(f.corrections for f in files))
            if stream == TOTALS:
                known = [(c.pk, c.definition.metric, c.definition.decimals) for c in counted]
                codes = ", ".join(sql.quoted(code) for _, code, _ in known)
                stage.duck.execute(
                    sql.sum_totals(f"SELECT * FROM ({source}) WHERE metric IN ({codes})", known)
                )
            else:
                mine = [(c.pk, c.definition) for c in counted if c.definition.stream == stream]
                stage.duck.execute(sql.sum_stream(source, mine))


def summed(stage: Stage) -> Iterator[tuple[Any, ...]]:
    """The stage's daily rows."""
    rows = stage.duck.execute(sql.DAILY)
    while piece := rows.fetchmany(20_000):
        yield from piece


def groups(by_day: dict[date, list[LandedFile]]) -> Iterator[list[LandedFile]]:
    """Whole days, together as long as their lines stay few. Days with and without corrections stay apart."""
    waiting: dict[bool, list[LandedFile]] = {False: [], True: []}
    for day in sorted(by_day):
        files = by_day[day]
        corrected = any(f.corrections for f in files)
        together = waiting[corrected]
        if together and sum(f.rows for f in together) + sum(f.rows for f in files) > ROWS_AT_ONCE:
            yield list(together)
            together.clear()
        together.extend(files)
    yield from (list(files) for files in waiting.values() if files)


def suspects(stage: Stage, batch: int, days: Sequence[date]) -> list[tuple[Any, ...]]:
    """Order lines of the touched days that look booked twice, at least one of them by this batch."""
    found: list[tuple[Any, ...]] = []
    for files in groups(files_of_days(["order_lines"], days).get("order_lines", {})):
        source = sql.live([place_of(f.path) for f in files], any(f.corrections for f in files))
        found += stage.duck.execute(sql.suspects(source, batch, SUSPECTS_SHOWN)).fetchall()
    return found[:SUSPECTS_SHOWN]
