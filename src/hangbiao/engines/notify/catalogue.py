"""Which kinds of messages there are. Each room registers its own; what they say can be changed by an administrator."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from hangbiao.engines.notify.errors import NoSuchKind

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """What a kind says. {field} is filled in; **bold** is the only markup. A shipped one speaks the language that is active."""

    title: str | Promise
    body: str | Promise
    button: str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """`fields` turns facts into what a template may name, in the language that is active; `rank`: the lowest leads where
    several things are told in one message."""

    code: str
    name: str | Promise
    fields: Callable[[Facts], Mapping[str, str]]
    shipped: Text
    sample: Facts = field(default_factory=dict)
    rank: int = 50
    group: bool = False  # posted to groups, never to a person


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known (once, when the program starts)."""
    _kinds.update({kind.code: kind for kind in kinds})


def kind_called(code: str) -> Kind:
    """The kind of this code, or NoSuchKind."""
    try:
        return _kinds[code]
    except KeyError:
        raise NoSuchKind(kind=code) from None


def all_kinds() -> Sequence[Kind]:
    """In the order of rank."""
    return sorted(_kinds.values(), key=lambda kind: (kind.rank, kind.code))
