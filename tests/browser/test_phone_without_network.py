"""The installed pages: they open without network with what their one reader saw last, and never with another's."""

import re

import pytest


def controlled(one) -> None:
    """Wait until the worker answers for the page, then see the page through it once."""
    one.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    one.page.reload()
    assert one.page.evaluate("navigator.serviceWorker.controller !== null")
    one.page.reload()
    one.page.wait_for_load_state("networkidle")


@pytest.fixture
def rep(walk):
    one = walk(phone=True)
    one.sign_in("p001")
    controlled(one)
    return one


def test_the_last_seen_target_opens_without_network_and_says_so(rep):
    page = rep.page
    seen = page.inner_text(".fig")
    rep.context.set_offline(True)

    page.goto(f"{rep.house}/me/")

    assert page.inner_text(".fig") == seen
    assert "没有网络" in page.inner_text("#standing")
    page.goto(f"{rep.house}/search/")
    assert "没有存在本机" in page.inner_text("main")
    rep.context.set_offline(False)
    rep.findings.clear()


def test_the_next_reader_of_the_phone_never_sees_the_page_of_the_one_before(rep):
    page = rep.page
    first = page.evaluate("caches.keys().then((k) => k.filter((n) => n.startsWith('pages-')))")
    assert len(first) == 1
    page.goto(f"{rep.house}/profile/")
    page.click("form[data-sign-out] button")
    page.wait_for_url(re.compile("sign-in"))
    rep.sign_in("m0")
    page.wait_for_load_state("networkidle")
    rep.context.set_offline(True)

    try:
        page.goto(f"{rep.house}/me/")
        shown = page.inner_text("body")
    except Exception:
        shown = ""

    assert "递增计分" not in shown
    rep.context.set_offline(False)
    rep.findings.clear()


def test_an_ended_session_takes_the_kept_pages_with_it(rep):
    page = rep.page
    rep.context.clear_cookies(name="sessionid")

    page.goto(f"{rep.house}/me/")

    assert "sign-in" in page.url
    page.wait_for_timeout(500)  # the worker forgets after it has answered
    assert page.evaluate("caches.keys().then((k) => k.every((n) => !n.startsWith('pages-')))")


def test_the_manifest_names_icons_that_are_there(rep):
    page = rep.page
    manifest = page.request.get(f"{rep.house}/manifest.webmanifest").json()

    assert manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        answer = page.request.get(rep.house + icon["src"])
        assert answer.status == 200
        assert answer.body()[:8] == b"\x89PNG\r\n\x1a\n"
