"""The dual-track score on board, person page and phone, with the name of the policy that gave it."""

from datetime import date

import pytest

from hangbiao.core.payout import policy_called
from hangbiao.core.quantity import round_half_up
from hangbiao.engines.policy.services import set_value
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.lights.models import Light
from hangbiao.rooms.lights.services import evaluate, project
from tests.world import ACTOR
from tests.world.board import AT, BEGIN, found_many
from tests.world.pages import seen_by, text_of

pytestmark = pytest.mark.django_db
YESTERDAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def clock(settings):
    settings.CLOCK = "tests.world.pages.now"


def score_shown(person: str, policy: str) -> str:
    with acting(system_scope("test")):
        light = Light.objects.get(run__as_of=YESTERDAY, run__kind="preview", person__code=person, metric__code="sales")
    score = policy_called(policy).score(light.actual, light.base, light.stretch)
    return f"{round_half_up(score, 1):.1f}"


@pytest.mark.parametrize(("policy", "name"), [("incremental", "递增计分"), ("parallel", "并行计分")])
def test_board_person_page_and_phone_show_the_score_of_the_policy_in_force_and_its_name(policy, name):
    with acting(system_scope("test")):
        company = found_many(regions=1, reps=6)
        set_value(key="score.policy", value=policy, valid_from=date(2026, 10, 1), at=BEGIN, actor=ACTOR,
                  approver="周杰", source="test")  # fmt: skip
        project(evaluate(as_of=YESTERDAY, at=AT, actor=ACTOR, kind="preview"))
    rep = company.reps[0]
    score = score_shown(rep, policy)

    for reader, address in (("x1", "/board/?view=people"), ("x1", f"/people/{rep}/"), (rep.lower(), "/me/")):
        page = seen_by(reader, AT).get(address)
        assert page.status_code == 200, address
        shown = text_of(page)
        assert score in shown, address
        assert name in shown, address


def test_the_two_policies_would_show_different_scores():
    with acting(system_scope("test")):
        company = found_many(regions=1, reps=6)

    assert score_shown(company.reps[0], "incremental") != score_shown(company.reps[0], "parallel")
