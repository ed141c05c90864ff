"""The planted causes: why some territories of the demo company fall behind. Only these make its lights leave green.

A cause takes `strength` of a territory's trade from `start` to `end`. How it shows in the lines follows from its kind:
a closed channel's lines are gone, a short product group's lines are gone, a cheaper competitor shrinks the quantities of
product groups, and fewer visits bring fewer orders.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from hangbiao.site.demo import places
from hangbiao.site.demo.company import Company
from hangbiao.site.demo.days import (
    SEEN_UNTIL,
    Floats,
    Quarter,
    day_index,
    plan_shares,
    quarters,
    trade_shares,
)
from hangbiao.site.demo.market import Market, dice

KINDS = ("channel_closed", "competitor_price", "stock_out", "fewer_visits")
WEIGHTS = (0.26, 0.26, 0.20, 0.28)
STRONGEST = 0.86
# The share of the plan that is meant to be there on 25 November, in earlier quarters at their end.
REACHED = {"red": (0.26, 0.462), "yellow": (0.54, 0.655), "missed": (0.38, 0.64), "dented": (0.76, 0.9)}
LATE_FROM, LATE_UNTIL, LATE_ARRIVES = date(2026, 11, 21), date(2026, 11, 26), date(2026, 11, 27)


@dataclass(frozen=True, slots=True)
class Cause:
    """`scope` names the channel or the product groups (by index) that the loss falls upon."""

    kind: str
    territory: int
    start: date
    end: date
    strength: float
    meant: str
    scope: tuple[int, ...] = ()

    def told(self, company: Company) -> dict[str, Any]:
        """The cause as the truth file tells it."""
        told = {k: v for k, v in asdict(self).items() if k not in {"scope", "territory"}}
        names = places.CHANNELS if self.kind == "channel_closed" else places.GROUPS
        metrics = ["sales", "visits", "new_outlets"] if self.kind == "fewer_visits" else ["sales"]
        return told | {
            "territory": company.territory(self.territory),
            "person": company.rep(self.territory, self.start),
            "region": places.REGIONS[company.region_of[self.territory]].name,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "strength": round(self.strength, 4),
            "scope": [names[i] for i in self.scope],
            "metrics": metrics,
        }


def left_of_trade(causes: list[Cause], quarter: Quarter, size: int) -> Floats:
    """Territory × day: the part of the trade that the causes leave, for figures that know no lines."""
    left = np.ones((size, len(quarter.days)))
    for cause in causes:
        if cause.start <= quarter.end and cause.end >= quarter.start:
            span = slice(day_index(quarter, cause.start), day_index(quarter, cause.end) + 1)
            left[cause.territory, span] *= 1 - cause.strength
    return left


def plant(company: Company, market: Market, seed: int, *, reps: int) -> list[Cause]:
    """Causes for the four quarters with lines and the current one. Reshapes the market's mixes to fit them."""
    planted: list[Cause] = []
    for quarter in quarters():
        if quarter.has_lines:
            chance = dice(seed, "causes", quarter.index)
            plan = _current(reps) if quarter.is_live else _earlier(reps)
            taken = _places(company, chance, sum(n for _, n in plan), quarter)
            for meant, count in plan:
                for _ in range(min(count, len(taken))):
                    planted.append(_cause(taken.pop(0), meant, quarter, chance))
    return [_shaped(cause, market, seed) for cause in planted]


def _current(reps: int) -> list[tuple[str, int]]:
    meant = {"red": 0.132, "yellow": 0.162, "recovered": 0.02, "coming": 0.03}
    return [(name, max(1, round(reps * share))) for name, share in meant.items()]


def _earlier(reps: int) -> list[tuple[str, int]]:
    return [("missed", max(1, round(reps * 0.09))), ("dented", max(1, round(reps * 0.03)))]


def _places(company: Company, chance: np.random.Generator, count: int, quarter: Quarter) -> list[int]:
    """Territories to plant in: clustered in the hot regions of the current quarter, milder before."""
    heat = np.array([places.REGIONS[r].heat for r in company.region_of])
    if not quarter.is_live:
        heat = np.sqrt(heat + 0.5)
    heat[list(company.special)] = 0
    count = min(count, int((heat > 0).sum()))
    return [int(i) for i in chance.choice(company.size, count, replace=False, p=heat / heat.sum())]


def _cause(territory: int, meant: str, quarter: Quarter, chance: np.random.Generator) -> Cause:
    kind = str(chance.choice(KINDS, p=WEIGHTS))
    end = quarter.end
    if meant == "recovered":
        kind, start, end = "stock_out", quarter.start, quarter.start + timedelta(29)
        return Cause(kind, territory, start, end, float(chance.uniform(0.42, 0.47)), meant)
    if meant == "coming":
        start = quarter.start + timedelta(int(chance.integers(40, 50)))
        return Cause(kind, territory, start, end, float(chance.uniform(0.6, 0.8)), meant)
    seen = SEEN_UNTIL if quarter.is_live else quarter.end
    reached = float(chance.uniform(*REACHED[meant]))
    starts = [quarter.start + timedelta(int(n)) for n in chance.integers(-24, 42, 40)]
    found = [(s, _strength(quarter, s, seen, reached)) for s in starts]
    able = [pair for pair in found if 0.08 <= pair[1] <= STRONGEST] or found[:1]
    start, strength = max(able[:2]) if quarter.is_live else able[0]
    return Cause(kind, territory, start, end, min(strength, STRONGEST), meant)


def _strength(quarter: Quarter, start: date, seen: date, reached: float) -> float:
    """How much must be lost from `start` on, so that `reached` of the plan is there on `seen`."""
    trade, plan = np.cumsum(trade_shares(quarter)), np.cumsum(plan_shares(quarter))
    until = day_index(quarter, seen)
    before = float(trade[day_index(quarter, start) - 1]) if start > quarter.start else 0.0
    usual = 1.01
    wanted = reached * float(plan[until]) / usual
    return 1 - (wanted - before) / (float(trade[until]) - before)


def _shaped(cause: Cause, market: Market, seed: int) -> Cause:
    """Give the cause its channel or product groups, and the territory enough trade there to lose."""
    if cause.kind == "fewer_visits":
        return cause
    chance = dice(seed, "shape", cause.territory)
    table = market.channels if cause.kind == "channel_closed" else market.groups
    order = np.argsort(-table[cause.territory])
    many = 1 if cause.kind == "channel_closed" else 1 + int(cause.strength > 0.45)
    scope = tuple(int(i) for i in order[:many])
    least = min(0.97, cause.strength / chance.uniform(0.93, 0.98))
    row = table[cause.territory]
    held = float(row[list(scope)].sum())
    if held < least:
        others = np.ones(len(row), dtype=np.bool_)
        others[list(scope)] = False
        row[list(scope)] *= least / held
        row[others] *= (1 - least) / (1 - held)
    return replace(cause, scope=scope)
