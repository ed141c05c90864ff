"""Cells to values, column by column. Each converter remembers what it has read: files repeat themselves."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hangbiao.rooms.actuals.errors import Refused
from hangbiao.rooms.actuals.mapping import Column
from hangbiao.rooms.actuals.reading import Cell, Formula
from hangbiao.rooms.actuals.streams import LONGEST_TEXT, Field

BAD = object()
EMPTY_NUMBER = -(2**63)
MOST_POWERS, KEPT_DIGITS = 12, 15  # a spreadsheet keeps 15 digits
LIMIT = Decimal(10) ** MOST_POWERS
REMEMBERED = 100_000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_SCIENTIFIC = re.compile(r"([+-]?[0-9]+(?:\.[0-9]*)?)[eE]([+-]?[0-9]{1,4})", re.ASCII)
_DATE_LIKE = re.compile(r"\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_YES = frozenset({"1", "true", "yes", "y", "是", "t"})
_NO = frozenset({"0", "false", "no", "n", "否", "f"})


class Converter(dict[Cell, Any]):
    """A column's cells and what they mean. `self[cell]` is a value or BAD; `explain` says why a cell is bad.

    A dict whose missing entries are computed: `map(converter.__getitem__, column)` runs at the speed of a look-up.
    """

    def __init__(
        self,
        field: Field,
        column: Column,
        nulls: frozenset[str],
        read: Callable[[str], Any],
        plain: "re.Pattern[str] | None" = None,
    ) -> None:
        super().__init__()
        self.field = field
        self.column = column
        self.nulls = nulls
        self.read = read
        self.empty: Any = EMPTY_NUMBER if field.kind in {"number", "coordinate"} else None
        self.takes_dates = field.kind == "date"
        self.plain = plain
        self.has_bad = False

    def of(self, cells: Sequence[Cell]) -> list[Any]:
        """A whole column. Texts that hardly repeat, such as order numbers, are looked through as one."""
        if self.field.kind == "text" and not self.column.replace and self._nothing_about(cells):
            return list(map(str.strip, cells))  # type: ignore[arg-type]
        return list(map(self.__getitem__, cells))

    def _nothing_about(self, cells: Sequence[Cell]) -> bool:
        """Whether these are many different texts that need no second look."""
        distinct = set(cells)
        if not distinct or 2 * len(distinct) < len(cells) or not all(type(c) is str for c in distinct):
            return False
        texts = list(map(str.strip, distinct))  # type: ignore[arg-type]
        if max(map(len, texts)) > self.field.longest or _CONTROL.search("".join(texts)):
            return False
        return self.nulls.isdisjoint(texts) and _EXCEL_ERRORS.isdisjoint(texts)

    def __missing__(self, cell: Cell) -> Any:
        if self.plain and isinstance(cell, str) and (said := self.plain.fullmatch(cell)):
            value = int(said[1] + (said[2] or "").ljust(self.field.scale, "0"))
        else:
            value = self._careful(cell)
        if not isinstance(cell, str) or len(cell) <= LONGEST_TEXT:
            if len(self) >= REMEMBERED:
                self.clear()
            self[cell] = value
        return value

    def _careful(self, cell: Cell) -> Any:
        try:
            return self._value(cell)
        except Refused:
            self.has_bad = True
            return BAD

    def explain(self, cell: Cell) -> Refused:
        """The refusal of a cell that came out BAD."""
        try:
            self._value(cell)
        except Refused as why:
            return why
        raise AssertionError(f"{cell!r} is not bad")

    def _value(self, cell: Cell) -> Any:
        if isinstance(cell, Formula):
            raise Refused("formula", {})
        if isinstance(cell, date):
            if self.takes_dates:
                return _within(cell + timedelta(days=self.column.shift_days))
            cell = cell.isoformat()
        text = cell.strip()
        if len(text) > self.field.longest:
            raise Refused("too_long", {"limit": self.field.longest})
        if text in _EXCEL_ERRORS:
            raise Refused("excel_error", {})
        if text in self.nulls:
            if self.field.required:
                raise Refused("required", {})
            return self.empty
        return self.read(self.column.replace.get(text, text))


def _within(day: date) -> date:
    if day < FIRST_DAY:
        raise Refused("too_old", {})
    if day > LAST_DAY:
        raise Refused("too_far", {})
    return day


def text_reader(text: str) -> str:
    if _CONTROL.search(text):
        raise Refused("control_character", {})
    return text


def number_of(text: str, column: Column) -> Decimal:
    """The exact number that a text says. Refuses NaN, infinity, misplaced separators, lost digits, absurd size."""
    plain = text.replace("\u2212", "-").replace("\u00a0", " ")
    if column.thousands and column.thousands in plain:
        group = re.escape(column.thousands)
        if not re.fullmatch(
            rf"[+-]?[0-9]{{1,3}}(?:{group}[0-9]{{3}})+(?:{re.escape(column.decimal)}[0-9]*)?", plain
        ):
            raise Refused("thousands" if re.search(r"[0-9]", plain) else "not_a_number", {})
        plain = plain.replace(column.thousands, "")
    if column.decimal != ".":
        if "." in plain and re.search(r"[0-9]", plain):
            raise Refused("thousands", {})
        plain = plain.replace(column.decimal, ".")
    if not _NUMBER.fullmatch(plain):
        plain = _unusual(plain)
    number = Decimal(plain) * column.times
    if abs(number) >= LIMIT:
        raise Refused("too_large", {"limit": f"{LIMIT:,f}"})
    return number


def _unusual(text: str) -> str:
    """A number in scientific notation whose digits are all there, or the refusal."""
    if text.lower().strip("+-") in {"nan", "inf", "infinity", "∞"}:
        raise Refused("not_finite", {})
    science = _SCIENTIFIC.fullmatch(text)
    if not science:
        raise Refused("looks_like_a_date" if _DATE_LIKE.search(text) else "not_a_number", {})
    digits = sum(c.isdigit() for c in science[1].lstrip("+-0."))
    if int(science[2]) > MOST_POWERS or digits > KEPT_DIGITS:
        raise Refused(
            "too_large" if int(science[2]) > MOST_POWERS else "scientific", {"limit": f"{LIMIT:,f}"}
        )
    return text


def scaled_reader(column: Column, *, places: int, scale: int) -> Callable[[str], int]:
    """Numbers as whole units of 10^-scale; more than `places` decimals are refused, never rounded."""
    factor, allowed = Decimal(10) ** scale, Decimal(10) ** places

    def read(text: str) -> int:
        number = number_of(text, column)
        if number * allowed % 1 != 0:
            raise Refused("too_precise", {"places": places})
        return int(number * factor)

    return read


def plain_numbers(column: Column, nulls: frozenset[str], places: int) -> "re.Pattern[str] | None":
    """What most numbers of a column look like, so that they need no Decimal; None where nothing is that plain."""
    usual = (column.times, column.decimal, column.thousands) == (1, ".", "") and not column.replace
    if not usual or any(_NUMBER.fullmatch(n) for n in nulls):
        return None
    return re.compile(
        rf"(-?[0-9]{{1,{MOST_POWERS}}})(?:\.([0-9]{{1,{max(1, places)}}}))?"
        if places
        else r"(-?[0-9]{1,12})()",
        re.ASCII,
    )


def day_reader(column: Column, *, today: date | None) -> Callable[[str], date]:
    """Days in the mapping's format (ISO unless it says otherwise); after `today` refused where that is given."""
    form = column.date or "%Y-%m-%d"
    shift = timedelta(days=column.shift_days)

    def read(text: str) -> date:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a business day has no zone
        except (ValueError, re.error):
            looks = re.fullmatch(r"[+-]?[0-9.,]+", text) and not re.fullmatch(r"%Y%m%d|%d%m%Y|%Y", form)
            raise Refused("looks_like_a_number" if looks else "not_a_date", {"format": form}) from None
        try:
            day = _within(day + shift)
        except OverflowError:
            raise Refused("too_far", {}) from None
        if today is not None and day > today:
            raise Refused("future", {"today": today.isoformat()})
        return day

    return read


def whole_reader(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}(?:\.0+)?", text, re.ASCII):
        raise Refused("not_whole", {})
    return int(text.partition(".")[0])


def flag_reader(text: str) -> bool:
    folded = text.casefold()
    if folded not in _YES | _NO:
        raise Refused("choice", {"choices": ["是", "否", "true", "false", "1", "0"]})
    return folded in _YES


def choice_reader(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise Refused("choice", {"choices": choices})
        return text

    return read


def known_reader(known: Mapping[str, Any], code: str) -> Callable[[str], str]:
    """Codes that must be known already."""

    def read(text: str) -> str:
        if text not in known:
            raise Refused(code, {"value": text[:60]})
        return text

    return read
