"""The import pages: the administrator's alone."""

import hashlib
from importlib.resources import files
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.company import Place, World
from tests.access.matrix import Ask, Row, kinds

ADMINISTRATOR = kinds("administrator")
CELLS = {"日期": "2026-11-25", "指标": "客户拜访", "数值": "3", "片区": "A000"}
TEXT = "canary-file,value\n1,2\n"


def _plant(world: World) -> None:
    """One of everything that the pages name: a sent file, a job, a batch with a refused row and a suspect, a mapping."""
    from hangbiao.rooms.actuals import uploads
    from hangbiao.rooms.actuals.models import Batch, ImportJob, MappingText, Quarantine, Suspect, Upload
    from tests.world.board import AT

    sha = hashlib.sha256(TEXT.encode()).hexdigest()
    kept = uploads.original_of(sha)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(TEXT)
    text = (files("hangbiao.packs") / "fmcg_sales" / "daily_totals.yaml").read_text(encoding="utf-8")
    mapping = MappingText.objects.create(code="canary-mapping", digest="1" * 64, text=text, recorded_at=AT)
    who = {"actor": "system:test"}
    upload = Upload.objects.create(file_name="canary-file.csv", sha256=sha, size=len(TEXT), at=AT, **who)
    batch = Batch.objects.create(
        stream="daily_totals", mapping=mapping, file_name="canary-file.csv", sha256=sha, recorded_at=AT,
        merkle_root="0" * 64, quarantined=1, suspected=1, header=list(CELLS), **who,
    )  # fmt: skip
    row = Quarantine.objects.create(
        batch=batch, line=2, column="数值", value="canary-cell", code="unknown", reason="?", remedy="?",
        raw=["2026-11-25", "客户拜访", "canary-cell", "A000"],
    )
    suspect = Suspect.objects.create(batch=batch, day=AT.date(), what={}, lines=[])
    kept = uploads.original_of(sha).with_name("refused.csv")
    kept.write_text(TEXT)
    report = {"refused_file": str(kept)}
    job = ImportJob.objects.create(kind="check", state="failed", upload=upload, mapping=mapping, at=AT, report=report, **who)
    things = {"upload": upload, "import": batch, "refused row": row, "suspect": suspect, "job": job, "mapping": mapping}
    for place in world.places:
        place.planted |= {name: thing.pk for name, thing in things.items()}
    world.absent.planted |= dict.fromkeys(things, 999_999_999)


def _one(place: Place) -> bool:
    """These things belong to no place: once is enough."""
    return place.code == "P000"


def _row(address_: str, thing: str, *sees: str, **more: Any) -> Row:
    """A page about one thing; its address without the number."""
    before, _sep, after = address_.partition("#")
    address = lambda p: f"/imports/{before}{p.planted[thing]}{after}"
    asked = {"page": address} if more.get("method", "GET") == "GET" else {"button": lambda p: Ask(address(p), data=DATA)}
    given: dict[str, Any] = {"asks": asked, "sees": lambda _v, _p: sees or ("",)} | more
    given.setdefault("route", f"imports/{before}<int:number>{after}")
    return Row(object=thing, entitled=ADMINISTRATOR, about=_one, shows=ADMINISTRATOR, **given)


def _list(path: str, query: str = "") -> Row:
    asked = {query or "page": lambda _p: f"/imports/{path}?{query}"}
    return Row(route=f"imports/{path}", asks=asked, entitled=ADMINISTRATOR)


def _file(_place: Place) -> Ask:
    return Ask("/imports/send/", data={"files": SimpleUploadedFile("sent.csv", TEXT.encode())})


DATA = {"verdict": "both", "value": "3"} | {f"cell-{n}": cell for n, cell in enumerate(CELLS.values())}
POST = {"method": "POST", "ok": (200, 302, 303, 400, 409)}
ROWS = [
    Row(route="imports/", asks={"page": lambda _p: "/imports/"}, entitled=ADMINISTRATOR, plant=_plant,
        sees=lambda _v, _p: ["canary-file.csv"]),
    _list("batches/"),
    _list("batches/", "batches-as=csv"),
    _list("batches/", "batches-as=xlsx"),
    _list("mappings/"),
    _list("suspects/"),
    _list("suspects/", "suspects-as=csv"),
    Row(route="imports/send/", method="POST", asks={"file": _file}, entitled=ADMINISTRATOR, ok=(302,)),
    _row("files/#/", "upload", "canary-file.csv"),
    _row("files/#/draft/", "upload", "canary-file"),
    _row("files/#/draft/", "upload", **POST),
    _row("files/#/check/", "upload", **POST),
    _row("files/#/book/", "upload", **POST),
    _row("files/#/away/", "upload", **POST),
    _row("jobs/#/", "job", "canary-file.csv"),
    _row("jobs/#/row/", "job", "canary-file.csv"),
    _row("jobs/#/refused/", "job", "canary-file"),
    _row("jobs/#/cancel/", "job", **POST),
    _row("batches/#/", "import", "canary-cell"),
    _row("batches/#/?refused-as=csv", "import", "canary-cell", route="imports/batches/<int:number>/"),
    _row("batches/#/refused/", "import", "canary-cell"),
    _row("batches/#/original/", "import", "canary-file"),
    _row("batches/#/undo/", "import", **POST),
    _row("mappings/#/", "mapping", "demo_daily"),
    _row("refused/#/", "refused row", **POST),
    _row("refused/#/everywhere/", "refused row", **POST),
    _row("suspects/#/", "suspect", **POST),
]  # fmt: skip
