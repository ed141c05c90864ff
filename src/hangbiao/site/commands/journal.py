"""Check the journal: `hangbiao journal verify`."""

import argparse
import sys
from pathlib import Path

from hangbiao.site.boot import ready


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(metavar="verify", required=True, dest="deed")
    verify = verbs.add_parser("verify", help="follow every chain from its first line to its head")
    verify.add_argument("--stream", help="one stream only")
    verify.add_argument(
        "--checkpoint", type=Path, help="a checkpoint file kept elsewhere: also finds a cut tail"
    )


def run(args: argparse.Namespace) -> int:
    with ready("journal verify"):
        from hangbiao.engines.journal import selectors

        more = {"checkpoint": args.checkpoint} if args.checkpoint else {}
        findings = selectors.verify(args.stream, **more)
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    if not findings:
        sys.stdout.write("The journal is whole: every line follows from the one before.\n")
    return int(bool(findings))
