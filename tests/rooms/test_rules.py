"""Rules that a company writes itself: what they may say, whom they light, and what they leave alone."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest
from django.db import DatabaseError, transaction

from hangbiao.core.lights import Light as Colour
from hangbiao.core.rulings import with_condition
from hangbiao.engines.formula.judging import judge
from hangbiao.engines.journal.models import Entry
from hangbiao.rooms.actuals.models import DailyFact
from hangbiao.rooms.lights import services as lights
from hangbiao.rooms.lights.models import Flip, Light, Projection, RuleVersion, Run, UnitLight
from hangbiao.rooms.lights.rules import previewing, services
from hangbiao.rooms.lights.rules.body import as_data, read
from hangbiao.rooms.lights.rules.errors import BackDated, BadRule, ReasonNeeded
from hangbiao.rooms.lights.rules.selectors import known, rules_on
from hangbiao.rooms.lights.wording import because, ratio_on
from hangbiao.rooms.people.models import Person
from tests.world import ACTOR
from tests.world.board import AT, found_many

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker):
    """Founded once for all tests of this file; each test's own changes roll back to here."""
    from hangbiao.engines.scope.context import acting, system_scope

    with django_db_blocker.unblock(), transaction.atomic():
        with acting(system_scope("test")):
            found_many(regions=2, reps=8)
            for run in Run.objects.filter(kind="checkpoint"):
                lights.project(run)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(founded, everything):
    return None


def body(**said):
    return read({"name": "试", "flow": "", **said}, known())


def faults(**said):
    with pytest.raises(BadRule) as bad:
        read({"name": "试", "flow": "", **said}, known())
    return {fault.field: fault for fault in bad.value.faults}


def publish(code="try", *, on=date(2026, 11, 26), **said):
    return services.publish(
        code=code, data={"name": "试", "flow": "", **said}, valid_from=on, reason="test", today=on, at=AT, actor=ACTOR
    )


def again(kind="preview", day=DAY):
    """The same day lit again; a rule from the 1st on is in force."""
    return lights.evaluate(as_of=day, at=AT + timedelta(hours=1), actor=ACTOR, kind=kind)


def colours(run, metric="sales"):
    return dict(Light.objects.filter(run=run, metric__code=metric).values_list("person__code", "light"))


def rows(run):
    fields = [f.attname for f in Light._meta.concrete_fields if f.attname not in {"run_id", "rule_id"}]
    return list(Light.objects.filter(run=run).order_by("target_id").values_list(*fields))


def units(run):
    return list(UnitLight.objects.filter(run=run).order_by("org_path", "metric").values_list("light", "green", "yellow", "red"))


def test_without_a_rule_nothing_is_kept_and_nothing_changes(company):
    run = again()

    assert rules_on(DAY, known_at=AT) == {}
    assert "rules" not in run.policy
    assert set(Light.objects.values_list("rule_id", flat=True)) == {None}


def test_a_rule_that_says_what_the_parameters_say_lights_everybody_the_same(company):
    before = again()
    plain, sums = rows(before), units(before)

    rule = publish(on=DAY)
    run = again()

    assert rows(run) == plain
    assert units(run) == sums
    assert set(Light.objects.filter(run=run).values_list("rule_id", flat=True)) == {rule.pk}


def test_a_rule_holds_from_its_day_for_those_it_names_and_the_narrower_one_goes_first(company):
    publish("all", on=DAY, yellow_below="100%", red_below="100%")
    publish("east", on=DAY, units=["/C/R1/"], yellow_below="0", red_below="0")

    run = again()

    for path, light in Light.objects.filter(run=run, metric__code="sales").values_list("org_path", "light"):
        assert light in ({"green"} if path.startswith("/C/R1/") else {"red", "green"})
    assert Counter(colours(run).values())["red"] > 4
    early = lights.evaluate(as_of=DAY - timedelta(days=1), at=AT + timedelta(hours=1), actor=ACTOR, kind="preview")
    assert "rules" not in early.policy
    east = Light.objects.filter(run=run, metric__code="sales", org_path__startswith="/C/R1/").first()
    if east:
        assert "规则“试”" in because(east, run.policy)


def test_an_official_light_names_its_rule_and_is_the_same_from_its_named_inputs(company):
    publish(on=DAY, basis="cumulative", condition="visits_last_14d >= 0 and 剩余天数 > 3", yellow_below="60%", red_below="40%")
    Flip.objects.filter(run__as_of=DAY).delete()
    Light.objects.filter(run__as_of=DAY).delete()
    UnitLight.objects.filter(run__as_of=DAY).delete()
    Run.objects.filter(as_of=DAY, kind="checkpoint").delete()
    run = again("checkpoint")
    first = rows(run)
    assert run.policy["rules"][0]["body"]["basis"] == "cumulative"
    assert {"red", "yellow"} & set(colours(run).values())

    Light.objects.filter(run=run).delete()
    UnitLight.objects.filter(run=run).delete()
    publish(on=DAY, basis="pace")  # a later version changes nothing of it

    assert lights.recompute(run) == run.digest
    assert rows(run) == first


def test_the_pass_and_the_core_agree_on_borders_hysteresis_and_conditions(company):
    chance = Random(20261125)
    before = {light.target_id: light.confirmed for light in Light.objects.filter(run=last())}
    seen = set()
    for _ in range(12):
        yellow, red = sorted((Fraction(chance.randint(30, 110), 100) for _ in range(2)), reverse=True)
        said = {
            "basis": chance.choice(["pace", "cumulative"]), "yellow_below": str(yellow), "red_below": str(red),
            "hysteresis": chance.choice(["0", "10%"]), "effect": chance.choice(["narrow", "yellow", "red"]),
            "condition": chance.choice(["pace < 0.8", "not attainment >= 1/2", "light_before = 'red'"]),
        }  # fmt: skip
        rule = read(publish(on=DAY, **said).body, known())
        run = again()
        for light in Light.objects.filter(run=run).exclude(light="grey"):
            ratio = ratio_on(light, said["basis"])
            was = before[light.target_id] or None
            facts = {
                "pace": ratio_on(light, "pace"), "attainment": Fraction(light.actual, light.base), "light_before": was,
            }  # fmt: skip
            band = rule.bands.light_of(ratio, Colour(was) if was else None)
            wanted = with_condition(band, rule.effect, judge(rule.condition, facts))
            assert light.light == wanted, (said, ratio, was)
            assert because(light, run.policy)
            seen.add((band, wanted))
    assert len(seen) > 4, "the cases are of all kinds"


def test_two_weeks_below_is_counted_by_closed_weeks_against_their_own_plan(company):
    person = Person.objects.get(code="P000")
    row = previewing.explain_case(body(condition="below_weeks >= 2", metrics=["sales"]), run=last().pk, person=person.pk)
    assert row.lines[0].holds, "who sells 40 % of plan every week is below in all of them"
    weeks = row.lines[0].values[0][1]
    assert weeks == 7, "25 November closes week 8, and in the first week, a holiday, nothing was due"

    DailyFact.objects.filter(person=person, metric__code="sales", day__range=(date(2026, 11, 12), date(2026, 11, 18))).update(
        value=50_000_000
    )
    row = previewing.explain_case(body(condition="below_weeks >= 2", metrics=["sales"]), run=last().pk, person=person.pk)
    assert row.lines[0].values[0][1] == 1, "a good seventh week begins the count anew"


def last():
    return Run.objects.filter(kind="checkpoint").latest("as_of")


def test_where_no_data_came_nothing_is_known_and_unknown_never_lights(company):
    rule = body(condition="new_outlets_last_14d < 1000000", effect="red", metrics=["sales"])
    run = last()
    past = previewing.preview(rule)[-1]
    assert past.light["red"] == past.people - past.light["grey"]

    Run.objects.filter(pk=run.pk).update(feeds={k: {} for k in run.feeds})

    past = previewing.preview(rule)[-1]
    assert past.light == past.stood


def test_landing_asks_for_the_probable_end_and_waits_until_it_is_sure(company):
    sure = previewing.preview(body(basis="landing", metrics=["sales"], certainty="0%"))[-1]
    doubtful = previewing.preview(body(basis="landing", metrics=["sales"], certainty="100%"))[-1]

    assert sure.light["red"] + sure.light["yellow"] > 0
    Projection.objects.filter(run=last().previous).delete()
    alone = previewing.preview(body(basis="landing", metrics=["sales"], certainty="100%"))[-1]
    assert alone.light["red"] + alone.light["yellow"] <= doubtful.light["red"] + doubtful.light["yellow"] <= (
        sure.light["red"] + sure.light["yellow"]
    )
    assert alone.light["red"] + alone.light["yellow"] == 0, "nobody is certain and nobody was there before"


def test_an_evaluation_under_a_landing_rule_reads_projections_of_the_same_day(company):
    publish(on=DAY, basis="landing", metrics=["sales"], certainty="0%")

    run = again()

    assert run.policy["rules.landing"]
    assert {"red", "yellow"} & set(colours(run).values())
    unit = UnitLight.objects.get(run=run, org_path="/C/", metric__code="sales")
    assert unit.red == Counter(colours(run).values())["red"]


def test_the_preview_counts_everybody_and_names_only_whom_the_reader_may_see(company):
    strict = body(metrics=["sales"], yellow_below="100%", red_below="95%")

    nobody, some = previewing.preview(strict), previewing.preview(strict, inside=["/C/R1/"])

    assert [past.day for past in nobody] == sorted({run.as_of for run in Run.objects.filter(kind="checkpoint")})[-6:]
    assert all(past.names == [] for past in nobody)
    assert [(p.light, p.differ) for p in some] == [(p.light, p.differ) for p in nobody]
    east = set(Light.objects.filter(org_path__startswith="/C/R1/").values_list("person__code", flat=True))
    named = {one.code for past in some for one in past.names}
    assert named
    assert named <= east
    assert nobody[-1].worse > 0
    assert nobody[-1].people == 16


def test_one_case_is_explained_condition_by_condition_with_its_values(company):
    rule = body(condition="attainment < 0.7 and visits_last_14d < 8", metrics=["sales"])
    case = previewing.explain_case(rule, run=last().pk, person=Person.objects.get(code="P000").pk)

    light = Light.objects.get(run=last(), metric__code="sales", person__code="P000")
    assert case.ratio == Fraction(light.actual * int(light.plan_den), light.base * int(light.plan_num))
    assert [line.words for line in case.lines] == ["attainment < 0.7", "visits_last_14d < 8"]
    assert case.lines[0].values == (("attainment", Fraction(light.actual, light.base)),)
    assert case.light == ("green" if not all(line.holds for line in case.lines) else light.light)


def test_a_version_says_why_and_never_begins_in_the_past_and_stays(company):
    made = publish(on=DAY)
    with pytest.raises(ReasonNeeded):
        services.publish(code="try", data=made.body, valid_from=DAY, reason=" ", today=DAY, at=AT, actor=ACTOR)
    with pytest.raises(BackDated):
        services.publish(code="try", data=made.body, valid_from=DAY - timedelta(1), reason="x", today=DAY, at=AT, actor=ACTOR)
    ended = services.end(code="try", valid_from=DAY, reason="done", today=DAY, at=AT, actor=ACTOR)
    assert (ended.number, rules_on(DAY, known_at=AT)) == (2, {})
    back = services.publish(code="try", data=made.body, valid_from=DAY, reason="back", today=DAY, at=AT, actor=ACTOR)
    assert (back.number, back.body) == (3, made.body)
    assert list(Entry.objects.filter(stream="rules").order_by("n").values_list("kind", flat=True)) == [
        "lights.rule_published", "lights.rule_ended", "lights.rule_published",
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleVersion.objects.update(body={})


def test_a_rule_reads_back_as_it_was_written(company):
    said = {"units": ["/C/R1/"], "roles": ["rep"], "yellow_below": "70%", "hysteresis": "2%", "effect": "yellow"}
    rule = body(condition="较上期同期 < -0.1", **said)

    assert read(as_data(rule), known()) == rule


@pytest.mark.parametrize(
    ("text", "words", "says"),
    [
        ("attainment / 0 < 1", "0", "除数是 0"),
        ("attainment / (1 - 1) < 1", "1 - 1", "除数是 0"),
        ("attainmnt < 0.7", "attainmnt", "是否想写 attainment"),
        ("profit < 3", "profit", "没有名为 profit 的指标"),
        ("(" * 10_000 + "attainment" + ")" * 10_000 + " < 1", None, "最多 2000 个字符"),
        ("(" * 500 + "attainment < 1" + ")" * 500, "(", "括号套了"),
        ("sleep(10) < 1", None, "没有这个函数"),
        ("attainment < (select 1)", None, "不能有子查询"),
        ("attainment in (select base from lights_light)", None, "不能有子查询"),
        ("exists (select 1)", None, "写一个条件"),
        ("attainment < 1; drop table lights_run", ";", "不能有分号"),
        ("attainment < 1e999", "1e999", "这个数太大"),
        ("light_before = 'blue'", "'blue'", "没有这个值"),
    ],
)
def test_a_condition_that_cannot_be_is_told_at_its_place(company, text, words, says):
    fault = faults(condition=text)["condition"]

    assert says in fault.sentence
    if words is not None:
        assert text[fault.start : fault.end] == words


def test_every_other_mistake_is_told_with_its_field(company):
    found = faults(
        name="", units=["/X/"], metrics=["profit"], roles=["king"], basis="luck", yellow_below="1/0", red_below="abc",
        hysteresis="50%", min_plan_share="1e3", from_week="0", effect="blue", flow="no_such_flow", flow_lights=["blue"],
        cool_down_days="-1", tell=["everybody"],
    )  # fmt: skip
    assert set(found) == {
        "name", "units", "metrics", "roles", "basis", "yellow_below", "red_below", "hysteresis", "min_plan_share", "from_week",
        "effect", "flow", "flow_lights", "cool_down_days", "tell",
    }  # fmt: skip
    assert found["yellow_below"].sentence == "分母不能是 0。"
    assert "界限" in faults(red_below="80%")["red_below"].sentence
    assert "请只选它" in faults(basis="landing")["metrics"].sentence
    assert "请写出条件" in faults(effect="red")["condition"].sentence
    assert "首要指标" in faults(metrics=["visits"], flow="deviation_response")["flow"].sentence
    assert set(faults(yellow_below=0.7)) == {"yellow_below"}, "a float is no share"


def test_a_rule_says_which_lights_open_reviews_and_lets_people_rest_after_one(company):
    from hangbiao.engines.flows.models import Case
    from hangbiao.rooms.reviews.models import Review
    from hangbiao.rooms.reviews.services import open_after_checkpoint
    from tests.world import reviews_from

    reviews_from(date(2026, 1, 1), at=AT - timedelta(days=30))
    publish(on=DAY, flow="deviation_response", flow_lights=["red"], cool_down_days=30)
    run = last()
    red, yellow = (Light.objects.filter(run=run, metric__code="sales", light=colour) for colour in ("red", "yellow"))
    assert red.exists()
    assert yellow.exists()
    Run.objects.filter(pk=run.pk).update(policy=run.policy | rules_on(DAY, known_at=AT))
    Light.objects.filter(run=run).update(rule_id=RuleVersion.objects.get().pk)

    opened = open_after_checkpoint(run=run.pk, at=AT, actor=ACTOR)
    assert set(Review.objects.values_list("person", flat=True)) == set(red.values_list("person", flat=True))
    assert len(opened) == red.count()

    Case.objects.update(closed_at=AT)
    assert open_after_checkpoint(run=run.pk, at=AT + timedelta(days=14), actor=ACTOR) == []
    assert len(open_after_checkpoint(run=run.pk, at=AT + timedelta(days=31), actor=ACTOR)) == red.count()


def test_a_rule_says_who_hears_of_it_by_message_and_the_house_shows_it_to_all(company, monkeypatch):
    from hangbiao.engines.accounts.models import Account
    from hangbiao.rooms.desk import reactions
    from hangbiao.rooms.lights.events import LightFlipped

    told = []
    monkeypatch.setattr(reactions, "write_notices", told.extend)
    run, names = last(), dict(Account.objects.values_list("pk", "username"))

    def hear():
        told.clear()
        reactions.tell_whose_light_flipped(LightFlipped(run=run.pk, flips=()), at=AT, actor=ACTOR)
        return {names[one.notice.account_id] for one in told if one.outside}, {names[one.notice.account_id] for one in told}

    outside, inside = hear()
    assert {"m0", "h0", "s00"} <= outside
    assert "x1" not in outside
    assert "x1" in inside

    publish(on=DAY, tell=["hrbp", "sales_director"])
    Run.objects.filter(pk=run.pk).update(policy=run.policy | rules_on(DAY, known_at=AT))
    Light.objects.filter(run=run).update(rule_id=RuleVersion.objects.get().pk)

    assert hear() == ({name for name in inside if name[0] in "hx"}, inside)
