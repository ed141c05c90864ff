"""A form is neither lost nor doubled, whatever happens while it is filled in: reload, ended session, no network, two presses."""

import re

import pytest

WECOM = "input[name=channels][value=wecom]"
MAIL = "input[name=channels][value=mail]"


def tick(page, box: str) -> None:
    page.click(f"label:has({box})")


def saved(page, house: str) -> set[str]:
    """What the server has, as its own page says (without this device's draft)."""
    html = page.request.get(f"{house}/profile/").text()
    return set(re.findall(r'name="channels" value="(\w+)"[^>]*checked', html))


@pytest.fixture
def manager(walk):
    one = walk(phone=True)
    one.sign_in("m0")
    one.page.goto(f"{one.house}/profile/")
    return one


def test_what_was_typed_survives_a_reload_and_can_be_discarded(manager):
    page = manager.page
    before = saved(page, manager.house)
    tick(page, WECOM)
    page.wait_for_timeout(500)

    page.reload()

    assert page.is_checked(WECOM) != ("wecom" in before)
    assert "草稿" in page.inner_text(".restored")
    page.click(".restored button")
    assert page.is_checked(WECOM) == ("wecom" in before)
    assert saved(page, manager.house) == before
    page.reload()
    assert page.locator(".restored").count() == 0


def ended_on_the_server(username: str) -> None:
    """As an administrator, a timeout or another device ends it. Elsewhere: while Playwright runs, Django refuses this thread."""
    from concurrent.futures import ThreadPoolExecutor

    def end() -> int:
        from django.db import connections

        from hangbiao.engines.accounts.models import Sitting
        from tests.world.board import AT

        try:
            return Sitting.objects.filter(account__username=username, ended_at=None).update(ended_at=AT, ended_why="test")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(end).result() >= 1


def test_a_session_that_ends_while_a_form_is_filled_in_loses_and_doubles_nothing(manager):
    """Typed, the session ends on the server, sent: the reader signs in again, and the draft is there and is sent once."""
    page, before, done = manager.page, saved(manager.page, manager.house), []
    page.on("response", lambda r: "x-location" in r.headers and done.append(r.url))
    tick(page, MAIL)
    page.fill("input[name=quiet_from]", "20:15")
    page.fill("input[name=quiet_to]", "07:45")
    ended_on_the_server("m0")

    page.click("main .btn.primary")
    page.wait_for_selector("#standing .banner")
    assert "登录已过期" in page.inner_text("#standing")
    page.click("#standing a")
    page.fill("input[name=username]", "m0")
    page.fill("input[name=password]", manager.password)
    page.click("main form[action='/sign-in/'] button")
    page.wait_for_selector("#toast:has-text('已保存')")

    assert saved(page, manager.house) == before ^ {"mail"}
    page.reload()
    assert page.input_value("input[name=quiet_from]") == "20:15"
    assert page.locator("#standing .banner, .restored").count() == 0
    page.goto(f"{manager.house}/inbox/")
    page.goto(f"{manager.house}/profile/")
    page.wait_for_load_state("networkidle")
    assert len(done) == 1
    manager.findings.clear()  # the browser reports the refused request


def test_after_the_back_button_the_next_change_is_sent_once_and_the_first_is_kept(manager):
    page, before, done = manager.page, saved(manager.page, manager.house), []
    page.on("response", lambda r: r.request.method == "POST" and done.append((r.status, r.headers.get("idempotent-replay"))))
    tick(page, MAIL)
    page.click("main .btn.primary")
    page.wait_for_selector("#toast:has-text('已保存')")
    page.goto(f"{manager.house}/inbox/")

    page.go_back()
    page.wait_for_load_state("networkidle")
    assert page.is_checked(MAIL) != ("mail" in before)
    tick(page, WECOM)
    page.click("main .btn.primary")
    page.wait_for_selector("#toast:has-text('已保存')")

    assert saved(page, manager.house) == before ^ {"mail", "wecom"}
    assert done == [(200, None)] * 2


def test_without_network_the_form_waits_on_this_device_and_goes_out_by_itself(manager):
    page, before = manager.page, saved(manager.page, manager.house)
    tick(page, WECOM)
    manager.context.set_offline(True)

    page.click("main .btn.primary")
    page.wait_for_selector("#standing .banner")
    assert "已存在本机，尚未发出" in page.inner_text("#standing")
    assert page.inner_text("#standing [data-count]") == "1"
    manager.context.set_offline(False)
    page.wait_for_selector("#toast:has-text('已经发出')")

    assert saved(page, manager.house) == before ^ {"wecom"}
    assert page.locator("#standing .banner").count() == 0
    manager.findings.clear()


def test_two_presses_and_the_back_button_send_once(manager):
    page, sent = manager.page, []
    page.on("request", lambda r: r.method == "POST" and sent.append(r.url))
    tick(page, MAIL)
    page.evaluate("const b = document.querySelector('main .btn.primary'); b.click(); b.click(); b.click()")
    page.wait_for_selector("#toast:has-text('已保存')")
    assert len(sent) == 1
    key = page.evaluate("document.querySelector('[name=_once]').value")

    outcome = page.evaluate(
        """async (key) => {
            const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
            const send = () => fetch('/profile/', {
                method: 'POST', body: new URLSearchParams({language: 'zh-hans', theme: 'auto'}),
                headers: {'X-Form': '1', 'Idempotency-Key': key, 'X-CSRFToken': token}});
            const answers = [await send(), ...await Promise.all([send(), send()])];
            return answers.map((a) => [a.status, a.headers.get('X-Location'), a.headers.get('Idempotent-Replay')]);
        }""",
        key,
    )

    assert outcome[0] == [200, "/profile/", None]
    assert outcome[1:] == [[200, "/profile/", "1"]] * 2


def test_two_tabs_keep_apart_who_is_signed_in(manager, walk):
    page = manager.page
    other = manager.context.new_page()
    other.goto(f"{manager.house}/profile/")
    other.click("form[data-sign-out] button")
    other.fill("input[name=username]", "x1")
    other.fill("input[name=password]", manager.password)
    other.click("main form[action='/sign-in/'] button")
    other.wait_for_load_state("networkidle")
    before = saved(other, manager.house)

    tick(page, WECOM)
    page.click("main .btn.primary")
    page.wait_for_selector("#toast .error")

    assert "另一个人" in page.inner_text("#toast")
    assert saved(other, manager.house) == before
    manager.findings.clear()
    other.close()


def test_a_refusal_shows_the_form_again_with_its_error(manager):
    page = manager.page
    page.fill("input[name=quiet_from]", "21:00")
    page.fill("input[name=quiet_to]", "")
    page.click("main .btn.primary")
    page.wait_for_selector(".wrong")

    assert "开始和结束" in page.inner_text(".wrong")
    assert page.input_value("input[name=quiet_from]") == "21:00"
    assert page.evaluate("document.activeElement.name") == "quiet_to"
    page.fill("input[name=quiet_to]", "07:30")
    page.click("main .btn.primary")
    page.wait_for_selector("#toast:has-text('已保存')")
    assert page.input_value("input[name=quiet_to]") == "07:30"
    manager.findings.clear()


def test_signing_out_leaves_nothing_on_the_device(manager):
    page = manager.page
    tick(page, WECOM)
    page.wait_for_timeout(500)
    assert page.evaluate("Object.keys(localStorage).some((k) => k.startsWith('hb:'))")

    page.click("form[data-sign-out] button")
    page.wait_for_url(re.compile("sign-in"))

    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('hb:')).length") == 0
    assert page.evaluate("caches.keys().then((k) => k.filter((n) => n.startsWith('pages-')).length)") == 0
