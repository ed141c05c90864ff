"""Moving the demo's clock from a page: the worker does it, a small file tells how far it is."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from hangbiao.site.demo.passage import live_until
from hangbiao.site.home import demo_home


@dataclass(frozen=True, slots=True)
class Movement:
    """Where the clock is going, and how many arrivals of how many have been imported."""

    to: str
    done: int
    of: int
    failed: str = ""

    @property
    def percent(self) -> int:
        return 100 * self.done // self.of if self.of else 0


def _file() -> Path:
    return demo_home() / "moving.json"


def begin(to: datetime) -> None:
    """Say that the clock will move, before the worker takes it up."""
    _write(Movement(to.isoformat(), 0, 1))


def moving() -> Movement | None:
    """The movement under way, or the one that failed; None when the clock stands still."""
    try:
        return Movement(**json.loads(_file().read_text()))
    except FileNotFoundError:
        return None


def move(to: datetime) -> None:
    """Live until `to`. A failure stays visible on the page until the next movement."""
    try:
        live_until(
            demo_home() / "files", to, lambda _what, done, of: _write(Movement(to.isoformat(), done, of))
        )
    except Exception as error:
        _write(Movement(to.isoformat(), 0, 1, failed=str(error) or type(error).__name__))
        raise
    _file().unlink(missing_ok=True)


def _write(movement: Movement) -> None:
    partial = _file().with_suffix(".part")
    partial.write_text(json.dumps(asdict(movement)))
    partial.replace(_file())
