"""What is taken away from the board: within scope, under the page's filters, harmless, computable, on one page."""

import csv
import io
import shutil
import subprocess
from decimal import Decimal

import pytest

from tests.interface.conftest import point_at  # noqa: F401 - the company fixture needs it


@pytest.fixture
def manager(company):
    return company.signed_in("m1")


def rows_of(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_the_people_table_holds_whom_the_reader_sees_and_nobody_else(company, manager):
    own = rows_of(manager.get("/board/table.csv?view=people"))
    all_of_them = rows_of(company.signed_in("x1").get("/board/table.csv?view=people"))

    assert {r["编号"] for r in own} == {"P100", "P101", "P102", "P103"}
    assert len(all_of_them) == 12


def test_the_pages_filters_hold_for_the_file(company):
    executive = company.signed_in("x1")

    red = rows_of(executive.get("/board/table.csv?view=people&light=red"))
    one = rows_of(executive.get("/board/table.csv?view=people&unit=R2&q=P201"))
    visits = rows_of(executive.get("/board/table.csv?view=people&metric=visits"))

    assert red
    assert {r["灯"] for r in red} == {"红灯"}
    assert [r["编号"] for r in one] == ["P201"]
    assert "." not in visits[0]["实际"]


def test_a_foreign_unit_in_the_address_widens_nothing(manager):
    rows = rows_of(manager.get("/board/table.csv?view=people&unit=R2"))

    assert {r["编号"][:2] for r in rows} <= {"P1"}


def test_figures_are_numbers_and_agree_with_the_page(manager):
    row = rows_of(manager.get("/board/table.csv?view=people&sort=gap"))[0]

    assert Decimal(row["实际"]) / Decimal(row["基准"]) == pytest.approx(Decimal(row["完成"]), abs=Decimal("0.000001"))
    assert row["为什么"]


def test_the_workbook_has_numbers_where_numbers_are(company):
    from openpyxl import load_workbook

    said = company.signed_in("x1").get("/board/table.xlsx?view=region")
    sheet = load_workbook(io.BytesIO(b"".join(said.streaming_content))).active
    head = [c.value for c in sheet[1]]
    first = dict(zip(head, (c.value for c in sheet[2]), strict=True))

    assert isinstance(first["实际"], int | float)
    assert isinstance(first["完成"], float)
    assert sheet.cell(2, head.index("完成") + 1).number_format == "0.0%"
    assert sheet.max_row == 4


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_name_is_never_a_formula(begin):
    from openpyxl import load_workbook

    from hangbiao.engines.papers import sheets

    evil = f"{begin}cmd|' /C calc'!A0"
    made = sheets.Sheet("名单", ["姓名", "数"], [[evil, Decimal("-5.5")]])

    line = list(sheets.csv_lines(made))[1]
    book = load_workbook(io.BytesIO(b"".join(sheets.answer(made, "xlsx", "x").streaming_content)))

    assert next(csv.reader([line]))[0].startswith("'")
    assert next(csv.reader([line]))[1] == "-5.5"
    assert book.active["A2"].value.startswith("'")
    assert book.active["A2"].data_type == "s"
    assert book.active["B2"].value == -5.5


def test_rows_come_page_by_page_in_the_readers_scope(company, monkeypatch):
    """The body is written when the view is long over: each page must still be read with the reader's eyes."""
    from hangbiao.rooms.board.selectors import people

    monkeypatch.setattr(people, "PAGE_ROWS", 2)
    said = company.signed_in("m1").get("/board/table.csv?view=people")

    assert said.streaming
    assert len(rows_of(said)) == 4


@pytest.mark.parametrize("who", ["p000", "adm", "x9"])
@pytest.mark.parametrize("path", ["table.csv", "table.xlsx", "chart.svg", "chart.png", "paper.pdf"])
def test_whoever_has_no_board_has_no_downloads(company, who, path):
    assert company.signed_in(who).get(f"/board/{path}").status_code == 404


def test_the_chart_is_a_document_of_its_own(manager):
    svg = manager.get("/board/chart.svg").content.decode()
    png = manager.get("/board/chart.png")

    assert 'xmlns="http://www.w3.org/2000/svg"' in svg
    assert "var(" not in svg
    assert "t-hit" not in svg.split("</style>")[1]
    assert png.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert "attachment" in png.headers["Content-Disposition"]


def test_a_persons_chart_is_there_for_whoever_may_see_them(company, manager):
    assert manager.get("/people/P100/chart.svg").status_code == 200
    assert manager.get("/people/P000/chart.svg").status_code == 404
    assert manager.get("/people/NOBODY/chart.svg").status_code == 404
    assert company.signed_in("p000").get("/people/P000/chart.svg").status_code == 200


def text_of(pdf: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not here")
    said = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return said.stdout.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_paper_is_one_page_with_everything_on_it(company, language):
    from hangbiao.engines.accounts.models import Account

    Account.objects.filter(username="m1").update(locale=language)
    try:
        said = company.signed_in("m1").get("/board/paper.pdf?unit=R1")
    finally:
        Account.objects.filter(username="m1").update(locale="")
    text = text_of(said.content)

    assert said.headers["Content-Type"] == "application/pdf"
    assert text.count("\f") == 1
    wanted = ["豫南", "红灯", "会上谈什么", "今日应达"] if language == "zh-hans" else ["South Henan", "Red", "talk about"]
    assert [w for w in wanted if w not in text] == []
    assert "川东" not in text


def test_what_people_typed_is_text_on_the_paper_and_never_source(company):
    from hangbiao.engines.scope.context import acting, system_scope
    from hangbiao.rooms.people.models import Person

    evil = '#panic("x") $x$ *b* @a \\ "]'
    with acting(system_scope("test")):
        before = Person.objects.get(code="P100").name
        Person.objects.filter(code="P100").update(name=evil)
    try:
        text = text_of(company.signed_in("m1").get("/board/paper.pdf").content)
    finally:
        with acting(system_scope("test")):
            Person.objects.filter(code="P100").update(name=before)

    assert '#panic("x")' in text


def test_without_a_chinese_font_the_page_says_so(manager, monkeypatch):
    from hangbiao.engines.papers import press

    monkeypatch.setattr(press, "chinese_font", lambda: None)

    said = manager.get("/board/paper.pdf")

    assert said.status_code == 503
    assert "fonts-noto-cjk" in said.content.decode()


def test_the_palette_is_that_of_the_pages():
    import re
    from pathlib import Path

    from hangbiao.engines.papers.palette import CHARTS, LIGHT

    css = Path(__file__).parents[2] / "frontend" / "css"
    tokens = dict(re.findall(r"--([\w-]+): light-dark\((#\w+),", (css / "tokens.css").read_text()))
    rules = (css / "charts.css").read_text()

    assert {name: tokens.get(name) for name in LIGHT} == LIGHT
    for selector, painted in CHARTS:
        if selector.startswith(".") and selector not in {".t-hit", ".t-end"}:
            found = re.search(rf"^\{selector} {{([^}}]*)}}", rules, re.MULTILINE)
            assert found, selector
            said = dict(p.strip().split(": ") for p in found[1].strip().rstrip(";").split(";"))
            assert {k: re.sub(r"var\(--([\w-]+)\)", r"\1", v) for k, v in said.items()} == painted, selector
