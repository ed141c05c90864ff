"""Light a day: `hangbiao evaluate --as-of DATE`."""

import argparse
import sys
from datetime import date, timedelta

from hangbiao.site.boot import Refusal, ready


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", type=_day, metavar="DATE", help="the business day; without it the last closed one"
    )
    parser.add_argument(
        "--kind", choices=["preview", "checkpoint"], help="without it: checkpoint on a checkpoint day"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it like 2026-11-25") from None


def run(args: argparse.Namespace) -> int:
    with ready("evaluate"):
        from hangbiao.rooms.lights.errors import LightsError
        from hangbiao.rooms.lights.services import evaluate, project
        from hangbiao.site import clock

        day = args.as_of or clock.today() - timedelta(days=1)
        try:
            done = evaluate(as_of=day, at=clock.now(), actor="system:command", kind=args.kind or "")
        except LightsError as refused:
            raise Refusal(str(refused)) from refused
        project(done)
        sys.stdout.write(f"{done.kind} {done.period.code} as of {done.as_of}: {done.rows} lights\n")
    return 0
