"""The interface for programs: asked by key and by session alike."""

import json
from functools import partial

from tests.access.company import Place, Viewer, World
from tests.access.matrix import EVERYBODY, IN_SIGHT, LEADS, SIGNED_IN, Ask, Row, Way

BASE = "/api/v1"
CANNOT = (403, 404)  # 403 where the key or the role lacks the permission, whatever is asked for


def _get(path: str, **asked: str) -> Way:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return lambda p: f"{BASE}/{path}?{query}".format(p=p)


def _address(address: str, _place: Place) -> str:
    return address


def _plain(route: str, *ways: str, **more) -> Row:
    asks = {way or "all": partial(_address, f"{BASE}/{route}{way}") for way in ways or ("",)}
    return Row(route=f"api/v1/{route}", asks=asks, **{"entitled": SIGNED_IN} | more)


def _brings_data(viewer: Viewer, _place: Place) -> bool:
    return viewer.kind == "administrator" or viewer.program


def _pushes(viewer: Viewer, place: Place) -> bool:
    """An administrator brings in everybody's data, a key those below its units."""
    return not place.absent and (viewer.kind == "administrator" or (viewer.program and viewer.covers(place)))


def _at_work(place: Place) -> bool:
    return not place.ended


def _plant_keys_of_rows(world: World) -> None:
    """Where the company's own rows are found: targets, a checkpoint, the batch that the facts came with."""
    from hangbiao.rooms.actuals.models import Batch
    from hangbiao.rooms.lights.models import Run
    from hangbiao.rooms.targets.models import Target

    targets = Target.objects.filter(book="person", metric__code="sales").values_list("person_id", "pk")
    targets, batch = dict(targets), Batch.objects.earliest("pk").pk
    run = Run.objects.filter(kind="checkpoint").order_by("as_of")[1].pk
    for place in world.places:
        place.planted |= {"target": targets[place.person], "batch": batch, "run": run}
    nothing = 999_999_999
    world.absent.planted |= {"target": nothing, "batch": nothing, "run": nothing}


def _push(place: Place) -> Ask:
    row = {"day": "2026-11-25", "metric": "visits", "rep": place.code, "territory": f"A{place.code[1:]}", "value": "3"}
    headers = {"Idempotency-Key": f"matrix-{place.code}"}
    address = f"{BASE}/streams/daily_totals/rows"
    return Ask(address, headers, data=json.dumps({"rows": [row]}), content_type="application/json")


OF_PERSON = {
    "person": {"person": "{p.code}"},
    "person's sales": {"person": "{p.code}", "metric": "sales", "book": "person"},
    "person at the checkpoint": {"person": "{p.code}", "kind": "official"},
    "person in the team": {"unit": "{p.team}", "person": "{p.code}"},
}
LISTED = {
    "red": {"light": "red"}, "all": {}, "official": {"kind": "official"}, "few": {"limit": "5"}, "sales": {"metric": "sales"},
}  # fmt: skip


def _rows_of(path: str, *ways: str) -> list[Row]:
    """A list that can be narrowed to a person or a unit, and the list as it is."""
    person = {way: _get(path, **OF_PERSON[way]) for way in OF_PERSON if "kind" not in OF_PERSON[way] or "official" in ways}
    team = {"team": _get(path, unit="{p.team}", book="person", metric="sales")}
    listed = {way: _get(path, **LISTED[way]) for way in ways}
    return [
        Row(route=f"api/v1/{path}", object="person", asks=person, entitled=IN_SIGHT, closed=False,
            sees=lambda _v, p: [p.code]),
        Row(route=f"api/v1/{path}", object="unit", asks=team, closed=False,
            entitled=lambda v, p: v.covers(p) or (not p.absent and v.works_in(p)),
            sees=lambda v, p: [p.code if v.covers(p) else v.code]),
        Row(route=f"api/v1/{path}", asks=listed, entitled=SIGNED_IN),
    ]  # fmt: skip


ROWS = [
    Row(route="api/docs", asks={"page": lambda _p: "/api/docs"}, entitled=SIGNED_IN, shows=EVERYBODY),  # examples
    Row(route="api/openapi.json", asks={"document": lambda _p: "/api/openapi.json"}, entitled=SIGNED_IN, shows=EVERYBODY),
    Row(route="api/v1/", asks={"root": lambda _p: "/api/v1/"}, entitled=SIGNED_IN, ok=(404,)),
    _plain("metrics"),
    _plain("periods"),
    _plain("evaluations", "", "?period=2026Q4", "?period=1999Q1"),
    _plain("units"),
    _plain("board", "", "?metric=visits", "?kind=official", ok=(200,)),
    *_rows_of("lights", "red", "all", "official", "few"),
    *_rows_of("attainments", "red", "all", "official", "few"),
    *_rows_of("targets", "sales", "all", "few"),
    Row(route="api/v1/board", object="unit", entitled=LEADS, closed=False, sees=lambda _v, p: [p.team],
        asks={"region": _get("board", unit="{p.region}"), "region's visits": _get("board", unit="{p.region}", metric="visits")},
        about=_at_work),
    Row(route="api/v1/people", object="person", entitled=IN_SIGHT, closed=False, sees=lambda _v, p: [p.name], about=_at_work,
        asks={"name": _get("people", q="{p.name}"), "code": _get("people", q="{p.code}"),
              "team": _get("people", unit="{p.team}", q="{p.name_en}")}),
    Row(route="api/v1/people", asks={"all": _get("people"), "few": _get("people", limit="3")}, entitled=SIGNED_IN),
    Row(route="api/v1/evaluations/<run>/flips", asks={"checkpoint": lambda p: f"{BASE}/evaluations/{p.planted['run']}/flips"},
        entitled=SIGNED_IN, plant=_plant_keys_of_rows),
    Row(route="api/v1/targets/<target>/versions", object="target", entitled=IN_SIGHT,
        asks={"all": lambda p: f"{BASE}/targets/{p.planted['target']}/versions"}, sees=lambda _v, p: [f"{p.base / 100:.2f}"]),
    _plain("streams", entitled=_brings_data, refused=(403,)),
    _plain("batches", "", "?stream=daily_totals", entitled=_brings_data, refused=(403,)),
    Row(route="api/v1/batches/<batch>", object="batch", refused=CANNOT, sees=lambda _v, _p: ["test.csv"],
        entitled=lambda v, _p: v.kind == "administrator", asks={"one": lambda p: f"{BASE}/batches/{p.planted['batch']}"}),
    Row(route="api/v1/batches/<batch>/refused", object="batch", refused=CANNOT, sees=lambda _v, _p: ["items"],
        entitled=lambda v, _p: v.kind == "administrator",
        asks={"rows": lambda p: f"{BASE}/batches/{p.planted['batch']}/refused"}),
    Row(route="api/v1/streams/<stream>/rows", method="POST", object="person", entitled=_pushes, asks={"a row": _push},
        closed=False, about=_at_work, sees=lambda _v, _p: ['"status": "booked"']),
]  # fmt: skip
