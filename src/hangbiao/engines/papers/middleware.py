"""Every data table of a page as a file: the page's own address with `NAME-as=csv` or `xlsx`.

The page is made first, so whoever may not open it gets no file of it either; then its table is written out, all rows
that fit the filters, in the reader's language.
"""

from collections.abc import Callable, Iterator
from html import unescape

from django.http import HttpRequest, HttpResponseBase
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from hangbiao.engines.pages.tables import Column, Row, Table
from hangbiao.engines.papers.sheets import FORMATS, Sheet, Value, answer

OK = 200
GetResponse = Callable[[HttpRequest], HttpResponseBase]


def tables_as_files(get_response: GetResponse) -> GetResponse:
    """Answer with the file instead of the page, where the address asks for one and the page has that table."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method != "GET" or response.status_code != OK:
            return response
        tables: dict[str, Table] = getattr(request, "tables", {})
        for name, table in tables.items():
            kind = request.GET.get(f"{name}-as", "")
            if kind in FORMATS and table.whole is not None:
                return answer(sheet_of(table), kind, f"{table.caption}")
        return response

    return middleware


def sheet_of(table: Table) -> Sheet:
    """All rows of the table, with every column that can be written, hidden ones too."""
    columns = [column for column in table.columns if not column.shown_only]
    return Sheet(table.caption, [column.title for column in columns], _rows(table, columns))


def _rows(table: Table, columns: list[Column]) -> Iterator[list[Value]]:
    for row in table.whole() if table.whole else ():
        yield [written(row, column.key) for column in columns]


def written(row: Row, key: str) -> Value:
    """What a cell says: its exact value if it has one, else its text without any drawing."""
    value = row.exact.get(key, row.cells.get(key, ""))
    if isinstance(value, SafeString):
        value = " ".join(unescape(strip_tags(value)).split())
    return "" if value == "–" else value
