"""Which parameters exist. Each room registers its own in `parameters.py`; the list is complete once Django is up.

Numbers with a fraction are written as text ("7/10", "1.5") and stay text in the table: no float ever touches them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hangbiao.engines.policy.errors import BadValue, UnknownParameter

SHORT_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Parameter:
    """One business number: its kind says how a value is written, `least` and `most` what is sensible."""

    key: str
    kind: str  # one of KINDS
    default: Any
    unit: str = ""
    source: str = ""
    title: str | Promise = ""
    choices: tuple[str, ...] = ()
    least: str | None = None
    most: str | None = None


_parameters: dict[str, Parameter] = {}


def register(*parameters: Parameter) -> None:
    """Make parameters known. A default that breaks its own rule, or a key claimed twice, is a fault of the program."""
    for parameter in parameters:
        if parameter.kind not in KINDS:
            raise ValueError(f"policy key {parameter.key}: no kind {parameter.kind!r}")
        tidy = replace(parameter, default=checked(parameter, parameter.default))
        if _parameters.setdefault(tidy.key, tidy) != tidy:
            raise ValueError(f"policy key {parameter.key} is registered twice")


def parameter_called(key: str) -> Parameter:
    """The parameter of this key, or UnknownParameter with the nearest key."""
    try:
        return _parameters[key]
    except KeyError:
        near = get_close_matches(key, _parameters, n=1)
        raise UnknownParameter(key=key, near=near[0] if near else "") from None


def all_parameters() -> Iterable[Parameter]:
    """In the order of their keys."""
    return (parameter for _key, parameter in sorted(_parameters.items()))


def checked(parameter: Parameter, value: Any) -> Any:
    """The value as the table keeps it; BadValue says in a sentence what is wrong with it."""
    try:
        kept = KINDS[parameter.kind](parameter, value)
    except (ValueError, TypeError, InvalidOperation, ZeroDivisionError, OverflowError) as wrong:
        why = wrong.args[0] if isinstance(wrong, Refused) else _("写法不对。")
        raise BadValue(key=parameter.key, value=value, why=why) from wrong
    return kept


class Refused(ValueError):
    """Carries a sentence."""


def _within(parameter: Parameter, number: Fraction) -> None:
    if parameter.least is not None and number < Fraction(parameter.least):
        raise Refused(_("不能小于 %(least)s。") % {"least": parameter.least})
    if parameter.most is not None and number > Fraction(parameter.most):
        raise Refused(_("不能大于 %(most)s。") % {"most": parameter.most})


def _written(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Refused(_("数字请写成文本，例如 7/10 或 0.7。"))
    return str(value).strip()[:SHORT_TEXT]


def _fraction(parameter: Parameter, value: Any) -> str:
    text = _written(value)
    if "e" in text.lower():  # 1e999 would be a number of a thousand digits
        raise Refused(_("请不要用科学计数法。"))
    number = Fraction(text)
    _within(parameter, number)
    return str(number)


def _decimal(parameter: Parameter, value: Any) -> str:
    number = Decimal(_written(value))
    if not number.is_finite() or abs(number.adjusted()) > 30:  # noqa: PLR2004 - beyond any business number
        raise Refused(_("这个数超出了合理范围。"))
    _within(parameter, Fraction(number))
    return f"{number:f}"


def _integer(parameter: Parameter, value: Any) -> str:
    text = _written(value)
    if not text.lstrip("-").isdecimal():
        raise Refused(_("这里要整数。"))
    number = int(text)
    _within(parameter, Fraction(number))
    return str(number)


def _choice(parameter: Parameter, value: Any) -> str:
    if value not in parameter.choices:
        raise Refused(_("只能是 %(choices)s 之一。") % {"choices": "、".join(parameter.choices)})
    return str(value)


def _flag(_parameter: Parameter, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused(_("只能是 true 或 false。"))
    return value


def _text(_parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str) or len(value) > SHORT_TEXT or "\x00" in value:
        raise Refused(_("这里要一段不太长的文字。"))
    return value


def _day(_parameter: Parameter, value: Any) -> str:
    return date.fromisoformat(value).isoformat()


def _clock(_parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str):
        raise Refused(_("时刻请写成 08:00 这样。"))
    return f"{time.fromisoformat(value):%H:%M}"


def _integers(parameter: Parameter, value: Any) -> list[int]:
    if not isinstance(value, (list, tuple)):
        raise Refused(_("这里要一列整数，例如 [10]。"))
    return [int(_integer(parameter, item)) for item in value]


def _texts(parameter: Parameter, value: Any) -> list[str]:
    if not isinstance(value, (list, tuple)):
        raise Refused(_("这里要一列文字。"))
    return [_text(parameter, item) for item in value]


KINDS: dict[str, Callable[[Parameter, Any], Any]] = {
    "fraction": _fraction,
    "decimal": _decimal,
    "integer": _integer,
    "choice": _choice,
    "flag": _flag,
    "text": _text,
    "day": _day,
    "clock": _clock,
    "integers": _integers,
    "texts": _texts,
}
