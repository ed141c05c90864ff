"""The table of the matrix: a row per address and method says whose things it shows and who is entitled to them.

Every route of the house needs a row; `test_matrix.py` fails for one without. Rows stand in `rows/`, a module per room
with a list ROWS. To add a page or an API action:

    Row(
        route="disputes/<int:pk>/",                       # as the URLconf spells it (`python -m tests.access` lists all)
        object="dispute",                                 # what the address names; "none" for a page without an object
        entitled=IN_SIGHT,                                # who may see it: viewer, place → bool
        asks={"page": lambda p: f"/disputes/{p.planted['dispute']}/"},  # ways to ask; give each filter and fragment a way
        sees=lambda v, p: [p.canary("dispute")],          # what the entitled must find in the answer
        plant=plant_disputes,                             # puts p.canary("dispute") into the world, an object per place
    )

`plant(world)` runs once in a scope that sees everything: make an object for each of `world.places` with
`place.canary("what")` in its texts, keep its key in `place.planted["what"]`, and in `world.absent.planted["what"]` a key
that nobody has. A POST gives `Ask(address, data={...})` and `ok=(302,)`; it is rolled back after each probe, and where it
is refused nothing may have been written.

What a probe checks: the entitled get `ok` and find `sees`; everybody else gets, byte for byte, the answer that an absent
object gets (404, or one of `refused`; `closed=False` is for filters); no answer holds a canary of a place outside the viewer's
sight; and (test_matrix, second half) no answer changes when everything outside the viewer's sight is taken away, which
is how counts, sums, orders and aggregates are caught.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.access import rows as folder
from tests.access.company import Place, Viewer, World
from tests.access.routes import Route

Entitled = Callable[[Viewer, Place], bool]


@dataclass(frozen=True)
class Ask:
    """One request, up to the method, which the row names."""

    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    data: Any = None
    content_type: str = ""


Way = Callable[[Place], Ask | str]


def _nothing(_viewer: Viewer, _place: Place) -> Sequence[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """See above.

    `names`: colleagues' names may be read here by everybody. `shows`: whose canaries the viewer may find here beside
    those in their sight. `about`: which places it makes sense to ask about. `beyond`: why the
    answer may hang on rows outside the viewer's sight.
    """

    route: str
    asks: Mapping[str, Way]
    entitled: Entitled
    method: str = "GET"
    object: str = "none"
    sees: Callable[[Viewer, Place], Sequence[str]] = _nothing
    ok: tuple[int, ...] = (200,)
    closed: bool = True
    refused: tuple[int, ...] = (404,)
    public: bool = False
    names: bool = False
    beyond: str = ""
    shows: Entitled | None = None
    about: Callable[[Place], bool] = field(default=lambda _place: True)
    plant: Callable[[World], None] | None = None

    @property
    def covers(self) -> Route:
        return Route(self.route, self.method)

    def lets_in(self, viewer: Viewer, place: Place) -> bool:
        """Whether the viewer is entitled: to a page for people, a program is a stranger like any other."""
        return (self.public or viewer.stands_before(self.route)) and self.entitled(viewer, place)

    @property
    def safe(self) -> bool:
        return self.method == "GET"


# Who is entitled.


def EVERYBODY(_viewer: Viewer, _place: Place) -> bool:
    return True


def NOBODY(_viewer: Viewer, _place: Place) -> bool:
    """Shut for all: such probes are judged, and not counted, since no entitled answer stands against them."""
    return False


def SIGNED_IN(viewer: Viewer, _place: Place) -> bool:
    return viewer.kind != "anonymous"


def IN_SIGHT(viewer: Viewer, place: Place) -> bool:
    """Own things, and those of everybody below one's units."""
    return viewer.sees(place)


def LEADS(viewer: Viewer, place: Place) -> bool:
    """Those whose units the place lies in, not the person themselves."""
    return viewer.covers(place)


def kinds(*names: str) -> Entitled:
    """The given kinds of people, whatever the place."""
    return lambda viewer, _place: viewer.kind in names


def all_rows() -> list[Row]:
    """Every row of every module in `rows/`."""
    found: list[Row] = []
    for module in sorted(m.name for m in pkgutil.iter_modules(folder.__path__)):
        found += importlib.import_module(f"{folder.__name__}.{module}").ROWS
    return found
