"""A channel that keeps what it is given and answers as a test wishes: the vendor's side of the port, in memory."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hangbiao.engines.notify.ports import Outgoing, Parcel, Receipt, Refused, State, Trouble


@dataclass
class Vendor:
    """What came in (`calls`: every try, `seen`: what people saw, once per key), and what is answered next."""

    calls: list[tuple[str, bytes]] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: list[Any] = field(default_factory=list)
    outcomes: list[tuple[State, str]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    known: set[bytes] = field(default_factory=set)

    def take(self, to: str, body: bytes) -> Receipt:
        """The next answer: nothing or "ok" accepts; "lost" accepts, and its answer gets lost; a Refused is raised."""
        self.calls.append((to, body))
        answer = self.answers.pop(0) if self.answers else "ok"
        if isinstance(answer, Exception):
            raise answer
        if body not in self.known:
            self.known.add(body)
            self.seen[to, json.loads(body)["key"]] += 1
        if answer == "lost":
            raise Refused(Trouble.BUSY, said="the line was cut")
        return Receipt("text", {"id": str(len(self.calls))})


VENDORS: dict[str, Vendor] = {}


class Recording:
    """An adapter over a Vendor of the same name."""

    confirms = True

    def __init__(self, name: str, per_minute: int = 6000, remembers: int = 0) -> None:
        self.name, self.per_minute = name, per_minute
        if remembers:
            self.remembers = remembers

    def compose(self, message: Outgoing) -> Parcel:
        said = {"key": message.key, "title": message.title, "body": message.body, "url": message.url, "todo": message.todo}
        return Parcel("text", json.dumps(said, ensure_ascii=False).encode())

    def send(self, parcel: Parcel, *, to: str) -> Receipt:
        return VENDORS[self.name].take(to, parcel.body)

    def confirm(self, receipt: Receipt, *, to: str) -> tuple[State, str]:
        outcomes = VENDORS[self.name].outcomes
        return outcomes.pop(0) if outcomes else (State.ACCEPTED, "")

    def close(self, receipt: Receipt, *, to: str, note: str) -> None:
        VENDORS[self.name].closed.append(to)
