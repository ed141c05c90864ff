"""The derivation page: what was known then beside what is known now, and the file lines behind a day."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals.ledger.lines import Whose
from hangbiao.rooms.actuals.models import LandedFile
from hangbiao.rooms.lights import services
from hangbiao.rooms.lights.models import Run
from tests.world import ACTOR, SHANGHAI, found_company, sell
from tests.world.orders import mapping_folder, order, send, write_csv
from tests.world.pages import seen_by, text_of

pytestmark = pytest.mark.django_db
CHECKPOINT = date(2025, 11, 14)
WHY = "/people/li.wei/why/"


@pytest.fixture(autouse=True)
def clock(settings):
    settings.CLOCK = "tests.world.pages.now"


def morning(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=SHANGHAI)


def found_with_a_checkpoint(*files: tuple[Path, date]) -> Run:
    """docs/rules/facts.md: by 14 November 45 of 100 are due, 29 are seen. `files` of orders come in before it."""
    with acting(system_scope("test")):
        found_company()
        sell(date(2025, 10, 20), "20")
        for place, who in (("T2", "wang.fang"), ("T9", "deng.tao")):
            sell(CHECKPOINT, "50", territory=place, person=who)
        sell(CHECKPOINT, "9")
        for file, day in files:
            receive(file, day)
        return services.evaluate(as_of=CHECKPOINT, at=morning(date(2025, 11, 15)), actor=ACTOR, kind="checkpoint")


def receive(file: Path, day: date) -> None:
    assert send(mapping_folder(file.parent / "mapping"), file, morning(day)).refusals == []


def a_late_line() -> None:
    """Four more of 13 November come in on the 19th."""
    with acting(system_scope("test")):
        sell(date(2025, 11, 13), "4", at=morning(date(2025, 11, 19), 8))


def page(username: str, at: datetime, address: str) -> str:
    answer = seen_by(username, at).get(address)
    assert answer.status_code == 200, address
    return text_of(answer)


def test_before_the_late_line_the_checkpoint_shows_64_4_percent_yellow_and_nothing_beside_it():
    found_with_a_checkpoint()

    said = page("zhou.jie", morning(date(2025, 11, 18)), f"{WHY}?day=2025-11-14")

    assert "为什么是黄灯" in said
    assert "64.4%" in said
    assert "73.3%" not in said
    assert "之后没有入账改变这些天" in said


def test_after_the_late_line_64_4_stays_official_and_73_3_stands_beside_it_only_as_known_now():
    run = found_with_a_checkpoint()
    a_late_line()

    said = page("zhou.jie", morning(date(2025, 11, 20)), f"{WHY}?day=2025-11-14")

    then, now = said.split("现在所知", 1)
    assert "当时所知 正式 64.4% 黄灯" in then
    assert "73.3%" not in then
    assert now.strip().startswith("只作参照 73.3% 绿灯")
    assert said.count("73.3%") == 1
    assert "之后入账使完成变动 40,000.00 元；正式亮灯不重亮" in said
    with acting(system_scope("test")):
        assert services.digest_of(run) == run.digest


@pytest.mark.parametrize(("known", "ratio", "light"), [("2025-11-18", "64.4%", "黄灯"), ("2025-11-19", "73.3%", "绿灯")])
def test_the_picker_works_on_the_day_of_recording_and_the_official_light_stays(known, ratio, light):
    found_with_a_checkpoint()
    a_late_line()

    said = page("zhou.jie", morning(date(2025, 11, 20)), f"{WHY}?day=2025-11-14&known={known}")

    assert f"所知 重算 {ratio} {light}" in said
    assert "11月14日 的正式亮灯： 黄灯 64.4% ，已经确定，不再改变" in said


def test_any_past_day_without_an_evaluation_is_judged_from_what_had_been_recorded_by_the_next_evening():
    found_with_a_checkpoint()
    a_late_line()

    said = page("zhou.jie", morning(date(2025, 11, 20)), f"{WHY}?day=2025-11-13")

    assert "重算" in said
    assert "46.0%" in said, "20 of 43.5 due on the 13th: the line of that day was not known yet"
    assert "55.2%" in said, "24 of 43.5 as known now"


def test_plan_target_version_curve_and_calendar_are_named_and_the_days_add_up():
    found_with_a_checkpoint()

    said = page("li.wei", morning(date(2025, 11, 18)), f"{WHY}?day=2025-11-14")

    assert "第 1 版：基准 1,000,000.00 元，挑战 1,300,000.00 元" in said
    assert "各月 30% / 30% / 40%" in said
    assert "已过 28 / 61 天，工作日历第 1 版" in said
    assert "45.0% = 450,000.00 元" in said
    assert "合计 290,000.00 元" in said
    assert "递增计分" in said
    assert "低于 70.0% 黄灯" in said


def test_the_lines_behind_a_day_name_file_and_line_and_mark_late_corrected_and_returned_ones(tmp_path):
    day = "2025-11-12"
    first = [order("A1", day, "30000.00"), order("A2", day, "10000.00"), order("A3", day, "-2500.00")]
    found_with_a_checkpoint((write_csv(tmp_path / "orders_1.csv", first), date(2025, 11, 13)))
    again = write_csv(tmp_path / "orders_2.csv", [order("A2", day, "7000.00"), order("A4", day, "500.00")])
    with acting(system_scope("test")):
        receive(again, date(2025, 11, 17))

    said = page("chen.gang", morning(date(2025, 11, 18)), f"{WHY}{day}/?day=2025-11-14")

    assert "共 5 行。当时计入 37,500.00 元 ，现在计入 35,000.00 元" in said
    assert "−2,500.00 元 退货 orders_1.csv 第 4 行 · 2025-11-13 09:30 入账" in said
    assert "10,000.00 元 已被更正取代 orders_1.csv 第 3 行" in said
    assert "2025-11-17 09:30 被取代" in said
    assert "7,000.00 元 更正 当时未知 orders_2.csv 第 2 行" in said
    assert "500.00 元 迟到 当时未知 orders_2.csv 第 3 行" in said
    assert "订单号 A4" in said
    assert "净额 500" in said


def test_a_line_that_moved_to_another_day_is_shown_as_moved(tmp_path):
    days = ("2025-11-12", "2025-11-13")
    files = [write_csv(tmp_path / f"orders_{day}.csv", [order("A1", day, "30000.00")]) for day in days]
    found_with_a_checkpoint(*((file, date(2025, 11, 13 + n)) for n, file in enumerate(files)))

    said = page("chen.gang", morning(date(2025, 11, 18)), f"{WHY}2025-11-12/?day=2025-11-14")

    assert "30,000.00 元 已移到别的日期" in said
    assert "现在计入 0.00 元" in said


def test_many_lines_come_in_pages(tmp_path):
    lines = [order(f"A{n}", "2025-11-12", "100.00") for n in range(120)]
    found_with_a_checkpoint((write_csv(tmp_path / "orders_1.csv", lines), date(2025, 11, 13)))
    reader = seen_by("chen.gang", morning(date(2025, 11, 18)))

    first, last = (reader.get(f"{WHY}2025-11-12/?day=2025-11-14&lines={n}").content.decode() for n in (1, 3))

    assert first.count('<p class="src">') == 50
    assert last.count('<p class="src">') == 20
    assert "共 120 行" in text_of(reader.get(f"{WHY}2025-11-12/?day=2025-11-14"))
    assert "orders_1.csv 第 121 行" in last


def test_a_unit_is_derived_from_its_territories():
    found_with_a_checkpoint()
    a_late_line()

    said = page("chen.gang", morning(date(2025, 11, 20)), "/units/R1/why/?day=2025-11-14")

    assert "2 个片区之和：基准 2,000,000.00 元" in said
    assert "当时所知 正式 87.8%" in said, "79 of 90"
    assert "现在所知 只作参照 92.2%" in said, "83 of 90"
    assert "共 2 行" in page("chen.gang", morning(date(2025, 11, 20)), "/units/R1/why/2025-11-14/?day=2025-11-14")


@pytest.mark.parametrize("address", [WHY, f"{WHY}2025-11-14/", "/units/R1/why/", "/units/R1/why/2025-11-14/"])
@pytest.mark.parametrize("stranger", ["he.yu", "deng.tao", "qian.hao"])
def test_what_is_not_theirs_answers_like_what_does_not_exist(address, stranger):
    found_with_a_checkpoint()

    answer = seen_by(stranger, morning(date(2025, 11, 18))).get(address + "?day=2025-11-14")

    assert answer.status_code == 404
    assert "李伟" not in answer.content.decode()
    entitled = seen_by("sun.li", morning(date(2025, 11, 18))).get(address + "?day=2025-11-14")
    assert entitled.status_code == 200


def test_a_rep_reads_ones_own_lines_and_a_colleagues_are_absent():
    found_with_a_checkpoint()
    at = morning(date(2025, 11, 18))

    assert "第 2 行" in page("li.wei", at, f"{WHY}2025-11-14/?day=2025-11-14")
    assert seen_by("wang.fang", at).get(f"{WHY}2025-11-14/?day=2025-11-14").status_code == 404


def test_nobodys_scope_reads_no_line():
    nobody = Whose(person=7, path="", everything=False, paths=(), reader=None)
    assert nobody.condition == "(person_id = 7 AND (FALSE))"
    quoted = Whose(None, "/C/R1'/", False, ("/C/R1'/",), None)
    assert "'/C/R1''/'" in quoted.condition


def test_a_landed_file_that_is_gone_is_said_and_not_a_fault():
    found_with_a_checkpoint()
    with acting(system_scope("test")):
        for file in LandedFile.objects.filter(day=CHECKPOINT):
            (Path(conf.LANDING) / file.path).unlink()

    said = page("zhou.jie", morning(date(2025, 11, 18)), f"{WHY}2025-11-14/?day=2025-11-14")

    assert "已登记的原始文件不在这台服务器上" in said


@pytest.mark.parametrize("day", ["", "2025-13-40", "yesterday", "2031-01-01", "1999-01-01"])
def test_a_day_that_makes_no_sense_falls_back_into_the_period(day):
    found_with_a_checkpoint()
    page("zhou.jie", morning(date(2025, 11, 18)), f"{WHY}?day={day}&known={day}")


@pytest.mark.parametrize("day", ["2025-13-40", "now", "2025-12-31"])
def test_lines_of_a_day_that_is_none_of_the_derivations_are_absent(day):
    found_with_a_checkpoint()
    answer = seen_by("zhou.jie", morning(date(2025, 11, 18))).get(f"{WHY}{day}/?day=2025-11-14")
    assert answer.status_code == 404


@pytest.mark.parametrize("address", [WHY, f"{WHY}2025-11-14/", "/units/R1/why/", "/units/C/why/2025-11-14/"])
def test_a_derivation_takes_few_queries(address):
    found_with_a_checkpoint()
    a_late_line()
    reader = seen_by("zhou.jie", morning(date(2025, 11, 20)) + timedelta(hours=1))
    reader.get(address + "?day=2025-11-14")

    with CaptureQueriesContext(connection) as asked:
        reader.get(address + "?day=2025-11-14")

    assert len(asked) <= 40, [q["sql"][:90] for q in asked]
