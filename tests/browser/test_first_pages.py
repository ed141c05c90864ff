"""The first five minutes of a rep, a region manager, an executive and an administrator, in a real browser."""

import re
from pathlib import Path

import pytest


def test_a_rep_on_a_phone_sees_their_light_and_what_each_week_must_bring(walk):
    rep = walk(phone=True)

    rep.sign_in("p001")

    assert rep.page.url.endswith("/me/")
    said = rep.page.inner_text("main")
    assert "红灯" in said
    assert "低于 50.0%" in said
    assert re.search(r"剩余 5 周每周做到 [\d.]+ 万元 可到基准", said)
    assert "递增计分 60/40" in said
    assert "预览 11月25日" in said
    assert rep.page.locator(".strip use.r").count() == 3
    assert rep.page.locator("svg.trend .t-band").count() == 1
    assert rep.sideways() == 0


def test_a_rep_is_sent_home_from_the_board_and_finds_nobody_elses_page(walk):
    rep = walk(phone=True)
    rep.sign_in("p001")

    rep.page.goto(f"{rep.house}/board/")
    assert rep.page.url.endswith("/me/")

    answer = rep.page.goto(f"{rep.house}/people/P000/")
    nobody = rep.page.goto(f"{rep.house}/people/NOBODY/")
    assert (answer.status, nobody.status) == (404, 404)
    rep.findings.clear()  # the browser reports the two 404 asked for


def test_a_region_manager_filters_opens_a_person_and_comes_back_by_escape(walk):
    manager = walk()
    manager.sign_in("m0")
    page = manager.page
    assert page.url.endswith("/board/")
    assert "川东" in page.inner_text(".lead")
    assert "豫南" not in page.content()

    page.click("label:has(input[name=view][value=people])")
    page.wait_for_selector("table.people")
    page.click("label:has(input[name=light][value=red])")
    page.wait_for_url(re.compile("light=red"))
    rows = page.locator("table.people tbody tr")
    assert rows.count() == 2
    opener = page.locator("table.people a[data-drawer]").first
    opener.click()
    page.wait_for_selector("#drawer .dh")
    assert page.locator("#drawer").get_attribute("open") is not None
    assert "低于 50.0%" in page.inner_text("#drawer")
    page.keyboard.press("Escape")
    assert page.locator("#drawer").get_attribute("open") is None
    assert opener.evaluate("element => element === document.activeElement")

    page.reload()
    assert rows.count() == 2, "the filter stands in the address"


def test_lamps_are_one_tab_stop_and_arrows_walk_them(walk):
    executive = walk()
    executive.sign_in("x1")
    page = executive.page
    strip = page.locator(".units").first

    assert strip.locator("a:not([tabindex='-1'])").count() == 1
    strip.locator("a").first.focus()
    page.keyboard.press("ArrowRight")
    assert strip.locator("a").nth(1).evaluate("element => element === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer .dh")


def test_english_and_dark_stay_with_the_account(walk):
    executive = walk()
    executive.sign_in("x1")
    executive.page.click("button[name=language]")
    executive.page.click("button[name=theme]")
    executive.page.wait_for_load_state("networkidle")

    assert executive.page.inner_text("h1") == "Company board"
    assert not re.search("[\u4e00-\u9fff]", executive.page.inner_text(".kpis"))
    assert executive.page.locator("html").get_attribute("data-theme") == "dark"
    assert executive.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 22, 25)"

    again = walk()
    again.sign_in("x1")
    assert again.page.inner_text("h1") == "Company board"
    again.page.goto(f"{again.house}/profile/")
    again.page.click("label:has(input[name=language][value=zh-hans])")
    again.page.click("label:has(input[name=theme][value=auto])")
    with again.page.expect_navigation():
        again.page.click("button.primary")
    assert again.page.inner_text("h1") == "我的"


def test_the_board_fits_a_phone(walk):
    manager = walk(phone=True)
    manager.sign_in("m0")
    for address in ("/board/", "/board/?view=people", "/people/P000/", "/profile/"):
        manager.page.goto(manager.house + address)
        assert manager.sideways() == 0, address


def test_an_administrator_sees_no_results(walk):
    administrator = walk()
    administrator.sign_in("adm")

    assert administrator.page.url.endswith("/imports/"), "lands where there is something to do"
    administrator.page.goto(f"{administrator.house}/board/")
    assert "没有结果可看" in administrator.page.inner_text("main")
    answer = administrator.page.goto(f"{administrator.house}/people/P000/")
    assert answer.status == 404
    administrator.findings.clear()


AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_drawer_and_before_signing_in(walk, scheme):
    """Whole pages are judged in test_every_page.py."""
    executive, rep, found = walk(scheme=scheme), walk(scheme=scheme, phone=True), {}
    executive.sign_in("x1")
    executive.page.goto(f"{executive.house}/board/?view=people")
    executive.page.click("table.people a[data-drawer] >> nth=0")
    executive.page.wait_for_selector("#drawer .dh")
    found["drawer"] = violations(executive.page)
    rep.page.goto(f"{rep.house}/sign-in/")
    found["sign-in"] = violations(rep.page)

    assert {place: what for place, what in found.items() if what} == {}


def violations(page) -> list[str]:
    """What axe-core says of the page as it stands."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' '))]))")
    return [f"{rule}: {places[:4]}" for rule, places in found]
