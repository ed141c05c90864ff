"""A supervisor names a deputy on a desktop; the rep who stands in sees it on a phone and keeps their own pages."""


def test_a_supervisor_names_a_rep_who_finds_the_team_beside_their_own_target_and_loses_it_when_it_ends(walk):
    supervisor = walk()
    supervisor.sign_in("s00")
    page = supervisor.page
    page.click("nav.rail a[href='/deputies/']")
    page.wait_for_url("**/deputies/")
    page.fill("#id_deputy", "P001")
    page.fill("#id_first", "2026-11-26")
    page.fill("#id_last", "2026-12-01")
    page.fill("#id_reason", "年假")
    page.click("main form .btn.primary")
    page.wait_for_selector(".deputies .tag")
    assert "正在代理" in page.inner_text(".deputies")

    rep = walk(phone=True)
    rep.sign_in("p001")
    assert rep.page.url.endswith("/me/")
    bar = rep.page.locator("nav a:visible")
    assert [bar.nth(n).get_attribute("href") for n in range(2)] == ["/me/", "/board/"]
    rep.page.goto(f"{rep.house}/deputies/")
    assert "你现在看得到 TA 看得到的业绩" in rep.page.inner_text("main")
    assert rep.page.locator(".deputies button").count() == 0, "only the principal and those above end it"
    assert rep.sideways() == 0
    assert rep.page.goto(f"{rep.house}/board/").status == 200

    page.click(".deputies button")
    page.wait_for_selector("main .empty")
    rep.page.goto(f"{rep.house}/board/")
    assert rep.page.url.endswith("/me/"), "at once"
