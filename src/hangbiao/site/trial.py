"""Somebody's own files on the board: a scratch database, every mapping of a folder, every period at its end."""

import csv
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from hangbiao.site import clock, database
from hangbiao.site.boot import Refusal, load
from hangbiao.site.home import home

if TYPE_CHECKING:
    from hangbiao.rooms.actuals.mapping import Mapping

ACTOR = "system:try"
HEAD = ["employee", "period", "actual", "target", "attainment"]


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database of its own and a folder of its own; nothing real is in reach."""

    name: str
    admin: str

    @property
    def landing(self) -> Path:
        return home() / "try" / self.name

    def remove(self) -> None:
        database.drop(self.admin, self.name)
        shutil.rmtree(self.landing, ignore_errors=True)


@contextmanager
def scratch(folder: Path, data: Path, *, keep: bool) -> Iterator[Scratch]:
    """A fresh scratch database in the embedded server, Django loaded on it; gone afterwards unless it is kept."""
    name = "hangbiao_try_" + sha256(f"{folder.resolve()}\0{data.resolve()}".encode()).hexdigest()[:12]
    made = Scratch(name, database.embedded(home() / "pg", "postgres"))
    made.remove()  # what an interrupted trial left behind
    os.environ["HANGBIAO_LANDING"] = str(made.landing)
    os.environ["HANGBIAO_EVIDENCE"] = str(made.landing / "evidence")
    os.environ["DATABASE_URL"] = database.embedded(home() / "pg", name)
    try:
        load()
        yield made
    finally:
        if not keep:
            made.remove()


def fill(folder: Path, data: Path) -> None:
    """Migrate, open the periods that the files speak of, import every mapping in its order."""
    from django.core.management import call_command

    from hangbiao.engines.workdays.services import seed
    from hangbiao.rooms.actuals.services import import_folder
    from hangbiao.rooms.calendar.services import ensure_periods

    first, last = span(folder, data)
    at = clock.now()
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    seed(through_year=max(last.year, at.year) + 1, at=at, actor=ACTOR)
    ensure_periods(first=first, last=last, at=at, actor=ACTOR)
    report = import_folder(folder, data, at=at, actor=ACTOR)
    sys.stderr.writelines(line + "\n" for line in report.lines())


def light_every_period() -> list[str]:
    """Evaluate each period that has targets, as of its last day. Gives their codes, oldest first."""
    from hangbiao.rooms.calendar.selectors import periods_until
    from hangbiao.rooms.lights.services import evaluate, project
    from hangbiao.rooms.targets.selectors import targets_in

    lit = []
    for period in periods_until(date.max):
        if targets_in(period.pk).exists():
            project(evaluate(as_of=period.end, at=clock.now(), actor=ACTOR))
            lit.append(period.code)
    return lit


def print_attainments(periods: list[str], out: TextIO) -> int:
    """The persons' attainments of the first metric as CSV, sorted by period and employee. Gives the number of rows."""
    from hangbiao.rooms.lights.tables import table_of
    from hangbiao.rooms.targets.selectors import metrics

    metric = metrics()[0].code
    rows: list[list[str]] = []
    for code in periods:
        table = table_of("attainment", code)
        for row in table.rows if table else ():
            cell = dict(zip(table.head, row, strict=True)) if table else {}
            if cell["book"] == "person" and cell["holder"] and cell["metric"] == metric:
                rows.append([cell["holder"], code, *_amounts(cell)])
    rows.sort(key=lambda r: (r[1], r[0]))
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(rows)
    return len(rows)


def _amounts(cell: dict[str, str]) -> list[str]:
    """Amounts with two decimals whatever the metric's unit, the ratio as it is."""
    return [_two(cell["actual"]), _two(cell["base"]), cell["attainment"]]


def _two(amount: str) -> str:
    from decimal import ROUND_HALF_UP, Decimal

    return str(Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP))


def span(folder: Path, data: Path) -> tuple[date, date]:
    """The first and last day that the files speak of: every period between them is opened before anything comes in."""
    from hangbiao.rooms.actuals.mapping import load_all

    days: set[date] = set()
    for _path, mapping, _text in load_all(folder):
        if "day" in mapping.columns and mapping.columns["day"].source:
            for file in sorted(data.glob(mapping.files)):
                days |= set(_days(file, mapping))
    if not days:
        raise Refusal(f"No file in {data} that the mappings of {folder} name holds a single readable day.")
    return min(days), max(days)


def _days(file: Path, mapping: "Mapping") -> Iterator[date]:
    """The readable days of one file; what cannot be read is refused later, by the import, with its line."""
    from hangbiao.rooms.actuals.convert import day_reader
    from hangbiao.rooms.actuals.errors import Refused
    from hangbiao.rooms.actuals.reading import open_table

    column = mapping.columns["day"]
    read = day_reader(column, today=None)
    table = open_table(file, mapping)
    place = table.header.index(column.source or "")
    for chunk in table.chunks:
        for cell in {row[place] for row in chunk.rows if len(row) > place}:
            if isinstance(cell, date):
                yield cell + timedelta(days=column.shift_days)
            elif isinstance(cell, str):
                with suppress(Refused):
                    yield read(cell.strip())


def open_the_door() -> str:
    """One account that sees the whole scratch company. Gives its password, made for this trial alone."""
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.accounts.services import set_password
    from hangbiao.rooms.people.rows import PersonRow
    from hangbiao.rooms.people.services import upsert_people

    at = clock.now()
    upsert_people(
        [PersonRow("try", "试用者", "executive", name_en="Visitor", username="try")], at=at, actor=ACTOR
    )
    password = secrets.token_urlsafe(9)
    set_password(account=Account.objects.get(username="try"), password=password, at=at, actor=ACTOR)
    return password


def show(port: int, password: str) -> None:
    """Serve the scratch company until Ctrl-C."""
    from hangbiao.site.web import free_port, serve

    port = free_port(port)
    sys.stderr.write(f"The board: http://127.0.0.1:{port}/board/ - sign in as `try`, password `{password}`\n")
    serve(port)
