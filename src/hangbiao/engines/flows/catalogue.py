"""What conditions of each flow may speak of. The room that opens the cases says so in its `parameters.py` or `flows.py`."""

from hangbiao.engines.flows.errors import NoSuchFlow
from hangbiao.engines.formula.reading import Names

_names: dict[str, Names] = {}


def register(flow: str, names: Names) -> None:
    """Make a flow known with the facts its cases carry."""
    _names[flow] = names


def names_of(flow: str) -> Names:
    """The facts of a flow's cases; NoSuchFlow if no room opens such cases."""
    try:
        return _names[flow]
    except KeyError:
        raise NoSuchFlow(flow=flow) from None


def known() -> list[str]:
    """Every flow that some room opens cases of."""
    return sorted(_names)
