"""The pages of rules: an administrator writes and sees counts, who sees results reads names, others find nothing."""

import re

import pytest
from django.db import transaction
from django.test import override_settings

from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.lights.models import Light, RuleDraft, RuleVersion, Run
from tests.world.board import AT, found_many
from tests.world.pages import seen_by, text_of
from tests.world.signed_in import without_second_step

pytestmark = pytest.mark.django_db
STRICT = {
    "code": "strict", "name": "严一点", "metrics": ["sales"], "basis": "pace", "yellow_below": "100", "red_below": "95",
    "condition": "", "effect": "narrow", "hysteresis": "0", "min_plan_share": "15", "certainty": "80", "from_week": "4",
    "flow": "deviation_response", "flow_lights": ["yellow", "red"], "cool_down_days": "0", "tell": ["employee"],
}  # fmt: skip


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with acting(system_scope("test")):
            found_many(regions=2, reps=8)
            without_second_step()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(founded):
    with override_settings(CLOCK="tests.world.pages.now"):
        yield


def test_an_administrator_writes_a_rule_sees_counts_and_publishes_it(company):
    browser = seen_by("adm", AT)
    assert "还没有自己的规则" in text_of(browser.get("/studio/rules/"))

    saved = browser.post("/studio/rules/new/", STRICT)
    assert saved.headers["Location"] == "/studio/rules/strict/"
    page = browser.get("/studio/rules/strict/")
    text = text_of(page)
    assert "对今日应达低于 100.0% 亮黄灯、低于 95.0% 亮红灯" in text
    assert "草稿，还没有发布" in text
    assert "只显示人数" in text
    assert not re.search(r"/studio/rules/strict/cases/", page.content.decode())
    with acting(system_scope("test")):
        names = set(Light.objects.values_list("person__name", flat=True))
    assert not [name for name in names if name in text]

    refused = browser.post("/studio/rules/strict/publish/", {"valid_from": "2026-11-01", "reason": "试"})
    assert refused.status_code == 400
    assert "不能早于今天" in text_of(refused)
    done = browser.post("/studio/rules/strict/publish/", {"valid_from": "2026-11-26", "reason": "年底冲刺"})
    assert done.status_code == 302
    assert RuleVersion.objects.get().reason == "年底冲刺"
    assert not RuleDraft.objects.exists()
    assert "第 1 版，生效中" in text_of(browser.get("/studio/rules/"))
    assert "年底冲刺" in text_of(browser.get("/studio/rules/strict/versions/1/"))
    edit = browser.get("/studio/rules/strict/edit/?from=1").content.decode()
    assert 'value="100"' in edit
    assert browser.post("/studio/rules/strict/end/", {"valid_from": "2026-11-26", "reason": "结束"}).status_code == 302
    assert "已停用" in text_of(browser.get("/studio/rules/"))


def test_mistakes_stand_at_their_fields_and_nothing_is_kept(company):
    browser = seen_by("adm", AT)

    page = browser.post("/studio/rules/new/", STRICT | {"condition": "attainmnt < 1", "red_below": "120", "name": ""})

    assert page.status_code == 400
    text = text_of(page)
    assert "第 1 个字符“attainmnt”：没有名为 attainmnt 的指标。是否想写 attainment？" in text
    assert "红灯的界限不能高于黄灯的界限" in text
    assert not RuleDraft.objects.exists()
    assert browser.post("/studio/rules/new/", STRICT | {"code": "X"}).status_code == 400


def test_while_typing_the_page_says_what_is_wrong_or_whom_it_would_light(company):
    browser = seen_by("adm", AT)

    wrong = browser.post("/studio/rules/check/", STRICT | {"condition": "pace < 1 and profit > 2"}).content.decode()
    assert "<mark>profit</mark>" in wrong
    right = text_of(browser.post("/studio/rules/check/", STRICT | {"condition": "pace < 2"}))
    assert "而且只在这时才亮：pace < 2" in right
    assert "按 11月25日 的检查点，说到 16 人次" in right
    assert browser.post("/studio/rules/check/", {}).status_code == 200, "half a form is no fault of the program"


def test_who_sees_results_reads_names_in_their_own_scope_and_why(company):
    seen_by("adm", AT).post("/studio/rules/new/", STRICT | {"condition": "pace < 2"})
    with acting(system_scope("test")):
        run = Run.objects.filter(kind="checkpoint").latest("as_of").pk
        of = dict(Light.objects.filter(run=run, metric__code="sales").values_list("person__code", "org_path"))

    director, hrbp = seen_by("x1", AT), seen_by("h1", AT)
    every = set(re.findall(r"/studio/rules/strict/cases/\d+/(\w+)/", director.get("/studio/rules/strict/").content.decode()))
    own = set(re.findall(r"/studio/rules/strict/cases/\d+/(\w+)/", hrbp.get("/studio/rules/strict/").content.decode()))
    assert {of[code][:6] for code in every} == {"/C/R0/", "/C/R1/"}
    assert {of[code][:6] for code in own} == {"/C/R1/"}

    mine, theirs = next(iter(own)), next(iter(every - own))
    text = text_of(hrbp.get(f"/studio/rules/strict/cases/{run}/{mine}/"))
    assert "√ pace < 2 进度达成 = " in text
    assert hrbp.get(f"/studio/rules/strict/cases/{run}/{theirs}/").status_code == 404
    assert hrbp.get("/studio/rules/strict/cases/999999/P000/").status_code == 404
    assert seen_by("adm", AT).get(f"/studio/rules/strict/cases/{run}/{mine}/").status_code == 404
    for username in ("p000", "s00", "m0"):
        assert seen_by(username, AT).get("/studio/rules/").status_code == 404
    assert director.get("/studio/rules/new/").status_code == 404
    assert director.post("/studio/rules/strict/publish/", {"valid_from": "2026-11-26", "reason": "x"}).status_code == 404
