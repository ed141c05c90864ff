"""Each role's way through the boards: down to a person and back with the filters, by mouse and by keyboard."""

import re
from pathlib import Path

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SMALL = {"width": 360, "height": 740}


def violations(page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' '))]))")
    return [f"{rule}: {places[:4]}" for rule, places in found]


def test_an_executive_goes_from_the_company_to_a_person_and_back_and_the_filter_stays(walk):
    page = (executive := walk()).page
    executive.sign_in("x1")
    page.click("label:has(input[name=light][value=red])")
    page.wait_for_url(re.compile("light=red"))

    page.click("table.regions th a >> text=川东")
    page.wait_for_selector(".crumbs")
    page.click("table.regions th a >> text=川东一组")
    page.wait_for_selector("table.people")
    names = page.locator("table.people tbody th").all_inner_texts()
    page.click("table.people a[data-drawer] >> nth=0")
    page.wait_for_selector("#drawer .dh")
    page.click("#drawer .df a.btn")
    page.wait_for_selector(".panel.broad")
    assert "light=red" in page.url
    page.click(".crumbs .list")
    page.wait_for_selector("table.people")

    assert page.locator("table.people tbody th").all_inner_texts() == names != []
    page.go_back()
    page.wait_for_selector(".panel.broad")
    page.go_back()
    page.wait_for_selector("table.people")
    assert page.locator("table.people tbody th").all_inner_texts() == names


def test_choosing_a_region_names_the_page_anew_and_the_address_shows_the_same(walk):
    page = (executive := walk()).page
    executive.sign_in("x1")

    page.select_option("select[name=unit]", "R1")
    page.wait_for_url(re.compile("unit=R1"))
    page.locator("h1 >> text=区域看板").wait_for()
    said = page.inner_text("main")
    page.reload()

    assert page.inner_text("main") == said
    assert page.title().startswith("区域看板")


def test_the_heads_of_the_list_sort_it_and_say_so(walk):
    page = (executive := walk()).page
    executive.sign_in("x1")
    page.goto(f"{executive.house}/board/?view=people")

    page.click("thead th a >> text=姓名")
    page.wait_for_url(re.compile("sort=name"))

    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("姓名")
    assert page.input_value("select[name=sort]") == "name"


def test_a_supervisor_on_a_phone_sees_the_team_and_what_each_week_must_bring(walk):
    supervisor = walk(phone=True)
    supervisor.sign_in("s00")
    page = supervisor.page

    assert page.inner_text("h1") == "团队看板"
    said = page.inner_text("table.people")
    assert re.search(r"每周需要 [\d.]+ 万元", said)
    assert re.search(r"客户拜访 \d+ / \d+", said)
    assert supervisor.sideways() == 0
    page.set_viewport_size(SMALL)
    assert supervisor.sideways() == 0


def test_an_hrbp_sees_one_region_and_why_its_light_is_what_it_is(walk):
    page = (hrbp := walk()).page
    hrbp.sign_in("h0")
    assert "川东" in page.inner_text(".lead")
    assert "豫南" not in page.content()

    page.click(".lead a >> text=怎么算出来的")
    page.wait_for_selector("#drawer .beside")

    assert "6 个片区之和" in page.inner_text("#drawer")
    assert "合计" in page.inner_text("#drawer")


def test_a_rep_opens_why_and_comes_back_and_nothing_is_wider_than_a_small_phone(walk):
    rep = walk(phone=True)
    rep.sign_in("p001")
    page = rep.page
    page.set_viewport_size(SMALL)
    assert "要做的事" in page.inner_text("main")
    assert rep.sideways() == 0

    page.click(".hero .row")
    page.wait_for_selector("#drawer .beside")
    assert "为什么是红灯" in page.inner_text("#drawer")
    page.keyboard.press("Escape")
    assert page.locator(".hero .row").evaluate("element => element === document.activeElement")
    for address in ("/people/P001/why/", "/people/P001/", "/me/?metric=visits"):
        page.goto(rep.house + address)
        assert rep.sideways() == 0, address


def test_it_works_without_javascript(chromium, house):
    from tests.world.browser import PASSWORD

    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{house}/")
    page.fill("input[name=username]", "x1")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form[action='/sign-in/'] button")
    page.check("input[name=light][value=red]", force=True)
    page.click(".filters button >> text=应用")
    assert "light=red" in page.url
    page.click("table.regions th a >> text=川东")
    page.click("table.regions th a >> text=川东一组")
    page.click("table.people a >> nth=0")
    page.click("a >> text=怎么算出来的")
    assert "完成 = 每日数之和" in page.inner_text("main")
    context.close()


def test_axe_finds_nothing_on_the_way_down(walk):
    executive, rep, found = walk(), walk(phone=True, scheme="dark"), {}
    executive.sign_in("x1")
    team = "/board/?unit=T00&view=people"
    for address in ("/board/?unit=R0", team, "/people/P000/?unit=T00", "/people/P000/why/", "/units/R0/why/"):
        executive.page.goto(executive.house + address)
        found[address] = violations(executive.page)
    rep.sign_in("p001")
    rep.page.goto(f"{rep.house}/people/P001/why/")
    found["why on a phone"] = violations(rep.page)

    assert {place: what for place, what in found.items() if what} == {}
