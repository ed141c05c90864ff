"""From an empty database to a table of lights, by the installed command alone: import, evaluate, export, doctor, journal."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from hangbiao.engines.scope.context import acting, system_scope
from tests.world.broken import stream_mapping
from tests.world.nasty import order_cells, workbook
from tests.world.orders import HEADER, mapping_folder, order, write_csv

STREAMS = ("units", "people", "territories", "assignments", "targets")


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A folder of mappings, and one of files: two reps of one region, one bad order line."""
    for stream in STREAMS:
        stream_mapping(tmp_path / "mapping", stream)
    mapping_folder(tmp_path / "mapping")
    data = tmp_path / "data"

    def file(name: str, header: str, *rows: str) -> None:
        write_csv(data / f"{name}_1.csv", [row.split(",") for row in rows], header=header.split(","))

    file("units", "编号,名称,类型,上级,省", "R1,川东,region,,四川", "T-A,川东一组,team,R1,")
    file(
        "people", "工号,姓名,角色,单位,生效,结束,入职,离职,登录名",
        "li.wei,李伟,rep,T-A,,,2020-01-01,,li.wei", "wang.fang,王芳,rep,T-A,,,2020-01-01,,",
    )  # fmt: skip
    file("territories", "片区,名称,单位,生效,结束,空缺负责人", "T1,一片,T-A,,,", "T2,二片,T-A,,,")
    file("assignments", "片区,工号,开始,结束", "T1,li.wei,2025-01-01,", "T2,wang.fang,2025-01-01,")
    file(
        "targets", "期间,指标,片区,基准,挑战,分解",
        "2025Q4,sales,T1,1000,1300,even", "2025Q4,sales,T2,1000,,even",
    )  # fmt: skip
    rows = [order("A", "2025-11-11", "900.00"), order("B", "2025-11-11", "100.00", rep="wang.fang", territory="T2"),
            order("C", "2025-11-11", "x")]  # fmt: skip
    write_csv(data / "orders_1.csv", rows, header=HEADER)
    return tmp_path


def hangbiao(*words: str | Path, home: Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "hangbiao.site.cli", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HANGBIAO_HOME": str(home)},
        timeout=180,
    )
    assert done.returncode == expect, (done.returncode, done.stdout[-1500:], done.stderr[-1500:])
    return done


def rows_in(table: str) -> int:
    from django.apps import apps

    with acting(system_scope("test")):
        return apps.get_model(table).objects.count()


def test_files_become_lights_and_the_books_agree(company, own_database):
    home, mapping, data = company / "home", company / "mapping", company / "data"
    bring_in = ["import", mapping, "--data", data]

    tried = hangbiao(*bring_in, "--dry-run", home=home)
    assert "试运行" in tried.stdout.splitlines()[0]
    assert [rows_in(t) for t in ("people.Person", "actuals.Batch", "targets.Target", "actuals.DailyFact")] == [0] * 4
    assert not list(home.rglob("*.parquet"))

    done = hangbiao(*bring_in, "--refused", company / "again", home=home)
    assert "orders_1.csv：读到 3，新入账 2，隔离 1。" in done.stdout
    assert "orders_1.csv 第 4 行，列“净额”，读到“x”" in done.stdout
    (refused,) = (company / "again").glob("*.csv")
    assert "x" in refused.read_text(encoding="utf-8-sig").splitlines()[1]

    again = hangbiao(*bring_in, home=home)
    assert again.stdout.count("已导入") == 6

    lit = hangbiao("evaluate", "--as-of", "2025-11-11", home=home)
    assert lit.stdout.startswith("checkpoint 2025Q4 as of 2025-11-11")
    official = hangbiao("evaluate", "--as-of", "2025-11-11", "--kind", "checkpoint", home=home, expect=1)
    assert "正式灯已经确定" in official.stderr

    lights = {r["holder"]: r for r in csv.DictReader(hangbiao("export", "lights", home=home).stdout.splitlines())}
    assert (lights["li.wei"]["light"], lights["wang.fang"]["light"]) == ("green", "red")
    assert "50.0%" in lights["wang.fang"]["because"]
    out = company / "attainment.xlsx"
    hangbiao("export", "attainment", "--format", "xlsx", "--out", out, home=home)
    head, *rows = openpyxl.load_workbook(out).active.iter_rows(values_only=True)
    mine = next(dict(zip(head, r, strict=True)) for r in rows if r[head.index("holder")] == "li.wei")
    assert (mine["base"], mine["actual"], mine["attainment"]) == (1000, 900, 0.9)

    assert "The books agree" in hangbiao("doctor", home=home).stdout
    assert "The journal is whole" in hangbiao("journal", "verify", home=home).stdout
    landed = next(home.rglob("day=2025-11-11/*.parquet"))
    landed.write_bytes(landed.read_bytes() + b" ")
    assert "SHA-256" in hangbiao("doctor", home=home, expect=1).stdout


def test_a_file_that_is_refused_as_a_whole_is_exit_code_1_and_the_others_are_booked(company, own_database):
    (company / "data" / "orders_1.csv").write_bytes(b"")

    done = hangbiao("import", company / "mapping", "--data", company / "data", home=company / "home", expect=1)

    assert "orders_1.csv：没有入账。" in done.stdout
    assert "文件是空的" in done.stdout
    assert rows_in("people.Person") == 2
    assert rows_in("actuals.DailyFact") == 0


def test_a_mapping_that_cannot_be_used_is_named_with_its_line(company, own_database):
    orders = company / "mapping" / "orders.yaml"
    orders.write_text(orders.read_text(encoding="utf-8").replace("  rep: 业务员", "  reps: 业务员"), encoding="utf-8")

    done = hangbiao("import", orders, "--data", company / "data", home=company / "home", expect=1)

    assert "Traceback" not in done.stderr
    assert "orders.yaml" in done.stderr
    assert "reps" in done.stderr


def test_refused_rows_of_each_file_come_out_under_a_name_of_their_own_and_are_sent_again(company, own_database):
    home, data, again = company / "home", company / "data", company / "again"
    write_csv(data / "orders_1.txt.csv", [order("D", "2025-11-11", "y")], header=HEADER)
    mapping = company / "mapping"
    workbooks = (mapping / "orders.yaml").read_text(encoding="utf-8").replace("orders*.csv", "orders*.xlsx")
    sheet = workbooks.replace("mapping: ", "mapping: sheets_") + "format: {kind: xlsx}\n"
    (mapping / "sheets.yaml").write_text(sheet, encoding="utf-8")
    workbook(data / "orders_1.xlsx", [HEADER, order_cells("E", amount="z")])

    hangbiao("import", mapping, "--data", data, "--refused", again, home=home)

    assert sorted(path.suffix for path in again.iterdir()) == [".csv", ".csv", ".xlsx"]
    (of_sheet,) = again.glob("*.xlsx")
    book = openpyxl.load_workbook(of_sheet)
    column = 1 + HEADER.index("净额")
    assert book.active.cell(2, column).value == "z"
    book.active.cell(2, column).value = 12.5
    book.save(of_sheet)
    sent = hangbiao("import", mapping / "sheets.yaml", "--data", again, home=home)
    assert "新入账 1。" in sent.stdout


def test_what_a_command_cannot_do_is_a_sentence(company, own_database, tmp_path):
    """Each with exit code 1 and nothing done."""
    home, mapping, data = company / "home", company / "mapping", company / "data"

    def refused(*words: str | Path) -> str:
        said = hangbiao(*words, home=home, expect=1).stderr
        assert "Traceback" not in said, said[-2000:]
        return said

    nowhere = tmp_path / "nowhere"
    (tmp_path / "empty").mkdir()
    file = tmp_path / "a file"
    file.write_text("no checkpoint")
    assert "没有这个数据目录" in refused("import", mapping / "orders.yaml", "--data", nowhere)
    assert "没有这个数据目录" in refused("import", mapping, "--data", nowhere)
    assert "没有这个映射文件" in refused("import", mapping / "none.yaml", "--data", data)
    assert "--dry-run" in refused("import", mapping, "--data", data, "--dry-run", "--refused", nowhere)
    assert not nowhere.exists()
    assert "没有映射文件" in refused("try", tmp_path / "empty", "--data", data, "--once")
    assert "2025Q4" in refused("export", "lights", "--period", "2025Q4")
    assert "--port" in refused("serve", "--port", "65536")
    assert "no stream 'targetz'" in refused("journal", "verify", "--stream", "targetz")
    assert "a file" in refused("journal", "verify", "--checkpoint", file)
    hangbiao("import", mapping, "--data", data, home=home)
    hangbiao("evaluate", "--as-of", "2025-11-11", home=home)
    assert "cannot be written" in refused("export", "lights", "--out", file / "lights.csv")
    assert "cannot be written" in refused("journal", "checkpoint", "--out", file / "kept.json")


def test_a_checkpoint_written_outside_finds_a_tail_that_was_cut_off(company, own_database):
    home, kept = company / "home", company / "elsewhere" / "kept.json"
    hangbiao("import", company / "mapping", "--data", company / "data", home=home)

    root = hangbiao("journal", "checkpoint", "--out", kept, home=home).stdout.strip()

    assert root in kept.read_text(encoding="utf-8")
    whole = hangbiao("journal", "verify", "--checkpoint", kept, home=home)
    assert "The journal is whole" in whole.stdout
    text = kept.read_text(encoding="utf-8").replace(root, "0" * len(root))
    kept.write_text(text, encoding="utf-8")
    assert "root_differs" in hangbiao("journal", "verify", "--checkpoint", kept, home=home, expect=1).stdout


def test_an_administrator_chooses_how_the_two_tracks_are_scored_and_what_a_light_compares(company, own_database):
    home = company / "home"
    why = ["--from", "2025-10-01", "--source", "董事会决议", "--approver", "周杰"]
    hangbiao("import", company / "mapping", "--data", company / "data", home=home)
    assert "score.policy = incremental" in hangbiao("policy", home=home).stdout

    hangbiao("policy", "score.policy", "parallel", *why, home=home)
    hangbiao("policy", "light.basis", "cumulative", *why, home=home)

    hangbiao("evaluate", "--as-of", "2025-11-11", home=home)
    table = csv.DictReader(hangbiao("export", "attainment", home=home).stdout.splitlines())
    mine = next(row for row in table if row["holder"] == "li.wei")
    assert (mine["score_policy"], mine["score"]) == ("parallel", "81.69")
    lights = csv.DictReader(hangbiao("export", "lights", home=home).stdout.splitlines())
    assert "按全期目标算" in next(row for row in lights if row["holder"] == "li.wei")["because"]
    assert "2025-10-01: parallel, approved by 周杰" in hangbiao("policy", "score.policy", home=home).stdout

    for words, said in (
        (["score.polic", "parallel", *why], "score.policy"),
        (["score.policy", "generous", *why], "incremental、parallel"),
        (["score.policy", "parallel", "--from", "2025-10-01"], "批准人"),
        (["score.policy", "parallel"], "--from"),
        (["signin.second_factor_roles", "hrbp", *why], "JSON"),
    ):
        refused = hangbiao("policy", *words, home=home, expect=1)
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr


def test_a_published_notice_changes_the_plan_and_what_a_joiner_answers_for(company, own_database):
    """T2 is somebody's from Monday 10 November on: 38 of the quarter's 61 working days, 37 of 60 without 11 November."""
    home, notice = company / "home", company / "notice.csv"
    worked = company / "data" / "assignments_1.csv"
    worked.write_text(worked.read_text(encoding="utf-8").replace("T2,wang.fang,2025-01-01", "T2,wang.fang,2025-11-10"), "utf-8")
    hangbiao("import", company / "mapping", "--data", company / "data", home=home)

    def base_of_the_joiner() -> str:
        hangbiao("evaluate", "--as-of", "2025-12-30", home=home)
        table = csv.DictReader(hangbiao("export", "attainment", home=home).stdout.splitlines())
        return next(row["base"] for row in table if row["holder"] == "wang.fang")

    assert base_of_the_joiner() == f"{1000 * 38 / 61:.2f}"
    notice.write_text("2025-11-11,rest,公司日\n", encoding="utf-8")
    done = hangbiao("workdays", notice, "--reason", "公司通知 7 号", home=home)
    assert "1 personal targets changed" in done.stdout
    assert base_of_the_joiner() == f"{1000 * 37 / 60:.2f}"

    notice.write_text("2025-11-11,rest\n2025-11-31,rest\n", encoding="utf-8")
    refused = hangbiao("workdays", notice, "--reason", "x", home=home, expect=1).stderr
    assert "line 2" in refused
    assert "Traceback" not in refused
