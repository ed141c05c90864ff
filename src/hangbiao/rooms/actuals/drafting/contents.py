"""What a column holds, from its first cells: days and how they are written, numbers and how, codes that are known."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from hangbiao.rooms.actuals.frames import Known

NULLS = ("NULL", "null", "N/A", "n/a", "NA", "#N/A", "None", "-", "--", "\\N", "无", "空")
MOST = 0.95
DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y",
    "%d-%m-%y", "%d/%m/%y", "%m/%d/%y", "%d %b %Y", "%b %d %Y",
)  # fmt: skip
TIMES = ("", " %H:%M:%S", " %H:%M:%S.%f", " %H:%M", "T%H:%M:%S", " %I:%M%p")
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
_NUMBER = re.compile(r"[+\-\u2212]?[0-9]+(?:\.[0-9]+)?")
_ENGLISH = re.compile(r"[+\-\u2212]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_GERMAN = re.compile(r"[+\-\u2212]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[+\-\u2212]?[0-9]+,[0-9]+")
_YES_NO = {"1", "0", "true", "false", "yes", "no", "y", "n", "是", "否", "t", "f"}


@dataclass(slots=True)
class Contents:
    """One column as it was found."""

    header: str
    cells: list[str]
    distinct: set[str] = field(default_factory=set)
    nulls: list[str] = field(default_factory=list)
    day: str = ""
    other_day: str = ""
    number: str = ""  # plain, english (1,234.5) or german (1.234,5)
    people: float = 0
    territories: float = 0
    metrics: float = 0
    flags: bool = False

    @property
    def empty(self) -> bool:
        return not self.distinct


def contents_of(header: str, cells: Sequence[str], known: Known) -> Contents:
    """Look at a column's cells."""
    found = Contents(header, [c.strip() for c in cells])
    found.nulls = sorted({c for c in found.cells if c in NULLS})
    told = [c for c in found.cells if c and c not in NULLS]
    found.distinct = set(told)
    if not told:
        return found
    found.number = _number(told)
    found.day, found.other_day = _day(told)
    found.people = _share(told, known.people)
    found.territories = _share(told, known.territories)
    found.metrics = _share(told, known.metrics)
    found.flags = {c.casefold() for c in found.distinct} <= _YES_NO
    return found


def _share(cells: Sequence[str], known: Container[str]) -> float:
    return len([c for c in cells if c in known]) / len(cells)


def _number(cells: Sequence[str]) -> str:
    for name, pattern in (("plain", _NUMBER), ("english", _ENGLISH), ("german", _GERMAN)):
        fits = [c for c in cells if pattern.fullmatch(c)]
        own = [c for c in cells if pattern.fullmatch(c) or _NUMBER.fullmatch(c)]
        if fits and len(own) >= MOST * len(cells):
            return name
    return ""


def _day(cells: Sequence[str]) -> tuple[str, str]:
    """The format that reads all cells as sensible days; and another that would too, where that is so. Of several the one
    whose days lie closest together is meant."""
    tried = list(dict.fromkeys(cells))[:60]
    fits: list[tuple[int, int, str]] = []
    for place, form in enumerate(d + t for d in DAYS for t in TIMES):
        days = _read(tried, form)
        if days:
            fits.append(((max(days) - min(days)).days, place, form))
    if not fits:
        return "", ""
    fits.sort(key=lambda f: (f[0] // 400, f[1], f[0]))
    best = fits[0][2]
    other = next((f for _s, _p, f in fits[1:] if _read(tried, f) != _read(tried, best)), "")
    return best, other


def _read(cells: Sequence[str], form: str) -> list[date]:
    days = []
    for cell in cells:
        try:
            day = datetime.strptime(cell, form).date()  # noqa: DTZ007 - a business day has no zone
        except ValueError:
            return []
        if not FIRST <= day <= LAST:
            return []
        days.append(day)
    return days
