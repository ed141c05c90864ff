"""A company's sign-on service: discovery, page, token with PKCE, keys. Identity tokens are signed with RS256."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from hangbiao.site.clock import wall
from tests.fakes.vendor import Reply, Sent, Vendor, spelled

CODE_LIFE = timedelta(minutes=1)


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class OidcServer(Vendor):
    client: str = "hangbiao"
    secret: str = "oidc-secret"
    back: str = "http://testserver/sign-on/oidc/back/"
    person: dict[str, Any] = field(default_factory=dict)  # claims of whoever looks at the page
    claims: dict[str, Any] = field(default_factory=dict)  # what the token says differently: to lie
    signed_by_stranger: bool = False
    codes: dict[str, tuple[dict[str, str], dict[str, Any], datetime]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=_key)

    def __post_init__(self) -> None:
        self.routes = {
            ("GET", "/.well-known/openid-configuration"): self.discovery,
            ("GET", "/authorize"): self.page,
            ("POST", "/token"): self.token,
            ("GET", "/keys"): self.keys,
        }

    def discovery(self, _sent: Sent) -> Reply:
        at = self.address
        return Reply({
            "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys", "userinfo_endpoint": f"{at}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        })  # fmt: skip

    def keys(self, _sent: Sent) -> Reply:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return Reply({"keys": [public | {"kid": "k1", "alg": "RS256", "use": "sig"}]})

    def page(self, sent: Sent) -> Reply:
        names = (
            "client_id", "redirect_uri", "scope", "response_type", "state", "nonce", "code_challenge", "code_challenge_method",
        )  # fmt: skip
        fixed = {
            "client_id": self.client, "redirect_uri": self.back, "response_type": "code", "code_challenge_method": "S256",
        }  # fmt: skip
        wrong = spelled(sent.query, dict.fromkeys(names, str))
        if wrong or any(sent.query[k] != v for k, v in fixed.items()) or "openid" not in sent.query["scope"].split():
            return Reply({"error": "invalid_request", "error_description": wrong}, 400)
        code = secrets.token_urlsafe(24)
        self.codes[code] = (sent.query, dict(self.person), self.now)
        return Reply(location=f"{self.back}?{urlencode({'code': code, 'state': sent.query['state']})}")

    def token(self, sent: Sent) -> Reply:
        given = sent.form()
        fields = ("redirect_uri", "grant_type", "code", "client_id", "client_secret", "code_verifier")
        if spelled(given, dict.fromkeys(fields, str)) or given["grant_type"] != "authorization_code":
            return Reply({"error": "invalid_request"}, 400)
        if (given["client_id"], given["client_secret"]) != (self.client, self.secret):
            return Reply({"error": "invalid_client"}, 401)
        asked, person, made = self.codes.pop(given["code"], ({}, {}, self.now))
        proof = base64.urlsafe_b64encode(hashlib.sha256(given["code_verifier"].encode()).digest()).decode().rstrip("=")
        fits = asked.get("code_challenge") == proof and asked.get("redirect_uri") == given["redirect_uri"]
        if not fits or self.now - made >= CODE_LIFE:
            return Reply({"error": "invalid_grant"}, 400)
        return Reply({
            "access_token": secrets.token_hex(8), "token_type": "Bearer", "expires_in": 300,
            "id_token": self._signed(person, asked["nonce"]),
        })  # fmt: skip

    def _signed(self, person: dict[str, Any], nonce: str) -> str:
        real = int(wall().timestamp())  # whoever verifies looks at the clock on the wall
        said = {"iss": self.address, "aud": self.client, "iat": real, "exp": real + 300, "nonce": nonce, **person, **self.claims}
        key = _key() if self.signed_by_stranger else self.key
        return jwt.encode(said, key, algorithm="RS256", headers={"kid": "k1"})
