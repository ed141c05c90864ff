"""The demo's dual-track targets: from what a territory would do undisturbed, with a little error and nothing else."""

from dataclasses import dataclass

import numpy as np

from hangbiao.site.demo import places
from hangbiao.site.demo.company import FORMER_LEFT, Company
from hangbiao.site.demo.days import Quarter, workdays
from hangbiao.site.demo.market import VISITS_KEPT, Market, dice

USUAL = 1.01  # undisturbed trade comes to this much of base


@dataclass(frozen=True, slots=True)
class Aim:
    metric: str
    territory: int
    base: int  # yuan, or a count
    stretch: int
    phasing: str


def aims_of(market: Market, company: Company, quarter: Quarter) -> list[Aim]:
    """Every territory's targets of a quarter. A territory that stands vacant has no visits and openings to aim at."""
    chance = dice(market.seed, "aims", quarter.index)
    error = chance.normal(1, 0.011, company.size)
    sales = np.rint(market.expected(quarter) / USUAL * error / 100_000).astype(int) * 1000
    visits = np.rint(market.visits * int(workdays(quarter).sum()) * VISITS_KEPT / USUAL).astype(int)
    months = "months:" + "/".join(str(w) for w in quarter.month_weights)
    aims = []
    for n in range(company.size):
        stretch = places.REGIONS[company.region_of[n]].stretch
        base = int(sales[n])
        aims.append(Aim("销售额", n, base, _raised(base, stretch, 1000), months))
        if n == company.vacant and quarter.start > FORMER_LEFT:
            continue
        for metric, base in (("客户拜访", int(visits[n])), ("新增网点", int(market.openings[n]))):
            aims.append(Aim(metric, n, base, _raised(base, stretch, 1), "even"))
    return aims


def _raised(base: int, factor: float, step: int) -> int:
    """`base` times the factor, rounded up to whole steps."""
    return -(-int(base * factor) // step) * step
