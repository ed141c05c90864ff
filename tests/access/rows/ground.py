"""What everybody can ask: signing in and out, preferences, the demo company's clock."""

from tests.access.matrix import EVERYBODY, NOBODY, SIGNED_IN, Ask, Row

ROWS = [
    Row(route="sign-in/", asks={"form": lambda _p: "/sign-in/"}, entitled=EVERYBODY, public=True),
    Row(route="sign-in/", method="POST", entitled=EVERYBODY, public=True, ok=(403, 401, 400, 422),
        asks={"wrong password": lambda p: Ask("/sign-in/", data={"username": p.code.lower(), "password": "wrong"})}),
    Row(route="sign-in/as/", method="POST", entitled=NOBODY, object="account", public=True,
        asks={"outside the demo": lambda p: Ask("/sign-in/as/", data={"username": p.code.lower()})}),
    Row(route="sign-out/", method="POST", entitled=EVERYBODY, public=True, ok=(302,),
        asks={"button": lambda _p: Ask("/sign-out/", data={})}),
    Row(route="preferences/", method="POST", entitled=EVERYBODY, public=True, ok=(302,),
        asks={"language": lambda _p: Ask("/preferences/", data={"language": "en"})}),
    Row(route="demo/clock/status/", asks={"poll": lambda _p: "/demo/clock/status/"}, entitled=SIGNED_IN),
    Row(route="demo/clock/", method="POST", asks={"day": lambda _p: Ask("/demo/clock/", data={"to": "day"})},
        entitled=SIGNED_IN, ok=(302,)),
]  # fmt: skip
