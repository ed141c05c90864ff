"""Keys of programs and webhooks, the administrator's alone; signing on by a service, shut until it is configured."""

from typing import Any

from tests.access.company import Place, World
from tests.access.matrix import NOBODY, Ask, Row, kinds

ADMINISTRATOR = kinds("administrator")


def _plant(world: World) -> None:
    """A key and a subscription to change, which belong to no place."""
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.webhooks.models import Subscription
    from tests.world.board import AT

    made = Subscription.objects.create(
        name="canary-hook", url="https://example.invalid/", events=[], secret="", made_at=AT,
        made_by=Account.objects.earliest("pk"),
    )  # fmt: skip
    for place in world.places:
        place.planted |= {"hook": made.pk, "key": "hb_nosuch"}
    world.absent.planted |= {"hook": 999_999_999, "key": "hb_nosuch"}


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


ROWS = [
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
    _shut("sign-on/<slug:way>/"),
    _shut("sign-on/<slug:way>/back/"),
    _shut("sign-on/<slug:way>/code/", "POST"),
]
