"""What waits for somebody: the shape in which any room offers it to the inbox. `site/wiring.py` lists who offers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do. `key` names it for good; `light` draws a lamp before it; `due` is a day, its end is the deadline."""

    key: str
    title: str
    href: str
    since: datetime
    said: str = ""
    due: date | None = None
    light: str = ""
    icon: str = "inbox"


Source = Callable[[Any], Sequence[Waiting]]
"""Takes the viewer, gives what waits for them. Read inside the viewer's scope."""
