"""The engine of pages: preferences, what a phone installs, faults, columns; and the demo company's clock."""

from tests.access.company import World
from tests.access.matrix import EVERYBODY, SIGNED_IN, Ask, Row, kinds

ADMINISTRATOR = kinds("administrator")


def _plant_faults(world: World) -> None:
    from hangbiao.engines.pages.models import Fault
    from tests.world.board import AT

    for place in world.places:
        place.planted["fault"] = f"E-{place.code}"
        Fault.objects.create(
            number=f"E-{place.code}", at=AT, account_id=place.account, method="GET", address=f"/people/{place.code}/",
            kind="ValueError", said=place.canary("fault"), trace="",
        )  # fmt: skip
    world.absent.planted["fault"] = "E-NOBODY"


ROWS = [
    Row(route="offline/", asks={"page": lambda _p: "/offline/"}, entitled=EVERYBODY, public=True),
    Row(route="sw.js", asks={"script": lambda _p: "/sw.js"}, entitled=EVERYBODY, public=True),
    Row(route="manifest.webmanifest", asks={"file": lambda _p: "/manifest.webmanifest"}, entitled=EVERYBODY, public=True),
    Row(route="styleguide/", asks={"page": lambda _p: "/styleguide/"}, entitled=ADMINISTRATOR),
    Row(route="admin/errors/", entitled=ADMINISTRATOR, shows=ADMINISTRATOR,
        asks={"list": lambda _p: "/admin/errors/", "csv": lambda _p: "/admin/errors/?faults-as=csv"}),
    Row(route="admin/errors/<slug:number>/", object="fault", entitled=ADMINISTRATOR, plant=_plant_faults,
        asks={"page": lambda p: f"/admin/errors/{p.planted['fault']}/"}, sees=lambda _v, p: [p.canary("fault")]),
    Row(route="tables/<slug:table>/columns/", method="POST", entitled=SIGNED_IN, ok=(302,),
        asks={"choose": lambda _p: Ask("/tables/faults/columns/", data={"column": ["number"]})}),
    Row(route="preferences/", method="POST", entitled=EVERYBODY, public=True, ok=(302,),
        asks={"language": lambda _p: Ask("/preferences/", data={"language": "en"})}),
    Row(route="demo/clock/status/", asks={"poll": lambda _p: "/demo/clock/status/"}, entitled=SIGNED_IN),
    Row(route="demo/clock/", method="POST", asks={"day": lambda _p: Ask("/demo/clock/", data={"to": "day"})},
        entitled=SIGNED_IN, ok=(302,)),
]  # fmt: skip
