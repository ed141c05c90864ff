"""Somebody's own files on the board, in a scratch database: `hangbiao try FOLDER --data DIR`."""

import argparse
import sys
from pathlib import Path

from hangbiao.site.boot import Refusal


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="the mappings (see docs/guide/mapping.md)"
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the files, as they are")
    parser.add_argument(
        "--once", action="store_true", help="print the attainments as CSV and forget everything"
    )
    parser.add_argument("--port", type=int, default=8000, help="8000; the next free one if it is taken")


def run(args: argparse.Namespace) -> int:
    for folder in (args.folder, args.data):
        if not folder.is_dir():
            raise Refusal(f"There is no folder {folder}.")
    from hangbiao.site import trial

    with trial.scratch(args.folder, args.data, keep=not args.once):
        from hangbiao.engines.scope.context import acting, system_scope
        from hangbiao.rooms.actuals.errors import MappingRefused

        with acting(system_scope("command try")):
            try:
                trial.fill(args.folder, args.data)
            except MappingRefused as refused:
                raise Refusal(str(refused)) from refused
            periods = trial.light_every_period()
            if not periods:
                raise Refusal(
                    "Nothing to evaluate: no target came in. The lines above say what was refused and why."
                )
            sys.stderr.write(f"Evaluated {len(periods)} periods, {periods[0]} to {periods[-1]}.\n")
            if args.once:
                trial.print_attainments(periods, sys.stdout)
                return 0
            password = trial.open_the_door()
        trial.show(args.port, password)
    return 0
