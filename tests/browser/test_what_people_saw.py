"""The fakes' page in a browser: messages arrive while one looks, links and buttons work, and it is fit to be looked at."""

from pathlib import Path

import pytest

from tests.fakes.house import running_house
from tests.fakes.showing import showing

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
COMPLAINTS = "axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' '))]))"


@pytest.fixture(scope="module")
def shown():
    with running_house() as fakes, showing(fakes) as page:
        page.introduce({"E1": {"name": "李薇", "say": "业务代表 · 苏南一组", "mail": "li@demo.example"}})
        yield page


@pytest.fixture(scope="module")
def house(shown):
    return shown.address.rstrip("/")


def test_a_message_arrives_while_one_looks_and_its_link_can_be_followed(walk, shown):
    one = walk()
    one.page.goto(f"{one.house}/")
    one.page.get_by_text("还没有人收到消息").wait_for()
    ledger, at = shown.house.ledger, shown.house.clock.now()
    link = f"{one.house}/?person=E1"
    ledger.show("wecom", "e1", at, "textcard", "红灯 HB-1", "完成率 **46%**\n<b>x</b>", link=link, button="去处理", colour="red")
    ledger.show("dingtalk", "E1", at, "todo", "提交纪要", "", state="open", due=at)

    one.page.get_by_role("heading", name="红灯 HB-1").wait_for()

    assert one.page.inner_text("#sentence") == "2 条消息到了 1 个屏幕上。"
    assert one.page.inner_text(".phone-head") == "李薇\n\n业务代表 · 苏南一组 · E1 · 2 条"
    assert "完成率 46%\n\n<b>x</b>" in one.page.inner_text(".phone"), "words are words, never a page's own language"
    with one.context.expect_page() as opened:
        one.page.get_by_role("link", name="去处理").click()
    assert opened.value.url == link
    one.page.get_by_text("已读").wait_for()
    ledger.lines[1].state = "done"
    one.page.get_by_text("已完成").wait_for()


def test_it_speaks_english_finds_people_and_makes_a_service_fail(walk, shown):
    shown.house.ledger.show("feishu", "E2", shown.house.clock.now(), "interactive", "黄灯 HB-2", "", colour="yellow")
    one = walk()
    one.page.goto(f"{one.house}/")
    one.page.get_by_role("heading", name="黄灯 HB-2").wait_for()
    one.page.click("text=English")
    one.page.get_by_role("heading", name="What people see").wait_for()
    one.page.fill("#find", "e2")
    assert one.page.locator(".phone").count() == 1
    one.page.click("text=Make a service fail")
    one.page.get_by_label("WeCom").select_option("429")
    one.page.locator(".fault-row .on").wait_for()
    assert shown.house.wecom.fault == "429"
    shown.house.mend()


@pytest.mark.parametrize(("phone", "scheme"), [(False, "light"), (True, "dark")])
def test_axe_finds_nothing_to_complain_about_and_nothing_runs_off_the_side(walk, shown, phone, scheme):
    shown.house.ledger.show("mail", "li@demo.example", shown.house.clock.now(), "mail", "长" * 80, "x" * 300, link="http://h.example/")
    one = walk(phone=phone, scheme=scheme)
    one.page.goto(f"{one.house}/")
    one.page.get_by_role("heading", name="长长").first.wait_for()
    one.page.evaluate(AXE.read_text())

    assert one.page.evaluate(COMPLAINTS) == []
    assert one.sideways() == 0
