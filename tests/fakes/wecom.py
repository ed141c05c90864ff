"""WeCom as far as signing on needs it: token, who is it, and the two pages that send the browser back."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from tests.fakes.faults import Fault
from tests.fakes.vendor import Reply, Sent, Vendor, spelled

TOKEN_LIFE, CODE_LIFE = timedelta(seconds=7200), timedelta(minutes=5)
STATE = re.compile(r"[a-zA-Z0-9]{1,128}")
TEXT = {"access_token": str, "code": str}


@dataclass
class WeComServer(Vendor):
    corp: str = "ww1234567890abcdef"
    agent: str = "1000002"
    secret: str = "wecom-app-secret"
    domain: str = "testserver"
    trusted: bool = True  # whether the caller's address is on the app's list
    busy: int = 0  # how many calls are answered "busy" before one is served
    person: str = "zhangsan"  # who looks at the pages; "openid:…" is somebody outside
    tokens: dict[str, datetime] = field(default_factory=dict)
    codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hosts = {
            "/cgi-bin/": "qyapi.weixin.qq.com",
            "/connect/": "open.weixin.qq.com",
            "/wwlogin/": "login.work.weixin.qq.com",
        }
        self.routes = {
            ("GET", "/cgi-bin/gettoken"): self.gettoken,
            ("GET", "/cgi-bin/auth/getuserinfo"): self.getuserinfo,
            ("GET", "/connect/oauth2/authorize"): self.in_client,
            ("GET", "/wwlogin/sso/login"): self.scan,
        }

    def code_for(self, person: str) -> str:
        code = secrets.token_urlsafe(32)
        self.codes[code] = (person, self.now)
        return code

    def revoke_tokens(self) -> None:
        """The service may end tokens early."""
        self.tokens.clear()

    def spoil_tokens(self, fault: Fault) -> None:
        self.tokens = {} if fault is Fault.TOKEN_REVOKED else dict.fromkeys(self.tokens, self.now)

    def gettoken(self, sent: Sent) -> Reply:
        if self.busy:
            self.busy -= 1
            return refused(-1, "system busy")
        if spelled(sent.query, {"corpid": str, "corpsecret": str}):
            return refused(40058, "invalid Request Parameter")
        if sent.query["corpid"] != self.corp:
            return refused(40013, "invalid corpid")
        if sent.query["corpsecret"] != self.secret:
            return refused(40001, "invalid credential")
        good = [token for token, until in self.tokens.items() if until > self.now]
        if not good:
            good = [secrets.token_urlsafe(64)]
            self.tokens[good[0]] = self.now + TOKEN_LIFE
        left = int((self.tokens[good[0]] - self.now).total_seconds())
        return Reply({"errcode": 0, "errmsg": "ok", "access_token": good[0], "expires_in": left})

    def getuserinfo(self, sent: Sent) -> Reply:
        if self.busy:
            self.busy -= 1
            return refused(-1, "system busy")
        refusal = self._token_trouble(sent.query.get("access_token", ""))
        if refusal:
            return refusal
        if spelled({k: v for k, v in sent.query.items() if k != "code"}, {"access_token": str}):
            return refused(40058, "invalid Request Parameter")
        person, made = self.codes.pop(sent.query.get("code", ""), ("", self.now))
        if not person or self.now - made >= CODE_LIFE:
            return refused(40029, "invalid code")
        who = {"openid": person[7:]} if person.startswith("openid:") else {"userid": person}
        return Reply({"errcode": 0, "errmsg": "ok", **who})

    def _token_trouble(self, token: str) -> Reply | None:
        if not self.trusted:
            return refused(60020, "not allow to access from your ip, hint: [1], from ip: 127.0.0.1")
        if not token:
            return refused(41001, "access_token missing")
        if token not in self.tokens:
            return refused(40014, "invalid access_token")
        if self.tokens[token] <= self.now:
            return refused(42001, "access_token expired")
        return None

    def in_client(self, sent: Sent) -> Reply:
        fixed = {"response_type": "code", "scope": "snsapi_base"}
        return self._page(sent, fixed)

    def scan(self, sent: Sent) -> Reply:
        return self._page(sent, {"login_type": "CorpApp"})

    def _page(self, sent: Sent, fixed: dict[str, str]) -> Reply:
        names = {"appid", "redirect_uri", "state", "agentid", *fixed}
        if spelled(sent.query, dict.fromkeys(names, str)) or any(sent.query[k] != v for k, v in fixed.items()):
            return refused(40058, "invalid Request Parameter")
        if sent.query["appid"] != self.corp or sent.query["agentid"] != self.agent:
            return refused(40013, "invalid corpid")
        if not STATE.fullmatch(sent.query["state"]):
            return refused(40058, "invalid state")
        if urlsplit(sent.query["redirect_uri"]).hostname != self.domain:
            return refused(50001, "redirect_url domain not trusted")
        back = urlencode({"code": self.code_for(self.person), "state": sent.query["state"]})
        return Reply(location=f"{sent.query['redirect_uri']}?{back}")


def refused(code: int, said: str) -> Reply:
    return Reply({"errcode": code, "errmsg": said})
