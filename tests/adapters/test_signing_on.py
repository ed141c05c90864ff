"""Signing on by WeCom, DingTalk, Feishu and OpenID Connect, from the first click to the page that was wanted.

The services are the fakes of tests/fakes, over HTTP on loopback; the house is the whole house with its addresses.
Longer than a file should be: the same questions are put to each service, side by side.
"""

import urllib.error
import urllib.request
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from hangbiao.adapters import asking
from hangbiao.engines.accounts import factors
from hangbiao.engines.accounts.models import Account, Link, Sitting
from hangbiao.engines.accounts.services import close_account
from hangbiao.engines.journal.models import Entry
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.models import Person
from hangbiao.rooms.people.rows import PersonRow
from tests.fakes.dingtalk import DingTalkServer, Member
from tests.fakes.feishu import FeishuServer
from tests.fakes.oidc import OidcServer
from tests.fakes.serving import serving
from tests.fakes.wecom import WeComServer
from tests.world import ACTOR, NEW_YEAR, found_company
from tests.world.clocks import Clocks

WHO = {"at": NEW_YEAR, "actor": ACTOR}
IN_WECOM = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Mobile wxwork/4.1.0 MicroMessenger/7.0.1"
IN_DINGTALK = "Mozilla/5.0 (Linux; Android 12) Chrome/69.0 Mobile Safari/537.36 AliApp(DingTalk/7.0)"
BROWSER = "Mozilla/5.0 (Windows NT 10.0) Chrome/139.0 Safari/537.36"


@pytest.fixture(autouse=True)
def company(db, everything, settings):
    """The cast, and Xin Lai (N100), imported with ids of all directories and without an account."""
    settings.CLOCK, settings.WALL_CLOCK = "tests.world.clocks.now", "tests.world.clocks.wall"
    Clocks.set(NEW_YEAR)
    asking._tokens.clear()
    found_company()
    row = PersonRow(
        "N100", "新来", "rep", "T-A", mail="new@example.com", wecom="xinlai", dingtalk="manager9", feishu="u9",
        oidc="subject-9",
    )  # fmt: skip
    assert people.upsert_people([row], **WHO) == []


@pytest.fixture
def wecom(settings):
    with serving(WeComServer(person="xinlai")) as server:
        settings.SIGN_ON = {"wecom": {
            "adapter": "hangbiao.adapters.wecom.signon.WeCom", "corp": server.corp, "agent": server.agent,
            "secret": server.secret, "host": server.address, "client_host": server.address, "scan_host": server.address,
        }}  # fmt: skip
        yield server


@pytest.fixture
def ding(settings):
    with serving(DingTalkServer(person="un9")) as server:
        server.add(Member("un9", "manager9"))
        settings.SIGN_ON = {"dingtalk": {
            "adapter": "hangbiao.adapters.dingtalk.signon.DingTalk", "corp": server.corp, "client": server.key,
            "secret": server.secret, "old_host": server.address, "host": server.address, "login_host": server.address,
        }}  # fmt: skip
        yield server


@pytest.fixture
def feishu(settings):
    with serving(FeishuServer(person="on_9")) as server:
        server.add("on_9", user_id="u9")
        settings.SIGN_ON = {"feishu": {
            "adapter": "hangbiao.adapters.feishu.signon.Feishu", "client": server.client, "secret": server.secret,
            "tenant": server.tenant, "host": server.address, "accounts_host": server.address,
        }}  # fmt: skip
        yield server


@pytest.fixture
def oidc(settings):
    with serving(OidcServer(person={"sub": "subject-9"})) as server:
        settings.SIGN_ON = {"oidc": {
            "adapter": "hangbiao.adapters.oidc.signon.OpenIdConnect", "url": server.address, "client": server.client,
            "secret": server.secret, "employee_claim": "employee_number",
        }}  # fmt: skip
        yield server


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given):
        return None


def follow(address):
    """What the service's page answers a browser: the address it sends it on to."""
    try:
        urllib.request.build_opener(_Stay).open(address.split("#")[0], timeout=5)
    except urllib.error.HTTPError as answer:
        return answer.headers["Location"] if answer.code == 302 else f"refused {answer.code}"
    return "refused"


def leave(client, way, wanted="", agent=BROWSER):
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    return client.get(f"/sign-on/{way}/{query}", headers={"User-Agent": agent})


def sign_on(client, way, wanted="", agent=BROWSER):
    """The whole way; gives the answer to the last step."""
    back = follow(leave(client, way, wanted, agent)["Location"])
    parts = urlsplit(back)
    assert parts.hostname == "testserver", back
    return client.get(f"{parts.path}?{parts.query}", headers={"User-Agent": agent})


def in_dingtalk(client, code, wanted=""):
    """What the page inside DingTalk does: asks the client for a code, sends it."""
    page = leave(client, "dingtalk", wanted, IN_DINGTALK)
    form = {"state": page.context["state"], "code": code}
    return client.post("/sign-on/dingtalk/code/", form, headers={"User-Agent": IN_DINGTALK})


def xin_lai():
    return Person.objects.select_related("account").get(code="N100")


@pytest.mark.parametrize("way", ["wecom", "ding", "feishu", "oidc"])
def test_an_imported_employee_signs_on_gets_an_account_and_comes_to_the_page_that_was_wanted(client, request, way):
    request.getfixturevalue(way)
    way = {"ding": "dingtalk"}.get(way, way)

    answer = sign_on(client, way, "/me/?period=2025Q3")

    assert (answer.status_code, answer["Location"]) == (303, "/me/?period=2025Q3")
    assert client.get("/account/").context["account"].username == "N100"
    assert (Sitting.objects.get().way, Link.objects.get().account) == (way, xin_lai().account)
    kinds = Entry.objects.filter(stream="accounts", data__username="N100").order_by("n").values_list("kind", flat=True)
    assert list(kinds) == ["account.opened", "account.sign_on_joined", "account.signed_in"]


@pytest.mark.parametrize("way", ["wecom", "ding", "feishu", "oidc"])
def test_the_second_time_the_link_is_enough(client, request, way):
    request.getfixturevalue(way)
    way = {"ding": "dingtalk"}.get(way, way)
    sign_on(Client(), way)
    xin_lai().directory_ids.all().delete()

    assert sign_on(client, way)["Location"] == "/"
    assert Account.objects.filter(username="N100").count() == Link.objects.count() == 1


def test_inside_wecom_the_sign_in_page_asks_nothing(client, wecom):
    silent = client.get("/sign-in/?next=/me/", headers={"User-Agent": IN_WECOM})
    assert silent["Location"] == "/sign-on/wecom/?next=%2Fme%2F"
    away = leave(client, "wecom", "/me/", IN_WECOM)["Location"]
    assert "/connect/oauth2/authorize?" in away
    assert "scope=snsapi_base" in away
    assert away.endswith("#wechat_redirect")

    assert sign_on(client, "wecom", "/me/", IN_WECOM)["Location"] == "/me/"
    assert client.get("/sign-in/?form=1", headers={"User-Agent": IN_WECOM}).status_code == 302, "signed in already"


def test_elsewhere_the_form_is_there_and_offers_the_services(client, wecom):
    page = client.get("/sign-in/?next=/me/", headers={"User-Agent": BROWSER})

    assert page.status_code == 200
    assert 'href="/sign-on/wecom/?next=/me/"' in page.content.decode()
    assert "用企业微信登录" in page.content.decode()


def test_inside_dingtalk_the_client_gives_the_code_to_the_page(client, ding):
    page = leave(client, "dingtalk", "/me/", IN_DINGTALK)
    assert page.status_code == 200
    assert f'data-corp="{ding.corp}"' in page.content.decode()
    assert "https://" not in page.content.decode(), "nothing from another host"

    assert in_dingtalk(client, ding.code_for("un9"), "/me/")["Location"] == "/me/"
    assert client.get("/account/").context["account"].username == "N100"


def test_both_ways_of_dingtalk_mean_one_account(client, ding):
    in_dingtalk(Client(), ding.code_for("un9"))

    assert sign_on(client, "dingtalk")["Location"] == "/"
    assert Link.objects.get().uid == "un9"


@pytest.mark.parametrize("person", ["openid:o1", "nobody"])
def test_wecom_people_who_are_no_employees_are_refused_in_a_sentence(client, wecom, person):
    wecom.person = person

    answer = sign_on(client, "wecom")

    assert answer.status_code == 403
    assert ("不属于本公司" if ":" in person else "没有找到") in answer.content.decode()
    assert not Link.objects.exists()
    assert not Account.objects.filter(username="nobody").exists(), "nobody registers"


def test_another_corporation_on_dingtalk_is_refused(client, ding):
    ding.add(Member("un9", "manager9", corp="dingcorp-of-others"))

    answer = sign_on(client, "dingtalk")

    assert answer.status_code == 403
    assert "不属于本公司" in answer.content.decode()


def test_an_outside_contact_and_a_stranger_on_dingtalk_are_refused(client, ding):
    ding.add(Member("un9", "manager9", contact=1))
    assert "不属于本公司" in sign_on(client, "dingtalk").content.decode()

    ding.add(Member("un8"))
    ding.person = "un8"
    assert "没有找到" in sign_on(client, "dingtalk").content.decode()


def test_another_tenant_on_feishu_is_refused(client, feishu):
    feishu.add("on_9", user_id="u9", tenant_key="tenant-of-others")

    assert "不属于本公司" in sign_on(client, "feishu").content.decode()


@pytest.mark.parametrize(
    ("told", "joins"),
    [
        ({"user_id": "unknown", "employee_no": "N100"}, True),
        ({"user_id": "unknown", "enterprise_email": "NEW@example.com"}, True),
        ({"user_id": "unknown", "email": "new@example.com"}, False),  # a private address may be anybody's
        ({"user_id": "unknown"}, False),
    ],
)
def test_feishu_people_are_found_by_code_or_company_mail_and_by_nothing_weaker(client, feishu, told, joins):
    feishu.add("on_9", **told)

    assert (sign_on(client, "feishu").status_code == 303) is joins


@pytest.mark.parametrize(
    ("person", "joins"),
    [
        ({"sub": "s", "employee_number": "N100"}, True),
        ({"sub": "s", "email": "new@example.com", "email_verified": True}, True),
        ({"sub": "s", "email": "new@example.com", "email_verified": False}, False),
        ({"sub": "s", "email": "new@example.com"}, False),
        ({"sub": "s", "email": "new@example.com", "email_verified": "true"}, False),
    ],
)
def test_openid_people_are_found_by_code_or_verified_mail(client, oidc, person, joins):
    oidc.person = person

    assert (sign_on(client, "oidc").status_code == 303) is joins


@pytest.mark.parametrize(
    "lie", [{"aud": "another-client"}, {"iss": "https://evil.example"}, {"exp": 1}, {"nonce": "another"}, {"sub": ""}]
)
def test_an_identity_token_that_lies_opens_nothing(client, oidc, lie):
    oidc.claims = lie

    assert sign_on(client, "oidc").status_code in {403, 502}
    assert client.get("/account/").status_code == 302


def test_an_identity_token_signed_by_somebody_else_opens_nothing(client, oidc):
    oidc.signed_by_stranger = True

    assert sign_on(client, "oidc").status_code == 502
    assert client.get("/account/").status_code == 302


def test_an_employee_who_is_known_by_another_id_must_be_unlinked_first(client, feishu):
    sign_on(Client(), "feishu")
    feishu.add("on_new", user_id="u9")
    feishu.person = "on_new"

    answer = sign_on(client, "feishu")
    assert answer.status_code == 409
    assert "已经绑定另一个飞书账号" in answer.content.decode()


def test_who_has_left_and_who_is_closed_stay_outside(client, wecom):
    Person.objects.filter(code="N100").update(left_on=date(2025, 8, 30))
    assert "在职记录已经结束" in sign_on(client, "wecom").content.decode()

    Person.objects.filter(code="N100").update(left_on=None)
    sign_on(Client(), "wecom")
    close_account(account=xin_lai().account, **WHO)
    assert "已停用" in sign_on(client, "wecom").content.decode()
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("state", ["", "invented", "0" * 32, "\x00"])
def test_an_answer_to_no_question_of_this_browser_is_refused(client, wecom, state):
    leave(client, "wecom")

    answer = client.get("/sign-on/wecom/back/", {"code": wecom.code_for("xinlai"), "state": state})

    assert answer.status_code == 403
    assert "不是从这个浏览器开始的" in answer.content.decode()
    assert client.get("/account/").status_code == 302


def test_an_answer_of_another_browser_another_service_or_another_hour_is_refused(client, wecom, settings):
    settings.SIGN_ON["feishu"] = {
        "adapter": "hangbiao.adapters.feishu.signon.Feishu", "client": "c", "secret": "s", "tenant": "t"
    }  # fmt: skip
    state = dict(parse_qsl(urlsplit(leave(client, "wecom")["Location"]).query))["state"]
    given = {"code": wecom.code_for("xinlai"), "state": state}

    assert Client().get("/sign-on/wecom/back/", given).status_code == 403
    assert client.get("/sign-on/feishu/back/", given).status_code == 403

    late = dict(parse_qsl(urlsplit(leave(client, "wecom")["Location"]).query))["state"]
    Clocks.forward(minutes=10)
    assert client.get("/sign-on/wecom/back/", given | {"state": late}).status_code == 403


def test_a_code_and_a_state_serve_once(client, wecom):
    away = leave(client, "wecom")["Location"]
    parts = urlsplit(follow(away))
    assert client.get(f"{parts.path}?{parts.query}").status_code == 303

    other = Client()
    assert other.get(f"{parts.path}?{parts.query}").status_code == 403
    stolen = dict(parse_qsl(parts.query))["code"]
    state = dict(parse_qsl(urlsplit(leave(other, "wecom")["Location"]).query))["state"]
    answer = other.get("/sign-on/wecom/back/", {"code": stolen, "state": state})
    assert answer.status_code == 403
    assert "已失效或已用过" in answer.content.decode()


def test_two_tabs_may_ask_at_once(client, wecom):
    first, second = (leave(client, "wecom", wanted)["Location"] for wanted in ("/me/", "/profile/"))
    ways = [urlsplit(follow(away)) for away in (first, second)]

    answers = [client.get(f"{parts.path}?{parts.query}")["Location"] for parts in ways[:1]]
    assert answers == ["/me/"]
    later = client.get(f"{ways[1].path}?{ways[1].query}")
    assert later.status_code in {303, 403}
    assert client.get("/account/").status_code == 200


def test_who_says_no_is_told_what_else_there_is(client, wecom):
    state = dict(parse_qsl(urlsplit(leave(client, "wecom")["Location"]).query))["state"]

    answer = client.get("/sign-on/wecom/back/", {"state": state})

    assert "你没有同意用企业微信登录" in answer.content.decode()


@pytest.mark.parametrize("way", ["wecom", "ding", "feishu", "oidc"])
@pytest.mark.parametrize("fault", ["refuse", "500", "cut", "broken json", "html", "empty"])
def test_a_service_that_breaks_is_named_and_the_password_offered(client, request, way, fault):
    server = request.getfixturevalue(way)
    way = {"ding": "dingtalk"}.get(way, way)
    parts = urlsplit(follow(leave(client, way)["Location"]))
    server.fail(fault)

    answer = client.get(f"{parts.path}?{parts.query}")

    assert answer.status_code == 502
    assert "暂时没有应答" in answer.content.decode()
    assert 'href="/sign-in/?form=1"' in answer.content.decode()


@pytest.mark.parametrize("how", ["ended early", "too old"])
def test_a_token_that_is_good_no_more_is_fetched_anew_once(client, wecom, how):
    sign_on(Client(), "wecom")
    wecom.revoke_tokens() if how == "ended early" else wecom.forward(hours=3)

    assert sign_on(client, "wecom").status_code == 303
    assert [s.path for s in wecom.came].count("/cgi-bin/gettoken") == 2


def test_a_busy_service_is_asked_again_but_not_for_ever(client, wecom):
    sign_on(Client(), "wecom")
    wecom.busy = 2
    assert sign_on(client, "wecom").status_code == 303

    wecom.busy = 99
    assert "暂时没有应答" in sign_on(Client(), "wecom").content.decode()
    assert wecom.busy > 90


def test_an_address_that_is_not_on_the_list_is_the_administrators_matter(client, wecom):
    wecom.trusted = False

    said = sign_on(client, "wecom").content.decode()

    assert "配置有误，请联系管理员" in said
    assert "60020" in said


def test_the_second_step_is_asked_for_after_signing_on_too(client, wecom):
    sign_on(Client(), "wecom")
    account, now = xin_lai().account, Clocks.on_the_wall
    from tests.world.app_codes import code_at

    secret = factors.new_secret()
    factors.add_app(account=account, secret=secret, code=code_at(secret, now), at=now, wall=now)

    assert sign_on(client, "wecom", "/me/")["Location"] == "/sign-in/second/?next=%2Fme%2F"
    assert client.get("/account/").status_code == 302


def test_signing_on_again_proves_who_it_is_without_a_new_sitting(client, wecom):
    sign_on(client, "wecom")
    Clocks.forward(minutes=11)
    assert client.get("/account/second-step/app/")["Location"].startswith("/account/confirm/")

    assert sign_on(client, "wecom", "/account/second-step/app/")["Location"] == "/account/second-step/app/"
    assert client.get("/account/second-step/app/").status_code == 200
    assert Sitting.objects.count() == 1


@pytest.mark.parametrize("address", ["/sign-on/wecom/", "/sign-on/wecom/back/?code=x", "/sign-on/x/"])
def test_a_service_that_is_not_set_up_does_not_exist(client, settings, address):
    settings.SIGN_ON = {}

    assert client.get(address).status_code == 404


def test_the_way_back_leads_nowhere_but_into_this_house(client, wecom):
    assert sign_on(client, "wecom", "https://evil.example/")["Location"] == "/"


def test_guessing_states_is_slowed_down(client, wecom):
    told = [client.get("/sign-on/wecom/back/", {"code": "x", "state": str(n)}).status_code for n in range(31)]

    assert told == [403] * 30 + [429]
