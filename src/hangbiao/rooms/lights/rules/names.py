"""What a rule's condition may speak of, and what each name is made of.

A ratio is written as a quotient of whole columns, so that PostgreSQL and Python compare it as products: exactly.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from hangbiao.engines.formula.reading import NUMBER, WORD, Name, Names, catalogue
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
    Value,
)

WINDOWS = (7, 14, 28)
COLOURS = ("green", "yellow", "red")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
Made = Callable[[Span], Value]

FIXED = (
    Name("attainment", _("完成率"), also=("完成率", "累计达成")),  # zh: a condition is read in any language
    Name("pace", _("进度达成"), also=("进度达成",)),  # zh: the same
    Name("plan_share", _("计划占比"), also=("计划占比",)),  # zh: the same
    Name("landing", _("期末预计"), also=("期末预计",)),  # zh: the same
    Name("landing_chance", _("达到七成的概率"), also=("达到七成的概率",)),  # zh: the same
    Name("days_left", _("剩余天数"), also=("剩余天数",)),  # zh: the same
    Name("workdays_left", _("剩余工作日"), also=("剩余工作日",)),  # zh: the same
    Name("week", _("周次"), also=("周次",)),  # zh: the same
    Name("below_weeks", _("连续低于周数"), also=("连续低于周数",)),  # zh: the same
    Name("change", _("较上期同期"), also=("较上期同期",)),  # zh: the same
    Name("light_before", _("上次灯"), WORD, also=("上次灯",), choices=COLOURS),  # zh: the same
)


@dataclass(frozen=True, slots=True)
class Recent:
    """The sum of a metric over the last days: `visits_last_14d`."""

    code: str
    metric: int
    days: int
    decimals: int


def names_for(metrics: Sequence[Any]) -> Names:
    """The catalogue of a company with these metrics."""
    recent = [
        Name(one.code, _("近 %(n)s 天%(name)s") % {"n": one.days, "name": metric.name}, also=_in_chinese(one, metric.name))
        for metric in metrics
        for one in _of(metric)
    ]
    return catalogue(*FIXED, *recent)


def _in_chinese(one: "Recent", name: str) -> tuple[str, ...]:
    return (f"近{one.days}天{name}",)  # zh: a condition is read in any language


def recent_of(metrics: Sequence[Any]) -> dict[str, Recent]:
    return {one.code: one for metric in metrics for one in _of(metric)}


def _of(metric: Any) -> list[Recent]:
    """A metric whose code is no plain word cannot be written in a condition."""
    if not _PLAIN.fullmatch(metric.code):
        return []
    return [Recent(f"{metric.code}_last_{n}d", metric.pk, n, metric.decimals) for n in WINDOWS]


def spelled_out(formula: Formula, recent: Mapping[str, Recent]) -> Formula:
    """The same condition in columns: every ratio as a quotient."""
    return replace(formula, condition=_condition(formula.condition, recent))


def _condition(tree: Condition, recent: Mapping[str, Recent]) -> Condition:
    match tree:
        case Compare():
            return replace(tree, left=_value(tree.left, recent), right=_value(tree.right, recent))
        case Missing():
            return replace(tree, value=_value(tree.value, recent))
        case Not():
            return replace(tree, condition=_condition(tree.condition, recent))
        case Both():
            return replace(tree, left=_condition(tree.left, recent), right=_condition(tree.right, recent))


def _value(tree: Value, recent: Mapping[str, Recent]) -> Value:
    match tree:
        case Arithmetic():
            return replace(tree, left=_value(tree.left, recent), right=_value(tree.right, recent))
        case Call():
            return replace(tree, arguments=tuple(_value(one, recent) for one in tree.arguments))
        case Ref(code=code) if code in RATIOS:
            return RATIOS[code](tree.span)
        case Ref(code=code) if code in recent and recent[code].decimals:
            return _over(tree.span, tree, Number(tree.span, Decimal(10) ** recent[code].decimals))
    return tree


def _over(span: Span, top: Value, bottom: Value) -> Arithmetic:
    return Arithmetic(span, "/", top, bottom)


def _quotient(top: str, bottom: str) -> Made:
    return lambda span: _over(span, Ref(span, top), Ref(span, bottom))


def _change(span: Span) -> Value:
    gained = Arithmetic(span, "-", Ref(span, "actual"), Ref(span, "before"))
    return _over(span, gained, Ref(span, "before"))


RATIOS: dict[str, Made] = {
    "attainment": _quotient("actual", "base"), "pace": _quotient("earned", "expected"), "plan_share": _quotient("num", "den"),
    "landing": _quotient("point", "base"), "landing_chance": _quotient("permille", "thousand"), "change": _change,
}  # fmt: skip

__all__ = ["COLOURS", "FIXED", "NUMBER", "RATIOS", "Recent", "names_for", "recent_of", "spelled_out"]
