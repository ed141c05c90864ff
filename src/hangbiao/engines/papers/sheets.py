"""Tables as files: CSV and XLSX, written row by row. Numbers stay numbers, and no text is taken for a formula."""

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

BOM = "\ufeff"  # without it Excel reads UTF-8 as the local code page
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST_TITLE, WIDE = 31, 60
FORMATS = ("csv", "xlsx")
Value = str | int | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be written. Amounts are Decimals, ratios too: a share of 0.5 with `percent` prints as 50.0 %."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Value]]
    percent: frozenset[int] = frozenset()  # columns whose numbers are shares


def harmless(text: str) -> str:
    """The text as a spreadsheet shows it and never computes it."""
    clean = UNWRITABLE.sub("", text)
    return f"'{clean}" if clean.startswith(FORMULA_BEGINS) else clean


def answer(sheet: Sheet, kind: str, name: str) -> HttpResponseBase:
    """The sheet as a download; `name` is the file's name without its ending."""
    if kind == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            csv_lines(sheet), content_type="text/csv; charset=utf-8"
        )
    else:
        response = FileResponse(
            _workbook(sheet),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    response.headers["Content-Disposition"] = attachment(f"{name}.{kind}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def attachment(name: str) -> str:
    """The header that gives a download its name, Chinese included."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-") or "export"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """The CSV, line by line."""
    writer = csv.writer(_Echo())
    yield BOM + str(writer.writerow([harmless(h) for h in sheet.head]))
    for row in sheet.rows:
        yield str(writer.writerow([_text(value) for value in row]))


def _text(value: Value) -> str:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _workbook(sheet: Sheet) -> Any:
    """A temporary file that holds the workbook and goes when it was sent."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_title(sheet.title))
    page.freeze_panes = "A2"
    for n, head in enumerate(sheet.head):
        page.column_dimensions[get_column_letter(n + 1)].width = min(max(len(head) * 2 + 2, 10), WIDE)
    page.append([_bold(page, harmless(h)) for h in sheet.head])
    for row in sheet.rows:
        page.append([_cell(page, value, n in sheet.percent) for n, value in enumerate(row)])
    file = tempfile.TemporaryFile(prefix="hangbiao-sheet-")  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def _bold(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, text)
    cell.font = Font(bold=True)
    return cell


def _cell(page: Any, value: Value, share: bool) -> Any:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if share and isinstance(value, Decimal):
        cell = WriteOnlyCell(page, float(value))  # a share, for reading: amounts stay Decimals
        cell.number_format = "0.0%"
        return cell
    return value


def _title(title: str) -> str:
    """A workbook's sheet has at most 31 letters and none of []:*?/\\."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:LONGEST_TITLE].strip("' ") or "1"


def written(sheet: Sheet, path: Path) -> None:
    """The sheet as a file on disk; the ending says which."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as out:
            out.writelines(csv_lines(sheet))
        return
    with _workbook(sheet) as made:
        path.write_bytes(made.read())
