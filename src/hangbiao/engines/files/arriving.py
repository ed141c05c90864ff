"""Files of a form, written to disk as they come: hashed on the way, and never more of one than the limit."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from hangbiao.engines.files.errors import TooLarge

MEGABYTE = 1 << 20
AROUND = MEGABYTE  # what a form may have beside its files
LONGEST_NAME = 200


class Sent(File):  # type: ignore[type-arg]  # not subscriptable at run time
    """A file that has arrived whole: in a scratch place on the disk where it will stay, with its content hash."""

    def __init__(self, path: Path, name: str, sha256: str, size: int) -> None:
        super().__init__(None, name)
        self.path, self.sha256, self.size = path, sha256, size

    def close(self) -> None:
        self.path.unlink(missing_ok=True)


class ToDisk(FileUploadHandler):
    """Writes what arrives straight to disk, hashing on the way; a file over the limit is dropped and its name kept."""

    def __init__(self, folder: Path, *, megabytes: int) -> None:
        super().__init__()
        self.folder, self.megabytes = folder, megabytes
        self.too_large: list[str] = []
        self.scratch: Any = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._drop()
        self.scratch = tempfile.NamedTemporaryFile(dir=self.folder, delete=False)  # noqa: SIM115 - outlives this call
        self.hash, self.written = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.written += len(raw_data)
        if self.written > self.megabytes * MEGABYTE:
            self.too_large.append(_name(self.file_name))
            self._drop()
            raise SkipFile
        self.hash.update(raw_data)
        self.scratch.write(raw_data)

    def file_complete(self, file_size: int) -> Sent | None:  # type: ignore[override]  # any file object will do
        if self.scratch is None:
            return None
        self.scratch.flush()
        os.fsync(self.scratch.fileno())
        self.scratch.close()
        path, self.scratch = Path(self.scratch.name), None
        return Sent(path, _name(self.file_name), self.hash.hexdigest(), file_size)

    def upload_interrupted(self) -> None:
        self._drop()

    def _drop(self) -> None:
        if self.scratch is not None:
            self.scratch.close()
            Path(self.scratch.name).unlink(missing_ok=True)
            self.scratch = None


def expect_files(request: HttpRequest, *, megabytes: int, files: int) -> ToDisk:
    """Before anything of the form is read. A body that cannot fit is refused by its announced length alone: TooLarge."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdecimal() and int(announced) > megabytes * MEGABYTE * files + AROUND:
        raise TooLarge("", megabytes)
    handler = ToDisk(Path(settings.EVIDENCE) / "arriving", megabytes=megabytes)
    request.upload_handlers = [handler]
    return handler


def _name(name: str | None) -> str:
    """The name as text: no folder, nothing that steers a terminal or a header."""
    bare = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in bare if letter.isprintable())[-LONGEST_NAME:].strip() or "file"
