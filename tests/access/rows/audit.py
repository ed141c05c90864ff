"""The journal, the auditor's alone: the administrator is answered as anybody else."""

from tests.access.company import Place, World
from tests.access.matrix import Ask, Row, kinds

AUDITOR = kinds("auditor")
NOWHERE = 999_999_999


def _plant(world: World) -> None:
    """A line and a verification, which belong to no place."""
    from django.db import transaction

    from hangbiao.engines.journal.models import Verification
    from hangbiao.engines.journal.services import record
    from tests.world import ACTOR
    from tests.world.board import AT

    with transaction.atomic():
        line = record(stream="metrics", kind="journal.checkpoint", at=AT, actor=ACTOR, data={"name": "canary-line"})
    made = Verification.objects.create(
        stream="metrics", state="done", at=AT, actor=ACTOR, done=1, total=1, streams=1, finished_at=AT,
        findings=[{"code": "gap", "stream": "canary-chain", "n": 1, "facts": {}}], broken=1,
    )  # fmt: skip
    for place in world.places:
        place.planted |= {"line": line.pk, "look": made.pk}
    world.absent.planted |= {"line": NOWHERE, "look": NOWHERE}


def _once(place: Place) -> bool:
    return place.code == "P000"


LINES = ["canary-line"]
ROWS = [
    Row(route="journal/", entitled=AUDITOR, plant=_plant, sees=lambda _v, _p: LINES,
        asks={"page": lambda _p: "/journal/?log-stream=metrics", "words": lambda _p: "/journal/?log-q=canary-line",
              "days": lambda _p: "/journal/?log-stream=metrics&from=2026-11-26&to=2026-11-26"}),
    Row(route="journal/<int:number>/", object="line", entitled=AUDITOR, about=_once, shows=AUDITOR, sees=lambda _v, _p: LINES,
        asks={"page": lambda p: f"/journal/{p.planted['line']}/",
              "drawer": lambda p: Ask(f"/journal/{p.planted['line']}/", headers={"X-Fragment": "1"})}),
    Row(route="journal/export/<slug:kind>/", entitled=AUDITOR, sees=lambda _v, _p: LINES,
        asks={kind: lambda _p, kind=kind: f"/journal/export/{kind}/?log-stream=metrics" for kind in ("csv", "xlsx")}),
    Row(route="journal/verify/", method="POST", entitled=AUDITOR, ok=(302, 303),
        asks={"button": lambda _p: Ask("/journal/verify/", data={"stream": "metrics"})}),
    Row(route="journal/verifications/<int:number>/", object="look", entitled=AUDITOR, about=_once, shows=AUDITOR,
        sees=lambda _v, _p: ["canary-chain"], asks={"page": lambda p: f"/journal/verifications/{p.planted['look']}/"}),
    Row(route="journal/verifications/<int:number>/row/", object="look", entitled=AUDITOR, about=_once, shows=AUDITOR,
        sees=lambda _v, _p: ["已完成"], asks={"row": lambda p: f"/journal/verifications/{p.planted['look']}/row/"}),
]  # fmt: skip
