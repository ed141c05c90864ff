"""The board room: home, board, person page, my target, profile."""

from functools import partial

from tests.access.company import Place, Viewer
from tests.access.matrix import IN_SIGHT, LEADS, SIGNED_IN, Ask, Row, kinds

MANAGERS = kinds("supervisor", "region_manager", "hrbp", "executive")
HTMX = {"HX-Request": "true"}
VIEWS = ("region", "people")


def _base(_viewer: Viewer, place: Place) -> list[str]:
    return [place.name, place.yuan]


def _board(**asked: str):
    """A way to ask the board; a value is a text, or what to take of the place."""
    address = "/board/?" + "&".join(f"{key}={value}" for key, value in asked.items())
    return lambda p: address.format(p=p)


def _chart(kind: str, _place: Place) -> str:
    return f"/board/chart.{kind}"


def leads_region(viewer: Viewer, place: Place) -> bool:
    return any(f"/C/{place.region}/".startswith(path) for path in viewer.paths)


PERSON_WAYS = {
    "page": lambda p: f"/people/{p.code}/",
    "drawer": lambda p: Ask(f"/people/{p.code}/", {"X-Fragment": "1", **HTMX}),
    "official": lambda p: f"/people/{p.code}/?run=official",
    "period": lambda p: f"/people/{p.code}/?period=2026Q4&metric=sales",
    "unknown period": lambda p: f"/people/{p.code}/?period=1999Q1&metric=none",
    "signed in with another language": lambda p: Ask(f"/people/{p.code}/", cookies={"hb_language": "en"}),
}
LISTED = {  # the people view, narrowed to one person or their unit: who does not see them finds nobody
    "name": _board(view="people", q="{p.name}"),
    "part of a name": _board(view="people", q="{p.name_en}"),
    "code": _board(view="people", q="{p.code}"),
    "name in a fragment": lambda p: Ask(_board(view="people", q="{p.name}")(p), HTMX),
    "name by forecast": _board(view="people", q="{p.name}", sort="forecast"),
    "name at the checkpoint": _board(view="people", q="{p.name}", run="official"),
    "name, far down": _board(view="people", q="{p.name}", period="2026Q4", page="7"),
    "name, sorted": _board(view="people", q="{p.name}", sort="name"),
}
UNITS = {
    "team": _board(view="people", unit="{p.team}"),
    "team's board": _board(unit="{p.team}"),
    "team's board in a fragment": lambda p: Ask(_board(unit="{p.team}")(p), HTMX),
    "team's visits": _board(unit="{p.team}", metric="visits", view="people"),
}
NARROWED = {  # no answer of its own: an unknown region or province falls back to what the viewer sees anyway
    "region": _board(view="people", unit="{p.region}", q="{p.name}"),
    "province": _board(view="people", province="{p.province}", q="{p.name}"),
    "name on the board": _board(q="{p.name}"),
}
PLAIN = {
    " ".join(asked.values()): _board(**asked)
    for asked in (
        *({"view": view, "light": light} for view in VIEWS for light in ("red", "yellow", "green", "grey")),
        *({"view": view, "sort": sort} for view in VIEWS for sort in ("gap", "forecast", "name")),
        *({"view": view, "metric": metric} for view in VIEWS for metric in ("sales", "visits", "new_outlets")),
        *({"view": view, "run": "official", "page": "2"} for view in VIEWS),
    )
}
WHY = {
    "page": lambda p: f"/people/{p.code}/why/",
    "drawer": lambda p: Ask(f"/people/{p.code}/why/", {"X-Fragment": "1"}),
    "as known": lambda p: f"/people/{p.code}/why/?day=2026-10-28&known=2026-11-01",
}
LINES = {
    "lines": lambda p: f"/people/{p.code}/why/2026-10-20/",
    "lines in the drawer": lambda p: Ask(f"/people/{p.code}/why/2026-10-20/", {"X-Fragment": "1"}),
}
WHY_UNIT = {"team": lambda p: f"/units/{p.team}/why/", "as known": lambda p: f"/units/{p.team}/why/?day=2026-10-28"}
WHY_REGION = {"region": lambda p: f"/units/{p.region}/why/"}


TABLES = {
    "people as CSV": lambda _p: "/board/table.csv?view=people",
    "people as XLSX": lambda _p: "/board/table.xlsx?view=people",
}
TABLE_OF = {
    "team's people": lambda p: f"/board/table.csv?view=people&unit={p.team}",
    "name": lambda p: f"/board/table.xlsx?view=people&q={p.name}",
}
CHARTS = {kind: partial(_chart, kind) for kind in ("svg", "png")}
MINE = {"preview": lambda _p: "/me/", "official": lambda _p: "/me/?run=official"}
OTHER_METRICS = {"visits": lambda _p: "/me/?metric=visits", "no such": lambda _p: "/me/?metric=none&period=1999Q1"}

ROWS = [
    Row(route="", asks={"home": lambda _p: "/"}, entitled=SIGNED_IN, ok=(200, 302)),
    Row(route="board/", asks=PLAIN, entitled=MANAGERS, closed=False),
    Row(route="board/", object="person", asks=LISTED, entitled=LEADS, closed=False, sees=_base),
    Row(route="board/", object="unit", asks=UNITS, entitled=LEADS, closed=False,
        sees=lambda _v, p: [p.code]),
    Row(route="board/", object="unit", asks=NARROWED, entitled=LEADS, closed=False,
        sees=lambda _v, p: [p.name]),
    Row(route="people/<str:code>/", object="person", asks=PERSON_WAYS, entitled=IN_SIGHT,
        sees=lambda _v, p: [p.code]),
    Row(route="people/<str:code>/why/", object="person", asks=WHY, entitled=IN_SIGHT, sees=lambda _v, p: [p.code]),
    Row(route="people/<str:code>/why/<str:of_day>/", object="person", asks=LINES, entitled=IN_SIGHT,
        sees=lambda _v, p: [p.code]),
    Row(route="units/<str:code>/why/", object="unit", asks=WHY_UNIT, entitled=LEADS, sees=lambda _v, p: [p.team]),
    Row(route="units/<str:code>/why/", object="unit", asks=WHY_REGION, entitled=leads_region,
        sees=lambda _v, p: [p.region]),
    Row(route="units/<str:code>/why/<str:of_day>/", object="unit", entitled=LEADS, sees=lambda _v, p: [p.team],
        asks={"lines": lambda p: f"/units/{p.team}/why/2026-11-24/"}),
    Row(route="me/", asks=MINE, entitled=kinds("rep"), closed=False, sees=lambda _v, p: [p.yuan]),
    Row(route="me/", asks=OTHER_METRICS, entitled=kinds("rep"), closed=False),
    Row(route="board/table.<str:kind>", asks=TABLES, entitled=MANAGERS, sees=lambda _v, p: [p.name]),
    Row(route="board/table.<str:kind>", object="unit", asks=TABLE_OF, entitled=LEADS, closed=False, refused=(200, 404),
        sees=lambda _v, p: [p.name]),
    Row(route="board/chart.<str:kind>", asks=CHARTS, entitled=MANAGERS),
    Row(route="board/paper.pdf", asks={"paper": lambda _p: "/board/paper.pdf"}, entitled=MANAGERS),
    Row(route="board/paper.pdf", object="unit", entitled=LEADS, closed=False, sees=lambda _v, p: [p.team],
        asks={"team": lambda p: f"/board/paper.pdf?unit={p.team}"}),
    Row(route="people/<str:code>/chart.<str:kind>", object="person", entitled=IN_SIGHT, sees=lambda _v, p: [p.code],
        asks={"svg": lambda p: f"/people/{p.code}/chart.svg", "png": lambda p: f"/people/{p.code}/chart.png"}),
]  # fmt: skip
