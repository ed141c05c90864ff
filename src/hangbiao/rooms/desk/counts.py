"""The numbers in the navigation are kept for some seconds: every page shows them, and asking costs a page's worth of queries."""

from django.core.cache import cache

SECONDS = 20
KINDS = ("inbox", "notices")


def known(account: int | None, kind: str) -> int | None:
    """The number as it was a moment ago."""
    found: int | None = cache.get(_name(account, kind))
    return found


def keep(account: int | None, kind: str, number: int) -> int:
    cache.set(_name(account, kind), number, SECONDS)
    return number


def forget(account: int) -> None:
    """The reader did something: the next page counts anew."""
    cache.delete_many([_name(account, kind) for kind in KINDS])


def _name(account: int | None, kind: str) -> str:
    return f"desk.count.{account}.{kind}"
