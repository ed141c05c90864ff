"""What stands around every page: who is reading, where they can go, how fresh the data are. Filled in by `site`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    key: str
    title: str
    href: str
    icon: str
    count: int | Callable[[], int] = 0  # what waits there; asked only when the navigation is drawn
    bar: bool = True  # whether it stands in a phone's bottom bar, which holds five


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything that the page's border shows; `request.frame` holds it."""

    name: str = ""
    role: str = ""
    places: Sequence[Place] = ()
    data_as_of: date | None = None
    stale: bool = False
    silent: bool = False  # the background that should bring newer ones is not heard of
    demo_at: datetime | None = None
    may_move_clock: bool = False
    configures: bool = False  # an administrator: sees how the house is built, not what is in it

    @property
    def more(self) -> list[Place]:
        """What a phone's bottom bar has no room for; the profile page lists it."""
        return [place for place in self.places if not place.bar]
