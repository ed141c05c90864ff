"""What a checkpoint promises: it names its inputs, it never changes, and late data make a new fact beside it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from hangbiao.engines.journal.models import Entry
from hangbiao.engines.policy.services import set_value
from hangbiao.engines.workdays.services import change_days
from hangbiao.engines.workdays.sources import DayRow
from hangbiao.rooms.actuals.models import Scorecard
from hangbiao.rooms.lights import services
from hangbiao.rooms.lights.errors import AlreadyOfficial, NoPeriod
from hangbiao.rooms.lights.models import Flip, Light, Projection, Run, UnitLight
from hangbiao.rooms.lights.wording import because, ratio_on
from tests.world import ACTOR, SHANGHAI, Company, found_company, publish, sell
from tests.world.orders import mapping_folder, order, send, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=SHANGHAI)


def checkpoint(day: date) -> Run:
    return services.evaluate(as_of=day, at=morning(day + timedelta(days=1)), actor=ACTOR, kind="checkpoint")


def preview(day: date) -> Run:
    return services.evaluate(as_of=day, at=morning(day + timedelta(days=1)), actor=ACTOR, kind="preview")


def projected(run: Run) -> list[tuple[object, ...]]:
    """What a run's projection says, worked out now."""
    services.project(run)
    rows = Projection.objects.filter(run=run).order_by("org_path", "target")
    return list(rows.values_list("org_path", "target", "method", "point", "low", "high", "p70_permille"))


def light_of(run: Run, company: Company, person: str = "li.wei") -> Light:
    return Light.objects.get(run=run, person=company.people[person], metric=company.metrics["sales"])


def send_order(tmp_path: Path, number: str, day: str, amount: str, at: datetime) -> None:
    """An order line with a number of its own, so that it can be corrected."""
    file = write_csv(tmp_path / f"orders_{at:%Y%m%d}.csv", [order(number, day, amount)])
    assert send(mapping_folder(tmp_path / "mapping"), file, at).refusals == []


def everybody_sells(day: date, amount: str = "1") -> None:
    """So that no feed is late."""
    sell(day, amount, territory="T2", person="wang.fang")
    sell(day, amount, territory="T9", person="deng.tao")


def test_18_of_100_on_17_october_is_135_percent_of_pace_and_green():
    company = found_company()
    sell(date(2025, 10, 17), "18")

    light = light_of(preview(date(2025, 10, 17)), company)

    assert ratio_on(light, "pace") == Fraction(135, 100)
    assert ratio_on(light, "cumulative") == Fraction(18, 100)
    assert light.grey_reason == "too_early", (
        "13.3 % of the plan is below the share from which lights are shown"
    )


def test_the_literal_reading_is_a_policy_and_makes_the_same_rep_red():
    company = found_company()
    set_value(key="light.basis", value="cumulative", valid_from=date(2025, 10, 1), at=morning(date(2025, 10, 2)),
              actor=ACTOR, approver="周杰", source="test")  # fmt: skip
    sell(date(2025, 11, 11), "40.5")

    light = light_of(preview(date(2025, 11, 11)), company)

    assert ratio_on(light, "pace") == 1
    assert light.light == "red"


def test_exactly_on_plan_is_green_at_every_checkpoint():
    company = found_company()
    sold = Decimal(0)
    plan = {"2025-10-14": "8.333333", "2025-10-28": "25", "2025-11-11": "40.5", "2025-11-25": "55.5"}
    for text, upto in plan.items():
        day = date.fromisoformat(text)
        sell(day, str(Decimal(upto).quantize(Decimal("0.000001")) - sold))
        sold = Decimal(upto).quantize(Decimal("0.000001"))
        everybody_sells(day)

        light = light_of(checkpoint(day), company)

        assert (light.light, light.grey_reason) in {("green", ""), ("grey", "too_early")}
    assert light.light == "green"


def test_a_fen_below_70_percent_is_yellow_and_prints_below_the_border():
    company = found_company(targets={"T1": ("200", "260"), "T2": ("200", "260"), "T9": ("200", "260")})
    everybody_sells(date(2025, 11, 25))
    sell(date(2025, 11, 25), "77.699999")

    light = light_of(preview(date(2025, 11, 25)), company)

    assert light.light == "yellow"
    assert "69.99" in because(light, light.run.policy)


def test_a_late_line_leaves_the_checkpoint_as_it_was_seen():
    """docs/rules/facts.md: a checkpoint at P=45, A=29 (64.4 %, yellow); +4 recorded later would be 73.3 %."""
    company = found_company(phasing="even", targets=dict.fromkeys(("T1", "T2", "T9"), ("100", "130")))
    day = date(2025, 11, 11)
    everybody_sells(day)
    share = light_of(preview(day), company)
    planned = Fraction(int(share.plan_num), int(share.plan_den)) * 100
    sell(day, str(round(float(planned) * 0.644, 6)))
    official = checkpoint(day)
    before = services.digest_of(official)

    sell(day, str(round(float(planned) * 0.089, 6)), at=morning(date(2025, 11, 19)))
    now = services.evaluate(as_of=day, at=morning(date(2025, 11, 19)), actor=ACTOR, kind="preview")

    assert light_of(official, company).light == "yellow"
    assert services.digest_of(official) == before
    assert light_of(now, company).light == "green"
    with pytest.raises(AlreadyOfficial):
        checkpoint(day)


def test_every_stored_checkpoint_is_recomputed_byte_for_byte_after_corrections_policy_and_calendar_changes(
    tmp_path,
):
    company = found_company()
    first, second = date(2025, 10, 28), date(2025, 11, 11)
    send_order(tmp_path, "X1", "2025-10-20", "120000.00", morning(date(2025, 10, 21)))
    everybody_sells(first)
    run_one = checkpoint(first)
    everybody_sells(second, "20")
    run_two = checkpoint(second)
    foreseen = {run.pk: projected(run) for run in (run_one, run_two)}

    send_order(tmp_path, "X1", "2025-10-20", "220000.00", morning(date(2025, 11, 20)))
    sell(date(2025, 10, 22), "7", at=morning(date(2025, 11, 20)))
    publish({"T1": ("150", "180")}, at=morning(date(2025, 11, 20)))
    set_value(key="light.yellow_below", value="9/10", valid_from=date(2025, 10, 1), at=morning(date(2025, 11, 21)),
              actor=ACTOR, approver="周杰", source="test")  # fmt: skip
    change_days([DayRow(date(2025, 10, 20), is_work=False, name="公司日", source="test")],
                at=morning(date(2025, 11, 21)), actor=ACTOR, reason="公司日")  # fmt: skip

    for run in (run_one, run_two):
        stored = services.digest_of(run)
        assert stored == run.digest
        Flip.objects.filter(run=run).delete()
        Light.objects.filter(run=run).delete()
        UnitLight.objects.filter(run=run).delete()
    assert services.recompute(run_one) == run_one.digest
    assert services.recompute(run_two) == run_two.digest
    assert foreseen == {run.pk: projected(run) for run in (run_one, run_two)}
    assert all(foreseen.values())
    assert light_of(services.evaluate(as_of=second, at=morning(date(2025, 11, 22)), actor=ACTOR, kind="preview"),
                    company).base == 150_000_000  # fmt: skip


def test_the_present_and_the_past_way_of_reading_give_the_same_lights():
    found_company()
    day = date(2025, 11, 11)
    everybody_sells(day, "30")
    sell(date(2025, 11, 12), "5")
    run = preview(day)
    now = services.digest_of(run)
    Light.objects.filter(run=run).delete()
    UnitLight.objects.filter(run=run).delete()

    assert services.recompute(run) == now


def test_recovery_takes_one_clean_checkpoint_and_a_preview_below_is_only_pending():
    company = found_company()
    days = [date(2025, 10, 28), date(2025, 11, 11), date(2025, 11, 25), date(2025, 12, 9)]
    states = []
    for day, amount in zip(days, ["1", "45", "10", "20"], strict=True):
        everybody_sells(day)
        sell(day, amount)
        states.append(light_of(checkpoint(day), company).state)

    assert states == ["red", "recovering", "normal", "normal"]
    everybody_sells(date(2025, 12, 23))
    assert light_of(preview(date(2025, 12, 30)), company).state == "grey"
    everybody_sells(date(2025, 12, 30))
    sell(date(2025, 12, 30), "-60")
    assert light_of(preview(date(2025, 12, 30)), company).state == "pending"


def test_units_roll_up_sums_over_the_territory_book_and_never_average_rates():
    """docs/rules/attainment.md: 10/20, 90/100, 30/180 give 43.3 %."""
    company = found_company(targets={"T1": ("20", "26"), "T2": ("100", "130"), "T9": ("180", "234")})
    day = date(2025, 11, 11)
    sell(day, "10", territory="T1", person="li.wei")
    sell(day, "90", territory="T2", person="wang.fang")
    sell(day, "30", territory="T9", person="deng.tao")

    run = preview(day)

    whole = UnitLight.objects.get(run=run, org_path="/C/", metric=company.metrics["sales"])
    assert ratio_on(whole, "cumulative") == Fraction(130, 300)
    assert whole.base == whole.original_base
    region = UnitLight.objects.get(run=run, org_path="/C/R1/", metric=company.metrics["sales"])
    assert region.actual == 100_000_000


def test_a_checkpoint_leaves_one_line_of_its_own_and_one_per_flip_and_a_preview_none():
    company = found_company()
    everybody_sells(date(2025, 10, 28))
    lines = Entry.objects.filter(stream="lights")
    preview(date(2025, 10, 28))
    assert lines.count() == 0

    run = checkpoint(date(2025, 10, 28))

    line = lines.get(kind="lights.checkpoint_fixed")
    assert line.data["root"] == run.digest
    assert line.data["facts_as_of"] == run.facts_as_of
    flips = Flip.objects.filter(run=run).select_related("person", "metric").order_by("target_id")
    told = lines.filter(kind="lights.flipped").order_by("n")
    assert [one.data for one in told] == [
        {"run": run.pk, "target": f.target_id, "metric": f.metric.code, "person": f.person.code if f.person else "",
         "before": f.before, "after": f.after}
        for f in flips
    ]  # fmt: skip
    assert ("li.wei", "sales", "", "red") in {
        (d["person"], d["metric"], d["before"], d["after"]) for d in (one.data for one in told)
    }
    assert line.data["flips"] == len(told)
    assert line.n == max(one.n for one in told) + 1, "one chain, written at once"
    assert company.people["li.wei"] in {f.person_id for f in flips}


def test_the_next_checkpoint_tells_what_a_light_was_before():
    found_company()
    everybody_sells(date(2025, 10, 28))
    checkpoint(date(2025, 10, 28))
    everybody_sells(date(2025, 11, 11))
    sell(date(2025, 11, 11), "45")
    second = checkpoint(date(2025, 11, 11))

    told = Entry.objects.filter(kind="lights.flipped", data__run=second.pk, data__person="li.wei", data__metric="sales")

    assert [(one.data["before"], one.data["after"]) for one in told] == [("red", "green")]


def test_a_checkpoint_that_fails_leaves_neither_flips_nor_lines(monkeypatch):
    found_company()
    everybody_sells(date(2025, 10, 28))
    monkeypatch.setattr(services, "tell", lambda *_a, **_k: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        checkpoint(date(2025, 10, 28))

    assert not Flip.objects.exists()
    assert not Entry.objects.filter(stream="lights").exists()


def test_a_preview_replaces_the_one_before():
    found_company()
    everybody_sells(date(2025, 10, 28))
    preview(date(2025, 10, 27))

    preview(date(2025, 10, 28))

    assert Run.objects.filter(kind="preview").count() == 1


def test_flips_are_the_official_changes_only():
    company = found_company()
    everybody_sells(date(2025, 10, 28), "40")
    first = checkpoint(date(2025, 10, 28))
    assert [
        (f.person_id, f.before, f.after)
        for f in Flip.objects.filter(run=first, metric=company.metrics["sales"])
    ] == [(company.people["li.wei"], "", "red")]


def test_a_day_without_a_period_is_refused_with_what_to_do():
    found_company()
    with pytest.raises(NoPeriod, match=r"2031.*导入该期间的目标或订单行"):
        preview(date(2031, 1, 5))


def test_what_the_refusal_advises_opens_the_period():
    found_company()
    sell(date(2026, 1, 4), "1")

    assert preview(date(2026, 1, 5)).period.code == "2026Q1"


def test_selling_after_leaving_stays_with_the_territory():
    company = found_company()
    day = date(2025, 11, 11)
    sell(day, "9", territory="T1", person="")

    card = Scorecard.objects.get(
        book="territory", territory=company.territories["T1"], metric=company.metrics["sales"]
    )

    assert card.actual == 9_000_000
