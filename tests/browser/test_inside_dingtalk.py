"""Opening a link inside DingTalk: no form, the page of the link. The client's bridge is played by the test."""

import pytest

from tests.fakes.dingtalk import DingTalkServer, Member
from tests.fakes.serving import serving

AGENT = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/139.0 Mobile Safari/537.36 AliApp(DingTalk/7.0.40) DingTalk"
BRIDGE = """
window.nuva = { isReady: true, require: () => (success, fail, service, action, asked) => {
  window.askedOfClient = [service, action, asked.corpId];
  window.clientSays ? success({ code: window.clientSays }) : fail({ errorCode: 3, errorMessage: "no" });
} };
"""


@pytest.fixture(scope="module")
def ding(house):
    """DingTalk, which knows the rep P001 as manager1; before the browser starts, for Django refuses afterwards."""
    from django.conf import settings

    from hangbiao.rooms.people.models import DirectoryId, Person

    DirectoryId.objects.get_or_create(person=Person.objects.get(code="P001"), directory="dingtalk", value="manager1")
    with serving(DingTalkServer()) as server:
        server.add(Member("un1", "manager1"))
        before = settings.SIGN_ON
        settings.SIGN_ON = {"dingtalk": {
            "adapter": "hangbiao.adapters.dingtalk.signon.DingTalk", "corp": server.corp, "client": server.key,
            "secret": server.secret, "old_host": server.address, "host": server.address, "login_host": server.address,
        }}  # fmt: skip
        yield server
        settings.SIGN_ON = before


@pytest.fixture
def phone(ding, chromium, house):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, user_agent=AGENT)
    page = context.new_page()
    page.asked_hosts = set()
    page.on("request", lambda r: page.asked_hosts.add(r.url.split("/")[2]))
    page.add_init_script(BRIDGE)
    yield page
    context.close()


def test_a_link_opened_inside_dingtalk_shows_its_page_without_a_form(ding, phone, house):
    phone.add_init_script(f"window.clientSays = '{ding.code_for('un1')}'")

    phone.goto(f"{house}/me/?period=2026Q4")
    phone.wait_for_url(lambda address: "/me/" in address)

    assert phone.url.endswith("/me/?period=2026Q4")
    assert "剩余" in phone.inner_text("main")
    assert phone.asked_hosts == {house.split("//")[1]}, "nothing from another host"


def test_a_client_that_gives_no_code_leaves_a_way_in(ding, phone, house):
    phone.goto(f"{house}/me/")
    phone.wait_for_selector("[data-failed]:not([hidden])")

    assert phone.evaluate("window.askedOfClient") == ["runtime.permission", "requestAuthCode", ding.corp]
    phone.click("a.btn:has-text('用密码登录')")  # the sentence above it says the same words
    phone.wait_for_selector("input[name=password]")
    assert phone.url.endswith("/sign-in/?form=1")
