"""Bring Django up for a command: find or start the database, load the house, act in a named scope.

Whatever is missing (a server, rights, tables) is a Refusal: a sentence, never a traceback.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256


class Refusal(Exception):
    """A command cannot do what it was asked; the message is a sentence that says why and what to do."""


def act_on_the_demo() -> None:
    """Turn this process, and those it starts, to the demo company: its database, its files, its clock."""
    os.environ["HANGBIAO_DEMO"] = "1"
    os.environ.setdefault("HANGBIAO_DATABASE", "hangbiao_demo")
    outside = os.environ.get("DATABASE_URL")
    folder = f"demo-{sha256(outside.encode()).hexdigest()[:8]}" if outside else "demo"
    os.environ.setdefault("HANGBIAO_DEMO_HOME", folder)
    os.environ.setdefault("HANGBIAO_LANDING", f"{os.environ['HANGBIAO_DEMO_HOME']}/landed")
    os.environ.setdefault("HANGBIAO_EVIDENCE", f"{os.environ['HANGBIAO_DEMO_HOME']}/evidence")


def load(database_name: str = "", *, migrated: bool = False) -> str:
    """Ensure the database and load Django. Returns the database's address.

    Without a name it is the installation's own, or what HANGBIAO_DATABASE names in the embedded server.
    `migrated`: refuse a database that lacks this version's tables.
    """
    from hangbiao.site import database

    try:
        address = database.ensure(database_name or os.environ.get("HANGBIAO_DATABASE", "hangbiao"))
    except database.NoDatabase as wrong:
        raise Refusal(str(wrong)) from wrong
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangbiao.site.settings")
    import django

    django.setup()
    if migrated:
        _refuse_other_tables()
    return address


def _refuse_other_tables() -> None:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Refusal(
            f"The database lacks {len(missing)} of this version's migrations. Run `hangbiao migrate` first."
        )


@contextmanager
def ready(verb: str, database_name: str = "", *, migrated: bool = True) -> Iterator[str]:
    """Everything a command needs: database, Django, and the scope "command VERB", which is audited like any other."""
    address = load(database_name, migrated=migrated)
    from hangbiao.engines.scope.context import acting, system_scope

    with acting(system_scope(f"command {verb}")):
        yield address
