"""The demo's order lines: a quarter's daily sales broken into lines, and what the planted causes do to them."""

from dataclasses import dataclass, fields

import numpy as np

from hangbiao.site.demo import places
from hangbiao.site.demo.causes import Cause
from hangbiao.site.demo.company import Company
from hangbiao.site.demo.days import Floats, Ints, Quarter, day_index, trade_shares, workdays
from hangbiao.site.demo.market import KEPT, RETURN_SIZE, RETURNED, Market, dice

LINES_AN_ORDER = 3
PER_GROUP = len(places.SKUS) // len(places.GROUPS)


@dataclass
class Lines:
    """One array per column, sorted by day and territory. `order` is the order's number within its day."""

    day: Ints  # index in the quarter
    territory: Ints
    order: Ints
    line: Ints
    outlet: Ints
    channel: Ints
    sku: Ints
    quantity: Ints
    net: Ints  # fen

    def __len__(self) -> int:
        return len(self.day)

    def where(self, keep: np.typing.NDArray[np.bool_]) -> "Lines":
        return Lines(**{f.name: getattr(self, f.name)[keep] for f in fields(self)})


def outlet_starts(market: Market) -> Ints:
    """The number of each territory's and channel's first customer; customers are numbered through."""
    flat = market.outlets.ravel()
    return (np.cumsum(flat) - flat).reshape(market.outlets.shape)


def lines_of(market: Market, company: Company, quarter: Quarter, causes: list[Cause], *, lines: int) -> Lines:
    """About `lines` order lines of one quarter, less what the causes took."""
    chance = dice(market.seed, "lines", quarter.index)
    sales = market.daily_sales(quarter, company) / KEPT
    counts = _counts(market, quarter, lines, chance)
    sales = _carried(sales, counts)
    per_day = counts.T.ravel()  # day-major
    cell = np.repeat(np.arange(len(per_day)), per_day)
    day, territory = np.divmod(cell, company.size)
    first = np.cumsum(per_day) - per_day
    place = np.arange(len(cell)) - first[cell]
    weight = np.exp(chance.normal(0, 0.6, len(cell)))
    net = sales.T.ravel()[cell] * weight / np.bincount(cell, weight, len(per_day))[cell]
    order = np.cumsum(place % LINES_AN_ORDER == 0) - 1  # a new one with every third line of a territory's day
    channel, outlet = _outlets(market, quarter, territory, order, chance)
    group = _pick(market.groups, territory, chance.random(len(cell)))
    sku = group * PER_GROUP + chance.integers(0, PER_GROUP, len(cell))
    net *= np.where(chance.random(len(cell)) < RETURNED, -RETURN_SIZE, 1.0)
    fate = chance.random(len(cell))
    keep = np.ones(len(cell), dtype=np.bool_)
    mix = market.channel_mix(quarter)
    for cause in causes:
        if cause.start > quarter.end or cause.end < quarter.start:
            continue
        hit = territory == cause.territory
        hit &= (day >= day_index(quarter, cause.start)) & (day <= day_index(quarter, cause.end))
        if cause.kind == "channel_closed":
            hit &= np.isin(channel, cause.scope)
            keep[hit & (fate < _part(cause, mix))] = False
        elif cause.kind == "stock_out":
            hit &= np.isin(group, cause.scope)
            keep[hit & (fate < _part(cause, market.groups))] = False
        elif cause.kind == "competitor_price":
            net[hit & np.isin(group, cause.scope)] *= 1 - _part(cause, market.groups)
        else:
            keep[hit & (fate < cause.strength)] = False
    number = _renumbered(day, order)
    whole = np.rint(net).astype(np.int64)
    price = np.array(places.LIST_PRICES)[sku]
    quantity = (np.maximum(1, np.ceil(np.abs(net) / (price * 0.95))) * np.sign(net)).astype(np.int64)
    made = Lines(day, territory, number, place % LINES_AN_ORDER + 1, outlet, channel, sku, quantity, whole)
    return made.where(keep & (whole != 0))


def _counts(market: Market, quarter: Quarter, lines: int, chance: np.random.Generator) -> Ints:
    """Territory × day: how many lines. On working days at least one."""
    expected = market.expected(quarter)
    size = 0.5 / len(expected) + 0.5 * expected / expected.sum()
    mean = lines * size[:, None] * trade_shares(quarter)[None, :]
    counts = chance.poisson(mean)
    least: Ints = np.maximum(counts, workdays(quarter).astype(np.int64)[None, :])
    return least


def _carried(sales: Floats, counts: Ints) -> Floats:
    """A day without a line hands its sales to the next day that has one."""
    carried, waiting = sales.copy(), np.zeros(len(sales))
    for day in range(sales.shape[1]):
        total = carried[:, day] + waiting
        empty = counts[:, day] == 0
        waiting = np.where(empty, total, 0.0)
        carried[:, day] = np.where(empty, 0.0, total)
    return carried


def _renumbered(day: Ints, order: Ints) -> Ints:
    """Order numbers that start at 1 every day."""
    days, first = np.unique(day, return_index=True)
    base = np.zeros(int(day.max()) + 1, dtype=np.int64)
    base[days] = order[first]
    return order - base[day] + 1


def _outlets(
    market: Market, quarter: Quarter, territory: Ints, order: Ints, chance: np.random.Generator
) -> tuple[Ints, Ints]:
    """Every order belongs to one outlet, and through it to a channel."""
    _numbers, first = np.unique(order, return_index=True)
    of_order = territory[first]
    channel = _pick(market.channel_mix(quarter), of_order, chance.random(len(first)))
    many = market.outlets[of_order, channel]
    outlet = outlet_starts(market)[of_order, channel] + (chance.random(len(first)) * many).astype(np.int64)
    return channel[order], outlet[order]


def _pick(shares: Floats, territory: Ints, throw: Floats) -> Ints:
    """One column per row of `territory`, with that territory's shares as chances."""
    borders = np.cumsum(shares, axis=1)[:, :-1]
    picked = np.zeros(len(throw), dtype=np.int64)
    for column in range(borders.shape[1]):
        picked += throw > borders[territory, column]
    return picked


def _part(cause: Cause, shares: Floats) -> float:
    """Which part of the scope's trade must go so that `strength` of the whole goes."""
    return min(1.0, cause.strength / float(shares[cause.territory, list(cause.scope)].sum()))
