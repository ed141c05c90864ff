"""Every page of the house, found from its addresses, as every kind of person: accessible, by keyboard, on a narrow phone."""

from pathlib import Path

import pytest

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ROLES = ("x1", "m0", "s00", "p001", "adm", "aud", "int")
# What stands in an address, by its name. A new name without a sample fails the suite: its pages would not be looked at.
SAMPLES = {
    "code": ("P000", "R0"), "number": ("1", "E-ABCDEF"), "table": ("faults",), "of_day": ("2026-11-25",),
    "kind": ("csv", "light.own_flipped"),
    "token": ("nothing",), "what": ("nothing",), "prefix": ("nothing",), "subscription": ("1",), "day": ("2026-11-25",),
    "way": ("nothing",), "task": ("1",), "language": ("en",), "trouble": ("nothing",), "name": ("nothing",),
    "key": ("deviation_response",), "messenger": ("nothing",), "run": ("1",), "person": ("P000",), "file": ("1",),
    "nth": ("1",),
}  # fmt: skip
COMPLAINTS = """(how) => axe.run(how).then((r) => r.violations.map(
    (v) => [v.id, v.nodes.map((n) => n.target.join(' ')).slice(0, 4)]))"""
# What a page is made of. Axe judges kinds of parts and their colours: the same kinds are not judged again for another reader.
PARTS = """() => Array.from(new Set(Array.from(document.querySelectorAll('body *')).map(
    (e) => [e.tagName, e.getAttribute('class') || '', e.getAttribute('role') || '', e.getAttribute('type') || '',
            e.hasAttribute('aria-label'), e.parentElement.tagName].join(' ')))).sort().join('\\n')"""
JUDGED: set[tuple[bool, str]] = set()
THUMB, PHONE = 44, {"width": 360, "height": 740}


def addresses() -> list[str]:
    """Every address that answers GET, with samples filled in."""
    from django.urls import URLPattern, get_resolver

    found: list[str] = []

    def walk(patterns, before: str) -> None:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                found.extend(filled(route, list(pattern.pattern.converters)))
            elif not route.startswith("api/v1"):
                walk(pattern.url_patterns, route)

    walk(get_resolver().url_patterns, "")
    return sorted(set(found))


def filled(route: str, names: list[str]) -> list[str]:
    made = ["/" + route]
    for name in names:
        assert name in SAMPLES, f"{route}: give SAMPLES a value for <{name}>, so that the page is looked at"
        samples = SAMPLES[name]
        made = [one.replace(part, sample) for one in made for part in [_part(one, name)] for sample in samples]
    return made


def _part(route: str, name: str) -> str:
    import re

    return re.search(rf"<(?:\w+:)?{name}>", route)[0]


def pages_of(one) -> list[str]:
    """Those addresses that give this reader a page of HTML, each end of a redirect once."""
    shown: dict[str, str] = {}
    for address in [*addresses(), "/board/?view=people", "/search/?q=P0", "/nowhere/"]:
        answer = one.page.request.get(one.house + address, headers={"Accept": "text/html"})
        assert answer.status < 500, address
        html = answer.headers.get("content-type", "").startswith("text/html")
        wanted = answer.status == 200 or (answer.status == 404 and address == "/nowhere/")
        if html and wanted and "attachment" not in answer.headers.get("content-disposition", ""):
            shown.setdefault(answer.url, address)
    return [url for url in shown if "sign-out" not in url]


def see(one, url: str) -> None:
    one.page.goto(url)
    one.findings[:] = [f for f in one.findings if "404 (Not Found)" not in f]


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_on_any_page_in_light_or_dark(walk, role):
    one, found, seen, axe = walk(phone=role == "p001"), {}, 0, AXE.read_text()
    one.sign_in(role)
    for url in pages_of(one):
        see(one, url)
        seen += 1
        parts = (role == "p001", one.page.evaluate(PARTS))
        if parts in JUDGED:
            continue
        JUDGED.add(parts)
        one.page.evaluate(axe)
        found[url] = one.page.evaluate(COMPLAINTS, {})
        one.page.emulate_media(color_scheme="dark")
        found[url] += one.page.evaluate(COMPLAINTS, {"runOnly": ["color-contrast"]})
        one.page.emulate_media(color_scheme="light")

    assert {url: what for url, what in found.items() if what} == {}
    assert seen >= 6


@pytest.mark.parametrize("role", ROLES)
def test_every_page_fits_a_phone_of_360_pixels_and_a_thumb(walk, role):
    one, wide, small = walk(phone=True), {}, {}
    one.page.set_viewport_size(PHONE)
    one.sign_in(role)
    for url in pages_of(one):
        see(one, url)
        if one.sideways() > 0:
            wide[url] = one.sideways()
        tiny = one.page.evaluate(SMALL, THUMB)
        if tiny:
            small[url] = tiny

    assert (wide, small) == ({}, {})


# Buttons, boxes, navigation and lists. A link inside a sentence is as high as its line (WCAG 2.5.8 excepts it); a lamp in a
# strip is one of forty and has its person's row as a larger way in; a box stands in its label, which is what one touches.
SMALL = """(thumb) => Array.from(document.querySelectorAll(
    'button, .btn, select, textarea, summary, .tabs a, .wait, .seg label, .chips label, .tick, .pager a, '
    + 'input:not([type=checkbox]):not([type=radio]):not([type=hidden])'))
  .filter((one) => one.offsetParent !== null && !one.closest('.sr') && getComputedStyle(one).visibility !== 'hidden')
  .map((one) => [one, (one.closest('.search, .photo, .find') || one).getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && box.height < thumb - 0.5)
  .map(([one, box]) => `${one.tagName}.${one.className} ${Math.round(box.height)}px ${one.textContent.trim().slice(0, 20)}`)
  .slice(0, 8)"""


def test_a_managers_round_needs_no_mouse(walk):
    """Sign in, jump over the navigation, search by "/", open a person, come back, walk a table, change a setting."""
    one = walk()
    page = one.page
    page.goto(f"{one.house}/")
    page.focus("input[name=username]")
    page.keyboard.type("m1")  # of whom no other test here takes anything out of the inbox
    page.keyboard.press("Tab")
    page.keyboard.type(one.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/board/**")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    page.wait_for_selector("[data-search]:focus")
    page.keyboard.type("P100")
    page.wait_for_selector("#found .wait")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/P100/**")

    page.goto(f"{one.house}/inbox/")
    page.focus(".wait >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/**")

    page.goto(f"{one.house}/profile/")
    page.focus("input[name=channels] >> nth=0")
    page.keyboard.press("Space")
    page.focus("main .btn.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#toast:has-text('已保存')")


def test_lines_of_a_table_are_one_stop_and_arrows_walk_them_and_columns_stay_chosen(walk):
    one = walk()
    one.sign_in("adm")
    page = one.page
    page.goto(f"{one.house}/styleguide/")
    links = page.locator("#t1-zh tbody a[data-row]")
    assert page.locator("#t1-zh tbody a[data-row]:not([tabindex='-1'])").count() == 1

    links.nth(0).focus()
    page.keyboard.press("ArrowDown")
    assert links.nth(1).evaluate("one => one === document.activeElement")
    page.keyboard.press("End")
    assert links.nth(2).evaluate("one => one === document.activeElement")
    page.keyboard.press("Home")
    assert links.nth(0).evaluate("one => one === document.activeElement")

    page.click("#t1-zh th[data-col=rows] a")
    page.wait_for_selector("#t1-zh th[aria-sort=descending]")
    assert "orders-3" in page.inner_text("#t1-zh tbody tr >> nth=0")
    page.select_option("#t1-zh-light", "yellow")
    page.wait_for_selector("#t1-zh tbody tr >> nth=0")
    page.wait_for_url("**t1-zh-light=yellow**")
    assert page.locator("#t1-zh tbody tr").count() == 1

    page.wait_for_load_state("networkidle")  # a table that is still being replaced would close the menu
    page.click("#t1-zh .menu:has(form[data-columns]) summary")
    with page.expect_response("**/tables/t1-zh/columns/"):
        page.click("#t1-zh form[data-columns] label:has(input[value=note])")
    assert page.locator("#t1-zh th[data-col=note]").is_visible()
    page.goto(f"{one.house}/styleguide/")
    assert page.locator("#t1-zh th[data-col=note]").is_visible()
    assert page.locator("#t1-en th[data-col=note]").is_hidden()
