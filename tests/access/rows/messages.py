"""Messages: the administrator sees who, when and what became of them, never what they said."""

from typing import Any

from tests.access.company import Place, World
from tests.access.matrix import NOBODY, Ask, Row, kinds

ADMINISTRATOR = kinds("administrator")
TEXT = {"title": "{light}", "body": "{change}", "button": "看"}


def _plant(world: World) -> None:
    """A dead message for everybody, told with words that are theirs alone."""
    from hangbiao.engines.notify.models import Message, Part
    from tests.world.board import AT

    for place in world.places:
        message = Message.objects.create(
            number=f"HB-MATRIX-{place.code}", account_id=place.account, at=AT, send_at=AT, expires_at=AT, next_try=AT,
            state="dead", trouble="recipient", code="81013", channel="wecom",
        )  # fmt: skip
        Part.objects.create(
            message=message, account_id=place.account, key=f"matrix:{place.code}", kind="deputy.named",
            facts={"principal": place.canary("told"), "deputy": "", "from": "2026-11-25", "to": "2026-11-25"},
        )  # fmt: skip
        place.planted["message"] = message.number
    world.absent.planted["message"] = "HB-MATRIX-NOBODY"


def _once(place: Place) -> bool:
    return place.code == "P000"


def _page(route: str, **more: Any) -> Row:
    return Row(route=route, entitled=ADMINISTRATOR, asks={"page": lambda _p: f"/{route}", **more.pop("ways", {})}, **more)


def _form(route: str, address: str, data: dict[str, str] | None = None, ok: tuple[int, ...] = (302,)) -> Row:
    return Row(route=route, method="POST", entitled=ADMINISTRATOR, ok=ok, asks={"form": lambda _p: Ask(address, data=data or {})})


_TEMPLATE = "studio/messages/templates/<str:kind>/<slug:language>/"
_HERE = "/studio/messages/templates/light.own_flipped/zh-hans/"
ROWS = [
    _page("studio/messages/", plant=_plant, names=True, ways={
        "all": lambda _p: "/studio/messages/?all=1", "csv": lambda _p: "/studio/messages/?messages-as=csv",
        "trouble": lambda _p: "/studio/messages/?messages-trouble=recipient",
    }),
    _form("studio/messages/retry/<slug:trouble>/", "/studio/messages/retry/recipient/"),
    Row(route="studio/messages/channels/<slug:name>/<slug:what>/", method="POST", entitled=NOBODY, about=_once,
        asks={"no such channel": lambda _p: Ask("/studio/messages/channels/pigeon/try/", data={})}),
    _page("studio/messages/templates/"),
    Row(route=_TEMPLATE, entitled=ADMINISTRATOR, asks={"page": lambda _p: _HERE}),
    _form(_TEMPLATE, _HERE, TEXT),
    _form(f"{_TEMPLATE}preview/", f"{_HERE}preview/", TEXT, ok=(200,)),
    Row(route="studio/messages/<str:number>/", object="message", entitled=ADMINISTRATOR, about=_once, names=True,
        asks={"page": lambda p: f"/studio/messages/{p.planted['message']}/"}, sees=lambda _v, p: [p.planted["message"]]),
    Row(route="studio/messages/<str:number>/retry/", method="POST", object="message", entitled=ADMINISTRATOR, about=_once,
        ok=(302,), asks={"button": lambda p: Ask(f"/studio/messages/{p.planted['message']}/retry/", data={})},
        sees=lambda _v, p: [f"location: /studio/messages/{p.planted['message']}/"]),
]  # fmt: skip
