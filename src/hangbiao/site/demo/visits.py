"""The demo's visits: planned by route on every working day of a rep, done or not, fewer where a cause says so."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from hangbiao.site.demo.causes import Cause
from hangbiao.site.demo.company import SICK, Company
from hangbiao.site.demo.days import Flags, Floats, Ints, Quarter, day_index, workdays
from hangbiao.site.demo.market import VISITS_KEPT, Market, dice
from hangbiao.site.demo.orders import outlet_starts


@dataclass
class Visits:
    """One row per planned visit, sorted by day and territory."""

    day: Ints
    territory: Ints
    place: Ints  # first, second, … visit of the day
    outlet: Ints
    done: Flags


def visits_of(market: Market, company: Company, quarter: Quarter, causes: list[Cause]) -> Visits:
    """All planned visits of a quarter, and which of them took place."""
    chance = dice(market.seed, "visits", quarter.index)
    days, most = len(quarter.days), int(market.visits.max())
    place = np.arange(most)[None, None, :]
    planned = at_work(company, quarter).T[:, :, None] & (place < market.visits[None, :, None])
    throw = chance.random((days, company.size, most))
    done = planned & (throw < VISITS_KEPT * _kept(company, quarter, causes).T[:, :, None])
    customers = market.outlets.sum(axis=1)
    round_trip = np.cumsum(workdays(quarter))[:, None, None] * market.visits[None, :, None] + place
    outlet = outlet_starts(market)[:, 0][None, :, None] + round_trip % customers[None, :, None]
    day, territory, number = np.nonzero(planned)
    return Visits(day, territory, number, outlet[planned], done[planned])


def at_work(company: Company, quarter: Quarter) -> Flags:
    """Territory × day: somebody works it that day and is neither away nor resting."""
    table = np.array([[bool(code) for code in row] for row in company.reps(quarter)]).T
    away = np.array([_is_sick(d) for d in quarter.days])
    table[company.sick] &= ~away
    present: Flags = table & workdays(quarter)[None, :]
    return present


def _is_sick(day: date) -> bool:
    return SICK[0] <= day <= SICK[1]


def _kept(company: Company, quarter: Quarter, causes: list[Cause]) -> Floats:
    """Territory × day: the part of planned visits that a cause of the kind `fewer_visits` leaves."""
    kept = np.ones((company.size, len(quarter.days)))
    for cause in causes:
        if cause.kind == "fewer_visits" and cause.start <= quarter.end and cause.end >= quarter.start:
            span = slice(day_index(quarter, cause.start), day_index(quarter, cause.end) + 1)
            kept[cause.territory, span] = 1 - cause.strength
    return kept
