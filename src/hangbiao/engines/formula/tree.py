"""What a formula consists of. Every part knows where it stands in the text: first character and the one behind the last."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, exact."""

    span: Span
    value: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """A word in quotes."""

    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A name from the catalogue, by its code."""

    span: Span
    code: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`operator` is one of + - * /."""

    span: Span
    operator: str
    left: "Value"
    right: "Value"


@dataclass(frozen=True, slots=True)
class Call:
    """`function` is one of abs, least, greatest, coalesce."""

    span: Span
    function: str
    arguments: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """`operator` is one of = <> < <= > >=."""

    span: Span
    operator: str
    left: "Value"
    right: "Value"


@dataclass(frozen=True, slots=True)
class Missing:
    """`value IS NULL`: the one condition that is never unknown."""

    span: Span
    value: "Value"


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary; unknown stays unknown."""

    span: Span
    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Both:
    """`operator` is and / or, in the three values of SQL."""

    span: Span
    operator: str
    left: "Condition"
    right: "Condition"


Value = Number | Text | Ref | Arithmetic | Call
Condition = Compare | Missing | Not | Both


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked condition with its text."""

    text: str
    condition: Condition

    def names(self) -> set[str]:
        """The codes it mentions."""
        return {part.code for part in parts(self.condition) if isinstance(part, Ref)}


def parts(tree: Condition | Value) -> Iterator[Condition | Value]:
    """The tree itself and everything below it."""
    yield tree
    for below in _below(tree):
        yield from parts(below)


def _below(tree: Condition | Value) -> tuple[Condition | Value, ...]:
    match tree:
        case Arithmetic() | Compare() | Both():
            return tree.left, tree.right
        case Call():
            return tree.arguments
        case Missing():
            return (tree.value,)
        case Not():
            return (tree.condition,)
    return ()
