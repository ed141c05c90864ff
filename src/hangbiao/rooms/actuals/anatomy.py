"""What a holder's figure is made of, for many at once: by channel, product group and customer, beside the year before."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from hangbiao.core.diagnosis import usual_visits
from hangbiao.rooms.actuals.ledger import anatomy as ledger
from hangbiao.rooms.actuals.ledger import lines
from hangbiao.rooms.actuals.mapping import Definition
from hangbiao.rooms.actuals.series import days_between
from hangbiao.rooms.actuals.services import current_definitions
from hangbiao.rooms.people.selectors import worked_between

ORDER_LINES, STOCKOUTS, DONE, PLANNED, OUTLETS = "order_lines", "stockouts", "visits_done", "visits_planned", "outlets"
A_YEAR = 364  # the same weekdays a year before
MOST_CUSTOMERS = 5


@dataclass(frozen=True, slots=True)
class Sum:
    """Order lines added up: money sold and come back in minor units, pieces, outlets that bought, lines."""

    sold: int = 0
    returned: int = 0
    pieces: int = 0
    outlets: int = 0
    orders: int = 0


@dataclass(frozen=True, slots=True)
class Customer:
    """An outlet with what it bought now and in the year before, of all the holder sold in that year."""

    outlet: str
    name: str
    now: int
    year: int
    of_year: int
    last_day: date | None


@dataclass(slots=True)
class Anatomy:
    """One person. `year` is the mix of the territories they work over the year before the period, `last_year` the same
    days a year ago. `visits` is done ÷ usual; `planned` is 0 where no route plans come in."""

    now: dict[tuple[str, str, bool], tuple[int, int]] = field(default_factory=dict)
    year: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    short: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))
    total: Sum = Sum()
    of_year: Sum = Sum()
    last_year: Sum = Sum()
    channels: dict[str, int] = field(default_factory=dict)
    channels_last_year: dict[str, int] = field(default_factory=dict)
    customers: list[Customer] = field(default_factory=list)
    visits: Decimal | None = None
    planned: int = 0
    done: int = 0


@dataclass(slots=True)
class Anatomies:
    """Everybody asked for, what their regions sold by channel now and a year ago, and how many landed files are not here."""

    of: dict[int, Anatomy]
    regions: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    missing: int = 0


def anatomies(
    plans: Mapping[int, int], regions: Collection[str], metric: Any, *, since: date, until: date, known: int
) -> Anatomies | None:
    """Of every person in `plans` (with their plan to date), from `since` to `until` as known when `known` was the newest
    batch. None where the metric is not counted from order lines. Reads the whole company: call it in a system scope."""
    definition = next((d for d in current_definitions() if d.metric == metric.code), None)
    if definition is None or definition.stream != ORDER_LINES or definition.measure == "count":
        return None
    reader = _Reader(plans, definition, since, until, known)
    with lines.opened() as duck:
        duck.execute(f"SET memory_limit = '{ledger.MEMORY}'")
        return reader.read(duck, regions)


@dataclass(slots=True)
class _Reader:
    plans: Mapping[int, int]
    definition: Definition
    since: date
    until: date
    known: int
    missing: ledger.Missing = field(default_factory=ledger.Missing)

    @property
    def days(self) -> list[date]:
        return days_between(self.since, self.until)

    @property
    def year(self) -> list[date]:
        return days_between(self.since - timedelta(days=A_YEAR), self.since - timedelta(days=1))

    @property
    def then(self) -> tuple[date, date]:
        """The same days a year ago, as far as they lie before the period."""
        last = min(self.until - timedelta(days=A_YEAR), self.since - timedelta(days=1))
        return self.since - timedelta(days=A_YEAR), last

    def lines_of(self, stream: str, days: Sequence[date]) -> Any:
        return ledger.sources(stream, days, self.known, self.missing)

    def read(self, duck: duckdb.DuckDBPyConnection, regions: Collection[str]) -> Anatomies:
        works = worked_between(list(self.plans), self.since, self.until)
        ledger.hold(duck, works)
        ledger.take_stockouts(duck, self.lines_of(STOCKOUTS, self.days))
        ledger.take_lines(duck, self.lines_of(ORDER_LINES, self.days), self.definition, own=True, table="now")
        ledger.take_lines(duck, self.lines_of(ORDER_LINES, self.year), self.definition, own=False, table="year")
        found = {person: Anatomy() for person in self.plans}
        self._sums(duck, found)
        self._customers(duck, found)
        self._visits(duck, found, works)
        now, then = (
            ledger.regions_by_channel(duck, self.lines_of(ORDER_LINES, days), self.definition, regions)
            for days in (self.days, days_between(*self.then))
        )
        both = {key: (now.get(key, 0), then.get(key, 0)) for key in now.keys() | then.keys()}
        return Anatomies(found, both, len(set(self.missing)))

    def _sums(self, duck: duckdb.DuckDBPyConnection, found: dict[int, Anatomy]) -> None:
        for person, channel, group, short, orders, amount in duck.execute(ledger.NOW).fetchall():
            found[person].now[channel, group, short] = orders, amount
        for person, channel, group, orders, amount in duck.execute(ledger.YEAR).fetchall():
            found[person].year[channel, group] = orders, amount
        for person, group, day in duck.execute(ledger.SHORT).fetchall():
            found[person].short[group].append(day)
        for person, *total in duck.execute(ledger.totals("now")).fetchall():
            found[person].total = Sum(*total)
        for person, *total in duck.execute(ledger.totals("year")).fetchall():
            found[person].of_year = Sum(*total)
        for person, *total in duck.execute(ledger.totals("year", *self.then)).fetchall():
            found[person].last_year = Sum(*total)
        for person, channel, sold in duck.execute(ledger.by_channel("now", self.since, self.until)).fetchall():
            found[person].channels[channel] = sold
        for person, channel, sold in duck.execute(ledger.by_channel("year", *self.then)).fetchall():
            found[person].channels_last_year[channel] = sold

    def _customers(self, duck: duckdb.DuckDBPyConnection, found: dict[int, Anatomy]) -> None:
        rows = duck.execute(ledger.customers(self.plans.items(), MOST_CUSTOMERS)).fetchall()
        names = ledger.names_of(duck, self.lines_of(OUTLETS, ledger.days_of(OUTLETS)), {row[1] for row in rows})
        for person, outlet, now, year, of_year, last in rows:
            found[person].customers.append(Customer(outlet, names.get(outlet, ""), now, year, of_year, last))

    def _visits(self, duck: duckdb.DuckDBPyConnection, found: dict[int, Anatomy], works: list[tuple[int, int]]) -> None:
        """Against the route plan; where none comes in, against the visits of the year before."""
        done = ledger.counted(duck, self.lines_of(DONE, self.days))
        due = ledger.counted(duck, self.lines_of(PLANNED, self.days))
        for person, anatomy in found.items():
            anatomy.planned, anatomy.done = due.get(person, 0), done.get(person, 0)
        if not due and done:
            before = ledger.places_counted(duck, self.lines_of(DONE, self.year))
            worked = worked_between(list(done), self.since, self.until)
            due = defaultdict(int)
            for person, place in worked:
                due[person] += before.get(place, 0)
        shares = usual_visits(done, due)
        for person, anatomy in found.items():
            anatomy.visits = shares.get(person)
