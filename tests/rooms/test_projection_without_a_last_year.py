"""Where there is no curve of last year: A + (T − P)·ρ, ρ the pace of the last four weeks (docs/rules/attainment.md)."""

from datetime import date, datetime
from fractions import Fraction

import pytest

from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.rooms.lights.models import Light, Projection, Run
from hangbiao.rooms.lights.services import evaluate, project
from tests.world import ACTOR, SHANGHAI, Company, found_company, sell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
EARLY, CUT, DAY = date(2025, 10, 20), date(2025, 10, 28), date(2025, 11, 25)


def seen(day: date) -> Run:
    run = evaluate(
        as_of=day, at=datetime(day.year, day.month, day.day, 22, tzinfo=SHANGHAI), actor=ACTOR, kind="preview"
    )
    project(run)
    return run


def plan_of(run: Run, company: Company) -> tuple[Light, Fraction]:
    light = Light.objects.get(run=run, person=company.people["li.wei"], metric=company.metrics["sales"])
    return light, light.base * Fraction(int(light.plan_num), int(light.plan_den))


def test_the_rest_comes_at_the_pace_of_the_last_four_weeks_not_of_the_whole_period() -> None:
    company = found_company()
    sell(EARLY, "40")
    early = plan_of(seen(CUT), company)[1]
    sell(date(2025, 11, 20), "6")

    run = seen(DAY)

    light, plan = plan_of(run, company)
    trailing = Fraction(6_000_000) / (plan - early)
    foreseen = round_half_up_to_int(light.actual + (light.base - plan) * trailing)
    end = Projection.objects.get(run=run, target=light.target)
    assert (end.method, end.point, end.low) == ("landing", foreseen, None)
    assert end.point < light.actual + (light.base - plan) * Fraction(light.actual) / plan, (
        "a late collapse is seen"
    )


def test_in_the_first_four_weeks_the_pace_so_far_is_all_there_is() -> None:
    company = found_company()
    sell(EARLY, "10")

    run = seen(date(2025, 10, 24))

    light, plan = plan_of(run, company)
    end = Projection.objects.get(run=run, target=light.target)
    assert end.point == round_half_up_to_int(
        light.actual + (light.base - plan) * Fraction(light.actual) / plan
    )


def test_a_unit_ends_where_its_territories_end_together() -> None:
    company = found_company()
    sell(EARLY, "10")
    sell(EARLY, "30", territory="T2", person="wang.fang")

    run = seen(date(2025, 10, 24))

    of_territories = Projection.objects.filter(
        run=run, target__territory__isnull=False, org_path="/C/R1/T-A/"
    )
    team = Projection.objects.get(run=run, target=None, org_path="/C/R1/T-A/")
    assert team.point == sum(of_territories.values_list("point", flat=True))
    assert company.metrics["sales"] == team.metric_id
