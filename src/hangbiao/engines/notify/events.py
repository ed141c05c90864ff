"""What the messages tell."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChannelStopped:
    """A way out sends nothing more until somebody mends its configuration."""

    channel: str
    trouble: str
    code: str
    said: str


@dataclass(frozen=True, slots=True)
class MessageRead:
    """Whoever a message was for has said, where they got it, that they have read it. `keys` name what it told."""

    number: str
    account: int | None
    keys: tuple[str, ...]
