"""Without a mouse: from the board to the why of one person and back, the import page, the inbox, search. Whatever has the
focus shows it."""

import pytest

# The ring stands around what has the focus, or around the box or word that stands for it.
SHOWN = """() => {
  const one = document.activeElement;
  const around = [one, one.nextElementSibling, one.closest('.search, .find, .drop, label')];
  return around.filter(Boolean).some((each) => {
    const look = getComputedStyle(each);
    return (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 1) || look.boxShadow !== 'none';
  });
}"""
HERE = """() => { const one = document.activeElement;
  return one.tagName + '.' + one.className + '#' + one.id + ' ' + one.textContent.trim().slice(0, 30); }"""
MOST = 120  # stops


def tab_to(page, wanted: str) -> None:
    """Press Tab until `wanted` has the focus; every stop on the way shows that it has it."""
    for _stop in range(MOST):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWN), page.evaluate(HERE)
    pytest.fail(f"no way to {wanted} by Tab; stands at {page.evaluate(HERE)}")


def focused(page, wanted: str) -> bool:
    return bool(page.evaluate("wanted => document.activeElement.matches(wanted)", wanted))


def test_from_the_board_by_a_filter_to_the_why_of_a_person_and_back(walk):
    one = walk()
    one.sign_in("x1")
    page = one.page
    tab_to(page, "input[name=light]")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**light=red**")
    page.wait_for_selector("#board:not(.htmx-request)")
    assert focused(page, "input[name=light][value=red]"), "the new list did not take the place away"

    tab_to(page, "table.regions th[scope=row] a")
    page.keyboard.press("Enter")
    page.wait_for_selector(".crumbs")
    tab_to(page, "table.regions th[scope=row] a")
    page.keyboard.press("Enter")
    page.wait_for_selector("table.people")
    tab_to(page, "table.people a[data-drawer]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer .dh")
    tab_to(page, "#drawer a.how")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer .chain")
    assert "判断" in page.inner_text("#drawer")
    page.keyboard.press("Escape")

    assert page.locator("#drawer").get_attribute("open") is None
    assert focused(page, "table.people a[data-drawer]"), "back where the drawer was opened"


def test_the_inbox_and_search(walk):
    one = walk()
    one.sign_in("m0")
    page = one.page
    tab_to(page, ".rail a[href='/inbox/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/")
    tab_to(page, "main .wait")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/**")

    page.keyboard.press("/")
    page.wait_for_selector("[data-search]:focus")
    page.keyboard.type("R0")
    page.wait_for_selector("#found .wait")
    tab_to(page, "#found .wait")
    page.keyboard.press("Enter")
    page.wait_for_url("**/board/**unit=R0**")


def test_an_administrator_reaches_the_file_box_and_every_part_of_the_import_page(walk):
    one = walk()
    one.sign_in("adm")
    page = one.page
    tab_to(page, "input[type=file]")
    with page.expect_file_chooser():
        page.keyboard.press("Space")

    for part in ("batches", "suspects", "mappings"):
        page.goto(f"{one.house}/imports/")
        tab_to(page, f".subnav a[href='/imports/{part}/']")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/imports/{part}/")


def test_an_administrators_first_minutes_beside_the_import_page(walk):
    """Who can sign in, a letter that cannot go out says why, programs and their keys, what broke."""
    one = walk()
    one.sign_in("adm")
    page = one.page
    page.click(".rail a[href='/accounts/']")
    page.wait_for_selector("table.accounts")
    page.fill("input[name=q]", "P000")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=P000**")
    assert page.locator("table.accounts tbody tr").count() == 1
    page.check("table.accounts input[name=person]")
    page.click("button[form=invite]")
    page.wait_for_selector(".said")
    assert "邮箱" in page.inner_text(".said")

    for place, said in (("/admin/keys/", "接口密钥"), ("/admin/webhooks/", "Webhook"), ("/admin/errors/", "程序错误")):
        page.click(f".rail a[href='{place}']")
        page.wait_for_url(f"**{place}")
        assert page.inner_text("h1") == said


def test_a_supervisors_first_minutes_on_a_phone(walk):
    """The team, the worst of it, why, and back; then what waits."""
    one = walk(phone=True)
    one.sign_in("s00")
    page = one.page
    page.click("table.people a[data-drawer] >> nth=0")
    page.wait_for_selector("#drawer .dh")
    name = page.inner_text("#drawer h2")
    page.click("#drawer a.how")
    page.wait_for_selector("#drawer .chain")
    page.click("#drawer [data-close]")
    page.click(".tabs a[href='/inbox/']")
    page.wait_for_url("**/inbox/")
    assert name not in page.inner_text("main"), "whoever was looked at waits no longer"
    assert one.sideways() == 0
