"""Signing on by WeCom (the port accounts.signon.SignOn)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from hangbiao.adapters.asking import ask, forget_token, token
from hangbiao.engines.accounts.errors import CodeSpent, OtherCompany, SignOnDown, SignOnMisconfigured
from hangbiao.engines.accounts.signon import Known

WAY = "wecom"
BUSY, STALE_TOKEN, SPENT = -1, {40014, 41001, 42001}, {40029, 40078}
TRIES = 3


class WeCom:
    """One app of one corporation."""

    def __init__(
        self,
        *,
        corp: str,
        agent: str,
        secret: str,
        host: str = "https://qyapi.weixin.qq.com",
        client_host: str = "https://open.weixin.qq.com",
        scan_host: str = "https://login.work.weixin.qq.com",
    ) -> None:
        self.corp, self.agent, self.secret, self.host = corp, agent, secret, host
        self.client_host, self.scan_host = client_host, scan_host
        self.key = (WAY, host, corp, agent)

    def question(self, request: HttpRequest, *, state: str, back: str, in_client: bool) -> str:
        """Inside the client a silent address; elsewhere the page with the code to scan."""
        shared = {"appid": self.corp, "redirect_uri": back, "state": state, "agentid": self.agent}
        if in_client:
            silent = urlencode(shared | {"response_type": "code", "scope": "snsapi_base"})
            return f"{self.client_host}/connect/oauth2/authorize?{silent}#wechat_redirect"
        return f"{self.scan_host}/wwlogin/sso/login?{urlencode(shared | {'login_type': 'CorpApp'})}"

    def answer(self, request: HttpRequest, *, code: str, back: str, in_client: bool) -> Known:
        """Who it is. Somebody outside the corporation has an openid instead of a userid."""
        said = self._call("/cgi-bin/auth/getuserinfo", code=code)
        userid = said.get("userid")
        if not isinstance(userid, str) or not userid:
            raise OtherCompany(way=WAY)
        return Known(WAY, self.corp, userid, ids=(userid,))

    def _call(self, path: str, **asked: str) -> dict[str, Any]:
        refreshed = False
        for _try in range(TRIES + 1):
            ticket = token(self.key, self._fetch_token)
            _status, said = ask(WAY, "GET", self.host + path, params={"access_token": ticket, **asked})
            wrong = said.get("errcode")
            if wrong == 0:
                return said
            if wrong in STALE_TOKEN and not refreshed:
                forget_token(self.key)
                refreshed = True
            elif wrong != BUSY:
                raise self._refusal(wrong)
        raise SignOnDown(way=WAY, why="busy")

    def _fetch_token(self) -> tuple[str, int]:
        asked = {"corpid": self.corp, "corpsecret": self.secret}
        _status, said = ask(WAY, "GET", self.host + "/cgi-bin/gettoken", params=asked)
        if said.get("errcode") != 0:
            raise self._refusal(said.get("errcode"))
        return str(said["access_token"]), int(said["expires_in"])

    def _refusal(self, wrong: object) -> Exception:
        if wrong in SPENT:
            return CodeSpent(way=WAY)
        if wrong == BUSY:
            return SignOnDown(way=WAY, why="busy")
        return SignOnMisconfigured(way=WAY, code=wrong)
