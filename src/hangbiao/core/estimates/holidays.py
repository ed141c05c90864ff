"""A long holiday that moves against the working-day index takes the weeks around it along. Page: docs/rules/projection.md.

What is known is the working-day table alone, as flags per calendar day of two periods a year apart: which days rest says
where the long holiday lies; nothing here knows its name or date.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hangbiao.core.estimates.peers import Bools, Floats, Ints

LONG = 5  # rest days in a row that no weekend and no bridge day make
MOVED = 5  # working days, a week: what moves less only follows the weekdays
AROUND = 15  # working days on either side, three weeks: stocking up before, living on it afterwards
_FEWEST = 10  # ordinary days; a slope of fewer says more about those few
_LEAST = 0.25  # of the mean: an ordinary day is never nothing


@dataclass(frozen=True)
class Relaid:
    """Last year's cumulative share after every working day of this year's period, 0 first: by the working-day index
    (`plain`), and with the weeks around the holiday where they fall this year (`laid`)."""

    plain: Floats
    laid: Floats

    def shift(self, done: int) -> float:
        """What the move adds to the log-odds of the share after `done` working days; nothing at both ends."""
        plain, laid = self.plain[done], self.laid[done]
        if not (0 < plain < 1 and 0 < laid < 1):
            return 0.0
        return float(np.log(laid / (1 - laid)) - np.log(plain / (1 - plain)))

    @cached_property
    def doubt(self) -> float:
        """How far a share read from it may be off: half of what the move changes, over the whole period."""
        return float(np.sqrt(np.mean((self.laid - self.plain) ** 2)) / 2)


def holiday_after(is_work: Bools) -> int | None:
    """After how many working days the period's one long holiday comes; None where there is none, or more than one."""
    borders = np.concatenate([[-1], np.flatnonzero(is_work), [len(is_work)]])
    long = np.flatnonzero(np.diff(borders) > LONG)
    return int(long[0]) if len(long) == 1 else None


def has_moved(last_year: Bools, this_year: Bools) -> bool:
    """Whether both periods hold one long holiday, more than a working week apart on the working-day index."""
    before, now = holiday_after(last_year), holiday_after(this_year)
    return before is not None and now is not None and abs(before - now) > MOVED


def relay(sold: Floats, last_year: Bools, this_year: Bools) -> Relaid | None:
    """Lay last year's period, `sold` by working day, on this year's calendar; None where no holiday moved.

    A day near the holiday is what an ordinary day of its place in the period would be, times what the holiday makes of
    a day at this distance. Both are read from last year: ordinary days from those farther away (and, where the holiday
    was, from the straight line through them), the holiday's part from the days near it against that line.
    """
    then, now = len(sold), int(this_year.sum())
    whole = float(sold.sum())
    if whole <= 0 or not now or not has_moved(last_year, this_year):
        return None
    was, comes = holiday_after(last_year) or 0, holiday_after(this_year) or 0
    line = _ordinary(sold, ~_near(then, was))
    place = np.arange(now)
    same = np.minimum((place + 0.5) * then / now, then - 1).astype(np.int64)
    twin = place - comes + was
    told = _near(now, comes) & (twin >= 0) & (twin < then)
    daily = np.where(_near(then, was), line, sold)[same]
    daily[told] *= (sold / line)[twin[told]]
    plain = np.concatenate([[0.0], np.cumsum(sold)])[[round(k * then / now) for k in range(now + 1)]] / whole
    laid = np.concatenate([[0.0], np.cumsum(daily)]) / daily.sum() if daily.sum() > 0 else plain
    return Relaid(np.clip(plain, 0.0, 1.0), np.clip(laid, 0.0, 1.0))


def shifted(share: Floats, by: float) -> Floats:
    """Shares with their log-odds moved, so that every peer group keeps its own shape; 0 and 1 stay."""
    raised = share * np.exp(by)
    return np.asarray(raised / (1 - share + raised), dtype=np.float64)


def by_working_day(daily: Floats, is_work: Bools) -> Floats:
    """Calendar days as working days: a rest day's sales belong to the next working day, those after the last to it."""
    number: Ints = np.cumsum(is_work) - is_work
    count = int(is_work.sum())
    sums = np.bincount(np.minimum(number, max(count - 1, 0)), weights=daily, minlength=count)
    return np.asarray(sums[:count], dtype=np.float64)


def _near(days: int, holiday: int) -> Bools:
    """Which working days lie within three working weeks of the holiday."""
    distance = np.arange(days) - holiday
    return np.asarray((distance >= -AROUND) & (distance < AROUND))


def _ordinary(sold: Floats, far: Bools) -> Floats:
    """What ordinary days bring, along the period: the line of median slope (Theil and Sen) through the days far from the
    holiday, so that a busy month's end does not bend it. From too few of them, one height for all."""
    least = _LEAST * float(sold.mean())
    day, value = np.flatnonzero(far), sold[far]
    if len(day) < _FEWEST:
        return np.full(len(sold), max(float(np.median(value)) if len(day) else float(sold.mean()), least))
    one, other = np.triu_indices(len(day), 1)
    slope = np.median((value[other] - value[one]) / (day[other] - day[one]))
    height = np.median(value - slope * day)
    return np.asarray(np.maximum(height + slope * np.arange(len(sold)), least), dtype=np.float64)
