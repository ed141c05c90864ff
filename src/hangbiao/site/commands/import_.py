"""Import files through a mapping: `hangbiao import MAPPING.yaml --data DIR`."""

import argparse
import sys
from pathlib import Path

from hangbiao.site.boot import Refusal, ready


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "mapping", type=Path, help="a mapping file, or a folder of mappings that run in their order"
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder with the files")
    parser.add_argument("--dry-run", action="store_true", help="read, check and report; book nothing")
    parser.add_argument(
        "--refused", type=Path, help="a folder to write refused rows to, ready to correct and send again"
    )


def run(args: argparse.Namespace) -> int:
    if args.refused and args.dry_run:
        raise Refusal("A dry run books nothing and keeps no refused rows: leave out --dry-run or --refused.")
    with ready("import"):
        from hangbiao.rooms.actuals.errors import MappingRefused
        from hangbiao.rooms.actuals.refused_file import export_quarantine
        from hangbiao.rooms.actuals.services import import_folder, import_mapping
        from hangbiao.site import clock

        bring_in = import_folder if args.mapping.is_dir() else import_mapping
        try:
            report = bring_in(
                args.mapping, args.data, at=clock.now(), actor="system:command", dry_run=args.dry_run,
                refused_to=args.refused,
            )  # fmt: skip
        except MappingRefused as refused:
            raise Refusal(str(refused)) from refused
        sys.stdout.write("\n".join(report.lines()) + "\n")
        if args.refused:
            args.refused.mkdir(parents=True, exist_ok=True)
            for file in report.files:
                if file.batch and file.quarantined:
                    name = f"{Path(file.file).stem}.{file.batch}.refused{Path(file.file).suffix}"
                    export_quarantine(file.batch, args.refused / name)
    return 1 if report.refused_files else 0
