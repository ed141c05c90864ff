"""A kept file as an answer: always a download, said to be what its bytes are, and opened by no browser in place."""

import hashlib
import re
from urllib.parse import quote

from django.http import FileResponse

from hangbiao.engines.files.errors import Spoilt
from hangbiao.engines.files.kinds import KINDS
from hangbiao.engines.files.models import StoredFile
from hangbiao.engines.files.places import place_of


def download(stored: StoredFile, name: str) -> FileResponse:
    """The content under a name. It is compared with its hash before the first byte leaves. Raises Spoilt."""
    place, kind = place_of(stored.sha256), KINDS[stored.kind]
    try:
        with place.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as gone:
        raise Spoilt(stored.sha256) from gone
    if digest != stored.sha256:
        raise Spoilt(stored.sha256)
    response = FileResponse(place.open("rb"), content_type=kind.mime)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or f"file.{kind.ending}"
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
