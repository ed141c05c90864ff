"""The administrator reads a flow as a picture and publishes its next version, or is told what is wrong and where."""

import json

import pytest
from django.db import transaction
from django.test import override_settings

from hangbiao.engines.flows.models import Definition
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.reviews.response import shipped
from hangbiao.rooms.studio.flow_pages import written
from tests.world.board import AT, found_many
from tests.world.pages import seen_by, text_of

pytestmark = pytest.mark.django_db
PAGE = "/studio/flows/deviation_response/"


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker):
    """Founded once; each test's own changes roll back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        with acting(system_scope("test")):
            found_many(regions=1, reps=2, reviews=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def administrator(founded, everything):
    with override_settings(CLOCK="tests.world.pages.now"):
        yield seen_by("adm", AT)


def send(browser, body, **more):
    return browser.post(PAGE, {"text": body if isinstance(body, str) else json.dumps(body)} | more)


def test_the_picture_says_who_does_what_until_when_and_on_which_condition(administrator):
    text = text_of(administrator.get(PAGE))

    for said in ("三方填写偏差分析", "员工、主管、大区经理", "每个人都要办", "highest_light = 'red'", "退回到", "抄送 HRBP"):
        assert said in text
    assert "绩效偏差复盘" in text_of(administrator.get("/studio/flows/"))


def test_the_text_is_the_flow_and_reads_in_its_order():
    text = written(json.loads(json.dumps(shipped(), sort_keys=True)))

    assert json.loads(text) == shipped()
    assert text.index('"flow"') < text.index('"due_workdays"') < text.index('"steps"')


def test_checking_publishes_nothing_and_publishing_leaves_running_cases_on_their_version(administrator):
    before = Definition.objects.get()
    changed = shipped() | {"due_workdays": 7}

    assert "检查通过" in text_of(send(administrator, changed))
    assert Definition.objects.count() == 1

    assert send(administrator, changed, publish="1").status_code == 302
    newest = Definition.objects.latest("version")
    assert (newest.version, newest.body["due_workdays"]) == (2, 7)
    assert before.cases.count() > 0
    assert newest.cases.count() == 0
    assert "第 1 版" in text_of(administrator.get(f"{PAGE}?version=1"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda body: body["steps"][0].update(who=[]), "steps[0].who"),
        (lambda body: body["steps"][0].update(who=["wizard"]), "steps[0].who[0]"),
        (lambda body: body["steps"][3].update(on_reject="confirm"), "steps[3].on_reject"),
        (lambda body: body["steps"][3].update(when="highest_light = 'blue'"), "steps[3].when"),
        (lambda body: body.update(flow="other"), "deviation_response"),
    ],
)
def test_a_mistake_is_named_at_its_place_and_the_text_is_kept(administrator, wrong, said):
    body = shipped()
    wrong(body)

    answer = send(administrator, body, publish="1")

    assert answer.status_code == 400
    assert said in text_of(answer)
    assert body["name"] in answer.content.decode()
    assert Definition.objects.count() == 1


@pytest.mark.parametrize("text", ["{", "[]", "[" * 20_000, '{"flow": 1}', "null"])
def test_what_is_no_flow_at_all_gets_a_sentence(administrator, text):
    assert send(administrator, text, publish="1").status_code == 400


def test_others_find_no_such_page(administrator):
    for username in ("p000", "m0", "h0", "x1"):
        assert seen_by(username, AT).get(PAGE).status_code == 404
        assert send(seen_by(username, AT), shipped(), publish="1").status_code == 404
    assert administrator.get("/studio/flows/nosuch/").status_code == 404
    assert administrator.get(f"{PAGE}?version=99").status_code == 404
