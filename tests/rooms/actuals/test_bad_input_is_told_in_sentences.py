"""Bad input: each is a sentence with file, line, column, what was read and what to do; nothing is half-booked."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from hangbiao.rooms.actuals import services
from hangbiao.rooms.actuals.models import Batch, DailyFact, LandedFile, Quarantine
from tests.world import found_company
from tests.world.broken import stream_mapping
from tests.world.nasty import (
    CELLS,
    FILES,
    GOOD_LINE,
    HEAD_LINE,
    bad_order,
    entity_bomb,
    rewrite,
    workbook,
    zip_bomb,
)
from tests.world.orders import HEADER, ORDERS, mapping_folder, order, send, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
GOOD = order("A1", "2025-10-09", "100.00")


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


@pytest.mark.parametrize("what", CELLS)
def test_a_bad_cell_is_named_with_line_column_value_and_remedy(what, mapping, tmp_path, at):
    _change, column, value, reason = CELLS[what]
    path = write_csv(tmp_path / "orders_1.csv", [GOOD, bad_order(what), order("A2", "2025-10-10", "-20.00")])

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


def test_all_rows_that_a_strict_mapping_refuses_come_out_in_a_file_however_many(tmp_path, at, settings):
    found_company()
    settings.LANDING = tmp_path / "landing"
    mapping = mapping_folder(tmp_path / "mapping", orders=ORDERS + "strict: true\n")
    path = write_csv(tmp_path / "orders_1.csv", [GOOD, *(order(f"B{n}", "2025-10-09", "x") for n in range(31))])

    report = send(mapping, path, at)

    with Path(report.refused_file).open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["#行号"] for row in written] == [str(n) for n in range(3, 34)]
    assert all(row["#原因"] and row["#处理"] and row["#批次"] == "" for row in written)
    assert f"全部 31 行及原因写在 {report.refused_file}。" in report.lines()
    assert "有 31 行不能入账" in report.refusals[0]
    assert nothing_is_booked()
    assert not Quarantine.objects.exists()


def test_the_command_writes_a_strict_files_rows_where_it_is_told_to(tmp_path, at):
    found_company()
    mapping = mapping_folder(tmp_path / "mapping", orders=ORDERS + "strict: true\n")
    (tmp_path / "data").mkdir()
    write_csv(tmp_path / "data" / "orders_1.csv", [GOOD, order("B1", "2025-10-09", "x")])

    whole = services.import_mapping(
        mapping, tmp_path / "data", at=at, actor="test", refused_to=tmp_path / "again"
    )

    written = tmp_path / "again" / "orders_1.refused.csv"
    assert whole.files[0].refused_file == str(written)
    assert "B1" in written.read_text(encoding="utf-8-sig")
    assert any(str(written) in line for line in whole.lines())


def test_a_strict_trial_writes_no_file_and_says_how_many_rows_it_does_not_name(tmp_path, at, settings):
    found_company()
    settings.LANDING = tmp_path / "landing"
    mapping = mapping_folder(tmp_path / "mapping", orders=ORDERS + "strict: true\n")
    path = write_csv(tmp_path / "orders_1.csv", [order(f"B{n}", "2025-10-09", "x") for n in range(31)])

    report = send(mapping, path, at, dry_run=True)

    assert report.refused_file == ""
    assert "……另有 11 行不能入账。" in report.lines()
    assert not (tmp_path / "landing" / "refused").exists()


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
    return workbook(tmp_path / "orders_1.xlsx", rows)


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

    report = send(mapping, zip_bomb(tmp_path / "orders_1.xlsx"), at)

    assert report.status == "refused"
    assert "解压后有" in report.refusals[0]


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
    path = entity_bomb(tmp_path / "orders_1.xlsx")

    report = send(mapping, path, at)

    assert report.status == "refused"
    assert nothing_is_booked()


GOOD_TARGET = ["2025Q4", "sales", "T1", "900000", "1200000", "months:30/30/40"]


@pytest.mark.parametrize(
    ("place", "value", "column", "reason"),
    [
        (4, "899999.99", "挑战", "挑战目标低于基准目标"),
        (1, "profit", "指标", "没有这个指标"),
        (2, "T404", "片区", "没有这个片区"),
        (0, "2025Q5", "期间", "没有这个期间的日历"),
        (3, "-1", "基准", "不能是负数"),
        (3, "100.005", "基准", "最多 2 位小数"),
        (3, "NaN", "基准", "NaN 和无穷大"),
        (3, "一百", "基准", "应当是数字"),
        (4, "1200000.001", "挑战", "最多 2 位小数"),
        (5, "months:50/50", "分解", "每个月各一个权重"),
        (5, "weekly", "分解", "分解方式应当是 even"),
    ],
)
def test_a_target_that_cannot_be_is_named_with_line_column_value_and_remedy(place, value, column, reason, tmp_path, at):
    found_company()
    mapping = stream_mapping(tmp_path / "mapping", "targets")
    bad = [value if n == place else cell for n, cell in enumerate(GOOD_TARGET)]
    header = ["期间", "指标", "片区", "基准", "挑战", "分解"]
    path = write_csv(tmp_path / "targets_1.csv", [["2025Q4", "visits", "T1", "300", "", "even"], bad], header=header)

    report = send(mapping, path, at)

    assert (report.booked, report.quarantined) == (1, 1)
    (said,) = report.refusals
    assert f"targets_1.csv 第 3 行，列“{column}”，读到“{value}”" in said
    assert reason in said
    assert said.count("。") >= 2, "a reason and a remedy"
