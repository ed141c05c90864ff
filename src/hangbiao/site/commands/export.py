"""Write lights or attainment as a table: `hangbiao export lights --format csv`."""

import argparse
import sys
from pathlib import Path

from hangbiao.site.boot import Refusal, ready


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["lights", "attainment"])
    parser.add_argument("--format", choices=["csv", "xlsx"], default="csv")
    parser.add_argument("--out", type=Path, help="the file to write; without it CSV goes to standard output")
    parser.add_argument("--period", help="a period like 2026Q4; without it the newest one that was evaluated")


def run(args: argparse.Namespace) -> int:
    if args.format == "xlsx" and args.out is None:
        raise Refusal("An XLSX file needs a name: add --out FILE.xlsx")
    with ready("export"):
        from hangbiao.rooms.lights.tables import table_of, write_csv, write_xlsx

        table = table_of(args.what, args.period)
        if table is None:
            asked = f"No day of period {args.period}" if args.period else "Nothing"
            raise Refusal(f"{asked} was evaluated yet: run `hangbiao evaluate` first.")
        try:
            if args.format == "xlsx":
                write_xlsx(table, args.out)
            elif args.out:
                with args.out.open("w", encoding="utf-8-sig", newline="") as file:
                    write_csv(table, file)
            else:
                write_csv(table, sys.stdout)
        except OSError as wrong:
            if args.out is None:
                raise  # a closed pipe is the caller's
            raise Refusal(f"{args.out} cannot be written: {wrong.strerror}.") from wrong
        sys.stderr.write(f"{len(table.rows)} rows\n")
    return 0
