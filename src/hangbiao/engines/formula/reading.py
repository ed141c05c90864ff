"""From text to a checked tree. sqlglot reads, and whatever is not named here is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import reduce
from typing import Any

import sqlglot
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from hangbiao.engines.formula.errors import BadFormula, Fault
from hangbiao.engines.formula.judging import constant
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

LONGEST = 2_000  # characters
DEEPEST = 40  # brackets in brackets
MOST_WORDS = 400
LARGEST_DIGITS = 18
NUMBER, WORD = "number", "text"

_ARITHMETIC: dict[type[exp.Expression], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
_COMPARE: dict[type[exp.Expression], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
_CALLS: dict[type[exp.Expression], str] = {
    exp.Abs: "abs", exp.Least: "least", exp.Greatest: "greatest", exp.Coalesce: "coalesce",
}  # fmt: skip
# The grammar knows more than is read here. What it says beside these would be dropped without a word, so it is refused.
_SAYS: dict[type[exp.Expression], set[str]] = {
    exp.Between: {"low", "high"}, exp.In: {"expressions", "query", "unnest"}, exp.Is: {"expression", "negate"},
    exp.Div: {"expression", "typed"}, exp.Literal: {"is_string"}, exp.Column: {"table"},
    exp.Least: {"expressions", "ignore_nulls"}, exp.Greatest: {"expressions", "ignore_nulls"},
    exp.Coalesce: {"expressions"},
}  # fmt: skip
_TWO_SIDES = {exp.And, exp.Or, *_ARITHMETIC, *_COMPARE}
_READ = {*_TWO_SIDES, *_CALLS, *_SAYS, exp.Paren, exp.Not, exp.Neg}


@dataclass(frozen=True, slots=True)
class Name:
    """A thing a formula may speak of: its code, what it is called on a page, and whether it is a number or a word."""

    code: str
    title: str | Promise
    kind: str = NUMBER
    also: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


Names = Mapping[str, Name]


def catalogue(*names: Name) -> Names:
    """By every word a name answers to, in lower case."""
    found: dict[str, Name] = {}
    for name in names:
        for word in (name.code, str(name.title), *name.also):
            if found.setdefault(word.lower(), name) != name:
                raise ValueError(f"two names for {word}")
    return found


def read(text: str, names: Names) -> Formula:
    """The condition that `text` says in words of `names`. BadFormula names every mistake with its place."""
    _short_enough(text)
    tokens = _tokens(text)
    try:
        trees = sqlglot.parse(text, read="postgres")
    except (SqlglotError, RecursionError) as wrong:
        raise BadFormula(text, [_unreadable(text, wrong)]) from wrong
    if len(trees) != 1 or trees[0] is None:
        raise BadFormula(text, [Fault(0, len(text), _("写一个条件，例如 完成率 < 0.7。"))])
    reader = _Reader(text, names, tokens)
    condition = reader.condition(trees[0])
    if reader.faults:
        raise BadFormula(text, reader.faults)
    formula = Formula(text, condition)
    if not formula.names():
        raise BadFormula(text, [Fault(0, len(text), _("条件里没有任何指标，对所有人都一样。"))])
    return formula


class _Mistake(Exception):
    """The part that is being read cannot be; what stands beside it is read all the same."""

    def __init__(self, span: Span, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = Fault(*span, sentence)


def _short_enough(text: str) -> None:
    if not text.strip():
        raise BadFormula(text, [Fault(0, len(text), _("条件是空的。写一个条件，例如 完成率 < 0.7。"))])
    if len(text) > LONGEST:
        where = Fault(LONGEST, len(text), _("条件最多 %(most)d 个字符，请拆成几条规则。") % {"most": LONGEST})
        raise BadFormula(text, [where])
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth > DEEPEST:
            what = _("括号套了 %(most)d 层以上，请拆成几条规则。") % {"most": DEEPEST}
            raise BadFormula(text, [Fault(place, place + 1, what)])


def _tokens(text: str) -> list[Token]:
    try:
        tokens = sqlglot.tokenize(text, read="postgres")
    except SqlglotError as wrong:
        raise BadFormula(text, [_unreadable(text, wrong)]) from wrong
    if len(tokens) > MOST_WORDS:
        what = _("条件太长，请拆成几条规则。")
        raise BadFormula(text, [Fault(tokens[MOST_WORDS].start, tokens[-1].end + 1, what)])
    faults = [
        Fault(token.start, token.end + 1, _("条件里不能有注释。")) for token in tokens if token.comments
    ] + [
        Fault(token.start, token.end + 1, _("条件里不能有分号，也不能有占位符。"))
        for token in tokens
        if token.token_type in {TokenType.SEMICOLON, TokenType.PLACEHOLDER, TokenType.PARAMETER}
    ]
    if faults:
        raise BadFormula(text, faults)
    return tokens


def _unreadable(text: str, wrong: Exception) -> Fault:
    """What the parser says, at its place if it tells one."""
    details = getattr(wrong, "errors", None) or [{}]
    words = details[0].get("highlight") or ""
    start = max(text.find(words), 0) if words else 0
    return Fault(start, start + len(words) if words else len(text), _("这里读不懂。请检查括号和运算符。"))


@dataclass
class _Reader:
    text: str
    names: Names
    tokens: list[Token]
    faults: list[Fault] = field(default_factory=list)
    _taken: int = 0

    def condition(self, tree: Any) -> Condition:
        """A truth value. What is wrong is among the faults, with a stand-in for the condition."""
        try:
            return self._condition(tree)
        except _Mistake as mistake:
            self.faults.append(mistake.fault)
            nothing = Text((mistake.fault.start, mistake.fault.end), "")
            return Missing(nothing.span, nothing)

    def _condition(self, tree: Any) -> Condition:
        self._says_no_more(tree)
        match tree:
            case exp.Paren():
                return self._condition(tree.this)
            case exp.And() | exp.Or():
                left, right = self.condition(tree.this), self.condition(tree.expression)
                return Both(_span(left, right), "and" if isinstance(tree, exp.And) else "or", left, right)
            case exp.Not():
                inner = self._condition(tree.this)
                return Not(inner.span, inner)
            case exp.Between():
                return self._between(tree)
            case exp.In():
                return self._among(tree)
            case exp.Is():
                return self._missing(tree)
        if type(tree) in _COMPARE:
            return self._compared(_COMPARE[type(tree)], self._value(tree.this), self._value(tree.expression))
        raise _Mistake(self._around(tree), _("这里要写一个条件，例如 完成率 < 0.7。"))

    def _between(self, tree: exp.Between) -> Condition:
        value, low, high = (self._value(tree.args[part]) for part in ("this", "low", "high"))
        least, most = self._compared(">=", value, low), self._compared("<=", value, high)
        return Both(_span(value, high), "and", least, most)

    def _among(self, tree: exp.In) -> Condition:
        if not tree.expressions:
            what = _("条件里不能有子查询。写出允许的值，例如 渠道 in ('KA', 'CVS')。")
            raise _Mistake(self._around(tree), what)
        value = self._value(tree.this)
        equals = [self._compared("=", value, self._value(one)) for one in tree.expressions]
        return reduce(lambda one, other: Both(_span(one, other), "or", one, other), equals)

    def _missing(self, tree: exp.Is) -> Condition:
        if not isinstance(tree.expression, exp.Null):
            raise _Mistake(self._around(tree), _("is 后面只能写 null 或 not null。"))
        value = self._value(tree.this)
        missing = Missing(value.span, value)
        return Not(value.span, missing) if tree.args.get("negate") else missing

    def _compared(self, operator: str, left: Value, right: Value) -> Condition:
        span = _span(left, right)
        if self._kind(left) != self._kind(right):
            raise _Mistake(span, _("数字不能和文字比较。"))
        if operator not in {"=", "<>"} and self._kind(left) == WORD:
            raise _Mistake(span, _("文字只能比较相等或不等。"))
        self._choice(left, right)
        self._choice(right, left)
        return Compare(span, operator, left, right)

    def _choice(self, value: Value, said: Value) -> None:
        choices = self._of(value).choices if isinstance(value, Ref) else ()
        if choices and isinstance(said, Text) and said.value not in choices:
            what = _("没有这个值。可以写：%(choices)s。") % {"choices": "、".join(choices)}
            raise _Mistake(said.span, what)

    def _value(self, tree: Any) -> Value:
        self._says_no_more(tree)
        match tree:
            case exp.Paren():
                return self._value(tree.this)
            case exp.Literal():
                return self._literal(tree)
            case exp.Column():
                return self._name(tree)
            case exp.Neg():
                inner = self._number(tree.this)
                return Arithmetic(inner.span, "-", Number(inner.span, Decimal(0)), inner)
        if type(tree) in _ARITHMETIC:
            left, right = self._number(tree.this), self._number(tree.expression)
            if isinstance(tree, exp.Div) and not _named(right) and not constant(right):
                raise _Mistake(right.span, _("除数是 0，这个条件永远算不出来。"))
            return Arithmetic(_span(left, right), _ARITHMETIC[type(tree)], left, right)
        if type(tree) in _CALLS:
            arguments = tuple(self._number(one) for one in (tree.this, *tree.expressions))
            return Call(_span(arguments[0], arguments[-1]), _CALLS[type(tree)], arguments)
        raise _Mistake(self._around(tree), self._not_allowed(tree))

    def _says_no_more(self, tree: Any) -> None:
        known = {"this"} | _SAYS.get(type(tree), {"expression"} if type(tree) in _TWO_SIDES else set())
        if type(tree) in _READ and {key for key, said in tree.args.items() if said} - known:
            raise _Mistake(self._around(tree), self._not_allowed(tree))

    def _not_allowed(self, tree: Any) -> str:
        if isinstance(tree, exp.Subquery | exp.Select | exp.Exists):
            return _("条件里不能有子查询。")
        if isinstance(tree, exp.Func | exp.Anonymous):
            return _("没有这个函数。可以用 abs、least、greatest、coalesce。")
        return _("这里不能这样写。可以用名称、数字、加减乘除和比较。")

    def _number(self, tree: Any) -> Value:
        value = self._value(tree)
        if self._kind(value) == WORD:
            raise _Mistake(value.span, _("这里要写数字，不能写文字。"))
        return value

    def _literal(self, tree: exp.Literal) -> Value:
        span = self._next(str(tree.this))
        if tree.is_string:
            return Text(span, str(tree.this))
        try:
            exact = Decimal(str(tree.this))
        except InvalidOperation:
            raise _Mistake(span, _("这不是数字。")) from None
        if exact.adjusted() > LARGEST_DIGITS or int(exact.as_tuple().exponent) < -LARGEST_DIGITS:
            raise _Mistake(span, _("这个数太大或小数太长：最多 18 位整数、18 位小数。"))
        return Number(span, exact)

    def _name(self, tree: exp.Column) -> Value:
        span = self._place_of(tree.this) or self._next(tree.name)
        if tree.table or tree.this.args.get("quoted"):
            raise _Mistake(span, _("直接写名称，不要引号，也不要点。"))
        name = self.names.get(tree.name.lower())
        if name is not None:
            return Ref(span, name.code)
        near = get_close_matches(tree.name.lower(), self.names, n=1)
        said = {"word": tree.name, "near": near[0] if near else ""}
        unknown = _("没有名为 %(word)s 的指标。是否想写 %(near)s？") if near else _("没有名为 %(word)s 的指标。")
        raise _Mistake(span, unknown % said)

    def _kind(self, value: Value) -> str:
        if isinstance(value, Ref):
            return self._of(value).kind
        return WORD if isinstance(value, Text) else NUMBER

    def _of(self, ref: Ref) -> Name:
        return self.names[ref.code.lower()]

    def _around(self, tree: Any) -> Span:
        """From the first to the last word below a part that is not allowed; the whole text if it tells no place."""
        places = [place for node in tree.walk() if (place := self._place_of(node))]
        if not places:
            return 0, len(self.text)
        return min(start for start, _end in places), max(end for _start, end in places)

    def _place_of(self, node: Any) -> Span | None:
        start, end = node.meta.get("start"), node.meta.get("end")
        return None if start is None or end is None else (start, end + 1)

    def _next(self, word: str) -> Span:
        """Literals carry no place: they are met in the order in which they are written."""
        for position in range(self._taken, len(self.tokens)):
            token = self.tokens[position]
            if token.text == word and token.token_type in {TokenType.NUMBER, TokenType.STRING}:
                self._taken = position + 1
                return token.start, token.end + 1
        start = max(self.text.find(word), 0)
        return start, start + len(word)


def _named(tree: Value) -> bool:
    return any(isinstance(part, Ref) for part in parts(tree))


def _span(first: Condition | Value, last: Condition | Value) -> Span:
    return min(first.span[0], last.span[0]), max(first.span[1], last.span[1])
