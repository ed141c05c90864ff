"""Ordinary files: CSV in the encodings companies really send, and a workbook that is the same bytes every time."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook


def write_csv(path: Path, header: Sequence[str], lines: Iterable[str], *, encoding: str = "utf-8") -> None:
    """A header and ready-made lines. Nothing in the demo's values needs quoting."""
    separator = "\t" if encoding == "utf-16" else ","
    text = "\n".join([separator.join(header), *lines]) + "\n"
    path.write_bytes(text.encode(encoding))


def write_rows(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str = "utf-8"
) -> None:
    """Rows of cells, None and '' as empty."""
    separator = "\t" if encoding == "utf-16" else ","
    texts = (["" if cell is None else str(cell) for cell in row] for row in rows)
    write_csv(path, header, map(separator.join, texts), encoding=encoding)


def write_workbook(path: Path, title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """One sheet. openpyxl stamps the present time into the file; it is taken out so that a seed gives the same bytes."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    raw = io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-09-30T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, (2026, 9, 30, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, content)
