"""Numbers as people read them: 万元 and 亿 in Chinese, k and M in English, a real minus, no colour on a sign."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hangbiao.core.quantity import print_ratio

MINUS = "−"
SIGNS = {"CNY": "¥", "RMB": "¥", "元": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
WORDS = {"CNY": "元", "RMB": "元", "元": "元", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元"}

# Chinese counts with words of its own; a file may name them in English.
COUNTS = {"visit": "次", "visits": "次", "outlet": "家", "outlets": "家", "item": "件", "items": "件"}


def is_chinese() -> bool:
    """Whether the reader reads Chinese (the source language)."""
    return (get_language() or "zh").startswith("zh")


def amount(minor: int | Decimal | Fraction, unit: str, decimals: int) -> str:
    """14.1 万元, 1.19 亿元, 8,123 元; ¥141k, ¥119.2M; counts with their word in Chinese, bare in English."""
    number = _major(minor, decimals)
    money = unit in WORDS
    if is_chinese():
        figure, scale = _chinese(number, money=money)
        return f"{figure} {scale}{_word(unit)}".rstrip()
    if not money:
        return _english(number, money=False)
    sign = MINUS if number < 0 else ""
    return f"{sign}{SIGNS[unit]}{_english(abs(number), money=True)}"


def exact_amount(minor: int, unit: str, decimals: int) -> str:
    """The whole amount with all its decimals, as evidence is read: 41,234.50 元; ¥41,234.50; 3 家; 3."""
    number = _major(minor, decimals)
    figure = grouped(abs(number), decimals)
    sign = MINUS if number < 0 else ""
    if is_chinese():
        return f"{sign}{figure} {_word(unit)}".rstrip()
    return f"{sign}{SIGNS.get(unit, '')}{figure}"


def _word(unit: str) -> str:
    return WORDS.get(unit) or COUNTS.get(unit, unit)


def _major(minor: int | Decimal | Fraction, decimals: int) -> Decimal:
    if isinstance(minor, Fraction):
        minor = Decimal(minor.numerator) / Decimal(minor.denominator)
    return Decimal(minor).scaleb(-decimals)


def _chinese(number: Decimal, *, money: bool) -> tuple[str, str]:
    size = abs(number)
    if size >= Decimal(99_995_000):
        return grouped(number / 10**8, 2), "亿"
    if size >= (Decimal(10_000) if money else Decimal(100_000)):
        return grouped(number / 10**4, 1), "万"
    return grouped(number, 0), ""


def _english(number: Decimal, *, money: bool) -> str:
    size = abs(number)
    if size >= Decimal(999_500):
        return grouped(number / 10**6, 1) + "M"
    if size >= Decimal(10_000) and money:
        return grouped(number / 10**3, 0) + "k"
    return grouped(number, 0)


def grouped(number: Decimal | int | Fraction, places: int = 0) -> str:
    """1,234.5 with a real minus; half-up, because that is what people expect of a printed figure."""
    if isinstance(number, Fraction):
        number = Decimal(number.numerator) / Decimal(number.denominator)
    rounded = Decimal(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{abs(rounded):,}" if rounded >= 0 else f"{MINUS}{abs(rounded):,}"


def percent(ratio: Fraction | None, borders: tuple[Fraction, ...] = ()) -> str:
    """One decimal, half-up; near a border that is not reached, as many more decimals as it takes, rounded down."""
    if ratio is None:
        return "–"
    return print_ratio(ratio, borders).replace("-", MINUS).replace(" ", "")


def whole_percent(ratio: Fraction | None) -> str:
    """For labels beside a drawing, where the exact figure stands elsewhere."""
    return "–" if ratio is None else f"{grouped(ratio * 100)}%"


def points(difference: Fraction | None) -> str:
    """A difference in percentage points, always with its sign and one decimal."""
    if difference is None:
        return "–"
    text = grouped(difference * 100, 1)
    return text if text.startswith(MINUS) or text == "0.0" else f"+{text}"


def signed(number: int) -> str:
    """+5, −3, 0."""
    return f"+{number}" if number > 0 else grouped(number)


def name_of(thing: Any) -> str:
    """A thing's name in the reader's language: `name_en` where the reader is English and it has one."""
    english = getattr(thing, "name_en", "")
    return str(english if english and not is_chinese() else thing.name)


def listed(words: list[str]) -> str:
    """甲、乙、丙 / a, b, c."""
    return _("、").join(words)


def exact(number: Fraction, places: int) -> str:
    """0.923077: for programs and spreadsheets, with an ordinary minus and no grouping."""
    whole = Decimal(number.numerator) / Decimal(number.denominator)
    return str(whole.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
