"""What the message engine asks of the outside: an adapter implements `Channel`, settings name it by its dotted path.

A message is composed once (`compose`), its bytes are kept, and every try sends the same bytes: a vendor that de-duplicates
by content or by key can do so.

Beyond `Channel`, an adapter may say by attributes of its own: `remembers`, the seconds for which the vendor knows a message
again (then nothing is repeated after them); `repeats`, the codes with which it says, as FILTERED, that it had this one before.
A channel whose name in settings ends with `_robot` posts to a group; `to` is "" there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Trouble(StrEnum):
    """Why a message did not go out, by what helps."""

    TOKEN = "token"  # noqa: S105 - refreshed and tried once already
    RATE = "rate"  # later, after `retry_after`
    BUSY = "busy"  # later: the vendor, or the way to it, is down; also when the answer got lost
    RECIPIENT = "recipient"  # this person cannot be reached here: the next channel
    CONFIG = "config"  # stop the channel, tell the administrator
    CONTENT = "content"  # never the same again


class Refused(Exception):
    """A try that failed. `code` is the vendor's own, "" when there was none; `said` its words, cut to 200 characters."""

    def __init__(self, trouble: Trouble, *, code: str = "", said: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"{trouble} {code} {said}".strip())
        self.trouble, self.code, self.said, self.retry_after = trouble, code, said[:200], retry_after


class State(StrEnum):
    """What the vendor knows about a message it accepted."""

    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    READ = "read"
    FILTERED = "filtered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What one person shall see. `key` is the business key: at most 50 characters of [0-9A-Za-z_-], unique for ever."""

    key: str
    to: str  # the person's id in that system; for mail an address; for a group robot ""
    title: str
    body: str  # lines; "label: value" lines may become a card's fields; **bold** is the only markup
    url: str  # absolute
    button: str
    light: str = ""  # red | yellow | green | "" : the colour of a card's head
    todo: bool = False  # something to do: a vendor with to-dos shows it as one
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A composed message: exactly these bytes go out on every try."""

    kind: str  # the adapter's own word for what it is, e.g. "textcard", "todo"
    body: bytes
    shortened: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the vendor gave back: enough to ask for the outcome, to change a card, to tick a to-do."""

    kind: str
    ids: Mapping[str, str]


class Channel(Protocol):
    """One configured way to reach people. Stateless but for the shared token cache; raises `Refused`, nothing else."""

    name: str  # "wecom" | "dingtalk" | "feishu" | "mail" | "wecom_robot" | …
    per_minute: int  # the token bucket: stays under the vendor's limit
    confirms: bool  # whether `confirm` can tell more than ACCEPTED

    def compose(self, message: Outgoing) -> Parcel: ...

    def send(self, parcel: Parcel, *, to: str) -> Receipt: ...

    def confirm(self, receipt: Receipt, *, to: str) -> tuple[State, str]:
        """The state and, where it is FILTERED or FAILED, the vendor's code."""

    def close(self, receipt: Receipt, *, to: str, note: str) -> None:
        """The thing is done elsewhere: tick the to-do, grey the card's button. Nothing where the vendor cannot."""


@runtime_checkable
class Explains(Protocol):
    """A channel that knows its vendor's codes."""

    def explain(self, code: str) -> tuple[str, str]:
        """The fact in words, and the next step, in the reader's language."""
