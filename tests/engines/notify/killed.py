"""A process that writes messages, or sends what is due, until it is killed: python -m tests.engines.notify.killed write|send."""

import os
import sys
from collections.abc import Collection
from datetime import datetime, time
from pathlib import Path

from hangbiao.core.quiet import Quiet
from hangbiao.engines.notify.ports import Outgoing, Parcel, Receipt, State
from hangbiao.engines.notify.reach import Reach

LEDGER = "HANGBIAO_TEST_LEDGER"
WALL = "HANGBIAO_TEST_WALL"
PEOPLE = 3


def wall() -> datetime:
    return datetime.fromisoformat(os.environ[WALL])


class Ledger:
    """A vendor in a file: what it has accepted is there before it answers."""

    name, per_minute, confirms = "chat", 6000, True

    def compose(self, message: Outgoing) -> Parcel:
        return Parcel("text", f"{message.key} {message.title}".encode())

    def send(self, parcel: Parcel, *, to: str) -> Receipt:
        with Path(os.environ[LEDGER]).open("a", encoding="utf-8") as book:
            book.write(f"{to} {parcel.body.decode()}\n")
        return Receipt("text", {})

    def confirm(self, receipt: Receipt, *, to: str) -> tuple[State, str]:
        return State.CONFIRMED, ""

    def close(self, receipt: Receipt, *, to: str, note: str) -> None:
        """Nothing to tick."""


class Everybody:
    """By chat, at any time."""

    def reach(self, accounts: Collection[int], *, at: datetime) -> dict[int, Reach]:
        return {a: Reach("zh-hans", Quiet(time(0), time(0), rest_days=False), [("chat", f"u{a}")]) for a in accounts}

    def company(self, *, at: datetime) -> Reach:
        return Reach("zh-hans", Quiet(time(0), time(0), rest_days=False))


def ready() -> None:
    """The channel, the clocks and the people, in this process."""
    from django.conf import settings

    from hangbiao.engines.notify import reach

    settings.CLOCK = settings.WALL_CLOCK = "tests.engines.notify.killed.wall"
    settings.CHANNELS = {"chat": {"adapter": "tests.engines.notify.killed.Ledger"}}
    reach.connect(Everybody())


def write() -> None:
    """One message for everybody, and what it tells, in one transaction."""
    from django.db import transaction

    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.notify.services import Letter
    from hangbiao.engines.notify.services import write as keep

    with transaction.atomic():
        Account.objects.filter(username__startswith="u").update(name="told")
        accounts = Account.objects.filter(username__startswith="u").values_list("pk", flat=True)
        keep([Letter(a, f"light:{a}", "messages.trial", "/", {"channel": "chat"}) for a in accounts], at=wall())


def send() -> None:
    from hangbiao.engines.notify import confirming, sending

    sending.pump()
    confirming.follow()


if __name__ == "__main__":
    import django

    django.setup()
    from hangbiao.engines.scope.context import acting, system_scope

    ready()
    with acting(system_scope("test")):
        {"write": write, "send": send}[sys.argv[1]]()
