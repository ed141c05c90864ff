"""Who stands in for whom: everybody sees what concerns them, managers name and end it."""

from tests.access.company import Place, Viewer, World
from tests.access.matrix import SIGNED_IN, Ask, Row, kinds

MANAGERS = kinds("supervisor", "region_manager", "hrbp", "executive")


def _plant(world: World) -> None:
    """A deputyship to come for the supervisor of every region's first team."""
    from datetime import date

    from hangbiao.rooms.people.models import Deputy, Person

    people = {p.code: p for p in Person.objects.all()}
    for region in ("0", "2"):
        made = Deputy.objects.create(
            principal=people[f"S{region}0"], deputy=people[f"P{region}04"], valid_from=date(2027, 3, 1),
            valid_to=date(2027, 3, 2), reason=f"canary-deputy-{region}",
        )  # fmt: skip
        world.place(f"P{region}00").planted["deputy"] = made.pk
    world.absent.planted["deputy"] = 999_999_999


def _above(viewer: Viewer, place: Place) -> bool:
    """The supervisor concerned, and the line above; an HRBP is not in the line."""
    return viewer.kind in {"supervisor", "region_manager", "executive"} and viewer.covers(place)


def _planted(place: Place) -> bool:
    return place.code in {"P000", "P200"}


ROWS = [
    Row(route="deputies/", entitled=SIGNED_IN, names=True, asks={"page": lambda _p: "/deputies/"}),
    Row(route="deputies/", method="POST", entitled=MANAGERS, names=True, ok=(302, 400),
        asks={"form": lambda _p: Ask("/deputies/", data={"principal": "S00", "deputy": "P0"})}),
    Row(route="deputies/<int:number>/end/", method="POST", object="deputy", entitled=_above, plant=_plant, about=_planted,
        ok=(302,), asks={"button": lambda p: Ask(f"/deputies/{p.planted['deputy']}/end/", data={})},
        sees=lambda _v, _p: ["location: /deputies/"]),
]  # fmt: skip
