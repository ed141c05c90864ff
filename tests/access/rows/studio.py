"""Keys of programs and webhooks, the administrator's alone; signing on by a service, shut until it is configured."""

from typing import Any

from tests.access.company import Place, Viewer, World
from tests.access.matrix import NOBODY, Ask, Row, kinds

ADMINISTRATOR = kinds("administrator")
RUNNING = "how many cases run on a version of a flow, company-wide; never whose"


def _plant(world: World) -> None:
    """A key and a subscription to change, which belong to no place."""
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.webhooks.models import Subscription
    from hangbiao.rooms.reviews.response import FLOW, ensure_published
    from tests.world.board import AT

    made = Subscription.objects.create(
        name="canary-hook", url="https://example.invalid/", events=[], secret="", made_at=AT,
        made_by=Account.objects.earliest("pk"),
    )  # fmt: skip
    ensure_published(at=AT, actor="system:matrix")
    for place in world.places:
        place.planted |= {"hook": made.pk, "key": "hb_nosuch", "flow": FLOW}
    world.absent.planted |= {"hook": 999_999_999, "key": "hb_nosuch", "flow": "nosuch"}


def _flow() -> str:
    from hangbiao.rooms.reviews.response import SHIPPED

    return SHIPPED.read_text(encoding="utf-8")


def _once(place: Place) -> bool:
    return place.code == "P000"


def _page(route: str, method: str = "GET", **more: Any) -> Row:
    way = (lambda _p: f"/{route}") if method == "GET" else (lambda _p: Ask(f"/{route}", data={}))
    given: dict[str, Any] = {"ok": (200,) if method == "GET" else (200, 302, 303, 400)} | more
    return Row(route=route, method=method, entitled=ADMINISTRATOR, asks={"page" if method == "GET" else "form": way}, **given)


def _file(route: str, table: str, **more: Any) -> Row:
    asked = {kind: (lambda _p, kind=kind: f"/{route}?{table}-as={kind}") for kind in ("csv", "xlsx")}
    return Row(route=route, entitled=ADMINISTRATOR, asks=asked, **more)


def _shut(route: str, method: str = "GET") -> Row:
    address = f"/{route.replace('<slug:way>', 'wecom')}"
    way = (lambda _p: address) if method == "GET" else (lambda _p: Ask(address, data={}))
    return Row(route=route, method=method, entitled=NOBODY, public=True, asks={"not configured": way})


READERS = kinds("administrator", "executive", "hrbp")


def _reads_names(viewer: Viewer, place: Place) -> bool:
    return viewer.kind in {"executive", "hrbp"} and viewer.covers(place)


def _plant_rule(world: World) -> None:
    """A published rule and a draft of it. It belongs to no place; whom it would light does."""
    from datetime import date

    from hangbiao.rooms.lights.models import Run
    from hangbiao.rooms.lights.rules import services
    from tests.world.board import AT

    data = {"name": "canary-rule", "yellow_below": "200%", "red_below": "0%", "metrics": ["sales"], "flow": ""}
    who = {"at": AT, "actor": "system:test"}
    services.publish(code="canary", data=data, valid_from=date(2030, 1, 1), reason="test", today=date(2026, 1, 1), **who)
    services.save_draft(code="canary", data=data, **who)
    run = Run.objects.filter(kind="checkpoint").latest("as_of").pk
    for place in [*world.places, world.absent]:
        place.planted |= {"tried": f"/studio/rules/canary/cases/{run}/{place.code}/"}


def _rule(route: str, address: str, method: str = "GET", **more: Any) -> Row:
    way = (lambda _p: address) if method == "GET" else (lambda _p: Ask(address, data={}))
    return Row(route=route, method=method, asks={"page" if method == "GET" else "form": way}, **more)


ONE = "studio/rules/<slug:code>/"
RULES = [
    _rule("studio/rules/", "/studio/rules/", entitled=READERS, plant=_plant_rule, sees=lambda _v, _p: ["canary-rule"]),
    _page("studio/rules/new/"),
    _page("studio/rules/new/", "POST"),
    _rule("studio/rules/check/", "/studio/rules/check/", "POST", entitled=ADMINISTRATOR),
    _rule(ONE, "/studio/rules/canary/", entitled=READERS, sees=lambda _v, _p: ["canary-rule"],
          beyond="how many people a rule would light, company-wide; names only of those in sight"),
    _rule(f"{ONE}edit/", "/studio/rules/canary/edit/", entitled=ADMINISTRATOR),
    _rule(f"{ONE}edit/", "/studio/rules/canary/edit/", "POST", entitled=ADMINISTRATOR, ok=(200, 302, 303, 400)),
    _rule(f"{ONE}publish/", "/studio/rules/canary/publish/", "POST", entitled=ADMINISTRATOR, ok=(302, 303, 400)),
    _rule(f"{ONE}end/", "/studio/rules/canary/end/", "POST", entitled=ADMINISTRATOR, ok=(302, 303, 400)),
    _rule(f"{ONE}forget/", "/studio/rules/canary/forget/", "POST", entitled=ADMINISTRATOR, ok=(302, 303)),
    _rule(f"{ONE}versions/<int:number>/", "/studio/rules/canary/versions/1/", entitled=READERS),
    Row(route=f"{ONE}cases/<int:run>/<str:person>/", object="person", entitled=_reads_names,
        asks={"page": lambda p: p.planted["tried"]}, sees=lambda _v, p: [p.code]),
]

ROWS = [
    _page("studio/flows/", beyond=RUNNING),
    Row(route="studio/flows/<slug:key>/", object="flow", entitled=ADMINISTRATOR, about=_once, shows=ADMINISTRATOR,
        asks={"page": lambda p: f"/studio/flows/{p.planted['flow']}/"}, sees=lambda _v, _p: ["绩效偏差复盘"],
        beyond=RUNNING),
    Row(route="studio/flows/<slug:key>/", method="POST", object="flow", entitled=ADMINISTRATOR, about=_once, shows=ADMINISTRATOR,
        asks={"check": lambda p: Ask(f"/studio/flows/{p.planted['flow']}/", data={"text": _flow()})},
        sees=lambda _v, _p: ["检查通过"], beyond=RUNNING),
    _page("admin/keys/"),
    _file("admin/keys/", "keys"),
    _file("admin/webhooks/", "webhooks", sees=lambda _v, _p: ["canary-hook"]),
    _page("admin/keys/", "POST"),
    Row(route="admin/keys/<str:prefix>/revoke/", method="POST", object="key", entitled=NOBODY, about=_once,
        asks={"button": lambda p: Ask(f"/admin/keys/{p.planted['key']}/revoke/", data={})}),
    _page("admin/webhooks/", plant=_plant, sees=lambda _v, _p: ["canary-hook"]),
    _page("admin/webhooks/", "POST"),
    _page("admin/webhooks/stuck/", "POST"),
    Row(route="admin/webhooks/<int:subscription>/", object="hook", entitled=ADMINISTRATOR, about=_once, shows=ADMINISTRATOR,
        asks={"page": lambda p: f"/admin/webhooks/{p.planted['hook']}/"}, sees=lambda _v, _p: ["canary-hook"]),
    Row(route="admin/webhooks/<int:subscription>/<slug:what>/", method="POST", object="hook", entitled=ADMINISTRATOR,
        about=_once, ok=(302, 303), asks={"again": lambda p: Ask(f"/admin/webhooks/{p.planted['hook']}/again/", data={})},
        sees=lambda _v, _p: ["location: /admin/webhooks/"]),
    *RULES,
    _page("studio/schedule/", sees=lambda _v, _p: ["lights.checkpoint"]),
    _file("studio/schedule/", "schedules", sees=lambda _v, _p: ["正式灯"]),
    _file("studio/schedule/", "chores"),
    Row(route="studio/schedule/<str:name>/", entitled=ADMINISTRATOR, asks={
        kind or "page": (lambda _p, kind=kind: f"/studio/schedule/lights.preview/?turns-as={kind}")
        for kind in ("", "csv", "xlsx")}),
    Row(route="studio/schedule/<str:name>/run/", method="POST", entitled=ADMINISTRATOR, ok=(302, 303),
        asks={"button": lambda _p: Ask("/studio/schedule/lights.preview/run/", data={})}),
    _shut("sign-on/<slug:way>/"),
    _shut("sign-on/<slug:way>/back/"),
    _shut("sign-on/<slug:way>/code/", "POST"),
]
