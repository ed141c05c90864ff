"""Check the books: scorecard against daily facts, daily facts against the landed ledger, the journal's chains."""

import argparse
import sys

from hangbiao.site.boot import ready


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="leave the journal out")


def run(args: argparse.Namespace) -> int:
    with ready("doctor"):
        from hangbiao.engines.journal import selectors as journal
        from hangbiao.rooms.actuals.selectors import differences

        findings = [str(d) for d in differences()]
        if not args.quick:
            findings += [str(f) for f in journal.verify()]
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    if not findings:
        sys.stdout.write("The books agree and the journal is whole.\n")
    return int(bool(findings))
