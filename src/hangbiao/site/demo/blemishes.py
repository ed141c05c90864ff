"""What real files have and a generator would not: a correction, a late line, a twin, and a few rows that cannot be read.

Each is put into a day's file of the current quarter after its lines are made; truth.json lists them.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

CORRECTED, CORRECTION = date(2026, 11, 5), date(2026, 11, 9)
LATE_LINE, LATE_LINE_ARRIVES = date(2026, 11, 10), date(2026, 11, 18)
TWIN = date(2026, 11, 12)

ORDER, LINE, DAY, OUTLET, CHANNEL, SKU, GROUP, QUANTITY, PRICE, NET, REP, TERRITORY = range(12)

# day of the file → column and the text that stands there instead
BROKEN: dict[date, tuple[int, str]] = {
    date(2026, 10, 12): (TERRITORY, "T999"),
    date(2026, 10, 15): (NET, "12o.50"),
    date(2026, 10, 20): (DAY, "2026-13-05"),
    date(2026, 10, 27): (NET, "NaN"),
    date(2026, 11, 3): (REP, "P999"),
    date(2026, 11, 6): (ORDER, ""),
    date(2026, 11, 11): (NET, "1e999"),
    date(2026, 11, 16): (DAY, "2027-01-05"),
    date(2026, 11, 19): (NET, "105.125"),
    date(2026, 11, 24): (QUANTITY, "一箱"),
}


class Blemishes:
    """Remembers what it did; holds back the late line and the right version of the corrected one."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.waiting: dict[date, list[str]] = {}
        self.broken = 0

    def touch(self, day: date, lines: list[str]) -> list[str]:
        """A day's lines as its file will hold them."""
        if len(lines) < 4:
            return lines + self.waiting.pop(day, [])
        lines = list(lines)
        if day == CORRECTED:
            self._mistake(day, lines)
        if day == LATE_LINE:
            line = lines.pop(len(lines) // 3)
            self.waiting[LATE_LINE_ARRIVES] = [line]
            self._tell("late_line", day, line, arrives=LATE_LINE_ARRIVES)
        if day == TWIN:
            self._twin(day, lines)
        if day in BROKEN:
            column, text = BROKEN[day]
            broken = _with(lines[-1], column, lambda _old: text)
            if column != ORDER:
                broken = _with(broken, ORDER, lambda old: str(int(old) + 40_000))
            lines.append(broken)
            self.broken += 1
            self._tell("broken_row", day, broken)
        return lines + self.waiting.pop(day, [])

    def _mistake(self, day: date, lines: list[str]) -> None:
        """A decimal point too far right, put right four days later under the same key."""
        place = len(lines) // 2
        right = lines[place]
        lines[place] = _with(right, NET, lambda old: f"{float(old) * 10:.2f}")
        self.waiting[CORRECTION] = [right]
        self._tell("correction", day, lines[place], arrives=CORRECTION, right=right.split(",")[NET])

    def _twin(self, day: date, lines: list[str]) -> None:
        place = len(lines) // 4
        twin = _with(lines[place], ORDER, lambda old: str(int(old) + 50_000))
        lines.append(twin)
        self._tell("suspected_duplicate", day, twin)

    def _tell(self, kind: str, day: date, line: str, **more: object) -> None:
        cells = line.split(",")
        told = {"kind": kind, "day": str(day), "order": cells[ORDER], "line": cells[LINE], "net": cells[NET]}
        self.told.append(told | {k: str(v) for k, v in more.items()})


def _with(line: str, column: int, change: Callable[[str], str]) -> str:
    cells = line.split(",")
    cells[column] = change(cells[column])
    return ",".join(cells)
