"""The second step: codes of an app, recovery codes, who must have one, and proving oneself again."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from hangbiao.engines.accounts import factors, services
from hangbiao.engines.accounts.rules import Rules
from hangbiao.engines.journal.models import Entry
from tests.world.app_codes import code_at
from tests.world.signed_in import sign_in as sign_in_quietly

STEP = "/sign-in/second/"


@pytest.fixture
def with_app(li_wei, time):
    """Li Wei with an app; gives its secret. The code used for setting it up is a minute old."""
    secret = factors.new_secret()
    now = time.on_the_wall
    factors.add_app(account=li_wei, secret=secret, code=code_at(secret, now), at=now, wall=now)
    time.forward(minutes=1)
    return secret


@pytest.fixture
def wanted(settings):
    settings.SIGN_IN_RULES = lambda account, at: Rules(second_factor_wanted=True)


def inside(client):
    return client.get("/closed/").status_code == 200


def test_the_codes_are_those_of_the_rfc():
    """RFC 6238, appendix B, cut to six digits; the same from allauth's arithmetic and from ours."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for second, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        instant = datetime.fromtimestamp(second, UTC)
        assert code_at(secret, instant) == code
        assert factors._counter(secret, code, instant, after=-1) == second // 30


def test_after_the_password_comes_the_code_and_only_then_the_page_that_was_wanted(client, with_app, enter, time):
    answer = enter(client, next="/closed/?a=1")
    assert answer["Location"] == "/sign-in/second/?next=%2Fclosed%2F%3Fa%3D1"
    assert not inside(client)

    done = client.post(STEP, {"code": code_at(with_app, time.on_the_wall), "next": "/closed/?a=1"})
    assert done["Location"] == "/closed/?a=1"
    assert inside(client)


@pytest.mark.parametrize("code", ["000000", "", "x" * 32, "12345", "１２３４５６", "' or 1=1", "\x00"])
def test_a_wrong_code_lets_nobody_in(client, with_app, enter, code):
    enter(client)

    assert client.post(STEP, {"code": code}).status_code in {400, 403}
    assert not inside(client)


def test_a_code_opens_once(client, another_browser, with_app, enter, time):
    code = code_at(with_app, time.on_the_wall)
    enter(client)
    assert client.post(STEP, {"code": code}).status_code == 303

    other = another_browser()
    enter(other)
    answer = other.post(STEP, {"code": code})
    assert answer.status_code == 403
    assert "已经用过" in answer.content.decode()

    time.forward(seconds=30)
    assert other.post(STEP, {"code": code_at(with_app, time.on_the_wall)}).status_code == 303


def test_an_older_code_is_worth_nothing_after_a_newer_one(client, another_browser, with_app, enter, time):
    enter(client)
    client.post(STEP, {"code": code_at(with_app, time.on_the_wall)})
    other = another_browser()
    enter(other)

    assert other.post(STEP, {"code": code_at(with_app, time.on_the_wall, periods=-1)}).status_code == 403


@pytest.mark.parametrize(("periods", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off(client, with_app, enter, time, periods, opens):
    time.forward(minutes=5)
    enter(client)
    client.post(STEP, {"code": code_at(with_app, time.on_the_wall, periods=periods)})

    assert inside(client) is opens


def test_five_wrong_codes_and_the_right_one_has_to_wait(client, with_app, enter, time):
    enter(client)
    told = [client.post(STEP, {"code": "000000"}).status_code for _ in range(6)]
    assert told == [403] * 5 + [429]
    assert client.post(STEP, {"code": code_at(with_app, time.on_the_wall)}).status_code == 429

    time.forward(minutes=1)
    assert client.post(STEP, {"code": code_at(with_app, time.on_the_wall)}).status_code == 303


def test_starting_over_in_another_browser_gives_no_new_guesses(client, another_browser, with_app, enter):
    for browser in (client, another_browser()):
        enter(browser)
        told = [browser.post(STEP, {"code": "000000"}).status_code for _ in range(5)]

    assert told == [429] * 5


def test_the_second_step_alone_opens_nothing(client, with_app, time):
    answer = client.post(STEP, {"code": code_at(with_app, time.on_the_wall)})

    assert answer.status_code == 403
    assert "请重新登录" in answer.content.decode()


def test_who_dawdles_begins_again(client, with_app, enter, time):
    enter(client)
    time.forward(minutes=10)

    assert client.post(STEP, {"code": code_at(with_app, time.on_the_wall)}).status_code == 403


def test_a_password_changed_meanwhile_ends_the_wait(client, with_app, enter, li_wei, time):
    enter(client)
    services.set_password(account=li_wei, password="another 密码 now", at=time.company, actor="account:9")

    assert client.post(STEP, {"code": code_at(with_app, time.on_the_wall)}).status_code == 403


def test_each_recovery_code_opens_once_and_is_journalled(client, another_browser, with_app, enter, li_wei):
    codes = factors.recovery_codes(li_wei)
    assert len(set(codes)) == len(codes) == 10

    enter(client)
    assert client.post(STEP, {"code": f" {codes[3]} "}).status_code == 303
    other = another_browser()
    enter(other)
    assert other.post(STEP, {"code": codes[3]}).status_code == 403

    assert factors.codes_left(li_wei) == 9
    assert Entry.objects.filter(kind="account.recovery_code_used").count() == 1


def test_secrets_do_not_lie_in_the_database_in_clear(with_app, li_wei):
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert with_app not in kept
    assert not any(code in kept for code in factors.recovery_codes(li_wei))


def test_where_a_role_wants_it_nothing_else_opens_until_it_is_set_up(client, li_wei, enter, wanted, time):
    assert enter(client, next="/closed/").status_code == 303
    answer = client.get("/closed/")
    assert answer["Location"] == "/account/second-step/?next=%2Fclosed%2F"
    assert "你的岗位必须两步验证" in client.get(answer["Location"]).content.decode()
    assert client.post("/account/sessions/end/").status_code == 303
    assert client.get("/closed/", headers={"Accept": "application/json"}).status_code == 401

    page = client.get("/account/second-step/app/")
    secret = page.context["secret"]
    assert "<svg" in page.content.decode()
    done = client.post("/account/second-step/app/", {"code": code_at(secret, time.on_the_wall)})
    assert done["Location"] == "/account/second-step/codes/"
    assert factors.recovery_codes(li_wei)[0] in client.get(done["Location"]).content.decode()
    assert inside(client)


def test_a_wrong_code_while_setting_up_changes_nothing_and_keeps_the_same_drawing(client, li_wei, enter):
    enter(client)
    secret = client.get("/account/second-step/app/").context["secret"]

    answer = client.post("/account/second-step/app/", {"code": "000000"})

    assert (answer.status_code, answer.context["secret"]) == (403, secret)
    assert not factors.has_second_step(li_wei)


def test_the_demo_list_asks_for_no_second_step_and_exists_only_in_the_demo(client, with_app, wanted, settings):
    from hangbiao.engines.accounts.selectors import DemoPerson

    settings.DEMO = True
    settings.DEMO_PEOPLE = lambda at: [DemoPerson("li.wei", "李伟", "高管")]
    client.post("/sign-in/as/", {"username": "li.wei"})
    assert inside(client)

    settings.DEMO = False
    other = Client()
    assert other.post("/sign-in/as/", {"username": "li.wei"}).status_code == 404
    assert not inside(other)


def test_a_reset_letter_does_not_lead_around_the_second_step(client, with_app, li_wei, time, settings, tmp_path):
    from hangbiao.engines.accounts import letters
    from hangbiao.engines.accounts.models import Letter

    token = "a-token-of-this-test"
    Letter.objects.create(
        account=li_wei, purpose="reset", mail=li_wei.mail, asked_at=time.company, asked_by="x", lasts_minutes=60,
        digest=letters.digest_of(token), expires_at=time.on_the_wall.replace(year=2027),
    )  # fmt: skip
    new = {"password": "全新的 battery staple", "again": "全新的 battery staple"}

    assert client.post(f"/letters/{token}/", new)["Location"] == "/sign-in/second/"
    assert not inside(client)


def test_something_important_asks_again_after_ten_minutes(client, with_app, enter, time):
    enter(client)
    client.post(STEP, {"code": code_at(with_app, time.on_the_wall)})
    assert client.get("/account/second-step/codes/").status_code == 200

    time.forward(minutes=10)
    answer = client.get("/account/second-step/codes/")
    assert answer["Location"] == "/account/confirm/?next=%2Faccount%2Fsecond-step%2Fcodes%2F"
    assert client.post("/account/confirm/", {"code": "000000"}).status_code == 403

    form = {"code": code_at(with_app, time.on_the_wall), "next": "/account/second-step/codes/"}
    assert client.post("/account/confirm/", form)["Location"] == "/account/second-step/codes/"
    assert client.get("/account/second-step/codes/").status_code == 200


def test_who_has_no_second_step_confirms_by_password(client, li_wei, enter, time):
    enter(client)
    time.forward(minutes=11)
    late = client.get("/account/second-step/app/")
    assert late["Location"].startswith("/account/confirm/")

    assert client.post("/account/confirm/", {"password": "wrong"}).status_code == 403
    done = client.post("/account/confirm/", {"password": "正确的密码 horse", "next": "/account/second-step/app/"})
    assert done["Location"] == "/account/second-step/app/"
    assert client.get("/account/second-step/app/").status_code == 200


def test_a_form_that_needs_a_recent_proof_leads_to_confirming_and_back_to_its_page(client, with_app, li_wei, enter, time):
    sign_in_quietly(client, li_wei)
    time.forward(minutes=11)
    number = factors.factors_of(li_wei)[0].number

    answer = client.post(
        f"/account/second-step/{number}/remove/", headers={"Referer": "http://testserver/account/second-step/"}
    )

    assert (answer.status_code, answer["Location"]) == (303, "/account/confirm/?next=%2Faccount%2Fsecond-step%2F")
    assert factors.has_second_step(li_wei)


def test_the_last_one_stays_where_the_role_wants_it(client, with_app, li_wei, wanted):
    sign_in_quietly(client, li_wei)
    number = factors.factors_of(li_wei)[0].number

    said = client.post(f"/account/second-step/{number}/remove/", follow=True).content.decode()
    assert "必须两步验证" in said
    assert factors.has_second_step(li_wei)


def test_where_nobody_wants_it_the_last_one_goes_with_its_recovery_codes(client, with_app, li_wei, enter):
    sign_in_quietly(client, li_wei)
    client.post(f"/account/second-step/{factors.factors_of(li_wei)[0].number}/remove/")

    assert not Authenticator.objects.exists()
    assert enter(Client())["Location"] == "/"


def test_somebody_elses_is_answered_like_one_that_does_not_exist(client, with_app, li_wei, at):
    boss = services.open_account(username="boss", name="老板", password="x", at=at, actor="system:test")
    sign_in_quietly(client, boss)

    foreign = client.post(f"/account/second-step/{factors.factors_of(li_wei)[0].number}/remove/")
    absent = client.post("/account/second-step/999999/remove/")
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content) == (404, b"")
    assert factors.has_second_step(li_wei)


def test_new_recovery_codes_make_the_old_ones_worthless(client, with_app, li_wei, enter):
    old = factors.recovery_codes(li_wei)
    sign_in_quietly(client, li_wei)
    client.post("/account/second-step/codes/")

    other = Client()
    enter(other)
    assert other.post(STEP, {"code": old[0]}).status_code == 403
    assert other.post(STEP, {"code": factors.recovery_codes(li_wei)[0]}).status_code == 303


@pytest.mark.parametrize("credential", ["{}", "[]", "x", "null", '{"id": 1}', '{"response": {}}', "9" * 30_000])
def test_an_invented_passkey_is_refused_on_the_way_in_and_when_adding(client, with_app, li_wei, enter, credential):
    enter(client)
    client.post("/sign-in/second/passkey/")
    assert client.post(STEP, {"credential": credential}).status_code == 403
    assert not inside(client)

    other = sign_in_quietly(Client(), li_wei)
    other.post("/account/second-step/passkey/options/")
    other.post("/account/second-step/passkey/", {"credential": credential, "name": "x"})
    assert not factors.has_passkey(li_wei)
