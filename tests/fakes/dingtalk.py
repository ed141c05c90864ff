"""DingTalk as far as signing on needs it: the old host, the new host and the page for signing in, in one server."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from tests.fakes.faults import Fault
from tests.fakes.vendor import Reply, Sent, Vendor, spelled

TOKEN_LIFE, CODE_LIFE = timedelta(seconds=7200), timedelta(minutes=5)


@dataclass(frozen=True)
class Member:
    """Somebody on DingTalk. Without a userid: not of this corporation."""

    union: str
    userid: str = ""
    contact: int = 0  # 1: an outside contact of the corporation
    corp: str = ""  # the corporation chosen on the page; ours unless said


@dataclass
class DingTalkServer(Vendor):
    corp: str = "dingcorp000001"
    key: str = "dingappkey"
    secret: str = "ding-app-secret"
    back: str = "http://testserver/sign-on/dingtalk/back/"
    trusted: bool = True
    busy: int = 0
    members: dict[str, Member] = field(default_factory=dict)
    person: str = ""  # who looks at the page, by union id
    tokens: dict[str, datetime] = field(default_factory=dict)
    codes: dict[str, tuple[str, str, datetime]] = field(default_factory=dict)  # code → kind, union id, made at
    own: dict[str, str] = field(default_factory=dict)  # a person's token → union id

    def __post_init__(self) -> None:
        self.hosts = {"/": "oapi.dingtalk.com", "/v1.0/": "api.dingtalk.com", "/oauth2/": "login.dingtalk.com"}
        self.routes = {
            ("GET", "/gettoken"): self.gettoken,
            ("POST", "/topapi/v2/user/getuserinfo"): self.getuserinfo,
            ("POST", "/topapi/user/getbyunionid"): self.getbyunionid,
            ("GET", "/oauth2/auth"): self.page,
            ("POST", "/v1.0/oauth2/userAccessToken"): self.user_token,
            ("GET", "/v1.0/contact/users/me"): self.me,
        }

    def add(self, member: Member) -> Member:
        self.members[member.union] = member
        return member

    def code_for(self, union: str, kind: str = "client") -> str:
        code = secrets.token_hex(16)
        self.codes[code] = (kind, union, self.now)
        return code

    def spoil_tokens(self, fault: Fault) -> None:
        self.tokens = {} if fault is Fault.TOKEN_REVOKED else dict.fromkeys(self.tokens, self.now)

    def token(self) -> str:
        """The app's token, the same on both hosts while it lasts."""
        good = [token for token, until in self.tokens.items() if until > self.now]
        if not good:
            good = [secrets.token_hex(16)]
            self.tokens[good[0]] = self.now + TOKEN_LIFE
        return good[0]

    def gettoken(self, sent: Sent) -> Reply:
        if spelled(sent.query, {"appkey": str, "appsecret": str}):
            return refused(40035, "invalid parameter")
        if (sent.query["appkey"], sent.query["appsecret"]) != (self.key, self.secret):
            return refused(40089, "invalid appkey or appsecret")
        return Reply({"errcode": 0, "access_token": self.token(), "errmsg": "ok", "expires_in": 7200})

    def getuserinfo(self, sent: Sent) -> Reply:
        refusal = self._trouble(sent, {"code": str})
        if refusal:
            return refusal
        kind, union, made = self.codes.pop(str(sent.json()["code"]), ("", "", self.now))
        member = self.members.get(union)
        if kind != "client" or self.now - made >= CODE_LIFE or member is None or not member.userid:
            return refused(40078, "invalid temporary code")
        found = {"userid": member.userid, "unionid": union, "name": "某", "device_id": "d", "sys": False, "sys_level": 0}
        return Reply({"errcode": 0, "errmsg": "ok", "result": found, "request_id": "r"})

    def getbyunionid(self, sent: Sent) -> Reply:
        refusal = self._trouble(sent, {"unionid": str})
        if refusal:
            return refusal
        member = self.members.get(str(sent.json()["unionid"]))
        if member is None or not member.userid:
            return refused(60121, "user not found")
        return Reply({"errcode": 0, "errmsg": "ok", "result": {"contact_type": member.contact, "userid": member.userid}})

    def _trouble(self, sent: Sent, body: dict[str, type]) -> Reply | None:
        refusal = self.no_entry(sent)
        if refusal:
            return refusal
        if spelled(sent.query, {"access_token": str}) or spelled(sent.json(), body):
            return refused(40035, "invalid parameter")
        return None

    def no_entry(self, sent: Sent) -> Reply | None:
        """Why a call of the old host is refused before its body is looked at."""
        if self.busy:
            self.busy -= 1
            return refused(-1, "system busy")
        if not self.trusted:
            return refused(60020, "ip not in whitelist")
        token = sent.query.get("access_token", "")
        if token not in self.tokens:
            return refused(88, "ding talk error", sub_code="40014", sub_msg="invalid access_token")
        if self.tokens[token] <= self.now:
            return refused(88, "ding talk error", sub_code="42001", sub_msg="access_token expired")
        return None

    def page(self, sent: Sent) -> Reply:
        names = ("redirect_uri", "response_type", "client_id", "scope", "state", "prompt")
        if spelled(sent.query, dict.fromkeys(names, str)):
            return Reply({"code": "invalidParameter"}, 400)
        fixed = {"response_type": "code", "client_id": self.key, "prompt": "consent", "redirect_uri": self.back}
        scopes = set(sent.query["scope"].split())
        if any(sent.query[name] != value for name, value in fixed.items()) or scopes != {"openid", "corpid"}:
            return Reply({"code": "invalidParameter"}, 400)
        found = {"authCode": self.code_for(self.person, "browser"), "state": sent.query["state"]}
        return Reply(location=f"{self.back}?{urlencode(found)}")

    def user_token(self, sent: Sent) -> Reply:
        given = sent.json()
        if spelled(given, {"clientId": str, "clientSecret": str, "code": str, "grantType": str}):
            return Reply({"code": "invalidParameter", "requestid": "r", "message": "bad field"}, 400)
        if (given["clientId"], given["clientSecret"]) != (self.key, self.secret) or given["grantType"] != "authorization_code":
            return Reply({"code": "invalidClient", "requestid": "r", "message": "client"}, 400)
        kind, union, made = self.codes.pop(given["code"], ("", "", self.now))
        if kind != "browser" or self.now - made >= CODE_LIFE:
            return Reply({"code": "invalidCode", "requestid": "r", "message": "code"}, 400)
        own = secrets.token_hex(16)
        self.own[own] = union
        corp = self.members[union].corp or self.corp
        return Reply({"accessToken": own, "refreshToken": secrets.token_hex(8), "expireIn": 7200, "corpId": corp})

    def me(self, sent: Sent) -> Reply:
        union = self.own.get(sent.headers.get("x-acs-dingtalk-access-token", ""))
        if union is None or sent.query:
            return Reply({"code": "InvalidAuthentication", "requestid": "r", "message": "token"}, 401)
        return Reply({"nick": "某", "unionId": union, "openId": f"open-{union}", "avatarUrl": ""})


def refused(code: int, said: str, **more: str) -> Reply:
    return Reply({"errcode": code, "errmsg": said, "request_id": "r", **more})
