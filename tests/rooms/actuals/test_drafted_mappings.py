"""A mapping drafted from a file nobody described: the demo's own files come out as its pack describes them; the public
sample (with HANGBIAO_DATA) as its example does; and every guess is explained."""

import os
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import pytest

import hangbiao
from hangbiao.rooms.actuals.drafting import writing
from hangbiao.rooms.actuals.drafting.contents import contents_of
from hangbiao.rooms.actuals.drafting.draft import Names, draft_for
from hangbiao.rooms.actuals.drafting.forms import form_of
from hangbiao.rooms.actuals.frames import Known
from hangbiao.rooms.actuals.mapping import load_all, mapping_from
from hangbiao.rooms.actuals.streams import STREAMS
from hangbiao.site.demo.generate import generate

PACK = Path(hangbiao.__file__).parent / "packs" / "fmcg_sales"
GIVEN = Path(os.environ["HANGBIAO_DATA"]) if os.environ.get("HANGBIAO_DATA") else None
given_data = pytest.mark.skipif(GIVEN is None, reason="HANGBIAO_DATA names no folder with the samples")
NOBODY = Names({}, {}, {})
CALLED = Names({}, {}, {"销售额": "sales", "客户拜访": "visits", "新增网点": "new_outlets"})


def known(*, people: int = 36, metrics: tuple[str, ...] = ("sales", "visits", "new_outlets")) -> Known:
    codes = {f"P{n:03}": n for n in range(1, people + 1)} | {f"P{n:02}": n for n in range(1, people + 1)}
    places = {f"T{n:03}": n for n in range(1, people + 1)} | {f"T{n:02}": n for n in range(1, people + 1)}
    return Known(codes, places, dict.fromkeys(metrics, 1), {}, date(2027, 1, 1))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo")
    generate(out, seed=7, reps=36, lines=20_000)
    return sorted((out / "files").iterdir())


def drafted(path: Path, names: Names = CALLED, who: Known | None = None):
    form, header, rows = form_of(path)
    return draft_for(path.name, form, header, rows, who or known(), names)


@pytest.mark.parametrize(("_path", "described", "_text"), load_all(PACK), ids=lambda m: getattr(m, "mapping", ""))
def test_every_file_of_the_demo_is_drafted_as_its_pack_describes_it(_path, described, _text, files):
    path = next(p for p in files if fnmatch(p.name, described.files))

    draft = drafted(path)

    assert draft.stream == described.stream, draft.why_stream
    assert draft.missing == []
    for name, column in described.columns.items():
        guess = draft.guesses.get(name)
        if column.source is None:
            continue  # a constant that no file says
        assert guess, f"{name} ← {column.source} was not found"
        assert guess.source == column.source, name
        assert guess.because, name
        if name != "channel":  # how a channel is called is the company's own business
            assert column.replace.items() >= guess.replace.items() or not column.replace, name
    text = writing.text_of(draft, code="own", title="own", files="*.csv")
    mapping_from(text, "own")  # what was drafted can be used


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_foreign_headers_dates_numbers_and_no_line_number(tmp_path):
    path = write(
        tmp_path / "Invoices.csv",
        "Invoice No;Invoice Date;Item Code;Customer No;Qty;Net Amount\n"
        "A1;31.12.2025;K1;C1;2;1.234,50\nA1;31.12.2025;K2;C1;1;20,00\nA2;01.02.2026;K1;C2;NULL;7,00\n",
    )

    draft = drafted(path)

    found = {n: (g.source, g.const) for n, g in draft.guesses.items()}
    assert draft.stream == "order_lines"
    assert found["order"] == ("Invoice No", "")
    assert found["line"] == ("Item Code", ""), "differs within each order"
    assert (draft.guesses["day"].source, draft.guesses["day"].date) == ("Invoice Date", "%d.%m.%Y")
    assert (draft.guesses["net_amount"].decimal, draft.guesses["net_amount"].thousands) == (",", ".")
    assert found["outlet"][0] == "Customer No"
    assert draft.form.delimiter == ";"
    assert draft.form.nulls == ["", "NULL"]
    assert found["side"] == ("", "sell_in")
    assert "不重复" in draft.guesses["line"].because


def test_a_day_that_could_be_read_two_ways_is_doubted():
    column = contents_of("日期", ["01/02/2026", "03/02/2026"], known())

    assert column.day == "%m/%d/%Y" or column.other_day == "%m/%d/%Y"
    assert column.other_day, "both readings are told"


def test_ten_thousands_in_a_header_multiply(tmp_path):
    path = write(tmp_path / "目标.csv", "季度,片区编号,指标,基准目标（万元）\n2026Q4,T001,销售额,70\n")

    draft = drafted(path)

    assert draft.stream == "targets"
    assert draft.guesses["base"].times == 10_000
    assert draft.guesses["metric"].replace == {"销售额": "sales"}


def test_names_of_people_become_their_codes(tmp_path):
    path = write(tmp_path / "订单.csv", "单号,日期,金额,业务员\n1,2026-01-02,5,李伟\n2,2026-01-02,6,王芳\n")

    draft = drafted(path, Names({"李伟": "P001", "王芳": "P002"}, {}, {}))

    assert draft.guesses["rep"].replace == {"李伟": "P001", "王芳": "P002"}
    assert draft.guesses["line"].const == "1"


def test_what_no_column_holds_is_named(tmp_path):
    path = write(tmp_path / "orders.csv", "订单号,商品,备注\n1,K1,急\n")

    draft = drafted(path)

    assert draft.stream == "order_lines"
    assert set(draft.missing) == {"day", "net_amount"}
    assert draft.unused == ["备注"]


def test_a_file_without_a_header_gets_numbered_columns(tmp_path):
    path = write(tmp_path / "visits.txt", "9001|20260105|P001|C7\n9002|20260105|P002|C8\n")

    form, header, rows = form_of(path)
    draft = draft_for(path.name, form, header, rows, known(), NOBODY)

    assert (form.header, form.delimiter, header[0]) == (False, "|", "第1列")
    assert (draft.guesses["day"].source, draft.guesses["day"].date) == ("第2列", "%Y%m%d")
    assert draft.guesses["rep"].source == "第3列", "recognised by its codes alone"


def test_a_form_that_somebody_corrected_is_what_counts(tmp_path):
    fresh = drafted(write(tmp_path / "orders.csv", "订单号,行号,日期,净额,别的\n1,1,2026-01-02,5,X\n"))
    form = {
        "from-order": "订单号", "from-line": "=", "const-line": "7", "from-day": "日期", "date-day": "%Y-%m-%d",
        "from-net_amount": "净额", "times-net_amount": "10000", "from-channel": "别的", "replace-channel": "X = shop",
    }  # fmt: skip

    text = writing.text_of(writing.draft_from(form, fresh), code="own", title="T", files="*.csv")
    mapping = mapping_from(text, "own")

    assert (mapping.columns["line"].const, mapping.columns["net_amount"].times) == ("7", 10_000)
    assert mapping.columns["channel"].replace == {"X": "shop"}
    assert "side" not in mapping.columns, "what was taken out stays out"


def test_every_stream_can_be_chosen_by_hand(tmp_path):
    form, header, rows = form_of(write(tmp_path / "x.csv", "a,b\n1,2\n"))

    for stream in STREAMS:
        assert draft_for("x.csv", form, header, rows, known(), NOBODY, stream).stream == stream


@given_data
def test_the_sales_lines_of_the_public_sample_are_drafted():
    path = GIVEN / "adventureworks" / "FactResellerSales.csv"
    draft = drafted(path, NOBODY, Known({str(n): n for n in range(272, 300)}, {}, {"sales": 1}, {}, date(2027, 1, 1)))

    found = {n: g.source for n, g in draft.guesses.items() if g.source}
    assert draft.stream == "order_lines"
    assert draft.missing == []
    wanted = {
        "order": "SalesOrderNumber", "line": "ProductKey", "day": "OrderDate", "net_amount": "SalesAmount", "sku": "ProductKey",
        "outlet": "ResellerKey", "rep": "EmployeeKey", "quantity": "OrderQuantity", "list_price": "UnitPrice",
    }  # fmt: skip
    assert {n: found.get(n) for n in wanted} == wanted
    assert "NULL" in draft.form.nulls


@given_data
def test_the_pipeline_of_the_other_public_sample_is_drafted():
    draft = drafted(GIVEN / "crm_opportunities" / "sales_pipeline.csv", NOBODY, known())

    found = {n: g.source for n, g in draft.guesses.items() if g.source}
    assert draft.stream == "order_lines"
    assert (found["order"], found["net_amount"], found["rep"], found["sku"]) == (
        "opportunity_id", "close_value", "sales_agent", "product")  # fmt: skip
    assert draft.guesses["day"].date == "%d-%m-%y"
