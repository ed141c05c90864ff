"""Run the background jobs of the real database."""

import argparse

from hangbiao.site.boot import load


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what is waiting, then stop")


def run(args: argparse.Namespace) -> int:
    load(migrated=True)
    from typing import cast

    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = cast("DjangoConnector", app.connector)
    with app.replace_connector(connector.get_worker_connector()) as working:
        working.run_worker(wait=not args.once)
    return 0
