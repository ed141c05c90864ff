"""What a column holds, from its first cells: days and how they are written, numbers and how, codes that are known."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from hangbiao.rooms.actuals.frames import Known

NULLS = ("NULL", "null", "N/A", "n/a", "NA", "#N/A", "None", "-", "--", "\\N", "无", "空")
MOST = 0.6  # of a column's cells decide what it holds
DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y",
    "%d-%m-%y", "%d/%m/%y", "%m/%d/%y", "%d %b %Y", "%b %d %Y",
)  # fmt: skip
TIMES = ("", " %H:%M:%S", " %H:%M:%S.%f", " %H:%M", "T%H:%M:%S", " %I:%M%p")
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
_NUMBER = re.compile(r"[+\-\u2212]?[0-9]+(?:\.[0-9]+)?")
_ENGLISH = re.compile(r"[+\-\u2212]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_GERMAN = re.compile(r"[+\-\u2212]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[+\-\u2212]?[0-9]+,[0-9]+")
_WHOLE = re.compile(r"[+\-\u2212]?[0-9]+")
WRITTEN = {"plain": (_NUMBER,), "english": (_ENGLISH, _NUMBER), "german": (_GERMAN, _WHOLE)}
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
    """How most cells are written as numbers; the few that are not are for somebody to mend, not a reason to give up."""
    best, most = "", MOST * len(cells)
    for name, patterns in WRITTEN.items():
        fits = [c for c in cells if any(p.fullmatch(c) for p in patterns)]
        own = name == "plain" or any(patterns[0].fullmatch(c) for c in fits)
        if own and len(fits) >= most and (best == "" or len(fits) > most):
            best, most = name, len(fits)
    return best


def _day(cells: Sequence[str]) -> tuple[str, str]:
    """The format that reads most cells as sensible days, and another that reads as many, where there is one. Of several the
    one whose days lie closest together is meant."""
    tried = list(dict.fromkeys(cells))[:60]
    fits: list[tuple[int, int, int, str]] = []
    for place, form in enumerate(d + t for d in DAYS for t in TIMES):
        days = _read(tried, form)
        if len(days) >= MOST * len(tried):
            fits.append((-len(days), (max(days) - min(days)).days // 400, place, form))
    if not fits:
        return "", ""
    fits.sort()
    best = fits[0][3]
    other = next((f[3] for f in fits[1:] if f[0] == fits[0][0] and _read(tried, f[3]) != _read(tried, best)), "")
    return best, other


def _read(cells: Sequence[str], form: str) -> list[date]:
    days = []
    for cell in cells:
        try:
            day = datetime.strptime(cell, form).date()  # noqa: DTZ007 - a business day has no zone
        except ValueError:
            continue
        if FIRST <= day <= LAST:
            days.append(day)
    return days
