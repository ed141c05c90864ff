"""Bring the database to this version's tables."""

import argparse

from hangbiao.site.boot import Refusal, ready


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only ask whether models and migrations agree")


def run(args: argparse.Namespace) -> int:
    with ready("migrate", migrated=False):
        from django.core.management import call_command
        from django.db import DatabaseError

        if args.check:
            call_command("makemigrations", check=True, dry_run=True, verbosity=1)
            return 0
        try:
            call_command("migrate", database="owner", verbosity=1, interactive=False)
        except DatabaseError as wrong:
            if "permission denied" not in str(wrong):
                raise
            raise Refusal(
                f"The database's user lacks a right: {str(wrong).splitlines()[0]}. It must own the database and be "
                "able to create roles (ALTER ROLE … CREATEROLE), or somebody creates the role `hangbiao_app` for it "
                "and grants it (CREATE ROLE hangbiao_app NOLOGIN; GRANT hangbiao_app TO …)."
            ) from wrong
    return 0
