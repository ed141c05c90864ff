"""How long somebody stays signed in, where, and how that ends."""

from datetime import timedelta

import pytest
from django.test import Client

from hangbiao.engines.accounts import services
from hangbiao.engines.accounts.models import Sitting
from hangbiao.engines.accounts.rules import Rules
from hangbiao.engines.journal.models import Entry

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Safari/537.36"
DINGTALK = "Mozilla/5.0 (Linux; U; Android 12) AppleWebKit/537.36 Chrome/69.0 Mobile Safari/537.36 AliApp(DingTalk/7.0)"
WECOM = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605.1.15 Mobile wxwork/4.1.0 MicroMessenger/7.0.1"


@pytest.fixture
def short(settings):
    settings.SIGN_IN_RULES = lambda account, at: Rules(idle=timedelta(minutes=30), life=timedelta(hours=3))


def inside(client):
    return client.get("/closed/").status_code == 200


def test_a_session_that_nobody_uses_ends(client, li_wei, enter, time, short):
    enter(client)
    time.forward(minutes=29)
    assert inside(client)
    time.forward(minutes=29)
    assert inside(client), "each use begins the waiting anew"

    time.forward(minutes=30)
    assert not inside(client)
    assert Sitting.objects.get().ended_why == "too long"


def test_a_session_ends_after_its_life_however_busy(client, li_wei, enter, time, short):
    enter(client)
    for _ in range(8):
        time.forward(minutes=20)
        assert inside(client)
    time.forward(minutes=20)

    assert not inside(client)


def test_the_demo_clock_ends_no_session_and_shortens_no_wait(client, li_wei, enter, time, short):
    enter(client)
    time.company += timedelta(days=14)

    assert inside(client)


def test_a_later_change_of_policy_does_not_lengthen_a_session_that_runs(client, li_wei, enter, time, short, settings):
    enter(client)
    settings.SIGN_IN_RULES = None
    time.forward(minutes=31)

    assert not inside(client)


def test_the_page_names_each_device_and_ends_any_of_them(client, li_wei, enter, another_browser):
    phone = another_browser()
    enter(phone, headers={"User-Agent": DINGTALK}, address="198.51.100.7")
    enter(client, headers={"User-Agent": CHROME})

    page = client.get("/account/")
    said = page.content.decode()
    assert [stay.here for stay in page.context["sittings"]] == [True, False]
    assert "Chrome · Windows" in said
    assert "钉钉 · Android" in said
    assert "198.51.100.7" in said

    number = page.context["sittings"][1].number
    assert client.post(f"/account/sessions/{number}/end/")["Location"] == "/account/"
    assert not inside(phone)
    assert inside(client)
    assert Entry.objects.filter(kind="account.sessions_ended").count() == 1


def test_somebody_elses_session_is_answered_like_one_that_does_not_exist(client, li_wei, enter, at):
    boss = services.open_account(username="boss", name="老板", password="another 密码", at=at, actor="system:test")
    other = Client()
    enter(other, "another 密码", "boss")
    enter(client)

    foreign = client.post(f"/account/sessions/{boss.sittings.get().pk}/end/")
    absent = client.post("/account/sessions/999999/end/")
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content) == (404, b"")
    assert inside(other)


def test_all_others_can_be_ended_at_once(client, li_wei, enter, another_browser):
    others = [another_browser() for _ in range(3)]
    for other in others:
        enter(other)
    enter(client)

    client.post("/account/sessions/end/")

    assert [inside(other) for other in others] == [False] * 3
    assert inside(client)


def test_signing_in_again_ends_the_sitting_before(client, li_wei, enter, settings):
    settings.DEMO = True  # where the form is offered to somebody who is signed in
    enter(client)
    enter(client)

    assert Sitting.objects.filter(ended_at=None).count() == 1
    assert Sitting.objects.get(ended_why="signed in again")


def test_nothing_of_the_stranger_or_the_reader_before_stays_in_the_session(client, li_wei, enter):
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["sessionid"] = session.session_key

    enter(client)

    assert "planted" not in client.session


def test_changing_the_password_ends_the_other_devices_and_keeps_this_one(client, li_wei, enter, another_browser):
    other = another_browser()
    enter(other)
    enter(client)
    new = {"present": "正确的密码 horse", "password": "新的 battery staple", "again": "新的 battery staple"}

    assert client.post("/account/password/", new)["Location"] == "/account/"

    assert inside(client)
    assert not inside(other)
    assert enter(other, "新的 battery staple").status_code == 303


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"present": "wrong"}, "现在的密码不正确"),
        ({"again": "something else"}, "两次输入的密码不一样"),
        ({"password": "短", "again": "短"}, "太短"),
        ({"password": "1234567890123", "again": "1234567890123"}, "只有数字"),
        ({"password": "li.wei@example", "again": "li.wei@example"}, "太像"),
        ({"password": "password1234", "again": "password1234"}, "太常见"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_a_sentence(client, li_wei, enter, change, sentence):
    enter(client)
    form = {"present": "正确的密码 horse", "password": "新的 battery staple", "again": "新的 battery staple"} | change

    answer = client.post("/account/password/", form)

    assert answer.status_code in {400, 403}
    assert sentence in answer.content.decode()
    li_wei.refresh_from_db()
    assert li_wei.check_password("正确的密码 horse")


def test_a_device_left_alone_cannot_be_used_to_guess_the_password(client, li_wei, enter):
    enter(client)
    form = {"present": "wrong", "password": "新的 battery staple", "again": "新的 battery staple"}
    told = [client.post("/account/password/", form).status_code for _ in range(11)]

    assert told == [403] * 10 + [429]


@pytest.mark.parametrize(
    ("agent", "device"), [(CHROME, "Chrome · Windows"), (WECOM, "企业微信 · iPhone"), ("curl/8", "未知设备"), ("", "未知设备")]
)
def test_devices_are_named_in_words(client, li_wei, enter, agent, device):
    enter(client, headers={"User-Agent": agent})

    assert client.get("/account/").context["sittings"][0].device == device


def test_a_form_of_before_signing_in_is_told_what_happened(li_wei, enter):
    tab = Client(enforce_csrf_checks=True)
    before = tab.get("/sign-in/").cookies["csrftoken"].value
    enter(tab, csrfmiddlewaretoken=before)

    second = enter(tab, csrfmiddlewaretoken=before)
    assert second["Location"] == "/", "the second tab finds itself signed in"

    late = tab.post("/account/sessions/end/", headers={"Referer": "http://testserver/account/"})
    assert late.status_code == 403
    assert "没有生效" in late.content.decode()
    assert 'href="http://testserver/account/"' in late.content.decode()
