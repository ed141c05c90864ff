"""The fakes of the sign-on services in raw requests, row by row of what their documents say."""

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.fakes.dingtalk import DingTalkServer, Member
from tests.fakes.feishu import FeishuServer
from tests.fakes.oidc import OidcServer
from tests.fakes.serving import serving
from tests.fakes.wecom import WeComServer


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given):
        return None


def raw(vendor, path, query=None, *, body=None, form=None, headers=None):
    """Status, JSON, Location."""
    address = f"{vendor.address}{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
    data, kind = None, {}
    if body is not None:
        data, kind = json.dumps(body).encode(), {"Content-Type": "application/json"}
    if form is not None:
        data, kind = urllib.parse.urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    asked = urllib.request.Request(address, data=data, headers=kind | (headers or {}))
    try:
        with urllib.request.build_opener(_Stay).open(asked, timeout=5) as answer:
            return answer.status, json.loads(answer.read()), ""
    except urllib.error.HTTPError as answer:
        return answer.code, json.loads(answer.read() or b"null"), answer.headers.get("Location", "")


@pytest.fixture
def wecom():
    with serving(WeComServer()) as server:
        yield server


@pytest.fixture
def ding():
    with serving(DingTalkServer()) as server:
        server.add(Member("un1", "manager1"))
        server.add(Member("outside"))
        yield server


@pytest.fixture
def feishu():
    with serving(FeishuServer()) as server:
        server.add("on_1", user_id="u1", employee_no="N1", enterprise_email="a@example.com")
        yield server


def wecom_token(wecom):
    return raw(wecom, "/cgi-bin/gettoken", {"corpid": wecom.corp, "corpsecret": wecom.secret})[1]["access_token"]


@pytest.mark.parametrize(
    ("asked", "errcode"),
    [
        ({}, 0),
        ({"corpid": "other"}, 40013),
        ({"corpsecret": "wrong"}, 40001),
        ({"unknown": "x"}, 40058),
        ({"corpsecret": ""}, 40058),
    ],
)
def test_wecom_gives_a_token_to_the_right_app_only(wecom, asked, errcode):
    status, said, _ = raw(wecom, "/cgi-bin/gettoken", {"corpid": wecom.corp, "corpsecret": wecom.secret} | asked)

    assert (status, said["errcode"]) == (200, errcode)


def test_wecom_gives_the_same_token_while_it_lasts(wecom):
    first = wecom_token(wecom)
    wecom.forward(minutes=100)
    assert wecom_token(wecom) == first
    wecom.forward(minutes=20)
    assert wecom_token(wecom) != first


def test_wecom_tells_who_it_is_once_within_five_minutes(wecom):
    who = lambda code: raw(wecom, "/cgi-bin/auth/getuserinfo", {"access_token": wecom_token(wecom), "code": code})[1]
    code = wecom.code_for("zhangsan")
    assert who(code) == {"errcode": 0, "errmsg": "ok", "userid": "zhangsan"}
    assert who(code)["errcode"] == 40029
    assert who("invented")["errcode"] == 40029
    assert who(wecom.code_for("openid:o1")) == {"errcode": 0, "errmsg": "ok", "openid": "o1"}

    late = wecom.code_for("zhangsan")
    wecom.forward(minutes=5)
    assert who(late)["errcode"] == 40029


def test_wecom_refuses_tokens_by_number(wecom):
    who = lambda **q: raw(wecom, "/cgi-bin/auth/getuserinfo", q)[1]["errcode"]
    token = wecom_token(wecom)
    assert who(code="x") == 41001
    assert who(access_token="x", code="x") == 40014
    assert who(access_token=token, code="x", more="y") == 40058
    wecom.forward(seconds=7200)
    assert who(access_token=token, code="x") == 42001
    wecom.trusted = False
    assert who(access_token=token, code="x") == 60020
    wecom.busy = 1
    assert who(access_token=token, code="x") == -1


@pytest.mark.parametrize(
    ("path", "fixed"),
    [
        ("/connect/oauth2/authorize", {"response_type": "code", "scope": "snsapi_base"}),
        ("/wwlogin/sso/login", {"login_type": "CorpApp"}),
    ],
)
def test_wecom_pages_send_back_to_a_trusted_house_with_the_state(wecom, path, fixed):
    good = {"appid": wecom.corp, "agentid": wecom.agent, "redirect_uri": "http://testserver/x", "state": "abc123"} | fixed
    status, _said, location = raw(wecom, path, good)
    assert status == 302
    assert location.startswith("http://testserver/x?code=")
    assert location.endswith("&state=abc123")

    told = lambda **changed: raw(wecom, path, good | changed)[1]["errcode"]
    assert told(redirect_uri="http://evil.example/x") == 50001
    assert told(state="a-b") == 40058
    assert told(state="a" * 129) == 40058
    assert told(appid="other") == 40013
    assert told(more="x") == 40058


def ding_token(ding):
    return raw(ding, "/gettoken", {"appkey": ding.key, "appsecret": ding.secret})[1]["access_token"]


def test_dingtalk_old_host_answers_200_with_numbers(ding):
    assert raw(ding, "/gettoken", {"appkey": ding.key, "appsecret": "x"})[1]["errcode"] == 40089
    path, ask = "/topapi/v2/user/getuserinfo", lambda t, b: raw(ding, "/topapi/v2/user/getuserinfo", {"access_token": t}, body=b)
    said = ask("x", {"code": "y"})[1]
    assert (said["errcode"], said["sub_code"]) == (88, "40014")
    token = ding_token(ding)
    code = ding.code_for("un1")
    assert ask(token, {"code": code})[1]["result"]["userid"] == "manager1"
    assert ask(token, {"code": code})[1]["errcode"] == 40078
    assert ask(token, {"code": 5})[1]["errcode"] == 40035
    assert ask(token, {"code": "x", "more": 1})[1]["errcode"] == 40035
    assert raw(ding, path, {"access_token": token}, form={"code": "x"})[1]["errcode"] == 40035
    late = ding.code_for("un1")
    ding.forward(minutes=5)
    assert ask(token, {"code": late})[1]["errcode"] == 40078
    ding.forward(hours=2)
    assert ask(token, {"code": "x"})[1]["sub_code"] == "42001"


def test_dingtalk_knows_members_by_union_id_and_no_others(ding):
    by = lambda union: raw(ding, "/topapi/user/getbyunionid", {"access_token": ding_token(ding)}, body={"unionid": union})[1]
    assert by("un1")["result"] == {"contact_type": 0, "userid": "manager1"}
    assert by("outside")["errcode"] == by("nobody")["errcode"] == 60121


def test_dingtalk_new_host_uses_statuses(ding):
    token = lambda **changed: raw(
        ding, "/v1.0/oauth2/userAccessToken",
        body={"clientId": ding.key, "clientSecret": ding.secret, "code": "x", "grantType": "authorization_code"} | changed,
    )  # fmt: skip
    assert token()[:1] == (400,)
    assert token(clientSecret="x")[1]["code"] == "invalidClient"
    assert token(more="x")[1]["code"] == "invalidParameter"
    assert token(code=ding.code_for("un1", "client"))[1]["code"] == "invalidCode", "a code of the client is another thing"
    code = ding.code_for("un1", "browser")
    status, said, _ = token(code=code)
    assert (status, said["corpId"]) == (200, ding.corp)
    assert token(code=code)[0] == 400
    me = raw(ding, "/v1.0/contact/users/me", headers={"x-acs-dingtalk-access-token": said["accessToken"]})
    assert (me[0], me[1]["unionId"]) == (200, "un1")
    assert raw(ding, "/v1.0/contact/users/me")[0] == 401


def test_dingtalk_page_sends_back_authcode_not_code(ding):
    ding.person = "un1"
    good = {
        "redirect_uri": ding.back, "response_type": "code", "client_id": ding.key, "scope": "openid corpid", "state": "s",
        "prompt": "consent",
    }  # fmt: skip
    assert "authCode=" in raw(ding, "/oauth2/auth", good)[2]
    assert raw(ding, "/oauth2/auth", good | {"redirect_uri": "http://evil.example/"})[0] == 400
    assert raw(ding, "/oauth2/auth", good | {"scope": "openid"})[0] == 400


def test_feishu_takes_json_and_each_code_once(feishu):
    good = {
        "grant_type": "authorization_code", "client_id": feishu.client, "client_secret": feishu.secret,
        "redirect_uri": feishu.back,
    }  # fmt: skip
    token = lambda **changed: raw(feishu, "/open-apis/authen/v2/oauth/token", body=good | changed)[1]
    code = feishu.code_for("on_1")
    said = token(code=code)
    assert said["code"] == 0
    assert token(code=code)["code"] == 20065
    assert token(code="invented")["code"] == 20003
    assert token(code="x", client_secret="x")["code"] == 20002
    assert token(code="x", more="x")["code"] == 20063
    assert raw(feishu, "/open-apis/authen/v2/oauth/token", form=good | {"code": "x"})[1]["code"] == 20063
    late = feishu.code_for("on_1")
    feishu.forward(minutes=5)
    assert token(code=late)["code"] == 20004

    who = raw(feishu, "/open-apis/authen/v1/user_info", headers={"Authorization": f"Bearer {said['access_token']}"})
    assert who[1]["data"]["user_id"] == "u1"
    assert raw(feishu, "/open-apis/authen/v1/user_info", headers={"Authorization": "Bearer x"})[1]["code"] == 99991668


def test_an_openid_service_wants_a_nonce_and_proof_of_the_code():
    with serving(OidcServer(person={"sub": "s1"})) as server:
        assert raw(server, "/.well-known/openid-configuration")[1]["issuer"] == server.address
        page = {
            "client_id": server.client, "redirect_uri": server.back, "scope": "openid", "response_type": "code", "state": "s",
            "nonce": "n", "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
        }  # fmt: skip
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(raw(server, "/authorize", page)[2]).query)["code"][0]
        assert raw(server, "/authorize", {k: v for k, v in page.items() if k != "nonce"})[0] == 400
        form = {
            "redirect_uri": server.back, "grant_type": "authorization_code", "code": code, "client_id": server.client,
            "client_secret": server.secret, "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        }  # fmt: skip
        assert raw(server, "/token", form=form | {"client_secret": "x"})[0] == 401
        assert "id_token" in raw(server, "/token", form=form)[1], "the example of RFC 7636, appendix B"
        assert raw(server, "/token", form=form)[0] == 400
