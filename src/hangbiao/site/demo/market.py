"""What the demo's territories would sell if nothing happened to them: level, growth, channels, seasons, chance."""

import zlib
from dataclasses import dataclass

import numpy as np

from hangbiao.site.demo import places
from hangbiao.site.demo.company import Company
from hangbiao.site.demo.days import SEASON, Floats, Ints, Quarter, quarters, trade_shares, workdays

RETURNED, RETURN_SIZE = 0.008, 0.5  # share of lines that come back, and their size
KEPT = 1 - RETURNED * (1 + RETURN_SIZE)
LEVEL = 80_000_000  # fen a quarter: 800 000 yuan
VISITS_KEPT = 0.955
QUARTERS_FROM_HERE = len(quarters()) - 1


def dice(seed: int, name: str, index: int = 0) -> np.random.Generator:
    """A stream of chance of its own for every purpose, so that planting causes does not move anything else."""
    return np.random.default_rng([seed, zlib.crc32(name.encode()), index])


@dataclass
class Market:
    """Per territory. Causes may reshape `channels` and `groups` (their shares today), never the level."""

    level: Floats  # fen a quarter at the demo's first quarter, season taken out
    growth: Floats  # a year, logarithm, the channels' growth included
    channels: Floats  # territory × channel, shares of trade in the current quarter
    groups: Floats  # territory × product group
    visits: Ints  # planned a working day
    openings: Ints  # outlets opened a quarter
    outlets: Ints  # territory × channel: customers served
    seed: int

    def channel_mix(self, quarter: Quarter) -> Floats:
        """Shares by channel: traditional retail shrinks, group buying grows."""
        back = (quarter.index - QUARTERS_FROM_HERE) / 4
        mix = self.channels * np.exp(np.array(places.CHANNEL_GROWTH) * back)
        shares: Floats = mix / mix.sum(axis=1, keepdims=True)
        return shares

    def expected(self, quarter: Quarter) -> Floats:
        """A quarter's net sales in fen, before any chance."""
        years = quarter.index / 4
        expected: Floats = self.level * np.exp(self.growth * years) * SEASON[quarter.number]
        return expected

    def daily_sales(self, quarter: Quarter, company: Company) -> Floats:
        """Territory × day in fen, net of returns, without planted causes."""
        chance = dice(self.seed, "sales", quarter.index)
        regions = np.array(company.region_of)
        size, days = company.size, len(quarter.days)
        common = np.exp(chance.normal(0, 0.015, len(places.REGIONS)))[regions]
        own = np.exp(chance.normal(0, 0.010, size))
        weather = np.exp(chance.normal(0, 0.05, (len(places.REGIONS), days)))[regions]
        daily = np.exp(chance.normal(0, 0.15, (size, days)) - 0.0113)
        whole = self.expected(quarter) * common * own
        sales: Floats = whole[:, None] * trade_shares(quarter)[None, :] * weather * daily
        return sales


def found_market(company: Company, seed: int) -> Market:
    """Draw every territory's traits."""
    chance = dice(seed, "market")
    size = company.size
    channels = chance.dirichlet((6.0, 3.0, 4.0, 3.0, 2.0), size) + 0.02
    channels /= channels.sum(axis=1, keepdims=True)
    groups = chance.dirichlet((5.0, 4.0, 4.0, 2.5, 3.0, 2.0), size) + 0.02
    groups /= groups.sum(axis=1, keepdims=True)
    level = LEVEL * np.exp(chance.normal(0, 0.28, size))
    return Market(
        level=level,
        growth=channels @ np.array(places.CHANNEL_GROWTH) + chance.normal(0.07, 0.13, size),
        channels=channels,
        groups=groups,
        visits=chance.integers(3, 6, size),
        openings=chance.integers(17, 29, size),
        outlets=np.maximum(2, np.rint(channels * 34 * (level / LEVEL)[:, None] ** 0.5)).astype(np.int64),
        seed=seed,
    )


def openings_of(market: Market, quarter: Quarter) -> list[list[int]]:
    """Per territory, the days (as index in the quarter) on which outlets open: spread evenly over the working days."""
    chance = dice(market.seed, "openings", quarter.index)
    worked = np.flatnonzero(workdays(quarter))
    counts = np.rint(market.openings * chance.normal(1.02, 0.02, len(market.openings))).astype(int)
    days = []
    for count in counts:
        at = (np.arange(count) + chance.random(count) * 0.5) / count * len(worked)
        days.append([int(worked[min(int(x), len(worked) - 1)]) for x in at])
    return days
