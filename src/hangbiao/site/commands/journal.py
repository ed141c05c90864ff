"""Check the journal: `hangbiao journal verify`."""

import argparse
import sys
from pathlib import Path

from hangbiao.site.boot import Refusal, ready


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(metavar="verify", required=True, dest="deed")
    verify = verbs.add_parser("verify", help="follow every chain from its first line to its head")
    verify.add_argument("--stream", help="one stream only")
    verify.add_argument(
        "--checkpoint", type=Path, help="a checkpoint file kept elsewhere: also finds a cut tail"
    )
    checkpoint = verbs.add_parser("checkpoint", help="write root and heads to a file that is kept elsewhere")
    checkpoint.add_argument("--out", type=Path, required=True, help="where this database's administrator cannot write")


def run(args: argparse.Namespace) -> int:
    return _checkpoint(args.out) if args.deed == "checkpoint" else _verify(args.stream, args.checkpoint)


def _checkpoint(out: Path) -> int:
    with ready("journal checkpoint"):
        from hangbiao.engines.journal.services import write_checkpoint
        from hangbiao.site import clock

        try:
            root = write_checkpoint(out, at=clock.now(), actor="system:command")
        except OSError as wrong:
            raise Refusal(f"{out} cannot be written: {wrong.strerror}.") from wrong
    sys.stdout.write(f"{root}\n")
    return 0


def _verify(stream: str | None, checkpoint: Path | None) -> int:
    with ready("journal verify"):
        from hangbiao.engines.journal import selectors
        from hangbiao.engines.journal.errors import NoCheckpoint

        try:
            findings = selectors.verify(stream, checkpoint=checkpoint)
        except NoCheckpoint as wrong:
            raise Refusal(f"{checkpoint} cannot be read as a checkpoint of the journal: {wrong.facts['why']}") from wrong
        if stream and not findings and not selectors.entries_of(stream).exists():
            raise Refusal(f"The journal has no stream {stream!r}: nothing was verified.")
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    if not findings:
        sys.stdout.write("The journal is whole: every line follows from the one before.\n")
    return int(bool(findings))
