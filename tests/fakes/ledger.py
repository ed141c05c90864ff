"""What every person saw, whichever service it came through. Tests count here: nothing lost, nothing doubled."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Seen:
    """One thing on one person's screen. A group robot's messages belong to `group:NAME`."""

    number: int
    vendor: str  # wecom | dingtalk | feishu | mail
    person: str
    at: datetime
    kind: str  # the service's own word
    title: str
    text: str
    link: str = ""
    button: str = ""  # what stands on it; several are joined by " | "
    presses: dict[str, str] = field(default_factory=dict)  # what calls back when pressed: key → words
    pressed: str = ""  # the words of what was pressed
    deaf: bool = False  # … and nobody took the callback
    colour: str = ""  # of a card's head
    state: str = ""  # of a to-do: open | done | deleted
    due: datetime | None = None
    recalled: bool = False
    updated: int = 0  # how often it was changed afterwards
    cut: bool = False  # the service cut it short
    read: bool = False
    ids: dict[str, str] = field(default_factory=dict)

    def says(self, words: str) -> bool:
        return words in f"{self.title}\n{self.text}\n{self.link}"


@dataclass(frozen=True)
class Dropped:
    """Accepted, and yet nobody saw it."""

    vendor: str
    person: str
    at: datetime
    why: str
    title: str


class Ledger:
    """In the order in which things appeared."""

    def __init__(self) -> None:
        self.lines: list[Seen] = []
        self.dropped: list[Dropped] = []
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Seen]:
        return iter(list(self.lines))

    def __len__(self) -> int:
        return len(self.lines)

    def show(self, vendor: str, person: str, at: datetime, kind: str, title: str, text: str, **more: object) -> Seen:
        with self._lock:
            line = Seen(len(self.lines) + 1, vendor, person, at, kind, title, text, **more)  # type: ignore[arg-type]
            self.lines.append(line)
            return line

    def drop(self, vendor: str, person: str, at: datetime, why: str, title: str) -> None:
        self.dropped.append(Dropped(vendor, person, at, why, title))

    def of(self, person: str, vendor: str = "", says: str = "") -> list[Seen]:
        """What this person can see now: recalled messages and deleted to-dos are gone."""
        return [
            line
            for line in self
            if line.person == person
            and vendor in {"", line.vendor}
            and line.says(says)
            and not line.recalled
            and line.state != "deleted"
        ]

    def times(self, says: str) -> dict[tuple[str, str], int]:
        """(service, person) → how often they were shown what carries these words, a business key for example."""
        found: dict[tuple[str, str], int] = {}
        for line in self:
            if line.says(says):
                found[line.vendor, line.person] = found.get((line.vendor, line.person), 0) + 1
        return found
