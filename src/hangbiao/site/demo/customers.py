"""The demo's outlets: customers served, prospects nearby, and the new ones that open day by day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from hangbiao.site.demo import places
from hangbiao.site.demo.causes import Cause
from hangbiao.site.demo.company import Company
from hangbiao.site.demo.days import Quarter, quarters
from hangbiao.site.demo.market import Market, dice, openings_of
from hangbiao.site.demo.visits import at_work

PROSPECTS = 10
HEADER = ("网点", "名称", "建档日", "纬度", "经度", "片区", "渠道", "类别", "免打扰")
SHOPS = ("便民", "鲜客", "万家", "惠邻", "四季", "好邻", "乐购", "百味", "家和", "春晓")


@dataclass
class Openings:
    """Per quarter code: (day index, territory) of every outlet opened, in order."""

    by_quarter: dict[str, list[tuple[int, int]]]

    def of(self, quarter: Quarter) -> list[tuple[int, int]]:
        return self.by_quarter[quarter.code]


def openings(market: Market, company: Company, causes: list[Cause]) -> Openings:
    """Outlets open only where somebody works, and less where visits fall away."""
    kept: dict[str, list[tuple[int, int]]] = {}
    for quarter in quarters():
        chance = dice(market.seed, "openings kept", quarter.index)
        staffed = at_work(company, quarter)
        present = [c for c in causes if c.start <= quarter.end and c.end >= quarter.start]
        fewer = {c.territory: c for c in present if c.kind == "fewer_visits"}
        rows = []
        for territory, days in enumerate(openings_of(market, quarter)):
            throws = chance.random(len(days))
            cause = fewer.get(territory)
            for day, throw in zip(days, throws, strict=True):
                on = quarter.start + timedelta(day)
                lost = cause is not None and cause.start <= on <= cause.end and throw < cause.strength
                if staffed[territory, day] and not lost:
                    rows.append((day, territory))
        kept[quarter.code] = sorted(rows)
    return Openings(kept)


def outlet_rows(market: Market, company: Company, opened: Openings) -> dict[date | None, list[str]]:
    """Lines of the outlet files by the day they were entered; None: served before the first line of the demo."""
    chance = dice(market.seed, "outlets")
    where = _Map(company, chance)
    lines: dict[date | None, list[str]] = defaultdict(list)
    number = 0
    for territory in range(company.size):
        for channel, many in enumerate(market.outlets[territory]):
            for _ in range(int(many)):
                lines[None].append(where.line(number, territory, channel, None, "客户"))
                number += 1
    for territory in range(company.size):
        for _ in range(PROSPECTS):
            lines[None].append(where.line(number, territory, int(chance.integers(0, 5)), None, "潜在客户"))
            number += 1
    for quarter in quarters():
        for day, territory in opened.of(quarter) if quarter.has_lines else []:
            on = quarter.start + timedelta(day)
            lines[on].append(where.line(number, territory, int(chance.integers(0, 5)), on, "客户"))
            number += 1
    return lines


class _Map:
    """Places every territory around its region and every outlet around its territory (GCJ-02, invented)."""

    def __init__(self, company: Company, chance: np.random.Generator) -> None:
        self.company, self.chance = company, chance
        regions = [places.REGIONS[r] for r in company.region_of]
        self.middle = [(r.lat + chance.normal(0, 0.22), r.lng + chance.normal(0, 0.26)) for r in regions]

    def line(self, number: int, territory: int, channel: int, opened: date | None, kind: str) -> str:
        lat, lng = self.middle[territory]
        a, b, shun = self.chance.normal(0, 0.035), self.chance.normal(0, 0.04), self.chance.random() < 0.03
        name = f"{SHOPS[number % 10]}{places.CHANNELS[channel][:2]}店{number:05d}（演示）"
        told = [f"O{number:06d}", name, str(opened or ""), f"{lat + a:.5f}", f"{lng + b:.5f}"]
        return ",".join(
            [*told, self.company.territory(territory), places.CHANNELS[channel], kind, "是" if shun else "否"]
        )
