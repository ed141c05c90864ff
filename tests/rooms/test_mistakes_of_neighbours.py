"""What comparable systems got wrong, each as a promise of ours."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from hangbiao.engines.workdays.selectors import calendar
from hangbiao.rooms.actuals.models import DailyFact, Scorecard
from hangbiao.rooms.actuals.selectors import differences
from hangbiao.rooms.lights.models import Light, Run, UnitLight
from hangbiao.rooms.lights.services import evaluate
from hangbiao.rooms.lights.tables import table_of
from hangbiao.rooms.lights.wording import because, ratio_on
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.rows import PersonRow
from tests.world import ACTOR, NEW_YEAR, SHANGHAI, Company, found_company, sell, wan
from tests.world.files import import_orders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
DAY = date(2025, 11, 11)


def lit(company: Company, day: date = DAY) -> tuple[Run, dict[int, Light]]:
    at = datetime(day.year, day.month, day.day, 22, tzinfo=SHANGHAI)
    run = evaluate(as_of=day, at=at, actor=ACTOR, kind="preview")
    lights = Light.objects.filter(run=run, metric=company.metrics["sales"])
    return run, {light.person_id or 0: light for light in lights}


def card(company: Company, person: str) -> int:
    return Scorecard.objects.get(person=company.people[person], metric=company.metrics["sales"]).actual


def test_over_achievement_returns_and_decimals_are_recorded_as_they_are() -> None:
    company = found_company()
    import_orders(
        [(DAY, wan(250), "T1", "li.wei"), (DAY, Decimal("-0.05"), "T1", "li.wei")],
        at=NEW_YEAR.replace(month=11, day=12),
    )

    _run, lights = lit(company)

    assert card(company, "li.wei") == 249_999_995
    assert ratio_on(lights[company.people["li.wei"]], "cumulative") == Fraction(249_999_995, 100_000_000), (
        "no cap at 100"
    )


def test_a_persons_returns_can_outweigh_the_sales_and_are_red() -> None:
    company = found_company()
    sell(DAY, "-3")

    _run, lights = lit(company)

    assert lights[company.people["li.wei"]].light == "red"


def test_a_line_counts_once_and_the_team_total_equals_the_ledger() -> None:
    company = found_company()
    sell(
        DAY, "100", territory="T1", person="wang.fang"
    )  # somebody else's territory: still one credit in each book
    sell(DAY, "7", territory="T2", person="")

    run, _lights = lit(company)

    whole = UnitLight.objects.get(run=run, org_path="/C/", metric=company.metrics["sales"])
    assert whole.actual == 107_000_000
    assert sum(DailyFact.objects.values_list("value", flat=True)) == 107_000_000
    assert card(company, "wang.fang") == 107_000_000, "T2 is hers, so its line without a rep is too"
    assert differences() == []


def test_a_leavers_sales_never_vanish_from_the_team() -> None:
    company = found_company()
    sell(date(2025, 10, 20), "50")
    sell(date(2025, 10, 21), "100", territory="T2", person="wang.fang")

    gone = PersonRow("li.wei", "李伟", "rep", "T-A", valid_to=date(2025, 10, 31), left=date(2025, 10, 31))
    assert people.upsert_people([gone], at=NEW_YEAR, actor=ACTOR) == []
    run, _lights = lit(company)

    team = UnitLight.objects.get(run=run, org_path="/C/R1/T-A/", metric=company.metrics["sales"])
    assert team.actual == 150_000_000


def test_no_sale_at_all_is_the_worst_light_not_the_best() -> None:
    company = found_company()
    sell(DAY, "1", territory="T2", person="wang.fang")

    _run, lights = lit(company)

    assert lights[company.people["li.wei"]].light == "red"
    assert ratio_on(lights[company.people["li.wei"]], "pace") == 0


def test_the_spring_festival_fortnight_is_not_behind() -> None:
    """Q1 2026: by 24 February 55.9 % of the working days have passed, not the 59.8 % or more of the calendar."""
    quarter = calendar(start=date(2026, 1, 1), end=date(2026, 3, 31))

    passed = Fraction(
        quarter.count_working_days(date(2026, 1, 1), date(2026, 2, 24)),
        quarter.count_working_days(date(2026, 1, 1), date(2026, 3, 31)),
    )

    assert round(float(passed) * 100, 1) == 55.9


def test_every_light_says_why_in_a_sentence_with_its_number() -> None:
    company = found_company()
    sell(DAY, "20")

    run, lights = lit(company)

    said = because(lights[company.people["li.wei"]], run.policy)
    assert "49.4%" in said
    assert "50.0%" in said


def test_an_export_before_the_first_evaluation_is_no_empty_table_but_a_reason() -> None:
    found_company()

    assert table_of("lights", None) is None


def test_the_attainment_table_names_the_score_policy_and_the_target_version() -> None:
    company = found_company()
    sell(DAY, "115")
    lit(company)

    table = table_of("attainment", "2025Q4")

    assert table is not None
    row = next(
        dict(zip(table.head, r, strict=True)) for r in table.rows if r[3] == "li.wei" and r[5] == "sales"
    )
    assert (row["score"], row["score_policy"], row["target_version"]) == ("80.00", "incremental", "1")
    assert row["attainment"] == "1.150000"


def sums_of(table: Any, metric: str) -> dict[str, tuple[Decimal, Decimal]]:
    """Book → Σ of its holders, and what is unassigned."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for row in (dict(zip(table.head, cells, strict=True)) for cells in table.rows):
        if row["metric"] == metric:
            held, free = found.get(row["book"], (Decimal(0), Decimal(0)))
            amount = Decimal(row["actual"])
            found[row["book"]] = (held + amount, free) if row["holder"] else (held, free + amount)
    return found


def ledger() -> Decimal:
    return Decimal(sum(DailyFact.objects.filter(metric__code="sales").values_list("value", flat=True))) / 100


def test_every_report_sums_to_the_ledger_with_what_is_unassigned() -> None:
    company = found_company()
    sell(DAY, "20")
    sell(DAY, "3", territory="", person="")
    sell(DAY, "5", territory="T2", person="zhao.min")  # a supervisor, who has no target of her own
    run, _lights = lit(company)

    said = sums_of(table_of("attainment", "2025Q4"), "sales")

    assert said == {"person": (200_000, 80_000), "territory": (250_000, 30_000)}
    assert all(held + free == ledger() for held, free in said.values())
    sell(DAY, "9", territory="", person="", at=NEW_YEAR.replace(month=11, day=20))
    assert sums_of(table_of("attainment", "2025Q4"), "sales") == said, "as the run knew it"
    assert run.facts_as_of


def test_where_everything_is_somebodys_the_row_says_0() -> None:
    company = found_company()
    sell(DAY, "20")
    lit(company)

    table = table_of("attainment", "2025Q4")
    assert table is not None
    free = [dict(zip(table.head, r, strict=True)) for r in table.rows if not r[3]]
    assert {(r["book"], r["metric"], r["actual"]) for r in free if r["metric"] == "sales"} == {
        ("person", "sales", "0.00"), ("territory", "sales", "0.00"),
    }  # fmt: skip


def test_the_table_of_lights_names_its_inputs_and_the_units_above() -> None:
    company = found_company()
    sell(DAY, "20")
    run, lights = lit(company)

    table = table_of("lights", "2025Q4")
    assert table is not None
    rows = [dict(zip(table.head, r, strict=True)) for r in table.rows]
    mine = next(r for r in rows if r["holder"] == "li.wei" and r["metric"] == "sales")
    assert (mine["level"], mine["basis"], mine["score_policy"], mine["target_version"]) == ("person", "pace", "incremental", "1")
    assert (mine["facts_as_of"], mine["calendar_version"]) == (str(run.facts_as_of), str(run.calendar_version))
    assert (mine["data_as_of"], mine["grey_reason"], mine["state"]) == (DAY.isoformat(), "", "pending")
    units = {(r["level"], r["org_path"]): r for r in rows if r["level"] != "person" and r["metric"] == "sales"}
    assert {level for level, _path in units} == {"company", "region", "team"}
    whole = units["company", "/C/"]
    stored = UnitLight.objects.get(run=run, org_path="/C/", metric=company.metrics["sales"])
    assert (whole["light"], whole["because"]) == (stored.light, because(stored, run.policy))
    assert [whole[c] for c in ("people", "green", "yellow", "red", "grey")] == [
        str(n) for n in (stored.people, stored.green, stored.yellow, stored.red, stored.grey)
    ]
    assert len(lights) == sum(r["level"] == "person" and r["metric"] == "sales" for r in rows)


def test_a_grey_light_in_the_table_says_for_what_reason() -> None:
    company = found_company()
    sell(date(2025, 10, 9), "20")
    lit(company, date(2025, 10, 9))

    table = table_of("lights", "2025Q4")
    assert table is not None
    rows = [dict(zip(table.head, r, strict=True)) for r in table.rows]
    assert {(r["level"], r["light"], r["grey_reason"]) for r in rows if r["org_path"].startswith("/C/R1/T-A/")} == {
        ("person", "grey", "too_early"), ("team", "grey", "too_early"),
    }  # fmt: skip
