"""Bring the database to this version's tables."""

import argparse

from hangbiao.site.boot import ready


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only ask whether models and migrations agree")


def run(args: argparse.Namespace) -> int:
    with ready("migrate"):
        from django.core.management import call_command

        if args.check:
            call_command("makemigrations", check=True, dry_run=True, verbosity=1)
        else:
            call_command("migrate", database="owner", verbosity=1, interactive=False)
    return 0
