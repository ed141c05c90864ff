"""Feishu as far as signing on needs it: the page, the person's token (second version), who it is."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.fakes.vendor import Reply, Sent, Vendor, spelled

CODE_LIFE = timedelta(minutes=5)


@dataclass
class FeishuServer(Vendor):
    client: str = "cli_app"
    secret: str = "feishu-secret"
    tenant: str = "tenant-ours"
    back: str = "http://testserver/sign-on/feishu/back/"
    people: dict[str, dict[str, Any]] = field(default_factory=dict)  # union_id → what user_info tells
    person: str = ""
    codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    own: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hosts = {"/open-apis/": "open.feishu.cn", "/open-apis/authen/v1/authorize": "accounts.feishu.cn"}
        self.routes = {
            ("GET", "/open-apis/authen/v1/authorize"): self.page,
            ("POST", "/open-apis/authen/v2/oauth/token"): self.token,
            ("GET", "/open-apis/authen/v1/user_info"): self.user_info,
        }

    def add(self, union: str, **told: Any) -> None:
        self.people[union] = {"union_id": union, "open_id": f"ou_{union}", "tenant_key": self.tenant, "name": "某", **told}

    def code_for(self, union: str) -> str:
        code = secrets.token_urlsafe(24)
        self.codes[code] = (union, self.now)
        return code

    def page(self, sent: Sent) -> Reply:
        required = dict.fromkeys(("client_id", "redirect_uri", "response_type", "state"), str)
        asked = {k: v for k, v in sent.query.items() if not (k == "scope" and v == "")}
        fixed = {"client_id": self.client, "redirect_uri": self.back, "response_type": "code"}
        if spelled(asked, required, {"scope": str}) or any(asked[k] != v for k, v in fixed.items()):
            return Reply({"code": 20029, "error": "redirect_uri"}, 400)
        found = {"code": self.code_for(self.person), "state": asked["state"]}
        return Reply(location=f"{self.back}?{urlencode(found)}")

    def token(self, sent: Sent) -> Reply:
        given = sent.json()
        fields = ("grant_type", "client_id", "client_secret", "code", "redirect_uri")
        if spelled(given, dict.fromkeys(fields, str), {"code_verifier": str, "scope": str}):
            return Reply({"code": 20063, "error": "invalid_request", "error_description": "field"}, 400)
        if given["grant_type"] != "authorization_code" or given["client_id"] != self.client:
            return Reply({"code": 20048, "error": "invalid_client"}, 400)
        if given["client_secret"] != self.secret:
            return Reply({"code": 20002, "error": "invalid_client"}, 400)
        if given["code"] in self.used:
            return Reply({"code": 20065, "error": "invalid_grant", "error_description": "code used"}, 400)
        union, made = self.codes.pop(given["code"], ("", self.now))
        if not union:
            return Reply({"code": 20003, "error": "invalid_grant"}, 400)
        self.used.add(given["code"])
        if self.now - made >= CODE_LIFE:
            return Reply({"code": 20004, "error": "invalid_grant"}, 400)
        own = f"u-{secrets.token_hex(16)}"
        self.own[own] = union
        return Reply({"code": 0, "access_token": own, "expires_in": 7200, "token_type": "Bearer", "scope": ""})

    def user_info(self, sent: Sent) -> Reply:
        kind, _, own = sent.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or own not in self.own or sent.query:
            return Reply({"code": 99991668, "msg": "invalid access token"}, 401)
        return Reply({"code": 0, "msg": "success", "data": self.people[self.own[own]]})
