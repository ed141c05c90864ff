"""Setting up the second step as an administrator must, in a real browser: app, passkey, recovery codes, signing in again."""

import re

import pytest

from hangbiao.site.clock import wall
from tests.world.app_codes import code_at

AXE_TAGS = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']}"


@pytest.fixture(scope="module")
def strict_house(house):
    """The same house in which executives need a second step, opened by name: a passkey needs a name, not a number."""
    from datetime import date

    from django.conf import settings

    from hangbiao.engines.policy.services import set_value
    from tests.world import ACTOR
    from tests.world.board import AT

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "localhost"]
    set_value(
        key="signin.second_factor_roles", value=["executive"], valid_from=date(2026, 1, 2), source="test",
        approver="test", actor=ACTOR, at=AT,
    )  # fmt: skip
    return house.replace("127.0.0.1", "localhost")


def a_key_in(page):
    """A platform authenticator in this browser, which says yes by itself."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    how = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": how})
    return devtools


def test_an_executive_sets_up_an_app_and_a_passkey_and_signs_in_by_each(strict_house, walk, violations_of):
    boss = walk()
    boss.house = strict_house
    page = boss.page
    page.on("request", lambda r: boss.findings.clear() if r.url.startswith(strict_house) else None)
    devtools = a_key_in(page)
    boss.sign_in("x1")

    assert page.url.endswith("/account/second-step/?next=%2F")
    assert "你的岗位必须两步验证" in page.inner_text("main")
    assert violations_of(page) == []
    page.goto(f"{strict_house}/board/")
    assert "/account/second-step/" in page.url, "nothing else opens before"

    page.click("a:has-text('添加验证器 App')")
    assert violations_of(page) == []
    secret = page.locator("code.secret").text_content()
    page.fill("input[name=code]", code_at(secret, wall()))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/codes/"))
    recovery = page.locator(".codes code").first.inner_text()
    assert violations_of(page) == []

    page.goto(f"{strict_house}/account/second-step/")
    page.fill("#passkey-name", "办公室电脑")
    page.click("form[data-passkey] button")
    page.wait_for_url(re.compile("/codes/"))
    page.goto(f"{strict_house}/account/second-step/")
    assert "办公室电脑" in page.inner_text("main")

    page.goto(f"{strict_house}/profile/")
    page.click("button:has-text('退出登录')")
    page.wait_for_url(re.compile("/sign-in/"))
    boss.sign_in("x1")
    assert page.url.endswith("/sign-in/second/")
    assert violations_of(page) == []
    page.click("form[data-passkey] button")
    page.wait_for_url(re.compile("/board/"))

    again = walk(phone=True)
    again.house = strict_house
    again.page.on("request", lambda r: again.findings.clear() if r.url.startswith(strict_house) else None)
    again.sign_in("x1")
    assert again.sideways() == 0
    again.page.fill("input[name=code]", recovery)
    again.page.keyboard.press("Enter")
    again.page.wait_for_url(re.compile("/board/"))
    devtools.detach()


@pytest.fixture
def violations_of():
    from pathlib import Path

    axe = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()

    def found(page):
        page.evaluate(axe)
        places = "v.nodes.map(n => n.target.join(' '))"
        return page.evaluate(f"axe.run({AXE_TAGS}).then(r => r.violations.map(v => [v.id, {places}]))")

    return found
