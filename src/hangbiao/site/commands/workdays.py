"""Enter a notice into the working-day table: `hangbiao workdays FILE.csv --reason "the notice's number"`."""

import argparse
import csv
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hangbiao.site.boot import Refusal, ready

if TYPE_CHECKING:
    from hangbiao.engines.workdays.sources import DayRow

WORKED = {"work": True, "rest": False}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV without header: DAY,work or rest,NAME, like 2027-02-06,work,make-up day")
    parser.add_argument("--reason", required=True, help="why, for example the notice's number")


def run(args: argparse.Namespace) -> int:
    with ready("workdays"):
        from django.db import transaction

        from hangbiao.engines.workdays.errors import WorkdaysError
        from hangbiao.engines.workdays.services import change_days
        from hangbiao.site import clock

        rows, at = _rows(args.file), clock.now()
        try:
            with transaction.atomic():
                version = change_days(rows, at=at, actor="system:command", reason=args.reason)
                people = _who_answers_for_them(rows)
        except WorkdaysError as refused:
            raise Refusal(refused.sentence()) from refused
    sys.stdout.write(f"The working-day table is at version {version}; {people} personal targets changed with it.\n")
    return 0


def _who_answers_for_them(rows: "Sequence[DayRow]") -> int:
    """Joiners, leavers and those on leave answer for shares of working days: draw theirs again."""
    from hangbiao.rooms.calendar.facts import open_periods
    from hangbiao.rooms.targets.services import derive_person_targets
    from hangbiao.site import clock

    touched = [p for p in open_periods() if any(p.start <= row.day <= p.end for row in rows)]
    return sum(derive_person_targets(period=p, at=clock.now(), actor="system:command") for p in touched)


def _rows(path: Path) -> "list[DayRow]":
    from hangbiao.engines.workdays.sources import DayRow

    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as wrong:
        raise Refusal(f"{path} cannot be read as UTF-8 text: {wrong}") from wrong
    rows = []
    for number, cells in enumerate(lines, start=1):
        if cells:
            try:
                day, kind, *name = (cell.strip() for cell in cells)
                rows.append(DayRow(date.fromisoformat(day), WORKED[kind], "".join(name[:1])))
            except (ValueError, KeyError) as wrong:
                said = f"{path} line {number}: {','.join(cells)!r} is no day of the table"
                raise Refusal(f"{said}. Write DAY,work or rest,NAME like 2027-02-06,work,make-up day.") from wrong
    if not rows:
        raise Refusal(f"{path} holds no day.")
    return rows
