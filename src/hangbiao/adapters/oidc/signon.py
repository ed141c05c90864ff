"""Signing on by the company's own service, OpenID Connect (the port accounts.signon.SignOn).

Nonce and code verifier follow from the state, which is bound to the browser's session, and from the house's secret.
"""

import base64
import hashlib
from functools import cached_property
from typing import Any

import requests
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from hangbiao.engines.accounts.errors import CodeSpent, SignOnDown
from hangbiao.engines.accounts.signon import Known

WAY = "oidc"
BROKEN = (requests.RequestException, ValueError, KeyError)


class _Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """allauth's, for an app that stands in settings instead of its tables."""

    def __init__(self, request: HttpRequest, app: SocialApp) -> None:
        super().__init__(request, WAY)
        self.app = app

    def get_provider(self) -> OpenIDConnectProvider:
        return OpenIDConnectProvider(self.request, app=self.app)


class OpenIdConnect:
    """One client at one service. `employee_claim` names the claim with the employee code, if the service sends one."""

    def __init__(self, *, url: str, client: str, secret: str, employee_claim: str = "") -> None:
        self.url, self.client, self.secret, self.employee_claim = url, client, secret, employee_claim

    @cached_property
    def _app(self) -> SocialApp:
        given = {"server_url": self.url}
        return SocialApp(
            provider="openid_connect", provider_id=WAY, client_id=self.client, secret=self.secret, settings=given
        )

    def question(self, request: HttpRequest, *, state: str, back: str, in_client: bool) -> str:
        """The service's page for signing in."""
        adapter = _Adapter(request, self._app)
        try:
            client = self._client(adapter, back)
            client.state = state
            challenge = hashlib.sha256(_verifier(state).encode()).digest()
            more = {
                "nonce": _nonce(state),
                "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
                "code_challenge_method": "S256",
            }
            address: str = client.get_redirect_url(adapter.authorize_url, ["openid", "profile", "email"], more)
        except BROKEN as fault:
            raise SignOnDown(way=WAY, why=type(fault).__name__) from fault
        return address

    def answer(self, request: HttpRequest, *, code: str, back: str, in_client: bool) -> Known:
        """Who it is, by the identity token: signature, issuer, audience, end and nonce are verified."""
        state = request.GET.get("state", "")
        adapter = _Adapter(request, self._app)
        try:
            said = self._client(adapter, back).get_access_token(code, pkce_code_verifier=_verifier(state))
        except OAuth2Error as refused:
            raise CodeSpent(way=WAY) from refused
        except BROKEN as fault:
            raise SignOnDown(way=WAY, why=type(fault).__name__) from fault
        try:
            claims: dict[str, Any] = adapter._decode_id_token(self._app, said["id_token"])
        except (OAuth2Error, *BROKEN) as fault:
            raise SignOnDown(way=WAY, why=type(fault).__name__) from fault
        if not constant_time_compare(str(claims.get("nonce", "")), _nonce(state)):
            raise CodeSpent(way=WAY)
        return self._known(claims)

    def _known(self, claims: dict[str, Any]) -> Known:
        subject = claims.get("sub")
        if not isinstance(subject, str) or not subject:
            raise SignOnDown(way=WAY, why="no sub")
        mail = str(claims.get("email") or "") if claims.get("email_verified") is True else ""
        employee = str(claims.get(self.employee_claim) or "") if self.employee_claim else ""
        return Known(WAY, str(claims["iss"]), subject, (subject,), employee, mail)

    def _client(self, adapter: _Adapter, back: str) -> OAuth2Client:
        return OAuth2Client(
            adapter.request, self.client, self.secret, "POST", adapter.access_token_url, back,
            basic_auth=adapter.basic_auth,
        )  # fmt: skip


def _nonce(state: str) -> str:
    return salted_hmac("hangbiao.oidc.nonce", state, algorithm="sha256").hexdigest()


def _verifier(state: str) -> str:
    return salted_hmac("hangbiao.oidc.verifier", state, algorithm="sha256").hexdigest()
