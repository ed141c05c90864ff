"""Signing on by Feishu (the port accounts.signon.SignOn).

By the second version of Feishu's addresses. allauth's provider still goes by the first one and sends forms where Feishu's
documents ask for JSON; its generic client serves for the question.
"""

from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from django.http import HttpRequest

from hangbiao.adapters.asking import ask
from hangbiao.engines.accounts.errors import CodeSpent, OtherCompany, SignOnDown, SignOnMisconfigured
from hangbiao.engines.accounts.signon import Known

WAY = "feishu"
SPENT = {20003, 20004, 20024, 20065}  # the code is unknown, too old, of another app, used


class Feishu:
    """One app of one tenant."""

    def __init__(
        self,
        *,
        client: str,
        secret: str,
        tenant: str,
        host: str = "https://open.feishu.cn",
        accounts_host: str = "https://accounts.feishu.cn",
    ) -> None:
        self.client, self.secret, self.tenant = client, secret, tenant
        self.host, self.accounts_host = host, accounts_host

    def question(self, request: HttpRequest, *, state: str, back: str, in_client: bool) -> str:
        """Feishu's page; inside its client it sends the browser back at once."""
        client = OAuth2Client(request, self.client, self.secret, "POST", "", back)
        client.state = state
        address: str = client.get_redirect_url(f"{self.accounts_host}/open-apis/authen/v1/authorize", [], {})
        return address

    def answer(self, request: HttpRequest, *, code: str, back: str, in_client: bool) -> Known:
        """Who it is. Only the company's own mail address counts: the other one may be anybody's."""
        said = self._whoever(self._own_token(code, back))
        if said.get("tenant_key") != self.tenant:
            raise OtherCompany(way=WAY)
        uid = said.get("union_id")
        if not isinstance(uid, str) or not uid:
            raise SignOnDown(way=WAY, why="no union_id")
        ids = tuple(str(said[key]) for key in ("user_id", "union_id", "open_id") if said.get(key))
        return Known(
            WAY, self.tenant, uid, ids, str(said.get("employee_no") or ""), str(said.get("enterprise_email") or "")
        )

    def _own_token(self, code: str, back: str) -> str:
        asked = {
            "grant_type": "authorization_code", "client_id": self.client, "client_secret": self.secret, "code": code,
            "redirect_uri": back,
        }  # fmt: skip
        _status, said = ask(WAY, "POST", f"{self.host}/open-apis/authen/v2/oauth/token", json=asked)
        if said.get("code") in SPENT:
            raise CodeSpent(way=WAY)
        if said.get("code") != 0 or not isinstance(said.get("access_token"), str):
            raise SignOnMisconfigured(way=WAY, code=said.get("code"))
        return str(said["access_token"])

    def _whoever(self, own: str) -> dict[str, Any]:
        _status, said = ask(
            WAY, "GET", f"{self.host}/open-apis/authen/v1/user_info", headers={"Authorization": f"Bearer {own}"}
        )
        if said.get("code") != 0 or not isinstance(said.get("data"), dict):
            raise SignOnMisconfigured(way=WAY, code=said.get("code"))
        found: dict[str, Any] = said["data"]
        return found
