"""The demo's time: its quarters, which days are worked, and how a quarter's trade spreads over its days."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FIRST = date(2024, 7, 1)
LAST = date(2026, 12, 31)
LINES_FROM = date(2025, 10, 1)
LIVE_FROM = date(2026, 10, 1)
SEEN_UNTIL = date(2026, 11, 25)  # what is in when the demo opens on 26 November at nine

SPRING_FESTIVAL = {2025: date(2025, 1, 29), 2026: date(2026, 2, 17)}
SEASON = {1: 1.05, 2: 0.95, 3: 0.96, 4: 1.09}
MONTHS = {1: (40, 24, 36), 2: (33, 34, 33), 3: (34, 33, 33), 4: (30, 30, 40)}
MONTHS_EARLY_FESTIVAL = (44, 21, 35)  # 2025: the festival's orders all fell into January
WEEKDAYS = (1.12, 1.02, 1.00, 0.97, 0.95, 0.80, 0.80)
REST_DAY, HOLIDAY, FESTIVAL_DAY = 0.14, 0.05, 0.01


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter, with its running number from the demo's first."""

    index: int
    year: int
    number: int
    start: date
    end: date

    @property
    def code(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def days(self) -> list[date]:
        return [self.start + timedelta(n) for n in range((self.end - self.start).days + 1)]

    @property
    def has_lines(self) -> bool:
        return self.start >= LINES_FROM

    @property
    def is_live(self) -> bool:
        return self.start >= LIVE_FROM

    @property
    def month_weights(self) -> tuple[int, int, int]:
        early = (self.year, self.number) == (2025, 1)
        return MONTHS_EARLY_FESTIVAL if early else MONTHS[self.number]


@cache
def quarters() -> tuple[Quarter, ...]:
    """2024Q3 … 2026Q4."""
    found: list[Quarter] = []
    start = FIRST
    while start <= LAST:
        following = date(start.year + start.month // 10, (start.month + 2) % 12 + 1, 1)
        found.append(Quarter(len(found), start.year, start.month // 3 + 1, start, following - timedelta(1)))
        start = following
    return tuple(found)


@cache
def is_workday(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


@cache
def workdays(quarter: Quarter) -> Flags:
    return np.array([is_workday(d) for d in quarter.days], dtype=np.bool_)


@cache
def trade_shares(quarter: Quarter) -> Floats:
    """The share of a quarter's trade on each of its days; sums to 1, months to the quarter's month weights."""
    raw = np.array([_weight(d) for d in quarter.days])
    months = np.array([(d.month - 1) % 3 for d in quarter.days])
    for month, weight in enumerate(quarter.month_weights):
        inside = months == month
        raw[inside] *= weight / 100 / raw[inside].sum()
    return raw


@cache
def plan_shares(quarter: Quarter) -> Floats:
    """The plan's share per day: month weights spread evenly over each month's working days."""
    worked = workdays(quarter).astype(np.float64)
    months = np.array([(d.month - 1) % 3 for d in quarter.days])
    for month, weight in enumerate(quarter.month_weights):
        inside = months == month
        worked[inside] *= weight / 100 / worked[inside].sum()
    return worked


def _weight(day: date) -> float:
    if is_workday(day):
        return WEEKDAYS[day.weekday()] * _near_festival(day) * (1.15 if _eve_of_holiday(day) else 1.0)
    if _festival_distance(day) in range(-2, 7):
        return FESTIVAL_DAY
    return HOLIDAY if chinese_calendar.is_holiday(day) and day.weekday() < 5 else REST_DAY


def _festival_distance(day: date) -> int:
    festival = SPRING_FESTIVAL.get(day.year)
    return (day - festival).days if festival else 999


def _near_festival(day: date) -> float:
    away = _festival_distance(day)
    if -24 <= away < -6:
        return 1.45  # shops fill their shelves
    if -6 <= away < 0:
        return 0.80
    if 0 <= away < 18:
        return 0.55  # and live on them afterwards
    return 1.0


def _eve_of_holiday(day: date) -> bool:
    ahead = [day + timedelta(n) for n in range(1, 4)]
    return any(d.weekday() < 5 and d.year < 2027 and not is_workday(d) for d in ahead)


def day_index(quarter: Quarter, day: date) -> int:
    """Position of a day in the quarter, clipped to its ends."""
    return min(max((day - quarter.start).days, 0), (quarter.end - quarter.start).days)
