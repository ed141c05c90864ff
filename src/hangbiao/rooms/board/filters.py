"""What the address asks for. Unknown values fall back to the default: a link from last month still opens."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import parse_qsl, urlencode

VIEWS = ("region", "people")
LIGHTS = ("", "red", "yellow", "green", "grey")
SORTS = ("gap", "forecast", "name")
PAGE_ROWS = 50
DIGITS, DAY_LETTERS = 5, 10


@dataclass(frozen=True, slots=True)
class Filters:
    period: str = ""
    metric: str = ""
    view: str = "region"
    light: str = ""
    province: str = ""
    sort: str = "gap"
    q: str = ""
    unit: str = ""
    run: str = ""
    page: int = 1

    def person(self, code: str) -> str:
        """The address of a person's page; it carries the filters along, so that the way back finds the same list."""
        return f"/people/{code}/{self.query()}"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The same, for the hidden fields of a form."""
        return parse_qsl(self.query()[1:])

    def query(self, **changes: str | int) -> str:
        """These filters as a query string, defaults left out: the same list has one address."""
        usual = {f.name: f.default for f in fields(self)}
        wanted = {name: getattr(self, name) for name in usual} | changes
        kept = {k: v for k, v in wanted.items() if v not in {usual.get(k, ""), ""}}
        return f"?{urlencode(kept)}" if kept else ""


def filters_of(asked: Mapping[str, str], *, view: str = "region") -> Filters:
    """Read the query string."""

    def one_of(key: str, known: tuple[str, ...], default: str) -> str:
        value = asked.get(key, default)
        return value if value in known else default

    return Filters(
        period=asked.get("period", "")[:10],
        metric=asked.get("metric", "")[:40],
        view=one_of("view", VIEWS, view),
        light=one_of("light", LIGHTS, ""),
        province=asked.get("province", "")[:40],
        sort=one_of("sort", SORTS, "gap"),
        q=asked.get("q", "").strip()[:40],
        unit=asked.get("unit", "")[:40],
        run=one_of("run", ("", "official"), ""),
        page=page_number(asked.get("page", "1")),
    )


def page_number(text: str) -> int:
    """A page as an address writes it; 1 for anything else."""
    return max(int(text), 1) if text.isdecimal() and text.isascii() and len(text) <= DIGITS else 1


def day_of(text: str) -> date | None:
    """A day as an address writes it; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == DAY_LETTERS else None
    except ValueError:
        return None
