"""What the group `faults` runs in processes of their own: people, a kind of message, a clock that runs fast, and a nursery.

The nursery has Django loaded and forks a child for each command on its standard input, so that a thousand of them may be
killed: `send POINT`, `work POINT`, `write FIRST COUNT POINT`, `reap PID`. It answers with a number: the child's, or how it
ended (minus the signal).
"""

import os
import signal
import sys
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

SPEED = 30  # so many seconds pass in one
BEGUN = "HANGBIAO_BENCH_BEGUN"
PEOPLE = 24
NEVER = "-"


def fast() -> datetime:
    """The clock of everybody here: the wall's, running ahead since the group began."""
    now, begun = datetime.now(UTC), datetime.fromisoformat(os.environ[BEGUN])
    return begun + (now - begun) * SPEED


class Everybody:
    """Each person has the messengers in an order of their own, and mail."""

    def reach(self, accounts: Collection[int], *, at: datetime) -> Mapping[int, object]:
        from datetime import time as of_day

        from hangbiao.core.quiet import Quiet
        from hangbiao.engines.notify.reach import Reach

        never = Quiet(of_day(3), of_day(3), rest_days=False)
        return {one: Reach("zh-hans", never, ways_of(one)) for one in accounts}

    def company(self, *, at: datetime) -> object:
        return self.reach([0], at=at)[0]


def ways_of(account: int) -> list[tuple[str, str]]:
    """A quarter of the people begins with mail."""
    ways = [("wecom", f"u{account}"), ("dingtalk", f"u{account}"), ("feishu", f"u{account}"), ("mail", f"u{account}@b.example")]
    first = account % len(ways)
    return ways[first:] + ways[:first]


def furnish() -> None:
    """After Django is there: the fast clock, the people, the one kind of message."""
    from django.conf import settings

    from hangbiao.engines.notify import reach
    from hangbiao.engines.notify.catalogue import Kind, Text, register

    settings.CLOCK = settings.WALL_CLOCK = "benchmarks.faults_house.fast"
    settings.PUBLIC_URL = "https://hb.example.invalid"
    reach.connect(Everybody())
    said = Text("{event}：红灯", "完成率 46%\n编号 {number}", "去看")
    register(Kind("bench.told", "试", lambda facts: {"event": str(facts["event"])}, said, {"event": "EV-000000"}))


def event(number: int) -> str:
    """What is visible of it, and no beginning of another one's."""
    return f"EV-{number:06d}"


def write(first: int, count: int) -> None:
    """So many things happen, each told to one person in a transaction of its own. Safe to repeat."""
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.notify.services import Letter
    from hangbiao.engines.notify.services import write as tell

    accounts = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    for number in range(first, first + count):
        said = event(number)
        letter = Letter(accounts[number % len(accounts)], said, "bench.told", "/inbox/", {"event": said}, "HB-2026Q4-W8")
        tell([letter], at=fast())


def send() -> None:
    """What the job of the messages does, until somebody ends it."""
    from hangbiao.engines.notify import confirming, sending

    while True:
        sending.pump()
        confirming.follow()
        time.sleep(0.02)


def work() -> None:
    """The worker as it is, with its schedule."""
    from typing import cast

    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = cast("DjangoConnector", app.connector)
    with app.replace_connector(connector.get_worker_connector()) as working:
        working.run_worker(wait=True)


def _child(words: list[str]) -> None:
    from hangbiao.engines.scope.context import acting, system_scope

    if words[-1] != NEVER:
        os.environ["HANGBIAO_CRASH_AT"] = words[-1]
    if words[0] == "work":
        work()
    with acting(system_scope("benchmark faults")):
        if words[0] == "write":
            write(int(words[1]), int(words[2]))
        else:
            send()


def _forked(words: list[str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        _child(words)
        code = 0
    finally:
        os._exit(code)


def nursery() -> None:
    from hangbiao.site.boot import load

    load()
    furnish()
    children: set[int] = set()
    for line in sys.stdin:
        words = line.split()
        if words[0] == "reap":
            pid, ended = os.waitpid(int(words[1]), 0)
            children.discard(pid)
            print(os.waitstatus_to_exitcode(ended), flush=True)
        else:
            children.add(pid := _forked(words))
            print(pid, flush=True)
    for pid in children:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    nursery()
