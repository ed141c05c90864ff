"""A formula as SQL for a set-based pass. Scope: none of its own, it is a condition within a room's statement.

A value is carried as numerator and denominator, so that a comparison is one of products: exact, as in Python.
"""

from collections.abc import Mapping
from dataclasses import dataclass

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
    Text,
    Value,
)


@dataclass(frozen=True, slots=True)
class _Ratio:
    top: str
    bottom: str = "1"


def condition(formula: Formula, columns: Mapping[str, str]) -> str:
    """A boolean SQL expression that is true, false or NULL (unknown). `columns`: code → a column, already quoted."""
    return _Writer(columns).truth(formula.condition)


@dataclass(frozen=True, slots=True)
class _Writer:
    columns: Mapping[str, str]

    def truth(self, tree: Condition) -> str:
        match tree:
            case Compare():
                return self._compared(tree)
            case Missing():
                return f"({self._plain(tree.value)} IS NULL)"
            case Not():
                return f"(NOT {self.truth(tree.condition)})"
            case Both():
                return f"({self.truth(tree.left)} {tree.operator.upper()} {self.truth(tree.right)})"

    def _compared(self, tree: Compare) -> str:
        if _is_word(tree.left) or _is_word(tree.right):
            return f"({self._word(tree.left)} {tree.operator} {self._word(tree.right)})"
        return self._products(self.ratio(tree.left), tree.operator, self.ratio(tree.right))

    def _products(self, left: _Ratio, operator: str, right: _Ratio) -> str:
        """a/b < c/d as a·b·d² < c·d·b²: the squares are positive, so the sign of a divisor does not turn it round."""
        one, other = left.top, right.top
        if left.bottom != "1":
            one, other = f"{one} * {left.bottom}", f"{other} * {left.bottom} * {left.bottom}"
        if right.bottom != "1":
            one, other = f"{one} * {right.bottom} * {right.bottom}", f"{other} * {right.bottom}"
        return f"({one} {operator} {other})"

    def ratio(self, tree: Value) -> _Ratio:
        match tree:
            case Number():
                return _Ratio(f"CAST({tree.value:f} AS numeric)")
            case Ref():
                return _Ratio(f"CAST({self._column(tree)} AS numeric)")
            case Arithmetic():
                return self._arithmetic(tree.operator, self.ratio(tree.left), self.ratio(tree.right))
            case Call():
                return self._call(tree)
            case Text():
                raise TypeError("a word is no number")

    def _arithmetic(self, operator: str, left: _Ratio, right: _Ratio) -> _Ratio:
        if operator == "*":
            return _Ratio(_times(left.top, right.top), _times(left.bottom, right.bottom))
        if operator == "/":
            return _Ratio(_times(left.top, right.bottom), _times(left.bottom, f"NULLIF({right.top}, 0)"))
        if left.bottom == right.bottom:
            return _Ratio(f"({left.top} {operator} {right.top})", left.bottom)
        one, other = _times(left.top, right.bottom), _times(right.top, left.bottom)
        return _Ratio(f"({one} {operator} {other})", _times(left.bottom, right.bottom))

    def _call(self, tree: Call) -> _Ratio:
        first, *others = [self.ratio(argument) for argument in tree.arguments]
        if tree.function == "abs":
            return _Ratio(f"abs({first.top})", "1" if first.bottom == "1" else f"abs({first.bottom})")
        found = first
        for other in others:
            found = self._chosen(tree.function, found, other)
        return found

    def _chosen(self, function: str, one: _Ratio, other: _Ratio) -> _Ratio:
        """Engines differ on a missing argument of LEAST and GREATEST; here the answer is missing then."""
        if function == "coalesce":
            test = self._there(one)
            return _Ratio(
                f"CASE WHEN {test} THEN {one.top} ELSE {other.top} END",
                "1" if one.bottom == other.bottom == "1" else f"CASE WHEN {test} THEN {one.bottom} ELSE {other.bottom} END",
            )
        test = self._products(one, "<=" if function == "least" else ">=", other)
        top = f"CASE WHEN {test} THEN {one.top} WHEN NOT {test} THEN {other.top} END"
        if one.bottom == other.bottom == "1":
            return _Ratio(top)
        return _Ratio(top, f"CASE WHEN {test} THEN {one.bottom} WHEN NOT {test} THEN {other.bottom} END")

    def _there(self, ratio: _Ratio) -> str:
        return f"({ratio.top} * {ratio.bottom}) IS NOT NULL"

    def _plain(self, tree: Value) -> str:
        if _is_word(tree) or isinstance(tree, Ref):
            return self._word(tree)
        ratio = self.ratio(tree)
        return f"({ratio.top} * {ratio.bottom})"

    def _word(self, tree: Value) -> str:
        if isinstance(tree, Text):
            return "'" + tree.value.replace("'", "''") + "'"
        return self._column(tree) if isinstance(tree, Ref) else self._plain(tree)

    def _column(self, ref: Ref) -> str:
        if ref.code not in self.columns:
            raise NotThere(ref.code, self.columns)
        return self.columns[ref.code]


def _times(one: str, other: str) -> str:
    if one == "1":
        return other
    return one if other == "1" else f"({one} * {other})"


def _is_word(tree: Value) -> bool:
    return isinstance(tree, Text)
