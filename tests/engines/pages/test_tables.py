"""Tables: what the address asks for is done by the server; what it asks wrongly is ignored."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from hangbiao.engines.accounts.services import open_account
from hangbiao.engines.accounts.sessions import Stranger
from hangbiao.engines.pages.services import choose_columns
from hangbiao.engines.pages.tables import Column, Row, table_of

COLUMNS = [
    Column("name", "名", needed=True), Column("size", "数", numeric=True), Column("note", "注", hidden=True),
    Column("light", "灯", choices=[("red", "红"), ("green", "绿")]),
]  # fmt: skip
ROWS = [
    Row({"name": "beta", "size": "1,200", "light": "红", "note": "x"}, {"size": 1200, "light": "red"}, href="/b/"),
    Row({"name": "Alpha", "size": "30", "light": "绿"}, {"size": 30, "light": "green"}),
    Row({"name": "<b>", "size": "", "light": "绿"}, {"size": None, "light": "green"}),
]


def table(query: str = "", account=None, **how):
    request = RequestFactory().get(f"/?{query}")
    request.user = account or Stranger()
    return table_of(request, name="t", caption="T", columns=COLUMNS, rows=ROWS, **how)


def names(made) -> list[str]:
    return [row.cells["name"] for row in made.rows]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["beta", "Alpha", "<b>"]),
        ("t-sort=name", ["<b>", "Alpha", "beta"]),
        ("t-sort=size", ["Alpha", "beta", "<b>"]),
        ("t-q=ALPH", ["Alpha"]),
        ("t-light=green", ["Alpha", "<b>"]),
        ("t-light=blue&t-sort=nonsense&t-page=x", ["beta", "Alpha", "<b>"]),
        ("t-light=red&t-q=alpha", []),
    ],
)
def test_sorting_and_filtering(query, wanted):
    assert names(table(query)) == wanted


def test_pages_know_where_they_are():
    second = table("t-page=2&t-q=", page_rows=2)

    assert (names(second), second.first, second.last, second.total) == (["<b>"], 3, 3, 3)
    assert second.before
    assert not second.after


def test_another_tables_wishes_are_carried_along():
    made = table("period=2026Q4&t-q=a&u-sort=name&t-sort=-size")

    assert made.others == [("period", "2026Q4"), ("u-sort", "name"), ("t-sort", "-size")]
    assert "period=2026Q4" in made.unfiltered
    assert "t-q" not in made.unfiltered


def test_figures_begin_with_the_greatest_and_turn_at_the_second_press():
    by_size = {head.column.key: head for head in table().heads}["size"]
    again = {head.column.key: head for head in table("t-sort=-size").heads}["size"]

    assert by_size.href == "?t-sort=-size"
    assert (again.direction, again.href) == ("descending", "?t-sort=size")


def test_markup_in_a_cell_is_text():
    request = RequestFactory().get("/")
    request.user = Stranger()

    html = render_to_string("pages/parts/table.html", {"t": table()}, request)

    assert "&lt;b&gt;" in html
    assert '<th scope="col" data-col="note" hidden>' in html


@pytest.mark.django_db
def test_chosen_columns_are_remembered_and_needed_ones_stay(at):
    reader = open_account(username="a", name="甲", at=at, actor="test")

    choose_columns(account=reader, table="t", columns=["note", "gone"])

    assert table(account=reader).shown == {"name", "note"}
    assert table().shown == {"name", "size", "light"}
