"""Bring Django up for a command: find or start the database, load the house, act in a named scope."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


class Refusal(Exception):
    """A command cannot do what it was asked; the message is a sentence that says why and what to do."""


def load(database_name: str = "hangbiao") -> str:
    """Ensure the database and load Django. Returns the database's address."""
    from hangbiao.site import database

    try:
        address = database.ensure(database_name)
    except database.NoDatabase as wrong:
        raise Refusal(str(wrong)) from wrong
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangbiao.site.settings")
    import django

    django.setup()
    return address


@contextmanager
def ready(verb: str, database_name: str = "hangbiao") -> Iterator[str]:
    """Everything a command needs: database, Django, and the scope "command VERB", which is audited like any other."""
    address = load(database_name)
    from hangbiao.engines.scope.context import acting, system_scope

    with acting(system_scope(f"command {verb}")):
        yield address
