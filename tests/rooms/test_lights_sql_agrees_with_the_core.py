"""The set-based pass restates core.lights.light_for in SQL; generated rows, both ways, must agree."""

import math
import random
from datetime import date
from fractions import Fraction

import pytest

from hangbiao.core.lights import Facts, LightPolicy, light_for
from hangbiao.engines.policy.selectors import policy_on
from hangbiao.engines.workdays.selectors import calendar
from hangbiao.rooms.actuals.models import Scorecard
from hangbiao.rooms.lights.models import Light
from hangbiao.rooms.lights.parameters import KEYS
from hangbiao.rooms.lights.services import evaluate
from hangbiao.rooms.lights.wording import ratio_on
from tests.world import ACTOR, found_company

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
DAY = date(2025, 12, 9)


def test_the_pass_and_the_core_agree_on_ten_thousand_actuals_around_the_borders(at, monkeypatch):
    company = found_company()
    reach = {str(company.metrics["sales"]): {"/C/R1/": DAY.isoformat(), "/C/R2/": "2025-12-05"}}
    monkeypatch.setattr("hangbiao.rooms.lights.services.feeds_now", lambda: reach)
    card = Scorecard.objects.get(book="person", person=company.people["li.wei"])
    curve_at = None
    chance = random.Random(20251209)
    for _ in range(60):
        share = chance.choice([Fraction(1, 2), Fraction(7, 10), Fraction(1), Fraction(0)])
        plan = curve_at if curve_at is not None else Fraction(0)
        actual = int(share * plan * card.base) + chance.randint(-2, 2)
        Scorecard.objects.filter(pk=card.pk).update(actual=actual)

        run = evaluate(as_of=DAY, at=at, actor=ACTOR, kind="preview")

        light = Light.objects.get(run=run, target=card.target_id)
        curve_at = Fraction(int(light.plan_num), int(light.plan_den))
        verdict = light_for(Facts(actual, card.base, int(light.plan_num), int(light.plan_den)), LightPolicy())
        assert (light.light, light.grey_reason) == (
            verdict.light.value,
            verdict.grey_reason.value if verdict.grey_reason else "",
        )
        assert ratio_on(light, "pace") == verdict.ratio


def test_a_late_feed_turns_only_its_own_region_grey(at, monkeypatch):
    company = found_company()
    reach = {str(company.metrics["sales"]): {"/C/R1/": DAY.isoformat(), "/C/R2/": "2025-12-04"}}
    monkeypatch.setattr("hangbiao.rooms.lights.services.feeds_now", lambda: reach)

    run = evaluate(as_of=DAY, at=at, actor=ACTOR, kind="preview")

    of = {light.person_id: light for light in Light.objects.filter(run=run)}
    assert of[company.people["deng.tao"]].grey_reason == "feed_late", (
        "Thu 4 Dec is three working days before Tue 9 Dec"
    )
    assert of[company.people["li.wei"]].light == "red"
    assert calendar(start=DAY, end=DAY).is_work(DAY)


@pytest.mark.parametrize("basis", ["pace", "cumulative"])
def test_amounts_whose_products_no_eight_bytes_hold_are_judged_exactly(at, monkeypatch, basis):
    company = found_company()
    reach = {str(company.metrics["sales"]): {"/C/R1/": DAY.isoformat()}}
    monkeypatch.setattr("hangbiao.rooms.lights.services.feeds_now", lambda: reach)
    policy = {**policy_on(KEYS, on=DAY, known_at=at), "light.basis": basis}
    monkeypatch.setattr("hangbiao.rooms.lights.services.policy_on", lambda *_a, **_k: policy)
    card = Scorecard.objects.get(book="person", person=company.people["li.wei"])
    first = Light.objects.get(
        run=evaluate(as_of=DAY, at=at, actor=ACTOR, kind="preview"), target=card.target_id
    )
    plan = Fraction(int(first.plan_num), int(first.plan_den)) if basis == "pace" else Fraction(1)
    base, seen = 9 * 10**18, []
    for less in (1, 0):
        actual = math.ceil(Fraction(7, 10) * base * plan) - less
        Scorecard.objects.filter(pk=card.pk).update(base=base, actual=actual)
        run = evaluate(as_of=DAY, at=at, actor=ACTOR, kind="preview")
        seen.append(Light.objects.get(run=run, target=card.target_id).light)

    assert seen == ["yellow", "green"]
