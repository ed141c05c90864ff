"""How a file is written: kind, separator, whether it has a header. Found by looking, because nobody has said."""

import re
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from hangbiao.rooms.actuals.errors import FileRefused
from hangbiao.rooms.actuals.mapping import Format
from hangbiao.rooms.actuals.preview import head_of

DELIMITERS = (",", "\t", ";", "|")
_DATA = re.compile(r"[+\-]?[0-9][0-9.,:/\- ]*")


def form_of(path: Path) -> tuple[Format, list[str], list[list[str]]]:
    """Format, header and first rows. Raises FileRefused where the file cannot be read at all."""
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == b"PK\x03\x04":
        form = Format(kind="xlsx")
        return form, *head_of(path, form)
    found: list[tuple[int, Format, list[str], list[list[str]]]] = []
    last: FileRefused | None = None
    for delimiter in DELIMITERS:
        form = Format(delimiter=delimiter)
        try:
            header, rows = head_of(path, form)
        except FileRefused as refused:
            last = refused
            continue
        even = all(len(row) == len(header) for row in rows)
        found.append((len(header) if even else len(header) // 2, form, header, rows))
    if not found:
        raise last or FileRefused("empty_file")
    _columns, form, header, rows = max(found, key=lambda f: f[0])
    if _is_data(header):
        names = [_("第%(n)s列") % {"n": n} for n in range(1, len(header) + 1)]
        return form.model_copy(update={"header": False, "columns": names}), names, [header, *rows]
    return form, header, rows


def _is_data(header: Sequence[str]) -> bool:
    """A first row that is mostly numbers and days is no header."""
    told = [h for h in header if h]
    return bool(told) and sum(1 for h in told if _DATA.fullmatch(h)) * 2 >= len(told)
