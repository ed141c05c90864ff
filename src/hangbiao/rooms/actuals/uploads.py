"""Files sent through the page: streamed to disk, kept under their content hash, waiting until somebody books them."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from hangbiao.engines.files.arriving import Sent
from hangbiao.engines.journal.services import record
from hangbiao.engines.policy.selectors import value_of
from hangbiao.rooms.actuals import parameters  # noqa: F401 - makes the key known
from hangbiao.rooms.actuals.models import Batch, MappingText, Upload


def largest_file_mb(on: date) -> int:
    """How many megabytes one file may have, by policy."""
    return int(value_of("import.largest_file_mb", on))


def original_of(sha256: str) -> Path:
    """Where a sent file is kept, by its content."""
    return Path(settings.LANDING) / "originals" / sha256[:2] / sha256


def arriving() -> Path:
    """Where files lie while they come: on the disk where they stay."""
    return Path(settings.LANDING) / "originals" / "arriving"


@transaction.atomic
def receive(*, sent: Sent, at: datetime, actor: str) -> Upload:
    """Keep a sent file. The same content under the same name that still waits is the same upload: a double click, a
    second tab, the back button change nothing."""
    waiting = Upload.objects.filter(sha256=sent.sha256, file_name=sent.name, put_away=False).first()
    if waiting and original_of(sent.sha256).is_file():
        return waiting
    kept = original_of(sent.sha256)
    kept.parent.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        sent.path.replace(kept)
    upload = Upload.objects.create(
        file_name=str(sent.name)[-255:], sha256=sent.sha256, size=sent.size, at=at, actor=actor
    )
    data = {"upload": upload.pk, "file": upload.file_name, "sha256": upload.sha256, "size": upload.size}
    record(stream="actuals", kind="actuals.file_received", at=at, actor=actor, data=data)
    return upload


@transaction.atomic
def choose_mapping(*, upload: int, mapping: int | None) -> Upload:
    """Say through which mapping an upload is to be read."""
    found = Upload.objects.select_for_update().get(pk=upload)
    found.mapping = MappingText.objects.get(pk=mapping) if mapping else None
    found.save(update_fields=["mapping"])
    return found


@transaction.atomic
def put_away(*, upload: int, at: datetime, actor: str) -> None:
    """An upload that nobody wants to book waits no longer. Its bytes stay only if a batch was read from them."""
    found = Upload.objects.select_for_update().get(pk=upload)
    if found.put_away:
        return
    found.put_away = True
    found.save(update_fields=["put_away"])
    data = {"upload": found.pk, "file": found.file_name, "sha256": found.sha256}
    record(stream="actuals", kind="actuals.file_put_away", at=at, actor=actor, data=data)
    needed = (
        Batch.objects.filter(sha256=found.sha256).exists()
        or Upload.objects.filter(sha256=found.sha256, put_away=False).exists()
    )
    if not needed:
        transaction.on_commit(_forget(original_of(found.sha256)))


def _forget(path: Path) -> Callable[[], None]:
    return lambda: path.unlink(missing_ok=True)
