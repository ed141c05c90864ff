"""What the address asks for. Unknown values fall back to the default: a link from last month still opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

VIEWS = ("region", "people")
LIGHTS = ("", "red", "yellow", "green", "grey")
SORTS = ("gap", "forecast", "name")
PAGE_ROWS = 50
DIGITS = 5


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
        """The address of a person's page that speaks of the same period, metric and evaluation."""
        kept = {k: v for k, v in (("period", self.period), ("metric", self.metric), ("run", self.run)) if v}
        return f"/people/{code}/" + (f"?{urlencode(kept)}" if kept else "")


def filters_of(asked: Mapping[str, str], *, view: str = "region") -> Filters:
    """Read the query string."""

    def one_of(key: str, known: tuple[str, ...], default: str) -> str:
        value = asked.get(key, default)
        return value if value in known else default

    page = asked.get("page", "1")
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
        page=max(int(page), 1) if page.isdecimal() and len(page) <= DIGITS else 1,
    )
