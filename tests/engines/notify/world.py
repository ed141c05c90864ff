"""People who can be reached by two recording channels, and two clocks that a test sets."""

from datetime import datetime, timedelta

from hangbiao.core.quiet import Quiet
from hangbiao.engines.notify import sending
from hangbiao.engines.notify.models import Message
from hangbiao.engines.notify.reach import Reach
from hangbiao.engines.notify.services import Letter, write
from tests.world import SHANGHAI

THURSDAY = datetime(2026, 11, 26, 9, 7, tzinfo=SHANGHAI)
CLOCK = {"now": THURSDAY, "wall": THURSDAY}


def now() -> datetime:
    return CLOCK["now"]


def wall() -> datetime:
    return CLOCK["wall"]


def adapter(name: str, **options) -> dict:
    return {"adapter": "tests.engines.notify.recording.Recording", "options": {"name": name, **options}}


class Everybody:
    """Accounts are reached by `chat` and `mail`, unless a test says otherwise."""

    def __init__(self, quiet: Quiet) -> None:
        self.ways: dict[int, list[tuple[str, str]]] = {}
        self.quiet = quiet
        self.language = "zh-hans"

    def reach(self, accounts, *, at):
        both = {a: [("chat", f"u{a}"), ("mail", f"u{a}@example.invalid")] for a in accounts}
        return {a: Reach(self.language, self.quiet, self.ways.get(a, both[a])) for a in accounts}

    def company(self, *, at):
        return Reach("zh-hans", self.quiet)


class House:
    """Writes to accounts, lets time pass, lets the sender run."""

    def __init__(self, everybody: Everybody) -> None:
        self.everybody = everybody
        self.written = 0

    def write(self, account, key="", *, at=None, **more) -> Message:
        self.written += 1
        letter = Letter(account, key or f"event:{self.written}", "test.told", "/inbox/", {"who": "云雀"}, "HB-2026Q4-W8", **more)
        write([letter], at=at or now())
        return Message.objects.order_by("-pk").first()

    def run(self, **passed) -> None:
        """The wall clock, and the company's with it, goes on; then the sender runs."""
        for name in CLOCK:
            CLOCK[name] += timedelta(**passed)
        sending.pump()

    def at(self, instant: datetime) -> None:
        CLOCK.update(now=instant, wall=instant)
