"""A seeded sales force for checking estimates: seasons, growth, weather shared by all, noise, and planted shocks."""

from dataclasses import dataclass, replace

import numpy as np

from hangbiao.core.estimates.basetarget import base_forecast
from hangbiao.core.estimates.holidays import relay, shifted
from hangbiao.core.estimates.peers import Bools, Floats, Ints
from hangbiao.core.estimates.projection import Snapshot, peer_curve, share_at

DAYS = 62
WORKED = np.ones(DAYS, dtype=bool)


@dataclass(frozen=True)
class Force:
    daily: Floats  # [units, quarters, days]
    region: Ints
    kind: Ints
    target: Floats  # of the last quarter, made on what would have come without shocks

    @property
    def quarterly(self) -> Floats:
        return self.daily.sum(axis=2)


def sales_force(
    seed: int, units: int = 300, quarters: int = 10, shocked: float = 0.12, noise: float = 0.35
) -> Force:
    """One in eight units and quarters loses 30–80 % from a random day on, until the quarter's end."""
    chance = np.random.default_rng(seed)
    region, kind = chance.integers(0, 18, units), chance.integers(0, 3, units)
    level = chance.lognormal(0, 0.6, units) * 1000
    growth = 0.01 * chance.normal(1, 1, 18)[region] + chance.normal(0, 0.008, units)
    season = np.exp(chance.normal(0, 0.10, (3, 4)))[kind]
    quarter = np.arange(quarters)
    weather = np.exp(chance.normal(0, 0.02, (quarters,)) + chance.normal(0, 0.015, (18, quarters))[region])
    drift = np.exp(np.cumsum(chance.normal(0, 0.03, (units, quarters)), axis=1))
    whole = level[:, None] * np.exp(growth[:, None] * quarter) * season[:, quarter % 4] * weather * drift
    shape = np.linspace(0.8, 1.2, DAYS) ** chance.normal(1.5, 0.7, (3, 4))[kind][:, quarter % 4][:, :, None]
    shape = shape * np.exp(chance.normal(0, 0.05, (1, quarters, DAYS)))
    shape = shape / shape.sum(axis=2, keepdims=True)
    rough = noise * np.exp(chance.normal(0, 0.4, units))[:, None, None]
    jitter = np.exp(chance.normal(0, 1, (units, quarters, DAYS)) * rough - rough**2 / 2)
    healthy = whole[:, :, None] * shape * jitter
    hit = chance.random((units, quarters)) < shocked
    start = chance.integers(0, DAYS, (units, quarters))
    loss = chance.uniform(0.3, 0.8, (units, quarters))
    after = np.arange(DAYS)[None, None, :] >= start[:, :, None]
    daily = np.where(after & hit[:, :, None], healthy * (1 - loss[:, :, None]), healthy)
    return Force(daily, region, kind, whole[:, -1])


def seen_at(force: Force, quarter: int, done: int) -> Snapshot:
    """A quarter after `done` working days, with the prior and last year's curve as they were known at its start."""
    groups = force.kind * 100 + force.region % 3
    prior = base_forecast(force.quarterly[:, :quarter], (force.region, force.kind)).point
    curve = peer_curve(force.daily[:, quarter - 4], WORKED, groups)
    share, back = share_at(curve, done, DAYS), max(done - 20, 0)
    today = force.daily[:, quarter, :done]
    return Snapshot(
        today.sum(axis=1), share, prior, today[:, back:].sum(axis=1), share - share_at(curve, back, DAYS)
    )


FESTIVAL_FIRST_YEAR, FESTIVAL_SECOND_YEAR, FESTIVAL_REST = 19, 32, 8
FESTIVE = (2, 6)  # the quarters of the force that hold it


def festive(force: Force) -> Force:
    """The same sales force with a festival in one quarter of each year that moves by 13 working days: shops stock up for
    twelve days before it and live on that for nine. What a quarter sells stays as it is."""
    daily = force.daily.copy()
    for quarter, begins in zip(FESTIVE, (FESTIVAL_FIRST_YEAR, FESTIVAL_SECOND_YEAR), strict=True):
        away = np.arange(DAYS) - begins
        pull = np.where((away >= -12) & (away < 0), 1.6, np.where((away >= 0) & (away < 9), 0.5, 1.0))
        daily[:, quarter] *= pull / pull.mean()
    return Force(daily, force.region, force.kind, force.target)


def days_of(quarter: int) -> Bools:
    """Which calendar days of a festive force's quarter are worked."""
    begins = dict(zip(FESTIVE, (FESTIVAL_FIRST_YEAR, FESTIVAL_SECOND_YEAR), strict=True)).get(quarter, DAYS)
    rest = FESTIVAL_REST if quarter in FESTIVE else 0
    return np.array([True] * begins + [False] * rest + [True] * (DAYS - begins))


def laid_at(force: Force, quarter: int, done: int) -> Snapshot:
    """The same view of a festive force, with last year's quarter laid around this year's festival."""
    seen = seen_at(force, quarter, done)
    sold = force.daily[:, quarter - 4].sum(axis=0)
    relaid = relay(sold, days_of(quarter - 4), days_of(quarter))
    if relaid is None or seen.trailing_share is None:
        return seen
    back = max(done - 20, 0)
    share = shifted(seen.share, relaid.shift(done))
    before = shifted(seen.share - seen.trailing_share, relaid.shift(back))
    return replace(seen, share=share, trailing_share=share - before, doubt=np.full(len(share), relaid.doubt))
