"""Signing on by DingTalk (the port accounts.signon.SignOn).

allauth's provider would know a person by their openId, which differs from app to app and which no list of people carries.
Here: unionId → userid → employee, and the corporation is compared.
"""

from typing import Any

import requests
from allauth.socialaccount.providers.dingtalk.client import DingTalkOAuth2Client
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest

from hangbiao.adapters.asking import ask, forget_token, token
from hangbiao.engines.accounts.errors import (
    CodeSpent,
    NoEmployee,
    OtherCompany,
    SignOnDown,
    SignOnMisconfigured,
)
from hangbiao.engines.accounts.signon import Known

WAY = "dingtalk"
BUSY, AUTH_CLASS, STALE_TOKEN, SPENT, UNKNOWN = -1, 88, {40014, 42001}, {40078}, {60121, 33012}
TRIES = 2
FAULT = 500


class DingTalk:
    """One internal app of one corporation."""

    def __init__(
        self,
        *,
        corp: str,
        client: str,
        secret: str,
        old_host: str = "https://oapi.dingtalk.com",
        host: str = "https://api.dingtalk.com",
        login_host: str = "https://login.dingtalk.com",
    ) -> None:
        self.corp, self.client, self.secret = corp, client, secret
        self.old_host, self.host, self.login_host = old_host, host, login_host
        self.key = (WAY, old_host, client)

    def question(self, request: HttpRequest, *, state: str, back: str, in_client: bool) -> str:
        """Inside the client the page asks the client itself; elsewhere DingTalk's page for signing in."""
        if in_client:
            return ""
        client = self._client(request, back)
        client.state = state
        address: str = client.get_redirect_url(
            f"{self.login_host}/oauth2/auth", ["openid", "corpid"], {"prompt": "consent"}
        )
        return address

    def answer(self, request: HttpRequest, *, code: str, back: str, in_client: bool) -> Known:
        """Who it is, by the code of the client or of the browser."""
        if in_client:
            said = self._call("/topapi/v2/user/getuserinfo", {"code": code})["result"]
            return self._known(said.get("unionid"), said.get("userid"))
        union = self._union_of(self._own_token(request, code, back))
        said = self._call("/topapi/user/getbyunionid", {"unionid": union})["result"]
        if said.get("contact_type") != 0:  # somebody outside whom a colleague keeps as a contact
            raise OtherCompany(way=WAY)
        return self._known(union, said.get("userid"))

    def _known(self, union: object, userid: object) -> Known:
        if not (isinstance(union, str) and union and isinstance(userid, str) and userid):
            raise SignOnDown(way=WAY, why="no ids")
        return Known(WAY, self.corp, union, ids=(userid, union))

    def _client(self, request: HttpRequest, back: str) -> DingTalkOAuth2Client:
        address = f"{self.host}/v1.0/oauth2/userAccessToken"
        return DingTalkOAuth2Client(request, self.client, self.secret, "POST", address, back)

    def _own_token(self, request: HttpRequest, code: str, back: str) -> str:
        """The person's own token; the corporation they chose on DingTalk's page must be ours."""
        try:
            said: dict[str, Any] = self._client(request, back).get_access_token(code)
        except requests.HTTPError as refused:
            if refused.response.status_code >= FAULT:
                raise SignOnDown(way=WAY, why="status") from refused
            raise CodeSpent(way=WAY) from refused
        except (OAuth2Error, requests.RequestException, ValueError, KeyError) as fault:
            raise SignOnDown(way=WAY, why=type(fault).__name__) from fault
        if said.get("corpId") != self.corp:
            raise OtherCompany(way=WAY)
        return str(said["access_token"])

    def _union_of(self, own: str) -> str:
        _status, said = ask(
            WAY, "GET", f"{self.host}/v1.0/contact/users/me", headers={"x-acs-dingtalk-access-token": own}
        )
        if not isinstance(said.get("unionId"), str):
            if "code" in said:
                raise SignOnMisconfigured(way=WAY, code=said["code"])
            raise SignOnDown(way=WAY, why="no unionId")
        return str(said["unionId"])

    def _call(self, path: str, asked: dict[str, str]) -> dict[str, Any]:
        """The old host: 200 whatever happened, the error's number inside."""
        refreshed = False
        for _try in range(TRIES + 1):
            ticket = token(self.key, self._fetch_token)
            _status, said = ask(
                WAY, "POST", self.old_host + path, params={"access_token": ticket}, json=asked
            )
            wrong = _number(said)
            if wrong == 0 and isinstance(said.get("result"), dict):
                return said
            if wrong in STALE_TOKEN and not refreshed:
                forget_token(self.key)
                refreshed = True
            elif wrong != BUSY:
                raise self._refusal(wrong)
        raise SignOnDown(way=WAY, why="busy")

    def _fetch_token(self) -> tuple[str, int]:
        asked = {"appkey": self.client, "appsecret": self.secret}
        _status, said = ask(WAY, "GET", f"{self.old_host}/gettoken", params=asked)
        if said.get("errcode") != 0:
            raise self._refusal(_number(said))
        return str(said["access_token"]), int(said["expires_in"])

    def _refusal(self, wrong: object) -> Exception:
        if wrong in SPENT:
            return CodeSpent(way=WAY)
        if wrong in UNKNOWN:
            return NoEmployee(way=WAY)
        if wrong in {BUSY, 0}:
            return SignOnDown(way=WAY, why="busy")
        return SignOnMisconfigured(way=WAY, code=wrong)


def _number(said: dict[str, Any]) -> object:
    """88 is a class: what it was stands in sub_code, as text."""
    if said.get("errcode") == AUTH_CLASS and str(said.get("sub_code", "")).isdecimal():
        return int(said["sub_code"])
    return said.get("errcode")
