"""The late line of docs/rules/facts.md, walked through in a browser: 64.4 % stays, 73.3 % stands beside it."""

from datetime import date, datetime

CLOCK = "tests.world.browser.twentieth"
WALKERS = ("chen.gang", "li.wei")


def furnish() -> None:
    from hangbiao.rooms.lights.services import evaluate
    from tests.world import ACTOR, SHANGHAI, found_company, sell

    def at(day: int) -> datetime:
        return datetime(2025, 11, day, 9, 30, tzinfo=SHANGHAI)

    found_company()
    sell(date(2025, 10, 20), "20")
    for place, who in (("T2", "wang.fang"), ("T9", "deng.tao")):
        sell(date(2025, 11, 14), "50", territory=place, person=who)
    sell(date(2025, 11, 14), "9")
    evaluate(as_of=date(2025, 11, 14), at=at(15), actor=ACTOR, kind="checkpoint")
    sell(date(2025, 11, 13), "4", at=at(19))


def test_a_manager_asks_for_the_fourteenth_and_reads_down_to_the_late_line(walk):
    page = (manager := walk()).page
    manager.sign_in("chen.gang")
    page.goto(f"{manager.house}/board/?view=people&unit=T-A")
    page.click("table.people a[data-drawer] >> text=李伟")
    page.wait_for_selector("#drawer .kv")
    page.click("#drawer a >> text=怎么算出来的")
    page.wait_for_selector("#drawer .beside")

    then, now = page.locator("#drawer .beside section").all_inner_texts()
    assert "64.4%" in then
    assert "黄灯" in then
    assert "正式" in then
    assert "73.3%" in now
    assert "只作参照" in now

    page.fill("#drawer input[name=known]", "2025-11-18")
    page.locator("#drawer .beside >> text=11月18日 所知").wait_for()
    assert "64.4%" in page.locator("#drawer .beside section").first.inner_text()
    page.fill("#drawer input[name=known]", "2025-11-19")
    page.locator("#drawer .beside >> text=11月19日 所知").wait_for()
    assert "73.3%" in page.locator("#drawer .beside section").first.inner_text()
    assert "64.4%" in page.locator("#drawer .say").first.inner_text(), "the official light stays"

    page.click("#drawer a >> text=11月13日")
    page.wait_for_selector("#drawer .raw li")
    line = page.inner_text("#drawer .raw li")
    assert "40,000.00 元" in line
    assert "第 2 行" in line
    page.keyboard.press("Escape")
    assert page.locator("table.people a[data-drawer] >> text=李伟").evaluate("e => e === document.activeElement")


def test_a_rep_reads_the_same_on_a_small_phone(walk):
    rep = walk(phone=True)
    rep.sign_in("li.wei")
    rep.page.set_viewport_size({"width": 360, "height": 740})
    rep.page.goto(f"{rep.house}/people/li.wei/why/?day=2025-11-14")
    assert "73.3%" in rep.page.inner_text(".beside .now")
    assert rep.sideways() == 0
    rep.page.goto(f"{rep.house}/people/li.wei/why/2025-11-13/?day=2025-11-14")
    assert "迟到" in rep.page.inner_text(".raw li")
    assert rep.sideways() == 0
