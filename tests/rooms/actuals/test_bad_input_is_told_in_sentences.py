"""Bad input: each is a sentence with file, line, column, what was read and what to do; nothing is half-booked."""

import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from hangbiao.rooms.actuals.models import Batch, DailyFact, LandedFile, Quarantine
from tests.world import found_company
from tests.world.orders import HEADER, ORDERS, mapping_folder, order, send, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
GOOD = order("A1", "2025-10-09", "100.00")
GOOD_LINE = ",".join(GOOD)
HEAD_LINE = ",".join(HEADER)


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    found_company()
    return mapping_folder(tmp_path / "mapping")


def xlsx_mapping(tmp_path: Path) -> Path:
    found_company()
    return mapping_folder(
        tmp_path / "mapping", orders=ORDERS.replace("orders*.csv", "orders*.xlsx") + "format: {kind: xlsx}\n"
    )


def nothing_is_booked() -> bool:
    return not (DailyFact.objects.exists() or LandedFile.objects.exists() or Batch.objects.exists())


ROWS = {
    "unknown employee": ({"rep": "nobody"}, "业务员", "nobody", "没有编号为 nobody 的人员"),
    "unknown territory": ({"territory": "T404"}, "片区", "T404", "没有编号为 T404 的片区"),
    "text in a number": ({"amount": "一百元"}, "净额", "一百元", "应当是数字"),
    "1e999": ({"amount": "1e999"}, "净额", "1e999", "超过了"),
    "NaN": ({"amount": "NaN"}, "净额", "NaN", "NaN 和无穷大"),
    "infinity": ({"amount": "-Infinity"}, "净额", "-Infinity", "NaN 和无穷大"),
    "twenty digits": ({"amount": "12345678901234567890"}, "净额", "12345678901234567890", "不像真实数据"),
    "scientific with lost digits": ({"amount": "1.2345678901234567e3"}, "净额", "1.2345678901234567e3", "科学记数法"),
    "half a fen": ({"amount": "1.005"}, "净额", "1.005", "最多 2 位小数"),
    "currency sign": ({"amount": "¥100"}, "净额", "¥100", "不带单位"),
    "percent": ({"amount": "12%"}, "净额", "12%", "应当是数字"),
    "unexpected thousands": ({"amount": "1 000"}, "净额", "1 000", "应当是数字"),
    "full-width digits": ({"amount": "１００"}, "净额", "１００", "应当是数字"),
    "two points": ({"amount": "1.2.3"}, "净额", "1.2.3", "应当是数字"),
    "hexadecimal": ({"amount": "0x10"}, "净额", "0x10", "应当是数字"),
    "underscore": ({"amount": "1_000"}, "净额", "1_000", "应当是数字"),
    "an Excel error": ({"amount": "#N/A"}, "净额", "#N/A", "Excel 错误值"),
    "no amount": ({"amount": ""}, "净额", "", "不能为空"),
    "wrong date": ({"day": "2025-13-40"}, "日期", "2025-13-40", "格式的日期"),
    "day first": ({"day": "09/10/2025"}, "日期", "09/10/2025", "格式的日期"),
    "30 February": ({"day": "2026-02-30"}, "日期", "2026-02-30", "格式的日期"),
    "an Excel serial as date": ({"day": "45939"}, "日期", "45939", "读到的像数字"),
    "future date": ({"day": "2026-11-27"}, "日期", "2026-11-27", "日期在将来"),
    "before the product": ({"day": "1999-12-31"}, "日期", "1999-12-31", "早于 2000"),
    "year 9999": ({"day": "9999-12-31"}, "日期", "9999-12-31", "晚于 2100"),
    "no date": ({"day": " "}, "日期", "", "不能为空"),
    "no order": ({"number": ""}, "订单号", "", "不能为空"),
    "control character": ({"sku": "S\x07"}, "商品", "S\x07", "控制字符"),
    "a very long text": ({"outlet": "长" * 500}, "门店", "长" * 60, "超过 400 个字符"),
    "columns swapped: a date in the amount": ({"amount": "2025-10-09"}, "净额", "2025-10-09", "对调"),
}  # fmt: skip


@pytest.mark.parametrize("what", ROWS)
def test_a_bad_cell_is_named_with_line_column_value_and_remedy(what, mapping, tmp_path, at):
    change, column, value, reason = ROWS[what]
    given = {"number": "B1", "day": "2025-10-09", "amount": "5.00"} | change
    bad = order(given.pop("number"), given.pop("day"), given.pop("amount"), **given)
    path = write_csv(tmp_path / "orders_1.csv", [GOOD, bad, order("A2", "2025-10-10", "-20.00")])

    report = send(mapping, path, at)

    assert (report.status, report.booked, report.quarantined) == ("booked", 2, 1)
    said = report.refusals[0]
    assert "orders_1.csv 第 3 行" in said
    assert f"“{column}”" in said
    assert (f"读到“{value}”" if value else "读到空值") in said
    assert reason in said
    assert said.count("。") >= 2, "a reason and a remedy"
    kept = Quarantine.objects.get()
    assert (kept.line, kept.column) == (3, column)
    assert kept.remedy
    assert sum(DailyFact.objects.values_list("value", flat=True)) == 8_000


def raw(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


FILES = {
    "empty": (b"", "文件是空的"),
    "missing column": (raw(f"{HEAD_LINE.replace('净额', '金额')}\n{GOOD_LINE}\n"), "净额"),
    "a near name is suggested": (raw(f"{HEAD_LINE.replace('业务员', '业务 员')}\n{GOOD_LINE}\n"), "是不是“业务 员”"),
    "two headers of one name": (raw(f"{HEAD_LINE},净额\n{GOOD_LINE},1\n"), "重名的列：净额"),
    "wrong delimiter": (raw(f"{HEAD_LINE}\n{GOOD_LINE}\n".replace(",", ";")), "分隔符"),
    "NUL characters": (raw(f"{HEAD_LINE}\n{GOOD_LINE}\nA\0B\n"), "空字符"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 40, "文本"),
    "a workbook named csv": (b"PK\x03\x04" + b"\x00" * 100, "Excel 工作簿"),
    "neither UTF-8 nor GBK": (raw(HEAD_LINE) + b"\n\xff\xff\xff\xfe\xff\n", "编码"),
    "UTF-16 cut in half": ("\ufeff".encode("utf-16-le") + f"{HEAD_LINE}\n".encode("utf-16-le")[:-1], "编码"),
    "a quote that never ends": (raw(f'{HEAD_LINE}\n"{GOOD_LINE}\n{GOOD_LINE}\n'), "引号没有配对"),
    "text after a closing quote": (raw(f'{HEAD_LINE}\n"A"1,{GOOD_LINE}\n'), "第 2 行的引号"),
    "a line of two million characters": (raw(f"{HEAD_LINE}\n{'9' * 2_000_000}\n"), "第 2 行超过"),
    "only blank lines": (b"\n\n\n", "列名"),
    "a header of blanks": (b",,,,\n1,2,3,4,5\n", "没有映射要用的列"),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_a_structural_fault_refuses_the_whole_file(what, mapping, tmp_path, at):
    content, reason = FILES[what]
    path = tmp_path / "orders_1.csv"
    path.write_bytes(content)

    report = send(mapping, path, at)

    assert report.status == "refused"
    assert "orders_1.csv" in report.refusals[0]
    assert reason in report.refusals[0]
    assert report.refusals[0].count("。") >= 2, "a reason and a remedy"
    assert nothing_is_booked()


def test_a_missing_file_is_a_sentence(mapping, tmp_path, at):
    report = send(mapping, tmp_path / "orders_none.csv", at)

    assert report.status == "refused"
    assert "没有这个文件" in report.refusals[0]


def test_only_headers_are_accepted_as_no_rows_and_said_so(mapping, tmp_path, at):
    report = send(mapping, write_csv(tmp_path / "orders_1.csv", []), at)

    assert (report.status, report.rows_read, report.booked) == ("booked", 0, 0)
    assert any("只有表头" in n for n in report.notices)


def test_too_few_and_too_many_cells_are_refused_and_blank_lines_are_not(mapping, tmp_path, at):
    path = tmp_path / "orders_1.csv"
    path.write_text(f"{HEAD_LINE}\n{GOOD_LINE}\n\nA2,1\n{GOOD_LINE},more\n,,,,,,,,\n", encoding="utf-8")

    report = send(mapping, path, at)

    assert (report.booked, report.quarantined) == (1, 2)
    assert "有 2 列，表头有 9 列" in report.refusals[0]
    assert "第 5 行" in report.refusals[1]


def test_a_period_without_a_target_is_booked_and_said(mapping, tmp_path, at):
    report = send(mapping, write_csv(tmp_path / "orders_1.csv", [order("A1", "2026-04-01", "5.00")]), at)

    assert report.booked == 1
    assert any("2026Q2 还没有目标" in n for n in report.notices)


def test_strict_refuses_the_file_for_one_bad_row_and_still_says_which(tmp_path, at):
    found_company()
    mapping = mapping_folder(tmp_path / "mapping", orders=ORDERS + "strict: true\n")
    path = write_csv(tmp_path / "orders_1.csv", [GOOD, order("B1", "2025-10-09", "x")])

    report = send(mapping, path, at)

    assert report.status == "refused"
    assert "有 1 行不能入账" in report.refusals[0]
    assert "第 3 行" in report.refusals[1]
    assert nothing_is_booked()


def test_the_line_number_is_the_physical_one_after_a_quoted_line_break(mapping, tmp_path, at):
    path = tmp_path / "orders_1.csv"
    broken = GOOD_LINE.replace("O-A1", '"两行\n门店"')
    bad = ",".join(order("B1", "2025-10-09", "x"))
    path.write_text(f"{HEAD_LINE}\n{broken}\n{bad}\n", encoding="utf-8")

    report = send(mapping, path, at)

    assert "第 4 行" in report.refusals[0]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_line_end_is_read(encoding, newline, mapping, tmp_path, at):
    path = tmp_path / "orders_1.csv"
    path.write_bytes(newline.join([HEAD_LINE, GOOD_LINE.replace("O-A1", "张记小店"), ""]).encode(encoding))

    report = send(mapping, path, at)

    assert (report.status, report.booked, report.refusals) == ("booked", 1, [])


def book(tmp_path: Path, rows: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(tmp_path / "orders_1.xlsx")
    return tmp_path / "orders_1.xlsx"


def test_a_workbook_with_typed_dates_and_numbers_is_read(tmp_path, at):
    mapping = xlsx_mapping(tmp_path)
    path = book(tmp_path, [HEADER, ["A1", 1, datetime(2025, 10, 9), 19.99, "O1", "S1", 2, "li.wei", "T1"]])

    report = send(mapping, path, at)

    assert report.refusals == []
    assert DailyFact.objects.get().value == 1999


def test_a_formula_cell_is_refused_and_named(tmp_path, at):
    mapping = xlsx_mapping(tmp_path)
    good = ["A1", 1, datetime(2025, 10, 9), 5, "O1", "S1", 2, "li.wei", "T1"]
    path = book(
        tmp_path, [HEADER, good, ["A2", 1, datetime(2025, 10, 9), "=2+3", "O1", "S1", 2, "li.wei", "T1"]]
    )

    report = send(mapping, path, at)

    assert (report.booked, report.quarantined) == (1, 1)
    assert "第 3 行，列“净额”，读到“=2+3”：公式单元格" in report.refusals[0]


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path, at):
    mapping = xlsx_mapping(tmp_path)
    path = book(tmp_path, [HEADER])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"0" * 400_000_000)

    report = send(mapping, path, at)

    assert report.status == "refused"
    assert "解压后有" in report.refusals[0]


def rewrite(path: Path, name: str, change) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def test_a_sheet_that_claims_a_billion_rows_is_read_by_what_it_holds(tmp_path, at):
    mapping = xlsx_mapping(tmp_path)
    path = book(tmp_path, [HEADER, ["A1", 1, datetime(2025, 10, 9), 5, "O1", "S1", 2, "li.wei", "T1"]])
    rewrite(
        path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:I2"', b'ref="A1:XFD999999999"')
    )

    report = send(mapping, path, at)

    assert report.booked == 1


def test_a_row_numbered_a_billion_is_refused(tmp_path, at):
    mapping = xlsx_mapping(tmp_path)
    path = book(tmp_path, [HEADER, ["A1", 1, datetime(2025, 10, 9), 5, "O1", "S1", 2, "li.wei", "T1"]])
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'<row r="2"', b'<row r="999999999"'))

    report = send(mapping, path, at)

    assert report.status == "refused"
    assert "行号超过" in report.refusals[0]


@pytest.mark.parametrize("content", [b"PK\x03\x04 not really", b"hello", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_workbook_is_refused(content, tmp_path, at):
    mapping = xlsx_mapping(tmp_path)
    path = tmp_path / "orders_1.xlsx"
    path.write_bytes(content)

    report = send(mapping, path, at)

    assert report.status == "refused"
    assert "XLSX" in report.refusals[0]


def test_entities_in_a_workbook_are_not_expanded(tmp_path, at):
    mapping = xlsx_mapping(tmp_path)
    path = book(tmp_path, [HEADER, ["A1", 1, "2025-10-09", 5, "O1", "S1", 2, "li.wei", "T1"]])
    bomb = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY c "&a;&a;&a;&a;">]>'
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: bomb + xml.replace(b"A1</", b"&c;</"))

    report = send(mapping, path, at)

    assert report.status == "refused"
    assert nothing_is_booked()
