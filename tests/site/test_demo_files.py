"""The demo company's files, judged by plain arithmetic: nothing here uses the product's own reading or evaluation."""

import csv
import json
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from openpyxl import load_workbook

from hangbiao.site.demo import places
from hangbiao.site.demo.company import found
from hangbiao.site.demo.generate import generate
from hangbiao.site.demo.schedule import ZONE, files_until

CHECKPOINTS = [date(2026, 10, 14) + timedelta(14 * n) for n in range(6)] + [date(2026, 12, 31)]
SEEN = date(2026, 11, 25)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo")
    generate(out, seed=7, reps=36, lines=20_000)
    return out


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    out = tmp_path_factory.mktemp("quiet")
    generate(out, seed=7, reps=36, lines=20_000, causes=False)
    return out


def truth(out):
    return json.loads((out / "truth.json").read_text())


def rows(out: Path, stem: str, encoding="utf-8-sig", delimiter=","):
    for path in sorted((out / "files").glob(f"{stem}*.csv")):
        with path.open(encoding=encoding, newline="") as file:
            yield from csv.DictReader(file, delimiter=delimiter)


def is_broken(row):
    try:
        day, net = date.fromisoformat(row["订单日期"]), float(row["净额"])
    except ValueError:
        return True
    tidy = abs(net) < 1e9 and round(net, 2) == net and row["数量"].lstrip("-").isdigit()
    known = row["片区"] != "T999" and row["业务代表"] != "P999"
    return not (tidy and known and row["订单号"] and day.year < 2027)


def sales(out):
    """Territory and day → net sales in the current quarter. A line that comes again replaces itself."""
    lines = {}
    for row in rows(out, "orders_2026-1[0-2]-"):
        if not is_broken(row):
            lines[row["订单号"], row["行号"]] = row
    for row in rows(out, "orders_late_"):
        lines[row["订单号"], row["行号"]] = row
    total = defaultdict(float)
    for row in lines.values():
        total[row["片区"], date.fromisoformat(row["订单日期"])] += float(row["净额"])
    return total


def bases(out, metric):
    sheet = load_workbook(out / "files" / "targets_2026Q4.xlsx", read_only=True).worksheets[0]
    found = [r for r in sheet.iter_rows(values_only=True, min_row=2) if r[1] == metric and r[2] != "T998"]
    return {r[2]: float(r[3]) for r in found}


def plan_share(until, months=(30, 30, 40)):
    share = 0.0
    for month, weight in zip((10, 11, 12), months, strict=True):
        days = [date(2026, month, d) for d in range(1, 32 if month != 11 else 31)]
        worked = [d for d in days if chinese_calendar.is_workday(d)]
        share += weight / 100 * sum(d <= until for d in worked) / len(worked)
    return share


def paces(out, until):
    booked, share = sales(out), plan_share(until)
    actual = defaultdict(float)
    for (territory, day), net in booked.items():
        if day <= until:
            actual[territory] += net
    return {t: actual[t] / (base * share) for t, base in bases(out, "销售额").items()}


def light(pace):
    return "red" if pace < 0.5 else "yellow" if pace < 0.7 else "green"


@pytest.mark.parametrize("day", CHECKPOINTS[1:])
def test_without_causes_every_territory_is_green_at_every_checkpoint(quiet, day):
    assert plan_share(day) >= 0.15
    assert {light(p) for p in paces(quiet, day).values()} == {"green"}


def test_without_causes_attainment_comes_close_to_base_and_mostly_above(quiet):
    ends = list(paces(quiet, date(2026, 12, 31)).values())

    assert all(0.9 < a < 1.13 for a in ends)
    assert 0.4 < sum(a >= 1 for a in ends) / len(ends) < 0.85


def test_only_planted_causes_make_a_territory_leave_green(company):
    planted = {
        c["territory"] for c in truth(company)["causes"] if "territory" in c and c["end"] >= "2026-10-01"
    }

    for day in CHECKPOINTS[1:]:
        off = {t for t, pace in paces(company, day).items() if light(pace) != "green"}
        assert off <= planted


def test_the_lights_on_the_demos_first_day_are_a_believable_quarter(company):
    shown = [light(p) for p in paces(company, SEEN).values()]

    assert 0.08 <= shown.count("red") / len(shown) <= 0.19
    assert 0.10 <= shown.count("yellow") / len(shown) <= 0.22


def test_planting_causes_moves_no_target_and_no_other_territorys_line(company, quiet):
    touched = {c["territory"] for c in truth(company)["causes"] if "territory" in c}
    twin = date(2026, 11, 12)  # the line that is doubled is another one
    calm = lambda out: {k: round(v, 2) for k, v in sales(out).items() if k[0] not in touched and k[1] != twin}

    assert bases(company, "销售额") == bases(quiet, "销售额")
    assert calm(company) == calm(quiet)


def test_every_kind_of_cause_is_planted_somewhere_and_names_person_start_and_strength(company):
    planted = truth(company)["causes"]

    assert {c["kind"] for c in planted} == {
        "channel_closed", "competitor_price", "stock_out", "fewer_visits", "late_feed"}  # fmt: skip
    assert all(
        c["person"] and c["start"] <= c["end"] and 0 < c["strength"] <= 1 for c in planted if "person" in c
    )


def test_a_closed_channel_sells_next_to_nothing_afterwards(company):
    found = [
        c
        for c in truth(company)["causes"]
        if c["kind"] == "channel_closed" and c["meant"] in {"red", "yellow"}
    ]
    lines = [r for r in rows(company, "orders_2026-1[0-2]-") if not is_broken(r)]

    assert found
    for cause in found:
        after = [
            r
            for r in lines
            if r["片区"] == cause["territory"] and r["订单日期"] >= max(cause["start"], "2026-10-01")
        ]
        closed = [r for r in after if r["渠道"] in cause["scope"]]
        assert len(closed) <= 0.2 * len(after) + 3


def test_fewer_visits_show_in_the_visits_done_against_the_route(company):
    found = [
        c for c in truth(company)["causes"] if c["kind"] == "fewer_visits" and c["meant"] in {"red", "yellow"}
    ]
    count = lambda stem, c: sum(
        r["业务代表"] == c["person"] and r["日期"] >= c["start"] for r in rows(company, stem)
    )

    assert found
    for cause in found:
        done, planned = count("visits_done_2026-1", cause), count("visits_planned_week", cause)
        assert done / planned == pytest.approx(0.955 * (1 - cause["strength"]), abs=0.12)


def test_a_late_region_is_missing_until_its_file_comes(company):
    late = list(rows(company, "orders_late_"))
    region = {r["片区"] for r in late}
    daily = {r["订单日期"] for r in rows(company, "orders_2026-11-") if r["片区"] in region}

    assert {r["订单日期"] for r in late} <= {f"2026-11-{d}" for d in range(21, 27)}
    assert len(late) > 5
    assert daily.isdisjoint(f"2026-11-{d}" for d in range(21, 27))
    assert {"2026-11-20", "2026-11-27"} <= daily


def test_a_few_rows_are_broken_and_all_of_them_are_told(company):
    broken = [r for r in rows(company, "orders_") if is_broken(r)]
    told = [b for b in truth(company)["blemishes"] if b["kind"] == "broken_row"]

    assert 5 <= len(broken) <= 20
    assert {(b["order"], b["line"]) for b in told} >= {(r["订单号"], r["行号"]) for r in broken}


def test_one_line_comes_twice_with_another_amount_and_one_comes_late(company):
    seen, corrected = {}, []
    for row in rows(company, "orders_2026-11-"):
        key = row["订单号"], row["行号"]
        if key in seen and key[0]:
            corrected.append((seen[key], row["净额"]))
        seen[key] = row["净额"]
    with (company / "files" / "orders_2026-11-18.csv").open(encoding="utf-8") as file:
        late = [r for r in csv.DictReader(file) if r["订单日期"] == "2026-11-10"]

    assert len(corrected) == 1
    assert float(corrected[0][0]) == pytest.approx(10 * float(corrected[0][1]))
    assert len(late) == 1


def test_returns_are_negative_and_amounts_have_two_decimals(company):
    good = [r for r in rows(company, "orders_") if not is_broken(r)]
    back = [r for r in good if float(r["净额"]) < 0]

    assert 0.002 < len(back) / len(good) < 0.02
    assert all(float(r["数量"]) < 0 for r in back)
    assert all(len(r["净额"].partition(".")[2]) == 2 for r in good)


def test_nobody_works_a_territory_before_joining_or_after_leaving(company):
    told = {e["kind"]: e for e in truth(company)["events"]}
    days = lambda person: [r["订单日期"] for r in rows(company, "orders_2026-1") if r["业务代表"] == person]

    assert max(days(told["leaver"]["person"])) <= told["leaver"]["last_day"]
    assert min(days(told["joiner"]["person"])) >= told["transfer"]["on"]
    moved = told["transfer"]
    before = [r for r in rows(company, "orders_2026-1[01]") if r["业务代表"] == moved["person"]]
    assert {r["片区"] for r in before if r["订单日期"] < moved["on"]} == {moved["from"]}
    assert {r["片区"] for r in before if r["订单日期"] >= moved["on"] and not is_broken(r)} == {moved["to"]}


def test_spring_festival_is_quiet_and_the_weeks_before_it_are_not(company):
    by_day = defaultdict(float)
    for row in rows(company, "orders_2026-0[12]"):
        by_day[date.fromisoformat(row["订单日期"])] += float(row["净额"])
    week = lambda first: sum(by_day[first + timedelta(n)] for n in range(7))

    assert week(date(2026, 2, 16)) < 0.1 * week(date(2026, 2, 2))
    assert by_day[date(2026, 2, 28)] > 3 * by_day[date(2026, 3, 7)]  # a make-up Saturday and an ordinary one


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(company, tmp_path):
    generate(tmp_path / "again", seed=7, reps=36, lines=20_000)
    generate(tmp_path / "other", seed=8, reps=36, lines=20_000)
    content = lambda out: {p.name: p.read_bytes() for p in (out / "files").iterdir()}

    assert content(tmp_path / "again") == content(company)
    assert content(tmp_path / "other")["people.csv"] != content(company)["people.csv"]


def test_the_truth_lies_beside_the_files_and_not_among_them(company):
    assert (company / "truth.json").exists()
    assert not list((company / "files").glob("*.json"))


def test_files_arrive_in_the_order_of_time_and_none_before_its_day_is_over(company):
    folder = company / "files"
    morning = datetime(2026, 11, 26, 9, tzinfo=ZONE)
    first = files_until(folder, morning)
    names = [path.name for _at, path in first]

    assert [at for at, _path in first] == sorted(at for at, _path in first)
    assert names[:3] == ["units.csv", "people.csv", "territories.csv"]
    assert "orders_2026-11-25.csv" in names
    assert "orders_2026-11-26.csv" not in names
    assert "orders_late_2026-11-27.csv" not in names
    day_later = files_until(folder, morning + timedelta(1), after=morning)
    assert "orders_late_2026-11-27.csv" in [p.name for _at, p in day_later]
    everything = files_until(folder, datetime(2027, 1, 2, tzinfo=ZONE))
    assert len(everything) == len(list(folder.iterdir()))


def test_files_come_in_the_encodings_that_companies_send(company):
    folder = company / "files"

    assert (folder / "people.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (folder / "territory_attributes_2026-07-01.csv").read_bytes()[:2] in {b"\xff\xfe", b"\xfe\xff"}
    warehouse = next(iter(folder.glob("stockouts_2026-11-*.csv"))).read_bytes()
    assert "片区" in warehouse.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        warehouse.decode("utf-8")


def test_the_whole_cast_is_300_reps_in_18_regions_of_12_provinces_with_those_who_lead_and_look_after_them():
    whole = found(reps=300, seed=7)
    on = date(2026, 11, 26)
    at_work = {s.person for s in whole.spells if s.first <= on and (s.last is None or on <= s.last)}
    by_role = defaultdict(set)
    for person in whole.people:
        by_role[person.role].add(person.code)

    assert len(at_work) == 300
    assert len(places.REGIONS) == len(by_role["大区经理"]) == 18
    assert len({region.province for region in places.REGIONS}) == 12
    assert 36 <= len(by_role["业务主管"]) == len(whole.teams) <= 44
    assert by_role["HRBP"]
    assert len(by_role["销售总监"]) == len(by_role["系统管理员"]) == 1
