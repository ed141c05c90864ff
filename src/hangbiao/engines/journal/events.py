"""The bus: a room tells what happened, `site/wiring.py` says who reacts. Only `together` reactions exist so far:
they run in the teller's transaction, so that their failure undoes the change."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Reaction = Callable[..., None]
_reactions: dict[type, tuple[Reaction, ...]] = {}


class UnwiredEvent(LookupError):
    """An event class that site/wiring.py does not name: say who reacts, or nothing("why")."""


def connect(table: Mapping[type, Sequence[Reaction]]) -> None:
    """Take over the wiring table (called once, when all rooms are ready)."""
    _reactions.clear()
    _reactions.update({event: tuple(reactions) for event, reactions in table.items()})


def tell(event: Any, **facts: Any) -> None:
    """Run the reactions wired to this event, now and in this transaction. `facts` carry actor and at."""
    try:
        reactions = _reactions[type(event)]
    except KeyError:
        raise UnwiredEvent(type(event).__qualname__) from None
    for reaction in reactions:
        reaction(event, **facts)
