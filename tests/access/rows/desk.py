"""The desk room: inbox, search, notices, profile."""

from tests.access.company import Place, Viewer, World
from tests.access.matrix import IN_SIGHT, SIGNED_IN, Ask, Row, kinds
from tests.access.rows.board import leads_region


def _mine(viewer: Viewer, place: Place) -> bool:
    return viewer.owns and viewer.code == place.code


def _of_the_first_reps(place: Place) -> bool:
    """Those who look themselves: what belongs to one account has no other entitled."""
    return place.code in {"P000", "P200"}


def _plant(world: World) -> None:
    """A notice for everybody, and a batch with refused rows."""
    from hangbiao.rooms.actuals.models import Batch
    from hangbiao.rooms.desk.models import Notice
    from tests.world.board import AT

    batch = Batch.objects.earliest("pk")
    batch.pk, batch.file_name, batch.recorded_at, batch.quarantined, batch.sha256 = None, "refused.csv", AT, 2, "1" * 64
    batch.save()
    for place in world.places:
        kept = Notice.objects.create(
            account_id=place.account, key="matrix", kind="light.flipped", facts={}, href=f"/people/{place.code}/", at=AT
        )
        place.planted |= {"notice": kept.pk, "refused batch": batch.pk}
    world.absent.planted |= {"notice": 999_999_999, "refused batch": 999_999_999}


def _said(place: Place) -> list[str]:
    return [f"/people/{place.code}/"]


ROWS = [
    Row(route="inbox/", asks={"page": lambda _p: "/inbox/"}, entitled=SIGNED_IN),
    Row(route="inbox/looked/", method="POST", asks={"button": lambda _p: Ask("/inbox/looked/", data={})},
        entitled=SIGNED_IN, ok=(302,)),
    Row(route="inbox/region/<str:code>/", object="unit", asks={"link": lambda p: f"/inbox/region/{p.region}/"},
        entitled=leads_region, ok=(302,), sees=lambda _v, p: [f"unit={p.region}"]),
    Row(route="inbox/batch/<int:number>/", object="batch", plant=_plant, entitled=kinds("administrator"), ok=(302,),
        asks={"link": lambda p: f"/inbox/batch/{p.planted['refused batch']}/"}, sees=lambda _v, _p: ["location: /"]),
    Row(route="search/", object="person", entitled=IN_SIGHT, closed=False, about=lambda p: not p.ended,
        sees=lambda _v, p: [f"/people/{p.code}/"],
        asks={"name": lambda p: f"/search/?q={p.name}", "code": lambda p: f"/search/?q={p.code}",
              "English": lambda p: f"/search/?q={p.name_en}"}),
    Row(route="search/", asks={"empty": lambda _p: "/search/", "all birds": lambda _p: "/search/?q=雀"}, entitled=SIGNED_IN),
    Row(route="notifications/", asks={"page": lambda _p: "/notifications/"}, entitled=SIGNED_IN),
    Row(route="notifications/<int:number>/", object="notice", entitled=_mine, about=_of_the_first_reps, ok=(302,),
        asks={"link": lambda p: f"/notifications/{p.planted['notice']}/"}, sees=lambda _v, p: _said(p)),
    Row(route="notifications/read/", method="POST", entitled=SIGNED_IN, ok=(302,),
        asks={"button": lambda _p: Ask("/notifications/read/", data={})}),
    Row(route="profile/", asks={"page": lambda _p: "/profile/"}, entitled=SIGNED_IN),
    Row(route="profile/", method="POST", entitled=SIGNED_IN, ok=(302,),
        asks={"form": lambda _p: Ask("/profile/", data={"language": "zh-hans", "theme": "dark"})}),
    Row(route="api/v1/tasks", asks={"list": lambda _p: "/api/v1/tasks"}, entitled=SIGNED_IN),
]  # fmt: skip
