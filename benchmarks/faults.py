"""Rows R1 and R14 for messages: writers, senders and workers are killed with `kill -9`, at random instants and at named
points, while the message services fail in every way they know. The fakes' ledger says what people saw.

Everything runs on a clock that is thirty times as fast. In a process of its own: Django settles on one house when it starts.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from benchmarks.faults_house import BEGUN, NEVER, PEOPLE, event, fast, furnish, write
from benchmarks.machine import say, scratch

if TYPE_CHECKING:
    from tests.fakes.house import House

SAMPLE, FULL = 72, 1_000
AT_POINTS = ("message.composed", "message.sending", "message.accepted", "message.confirming")
WRITTEN = "message.written"
PATIENCE, CALM = 4, 150  # seconds: for a point to be reached; for everything to arrive at the end
EVENTS = 6  # things that happen between two kills


def needs() -> str:
    return "" if hasattr(os, "fork") else "needs a system with fork"


def figures(long: bool) -> dict[str, float | None]:
    """In a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.faults", str(FULL if long else SAMPLE)]
    measured = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name: float(value) for name, value in json.loads(measured.splitlines()[-1]).items()}


class Nursery:
    """Asks for children and kills them."""

    def __init__(self, pipe: "subprocess.Popen[str]") -> None:
        self.pipe, self.running = pipe, list[int]()

    def _ask(self, line: str) -> int:
        into, out = self.pipe.stdin, self.pipe.stdout
        if into is None or out is None:
            raise RuntimeError("the nursery has no ears")
        into.write(f"{line}\n")
        into.flush()
        return int(out.readline())

    def begin(self, line: str) -> int:
        pid = self._ask(line)
        self.running.append(pid)
        return pid

    def kill(self, pid: int) -> bool:
        """Whether it died of a kill, ours or its own at a point; one that had ended before does not count."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.running.remove(pid)
        return self._ask(f"reap {pid}") == -signal.SIGKILL


@contextmanager
def nursery() -> Iterator[Nursery]:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.faults_house"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as pipe:
        try:
            yield Nursery(pipe)
        finally:
            ears: IO[str] | None = pipe.stdin
            if ears:
                ears.close()


@dataclass
class Told:
    """What was asked for, and what came of it."""

    events: int = 0
    kills: int = 0
    faults: set[tuple[str, str]] = field(default_factory=set)
    at_points: set[str] = field(default_factory=set)


def main(count: int) -> dict[str, float]:
    os.environ[BEGUN] = datetime.now(UTC).isoformat()
    from tests.fakes.clock import Clock
    from tests.fakes.house import running_house

    with running_house(Clock(source=fast)) as house:
        house.mail.hang_for = 0.5
        for vendor in house.messengers.values():
            vendor.hang_for, vendor.drip = 0.5, 0.002
        os.environ.update(house.environment() | {"HANGBIAO_CHANNELS": "wecom,dingtalk,feishu,mail", "HANGBIAO_FAKES": "here"})
        with scratch("faults"), nursery() as children:
            furnish()
            _people()
            told = _trouble(house, children, count, random.Random(7))
            _every_other(house, told)
            _calm(house)
            return _counted(house, told)


def _people() -> None:
    from hangbiao.engines.accounts.models import Account

    for number in range(PEOPLE):
        Account.objects.create_user(f"bench{number}", name=f"人{number}")


def _trouble(house: "House", children: Nursery, count: int, dice: random.Random) -> Told:
    """A fault somewhere, a child at work, a kill; until there were enough of them."""
    told, turn, waiting = Told(), 0, _misfortunes(house, dice)
    while told.kills < count:
        _misfortune(house, waiting, dice)
        write(told.events, EVENTS)
        told.events += EVENTS
        steady = children.begin(f"send {NEVER}") if turn % 2 else 0  # a second sender beside the one that dies
        told.kills += _one_kill(children, told, turn, dice)
        if steady:
            told.kills += children.kill(steady)
        _administrator()
        _notice(house, told)
        turn += 1
        if turn % 50 == 0:
            say(f"{told.kills} kills, {told.events} events, {len(told.faults)} kinds of fault")
    return told


Misfortunes = list[tuple[str, str]]


def _misfortunes(house: "House", dice: random.Random) -> Misfortunes:
    """Every kind of fault at every messenger, but for those of callbacks, which concern nobody who sends."""
    from tests.fakes.faults import PROMISED

    found = [(way, str(fault)) for way in house.messengers for fault in PROMISED if not fault.startswith("callback")]
    dice.shuffle(found)
    return found


def _misfortune(house: "House", waiting: Misfortunes, dice: random.Random) -> None:
    """The next fault at each messenger; what nobody has met yet comes first, then all of them again."""
    from tests.fakes.smtp import FAULTS

    # "spam" is left out: a text that is refused for good is a dead letter that the administrator sees, not a fault.
    house.mail.fail(dice.choice(sorted(FAULTS - {"spam"})) if dice.random() < 0.25 else "")
    for way, vendor in house.messengers.items():
        pair = min((one for one in waiting if one[0] == way), key=lambda one: one[1] in vendor.struck)
        waiting.remove(pair)
        waiting.append(pair)
        vendor.fail(pair[1], times=dice.randint(1, 6))


def _every_other(house: "House", told: Told) -> None:
    """Faults that no request happened to meet: each meets some now, while nobody is killed."""
    from hangbiao.engines.notify import confirming, sending

    house.mend()
    for way, fault in _misfortunes(house, random.Random(1)):
        vendor, until = house.messengers[way], time.monotonic() + PATIENCE
        if fault in vendor.struck:
            continue
        _administrator(always=True)
        vendor.fail(fault, times=2)
        while fault not in vendor.struck and time.monotonic() < until:
            write(told.events, EVENTS)
            told.events += EVENTS
            sending.pump()
            confirming.follow()
        vendor.mend()
    _notice(house, told)


def _notice(house: "House", told: Told) -> None:
    """Which faults hit a request."""
    for way, vendor in house.messengers.items():
        told.faults |= {(way, fault) for fault in vendor.struck}


def _one_kill(children: Nursery, told: Told, turn: int, dice: random.Random) -> bool:
    """At a named point every other time, else at any instant."""
    if turn % 5 == 4:
        line, point = f"write {told.events} {EVENTS} ", WRITTEN if turn % 2 else NEVER
        told.events += EVENTS  # what the killed one did not write is written again below
    elif turn % 7 == 6:
        line, point = "work ", NEVER
    else:
        line, point = "send ", AT_POINTS[turn // 2 % len(AT_POINTS)] if turn % 2 else NEVER
    pid = children.begin(f"{line}{point}")
    until = time.monotonic() + (dice.uniform(0.05, 0.9) if point == NEVER else PATIENCE)
    while time.monotonic() < until and _lives(pid):
        time.sleep(0.01)
    by_point = point != NEVER and not _lives(pid)
    killed = children.kill(pid)
    if by_point and killed:
        told.at_points.add(point)
    if line.startswith("write"):
        write(told.events - EVENTS, EVENTS)
    return killed


def _lives(pid: int) -> bool:
    """Running, not merely waiting to be reaped."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:  # noqa: PTH123
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _administrator(*, always: bool = False) -> None:
    """A channel that stopped because of its configuration is looked at and let go on; `always`, one that rests as well."""
    from hangbiao.engines.notify import channels
    from hangbiao.engines.notify.services import resume

    for name in channels.names() if always else [state.name for state in channels.stopped()]:
        resume(channel=name, at=fast(), actor="system:benchmark")


def _calm(house: "House") -> None:
    """Everything is mended; what is open goes out, and each outcome is asked for once."""
    from django.db.models import Q

    from hangbiao.engines.notify import confirming, sending
    from hangbiao.engines.notify.models import Message

    house.mend()
    open_ = Q(state__in=["queued", "composed"]) | Q(next_look__isnull=False, looks=0)
    until = time.monotonic() + CALM
    while Message.objects.filter(open_).exists() and time.monotonic() < until:
        _administrator()
        sending.pump()
        confirming.follow()
        time.sleep(0.1)
    say(f"still open at the end: {Message.objects.filter(open_).count()}")


def _counted(house: "House", told: Told) -> dict[str, float]:
    lost = doubled = by_mail = 0
    for number in range(told.events):
        words = event(number)
        times = house.ledger.times(words)
        in_messengers = sum(n for (way, _person), n in times.items() if way != "mail")
        in_mail = sum(n for (way, _person), n in times.items() if way == "mail")
        if not times:
            lost += 1
            say(f"lost: {words} after {_tries(words) or 'nothing: it was never written'}")
        if in_messengers > 1:
            doubled += 1
            say(f"doubled: {words} {times} after {_tries(words)}")
        by_mail += in_mail > 1 or (in_mail == 1 and in_messengers == 1)
    say(f"{told.events} events; {len(told.faults)} faults met; killed at {', '.join(sorted(told.at_points))}")
    found = {"kills": told.kills, "messages_lost": lost, "messages_doubled": doubled, "mail_possible_doubles": by_mail}
    return found | {"messages_told": told.events, "vendor_faults_met": len(told.faults)}


def _tries(words: str) -> str:
    """What the journal of attempts says about an event."""
    from hangbiao.engines.notify.models import Attempt

    rows = Attempt.objects.filter(message__parts__key=words).values_list("channel", "outcome", "code", "said")
    return "; ".join(" ".join(row).strip() for row in rows)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE)))
