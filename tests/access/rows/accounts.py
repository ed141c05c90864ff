"""Signing in and out, letters, one's own account, and the administrator's list of accounts."""

from typing import Any

from tests.access.company import Place, Viewer, World
from tests.access.matrix import EVERYBODY, NOBODY, SIGNED_IN, Ask, Row, kinds

ADMINISTRATOR = kinds("administrator")
TOKEN = "this-token-was-never-given-out-this-token-was-never-given-out"
NEW = {"password": "航标-walk-42", "again": "航标-walk-42"}


def _plant_sittings(world: World) -> None:
    """Where the reps who look themselves are signed in."""
    from hangbiao.engines.accounts.models import Sitting

    sittings = dict(Sitting.objects.values_list("account_id", "pk"))
    for place in world.places:
        place.planted["sitting"] = sittings.get(place.account, 999_999_998)
    world.absent.planted["sitting"] = 999_999_999


def _mine(viewer: Viewer, place: Place) -> bool:
    return viewer.owns and viewer.code == place.code


def _verb(verb: str, **data: str) -> Row:
    return Row(
        route=f"accounts/<str:code>/{verb}/", method="POST", object="person", entitled=ADMINISTRATOR, ok=(303,),
        asks={"button": lambda p: Ask(f"/accounts/{p.code}/{verb}/", data=data)}, sees=lambda _v, _p: ["location: /accounts/"],
    )  # fmt: skip


def _own(route: str, method: str = "GET", **more: Any) -> Row:
    """A page about the reader's own account; a stranger is sent to sign in."""
    data = {"code": "000000", "password": "wrong"}
    way = (lambda _p: f"/{route}") if method == "GET" else (lambda _p: Ask(f"/{route}", data=data))
    given: dict[str, Any] = {"ok": (200,) if method == "GET" else (200, 302, 303, 400, 403, 422)} | more
    return Row(route=route, method=method, entitled=SIGNED_IN, asks={"page" if method == "GET" else "form": way}, **given)


ROWS = [
    Row(route="sign-in/second/", asks={"without a password before": lambda _p: "/sign-in/second/"}, entitled=EVERYBODY,
        public=True, ok=(302, 400, 401, 403, 410)),
    Row(route="sign-in/second/", method="POST", entitled=EVERYBODY, public=True, ok=(302, 400, 401, 403, 410),
        asks={"guess": lambda _p: Ask("/sign-in/second/", data={"code": "000000"})}),
    Row(route="sign-in/second/passkey/", method="POST", entitled=EVERYBODY, public=True, ok=(400, 401, 403, 410),
        asks={"without a password before": lambda _p: Ask("/sign-in/second/passkey/", data={})}),
    _own("account/confirm/"),
    _own("account/confirm/", "POST"),
    _own("account/confirm/passkey/", "POST"),
    _own("account/second-step/"),
    _own("account/second-step/app/", beyond="draws a new secret whenever it is asked"),
    _own("account/second-step/app/", "POST"),
    _own("account/second-step/codes/"),
    _own("account/second-step/codes/", "POST"),
    _own("account/second-step/passkey/", "POST"),
    _own("account/second-step/passkey/options/", "POST"),
    Row(route="account/second-step/<int:number>/remove/", method="POST", object="factor", entitled=NOBODY, closed=False,
        asks={"button": lambda p: Ask(f"/account/second-step/{p.account}/remove/", data={})}),
    Row(route="sign-in/", asks={"form": lambda _p: "/sign-in/"}, entitled=EVERYBODY, public=True, ok=(200, 302, 303)),
    Row(route="sign-in/", method="POST", entitled=EVERYBODY, public=True, ok=(302, 400, 401, 403, 422),
        asks={"wrong password": lambda p: Ask("/sign-in/", data={"username": p.code.lower(), "password": "wrong"})}),
    Row(route="sign-in/as/", method="POST", entitled=NOBODY, object="account", public=True,
        asks={"outside the demo": lambda p: Ask("/sign-in/as/", data={"username": p.code.lower()})}),
    Row(route="sign-in/forgotten/", asks={"form": lambda _p: "/sign-in/forgotten/"}, entitled=EVERYBODY, public=True),
    Row(route="sign-in/forgotten/", method="POST", entitled=EVERYBODY, public=True,
        asks={"name": lambda p: Ask("/sign-in/forgotten/", data={"name": p.code.lower()})}),
    Row(route="letters/<str:token>/", asks={"guessed": lambda _p: f"/letters/{TOKEN}/"}, entitled=EVERYBODY, public=True,
        ok=(404, 410)),
    Row(route="letters/<str:token>/", method="POST", entitled=EVERYBODY, public=True, ok=(404, 410),
        asks={"guessed": lambda _p: Ask(f"/letters/{TOKEN}/", data=NEW)}),
    Row(route="sign-out/", method="POST", entitled=EVERYBODY, public=True, ok=(302, 303),
        asks={"button": lambda _p: Ask("/sign-out/", data={})}),
    Row(route="account/", asks={"page": lambda _p: "/account/"}, entitled=SIGNED_IN),
    Row(route="account/password/", asks={"form": lambda _p: "/account/password/"}, entitled=SIGNED_IN),
    Row(route="account/password/", method="POST", entitled=SIGNED_IN, ok=(303, 400, 403, 422),
        asks={"form": lambda _p: Ask("/account/password/", data={"present": "wrong"} | NEW)}),
    Row(route="account/sessions/<int:number>/end/", method="POST", object="sitting", entitled=_mine, ok=(303,),
        plant=_plant_sittings, about=lambda p: p.code in {"P000", "P200"}, sees=lambda _v, _p: ["location: /account/"],
        asks={"button": lambda p: Ask(f"/account/sessions/{p.planted['sitting']}/end/", data={})}),
    Row(route="account/sessions/end/", method="POST", entitled=SIGNED_IN, ok=(303,),
        asks={"button": lambda _p: Ask("/account/sessions/end/", data={})}),
    Row(route="accounts/", asks={"list": lambda _p: "/accounts/", "found": lambda _p: "/accounts/?q=雀&state=open",
              "sheet": lambda _p: "/accounts/?accounts-as=xlsx"},
        entitled=ADMINISTRATOR, names=True),
    Row(route="accounts/", object="person", entitled=ADMINISTRATOR, names=True, sees=lambda _v, p: [p.name],
        asks={"name": lambda p: f"/accounts/?q={p.name}", "csv": lambda p: f"/accounts/?accounts-as=csv&q={p.name}"}),
    Row(route="accounts/invite/", method="POST", entitled=ADMINISTRATOR, ok=(303,),
        asks={"tick": lambda p: Ask("/accounts/invite/", data={"person": [p.code]})}),
    _verb("mail", mail="somebody@example.com"),
    _verb("close"),
    _verb("reopen"),
    _verb("forget-second-step"),
    _verb("unlink"),
]  # fmt: skip
