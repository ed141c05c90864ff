"""Keep a sent file."""

from datetime import datetime

from django.db import transaction

from hangbiao.engines.files.arriving import Sent
from hangbiao.engines.files.errors import Empty, UnknownKind
from hangbiao.engines.files.kinds import kind_of
from hangbiao.engines.files.models import StoredFile
from hangbiao.engines.files.places import place_of


@transaction.atomic
def keep(*, sent: Sent, at: datetime) -> StoredFile:
    """The content, kept under its hash; the same content again is the same row. Raises Empty, UnknownKind.

    The bytes are on disk before the row is: a crash between the two leaves a file that nobody knows, never a row without
    its file. Who sent it for what is the caller's to record.
    """
    if sent.size == 0:
        raise Empty(str(sent.name))
    kind = kind_of(sent.path)
    if kind is None:
        raise UnknownKind(str(sent.name))
    kept = place_of(sent.sha256)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        sent.path.chmod(0o440)
        sent.path.replace(kept)
    row, _made = StoredFile.objects.get_or_create(
        sha256=sent.sha256, defaults={"size": sent.size, "kind": kind.code, "kept_at": at}
    )
    return row
