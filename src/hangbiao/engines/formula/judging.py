"""One row judged by a formula in exact numbers, and the judgement explained condition by condition."""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hangbiao.engines.formula.errors import NotThere
from hangbiao.engines.formula.tree import (
    Arithmetic,
    Both,
    Call,
    Compare,
    Condition,
    Formula,
    Missing,
    Not,
    Number,
    Ref,
    Span,
    Text,
    Value,
    parts,
)

Known = Fraction | int | str | None
Row = Mapping[str, Known]

_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One condition of a formula: its words, what it came to (None: unknown), and the values it spoke of."""

    words: str
    span: Span
    holds: bool | None
    values: tuple[tuple[str, Known], ...]


def judge(formula: Formula, row: Row) -> bool | None:
    """True, False, or None where something needed is not there."""
    return _truth(formula.condition, row)


def explain(formula: Formula, row: Row) -> list[Line]:
    """Each condition in the order of the text."""
    return [
        Line(
            formula.text[leaf.span[0] : leaf.span[1]], leaf.span, _truth(leaf, row),
            tuple((code, row[code]) for code in _codes(leaf)),
        )
        for leaf in sorted(_leaves(formula.condition), key=lambda leaf: leaf.span)
    ]  # fmt: skip


def constant(tree: Value) -> Fraction | None:
    """What a value without names comes to; None where it cannot be worked out."""
    return _number(tree, {})


def _truth(tree: Condition, row: Row) -> bool | None:
    match tree:
        case Compare():
            left, right = _value(tree.left, row), _value(tree.right, row)
            return None if left is None or right is None else bool(_COMPARED[tree.operator](left, right))
        case Missing():
            return _value(tree.value, row) is None
        case Not():
            inner = _truth(tree.condition, row)
            return None if inner is None else not inner
        case Both():
            return _both(tree.operator == "and", _truth(tree.left, row), _truth(tree.right, row))


def _both(together: bool, left: bool | None, right: bool | None) -> bool | None:
    decided = not together
    if left is decided or right is decided:
        return decided
    return None if left is None or right is None else together


def _value(tree: Value, row: Row) -> Known:
    match tree:
        case Number():
            return Fraction(tree.value)
        case Text():
            return tree.value
        case Ref():
            if tree.code not in row:
                raise NotThere(tree.code, row)
            known = row[tree.code]
            return Fraction(known) if isinstance(known, int) else known
        case Arithmetic():
            return _arithmetic(tree.operator, _number(tree.left, row), _number(tree.right, row))
        case Call():
            return _call(tree.function, [_number(argument, row) for argument in tree.arguments])


def _number(tree: Value, row: Row) -> Fraction | None:
    value = _value(tree, row)
    return value if isinstance(value, Fraction) else None


def _arithmetic(sign: str, left: Fraction | None, right: Fraction | None) -> Fraction | None:
    if left is None or right is None:
        return None
    if sign == "/":
        return left / right if right else None
    return {"+": left + right, "-": left - right, "*": left * right}[sign]


def _call(function: str, given: list[Fraction | None]) -> Fraction | None:
    known = [value for value in given if value is not None]
    if function == "coalesce":
        return known[0] if known else None
    if len(known) != len(given):
        return None
    return abs(known[0]) if function == "abs" else {"least": min, "greatest": max}[function](known)


def _leaves(tree: Condition) -> Iterator[Compare | Missing]:
    match tree:
        case Both():
            yield from _leaves(tree.left)
            yield from _leaves(tree.right)
        case Not():
            yield from _leaves(tree.condition)
        case Compare() | Missing():
            yield tree


def _codes(leaf: Compare | Missing) -> list[str]:
    return list(dict.fromkeys(part.code for part in parts(leaf) if isinstance(part, Ref)))
