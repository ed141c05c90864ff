"""Data tables: columns, what the reader asked for, and the lines to show. The server sorts, filters and pages.

A page makes a `Table` (all rows in hand: `table_of`; many rows: read `asked_of` first and hand over one page of them)
and its template says `{% data_table table %}`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hangbiao.engines.pages.selectors import columns_chosen

PAGE_ROWS = 50
LONGEST_SEARCH = 40
DIGITS = 5
FILES = ("xlsx", "csv")  # what `NAME-as` in the address may ask for


@dataclass(frozen=True, slots=True)
class Column:
    """`needed` cannot be put away, `hidden` waits until somebody wants it, `choices` make a filter; `shown_only` columns
    hold something to press and go into no file."""

    key: str
    title: str
    numeric: bool = False
    sortable: bool = True
    needed: bool = False
    hidden: bool = False
    choices: Sequence[tuple[str, str]] = ()
    shown_only: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` are shown (text is escaped, drawings are not); `values` sort and filter where they differ from them;
    `exact` goes into a file where it is not what is shown: numbers as numbers, times as times."""

    cells: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)
    href: str = ""
    drawer: bool = False
    exact: Mapping[str, Any] = field(default_factory=dict)

    def value(self, key: str) -> Any:
        """What the row says in a column, for sorting and filtering."""
        return self.values.get(key, self.cells.get(key))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of one table; unknown wishes are ignored, so that an old link still opens."""

    name: str
    sort: str = ""
    descending: bool = False
    q: str = ""
    page: int = 1
    chosen: Mapping[str, str] = field(default_factory=dict)


def asked_of(query: Mapping[str, str], name: str, columns: Sequence[Column]) -> Asked:
    """Read `NAME-sort`, `NAME-q`, `NAME-page` and `NAME-COLUMN` from the address."""
    wish = query.get(f"{name}-sort", "")
    key = wish.removeprefix("-")
    page = query.get(f"{name}-page", "1")
    chosen = {c.key: query.get(f"{name}-{c.key}", "") for c in columns if c.choices}
    return Asked(
        name=name,
        sort=key if any(c.key == key and c.sortable for c in columns) else "",
        descending=wish.startswith("-"),
        q=query.get(f"{name}-q", "").strip()[:LONGEST_SEARCH],
        page=max(int(page), 1) if page.isdecimal() and len(page) <= DIGITS else 1,
        chosen={c.key: chosen[c.key] for c in columns if c.choices and chosen[c.key] in dict(c.choices)},
    )


@dataclass(frozen=True, slots=True)
class Head:
    """A column as its table shows it now."""

    column: Column
    shown: bool
    direction: str
    href: str


@dataclass(frozen=True, slots=True)
class Table:
    """One page of a table. `rows` are already sorted, filtered and cut; `total` counts all that fit the filters."""

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: int
    asked: Asked
    query: QueryDict
    shown: frozenset[str]
    empty: str = ""
    searchable: bool = True
    page_rows: int = PAGE_ROWS
    whole: Callable[[], Iterable[Row]] | None = None  # all rows that fit the filters; a table without it has no file

    @property
    def files(self) -> list[tuple[str, str]]:
        """Format and address of the files that hold the whole table as it is filtered and sorted."""
        return [(kind, self._address(**{"as": kind, "page": ""})) for kind in FILES] if self.whole else []

    @property
    def heads(self) -> list[Head]:
        return [Head(c, c.key in self.shown, self._direction(c), self._sorted_by(c)) for c in self.columns]

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Head, Any]]]]:
        heads = self.heads
        return [(row, [(h, row.cells.get(h.column.key, "")) for h in heads]) for row in self.rows]

    @property
    def filters(self) -> list[tuple[Column, str]]:
        """Columns with choices, and what is chosen."""
        return [(c, self.asked.chosen.get(c.key, "")) for c in self.columns if c.choices]

    @property
    def others(self) -> list[tuple[str, str]]:
        """Everything in the address that is not this table's own, to be carried along."""
        own = f"{self.name}-"
        kept = [(k, v) for k, values in self.query.lists() if not k.startswith(own) for v in values]
        sort = self.query.get(f"{own}sort")
        return kept + ([(f"{own}sort", sort)] if sort else [])

    @property
    def own(self) -> list[tuple[str, str]]:
        """What the address asks of this table but its page, for a form beside it that narrows further."""
        mine = ((k, v) for k, values in self.query.lists() for v in values if k.startswith(f"{self.name}-"))
        return [(k, v) for k, v in mine if k != f"{self.name}-page" and v]

    @property
    def narrowed(self) -> bool:
        """Whether a filter hides rows."""
        return bool(self.asked.q or any(self.asked.chosen.values()))

    @property
    def first(self) -> int:
        return (self.asked.page - 1) * self.page_rows + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def before(self) -> str:
        """The address of the page before, empty on the first one."""
        return self._address(page=str(self.asked.page - 1)) if self.asked.page > 1 else ""

    @property
    def after(self) -> str:
        return self._address(page=str(self.asked.page + 1)) if self.last < self.total else ""

    @property
    def unfiltered(self) -> str:
        """The address without any filter of this table."""
        return self._address(q="", page="", **dict.fromkeys((c.key for c, _chosen in self.filters), ""))

    def _direction(self, column: Column) -> str:
        if self.asked.sort != column.key:
            return ""
        return "descending" if self.asked.descending else "ascending"

    def _sorted_by(self, column: Column) -> str:
        if not column.sortable:
            return ""
        again = self.asked.sort == column.key
        down = not self.asked.descending if again else column.numeric  # of figures one wants the greatest first
        return self._address(sort=f"-{column.key}" if down else column.key, page="")

    def _address(self, **changes: str) -> str:
        query = self.query.copy()
        for key, value in changes.items():
            query.pop(f"{self.name}-{key}", None)
            if value:
                query[f"{self.name}-{key}"] = value
        return f"?{query.urlencode()}"


def shown_columns(request: HttpRequest, name: str, columns: Sequence[Column]) -> frozenset[str]:
    """What the reader chose for this table, else what is not hidden; needed columns always."""
    kept = columns_chosen(request.user, name)
    known = {c.key for c in columns}
    wanted = {c.key for c in columns if not c.hidden} if kept is None else set(kept) & known
    return frozenset(wanted | {c.key for c in columns if c.needed})


def table_of(
    request: HttpRequest, *, name: str, caption: str, columns: Sequence[Column], rows: Iterable[Row], empty: str = "",
    searchable: bool = True, page_rows: int = PAGE_ROWS,
) -> Table:  # fmt: skip
    """A table whose rows are all in hand: sorts, filters and pages them here."""
    asked = asked_of(request.GET, name, columns)
    found = [row for row in rows if _fits(row, asked, columns)]
    if asked.sort:
        found.sort(key=lambda row: _order(row.value(asked.sort)), reverse=asked.descending)
    start = (asked.page - 1) * page_rows
    return Table(
        name, caption, columns, found[start : start + page_rows], len(found), asked, request.GET,
        shown_columns(request, name, columns), empty, searchable, page_rows, lambda: found,
    )  # fmt: skip


def files_of(
    request: HttpRequest, *, name: str, caption: str, columns: Sequence[Column], total: int, whole: Callable[[], Iterable[Row]]
) -> Table:  # fmt: skip
    """A table that is drawn in another way and only has files: `{% table_files table %}`."""
    asked = asked_of(request.GET, name, columns)
    shown = frozenset(column.key for column in columns)
    return Table(name, caption, columns, (), total, asked, request.GET, shown, whole=whole)


def draw(request: HttpRequest | None, table: Table, part: str = "table") -> SafeString:
    """The table, or only its `files`. The request remembers it: it may be wanted as a file (`papers.middleware`)."""
    if request is not None:
        request.tables = {**getattr(request, "tables", {}), table.name: table}  # type: ignore[attr-defined]
    return render_to_string(f"pages/parts/{part}.html", {"t": table}, request)


def _fits(row: Row, asked: Asked, columns: Sequence[Column]) -> bool:
    if any(chosen and str(row.value(key)) != chosen for key, chosen in asked.chosen.items()):
        return False
    needle = asked.q.casefold()
    return not needle or any(needle in str(row.value(c.key) or "").casefold() for c in columns)


def _order(value: Any) -> tuple[bool, Any]:
    """Empty cells after everything else; text without regard to case."""
    return (value is None or value == "", value.casefold() if isinstance(value, str) else value or 0)
