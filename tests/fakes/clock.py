"""The fakes' clock: stands still until it is moved (tests), or runs on from another clock (the demo)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class Clock:
    at: datetime = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    source: Callable[[], datetime] | None = None
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return (self.source() if self.source else self.at) + self.ahead

    def forward(self, **how: float) -> None:
        self.ahead += timedelta(**how)


class Window:
    """How often something happened within a span: `take` counts it unless that would be once too often."""

    def __init__(self, most: int, **span: float) -> None:
        self.most, self.span = most, timedelta(**span)
        self.times: dict[object, list[datetime]] = {}

    def take(self, key: object, now: datetime) -> bool:
        kept = [at for at in self.times.get(key, []) if now - at < self.span]
        self.times[key] = kept
        if len(kept) >= self.most:
            return False
        kept.append(now)
        return True
