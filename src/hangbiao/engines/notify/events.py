"""What the messages tell."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChannelStopped:
    """A way out sends nothing more until somebody mends its configuration."""

    channel: str
    trouble: str
    code: str
    said: str
