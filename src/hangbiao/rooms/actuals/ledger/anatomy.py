"""Landed order lines, visits and stock-outs summed for many people at once: what the deviation analysis is made of.

DuckDB knows no scope of its own: the callers read for the whole company, in a system scope, and hand each holder's sums
to that holder's analysis alone.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import duckdb

from hangbiao.rooms.actuals.ledger import sql
from hangbiao.rooms.actuals.ledger.daily import groups
from hangbiao.rooms.actuals.ledger.landing import files_of_days, place_of
from hangbiao.rooms.actuals.ledger.sql import quoted
from hangbiao.rooms.actuals.mapping import Definition
from hangbiao.rooms.actuals.models import LandedFile

SCALE = 4
MEMORY = "500MB"
REGION = "regexp_extract(org_path, '^/[^/]+/[^/]+/')"
Row = tuple[Any, ...]


class Missing(list[str]):
    """Registered files that are not on this machine."""


def sources(stream: str, days: Sequence[date], known: int, missing: Missing) -> Iterator[str]:
    """The lines of these days that counted when `known` was the newest batch, as statements to select from."""
    landed = files_of_days([stream], days).get(stream, {})
    by_day = {day: _here([f for f in files if f.batch_id <= known], missing) for day, files in landed.items()}
    for files in groups({day: files for day, files in by_day.items() if files}):
        yield sql.live([place_of(f.path) for f in files], any(f.corrections for f in files))


def days_of(stream: str) -> list[date]:
    """Every day with lines of a stream."""
    days = LandedFile.objects.filter(stream=stream, day__isnull=False).order_by("day").values_list("day", flat=True)
    return [day for day in dict.fromkeys(days) if day is not None]


def _here(files: list[LandedFile], missing: Missing) -> list[LandedFile]:
    found = [f for f in files if place_of(f.path).is_file()]
    missing += [f.path for f in files if f not in found]
    return found


def hold(duck: duckdb.DuckDBPyConnection, works: Iterable[tuple[int, int]]) -> None:
    """Whom it is about: (person, territory) pairs."""
    rows = ", ".join(f"({int(person)}, {int(place)})" for person, place in works) or "(NULL, NULL)"
    duck.execute(
        "CREATE TABLE held AS SELECT * FROM (VALUES "
        f"{rows}) v(person, territory) WHERE person IS NOT NULL"
    )


def take_stockouts(duck: duckdb.DuckDBPyConnection, parts: Iterable[str]) -> None:
    """Days on which a product group was out of stock in somebody's territory, as the table `short`."""
    duck.execute("CREATE TABLE short (person BIGINT, grp VARCHAR, day DATE)")
    for source in parts:
        duck.execute(
            f"INSERT INTO short SELECT DISTINCT h.person, s.sku_group, s.day FROM ({source}) s "
            "JOIN held h ON h.territory = s.territory_id"
        )


def take_lines(duck: duckdb.DuckDBPyConnection, parts: Iterable[str], definition: Definition, *, own: bool, table: str) -> None:
    """Order lines of the holders: their own, or (for the past) those of the territories they work."""
    measure = f'"{definition.measure}"'
    step = 10 ** (SCALE - definition.decimals)
    join = "h.person = l.person_id" if own else "h.territory = l.territory_id"
    held = "(SELECT DISTINCT person FROM held)" if own else "held"
    duck.execute(
        f"CREATE TABLE {table} (person BIGINT, channel VARCHAR, grp VARCHAR, outlet VARCHAR, day DATE, net BIGINT, "
        "quantity BIGINT)"
    )
    for source in parts:
        duck.execute(
            f"INSERT INTO {table} SELECT h.person, coalesce(channel, ''), coalesce(sku_group, ''), coalesce(outlet, ''), day, "
            f"{measure} // {step}, coalesce(quantity, 0) FROM ({source}) l JOIN {held} h ON {join} "
            f"WHERE {measure} IS NOT NULL AND {_wanted(definition)}"
        )


def _wanted(definition: Definition) -> str:
    said = [f'"{name}" IN ({", ".join(quoted(v) for v in allowed)})' for name, allowed in definition.where.items()]
    return " AND ".join(said) or "TRUE"


NOW = """
SELECT l.person, channel, l.grp, s.day IS NOT NULL, count(*), sum(net)::BIGINT FROM now l
LEFT JOIN short s ON s.person = l.person AND s.grp = l.grp AND s.day = l.day
WHERE net > 0 GROUP BY 1, 2, 3, 4
"""
YEAR = "SELECT person, channel, grp, count(*), sum(net)::BIGINT FROM year WHERE net > 0 GROUP BY 1, 2, 3"
SHORT = "SELECT person, grp, day FROM short ORDER BY 1, 2, 3"


def totals(table: str, since: date | None = None, until: date | None = None) -> str:
    """person, sold, returned, pieces sold, outlets that bought, order lines; of some days or of all."""
    within = f"WHERE day BETWEEN DATE '{since}' AND DATE '{until}'" if since and until else ""
    return f"""
SELECT person, coalesce(sum(net) FILTER (WHERE net > 0), 0)::BIGINT, coalesce(-sum(net) FILTER (WHERE net < 0), 0)::BIGINT,
       coalesce(sum(quantity) FILTER (WHERE net > 0), 0)::BIGINT, count(DISTINCT outlet) FILTER (WHERE net > 0 AND outlet <> ''),
       count(*) FILTER (WHERE net > 0)
FROM {table} {within} GROUP BY person
"""


def customers(plans: Iterable[tuple[int, int]], most: int) -> str:
    """person, outlet, sold now, sold in the year before, sold by the holder in that year, last day: the outlets furthest
    behind their part of the year's trade, laid over the plan to date."""
    rows = ", ".join(f"({int(person)}, {int(plan)})" for person, plan in plans) or "(NULL, NULL)"
    return f"""
WITH p(person, plan) AS (VALUES {rows}),
y AS (SELECT person, outlet, sum(net)::BIGINT AS sold, max(day) AS last FROM year WHERE outlet <> '' GROUP BY 1, 2),
n AS (SELECT person, outlet, sum(net)::BIGINT AS sold, max(day) AS last FROM now WHERE outlet <> '' GROUP BY 1, 2),
w AS (SELECT person, sum(net)::BIGINT AS whole FROM year GROUP BY 1)
SELECT y.person, y.outlet, coalesce(n.sold, 0), y.sold, w.whole, coalesce(n.last, y.last)
FROM y JOIN p ON p.person = y.person JOIN w ON w.person = y.person
LEFT JOIN n ON n.person = y.person AND n.outlet = y.outlet
WHERE w.whole > 0 AND y.sold > 0
QUALIFY row_number() OVER (PARTITION BY y.person
  ORDER BY p.plan::DOUBLE * y.sold / w.whole - coalesce(n.sold, 0) DESC, y.outlet) <= {int(most)}
ORDER BY y.person, p.plan::DOUBLE * y.sold / w.whole - coalesce(n.sold, 0) DESC, y.outlet
"""


def by_channel(table: str, since: date, until: date) -> str:
    """person, channel, sold between two days."""
    return (
        f"SELECT person, channel, sum(net)::BIGINT FROM {table} WHERE day BETWEEN DATE '{since}' AND DATE '{until}' GROUP BY 1, 2"
    )


def regions_by_channel(
    duck: duckdb.DuckDBPyConnection, parts: Iterable[str], definition: Definition, regions: Collection[str]
) -> dict[tuple[str, str], int]:
    """(region path, channel) → sold there by everybody."""
    found: dict[tuple[str, str], int] = {}
    names = ", ".join(quoted(region) for region in sorted(regions)) or "NULL"
    measure, step = f'"{definition.measure}"', 10 ** (SCALE - definition.decimals)
    for source in parts:
        rows = duck.execute(
            f"SELECT {REGION} AS region, coalesce(channel, ''), sum({measure})::BIGINT // {step} FROM ({source}) "
            f"WHERE region IN ({names}) AND {_wanted(definition)} GROUP BY 1, 2"
        ).fetchall()
        for region, channel, value in rows:
            found[region, channel] = found.get((region, channel), 0) + int(value or 0)
    return found


def counted(duck: duckdb.DuckDBPyConnection, parts: Iterable[str]) -> dict[int, int]:
    """Person → lines of a stream: visits done, or planned."""
    found: dict[int, int] = {}
    for source in parts:
        rows = duck.execute(f"SELECT person_id, count(*) FROM ({source}) WHERE person_id IS NOT NULL GROUP BY 1").fetchall()
        for person, lines in rows:
            found[person] = found.get(person, 0) + int(lines)
    return found


def places_counted(duck: duckdb.DuckDBPyConnection, parts: Iterable[str]) -> dict[int, int]:
    """Territory → lines of a stream."""
    found: dict[int, int] = {}
    for source in parts:
        rows = duck.execute(
            f"SELECT territory_id, count(*) FROM ({source}) WHERE territory_id IS NOT NULL GROUP BY 1"
        ).fetchall()
        for place, lines in rows:
            found[place] = found.get(place, 0) + int(lines)
    return found


def names_of(duck: duckdb.DuckDBPyConnection, parts: Iterable[str], outlets: Collection[str]) -> dict[str, str]:
    """Outlet → its name, as the outlets' own files last said it."""
    wanted = ", ".join(quoted(outlet) for outlet in sorted(outlets)) or "NULL"
    found: dict[str, str] = {}
    for source in parts:
        rows = duck.execute(
            f"SELECT outlet, arg_max(name, batch) FROM ({source}) WHERE name IS NOT NULL AND outlet IN ({wanted}) GROUP BY 1"
        ).fetchall()
        found.update({outlet: str(name) for outlet, name in rows})
    return found
