"""The bus: a room tells what happened, `site/wiring.py` says who reacts.

`together` reactions run in the teller's transaction, so that their failure undoes the change. `afterwards` reactions are
kept as rows in that same transaction and run by the worker, again and again until they succeed (engines/outbox).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Reaction = Callable[..., None]
Keep = Callable[..., None]
_reactions: dict[type, tuple[Reaction, ...]] = {}
_afterwards: dict[type, tuple[str, ...]] = {}
_keeper: list[Keep] = []


class UnwiredEvent(LookupError):
    """An event class that site/wiring.py does not name: say who reacts, or nothing("why")."""


def connect(
    table: Mapping[type, Sequence[Reaction]],
    afterwards: Mapping[type, Sequence[str]] | None = None,
    keep: Keep | None = None,
) -> None:
    """Take over the wiring table (called once, when all rooms are ready).

    `afterwards` names reactions, `keep(name, event, at, actor)` writes the row that makes one of them happen.
    """
    _reactions.clear()
    _reactions.update({event: tuple(reactions) for event, reactions in table.items()})
    _afterwards.clear()
    _afterwards.update({event: tuple(names) for event, names in (afterwards or {}).items()})
    _keeper[:] = [keep] if keep else []


def tell(event: Any, **facts: Any) -> None:
    """Run the reactions wired to this event, now and in this transaction. `facts` carry actor and at."""
    try:
        reactions = _reactions[type(event)]
    except KeyError:
        raise UnwiredEvent(type(event).__qualname__) from None
    for reaction in reactions:
        reaction(event, **facts)
    for name in _afterwards.get(type(event), ()):
        for keep in _keeper:
            keep(name, event, **facts)


def followed() -> list[type]:
    """Event classes that something follows afterwards, in the order of the wiring."""
    return [event for event, names in _afterwards.items() if names]
