"""Calling an address outside: only where it may go, only as long as it may take, never following a redirect."""

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from hangbiao.engines.webhooks.errors import WebhookRefused

TIMEOUT = httpx.Timeout(10.0)
LONGEST_SAID = 400
OK, REDIRECT, REFUSAL, GONE, DENIED = 200, 300, 400, 410, (401, 403)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a call: `trouble` is empty when it was heard."""

    status: int | None
    trouble: str = ""
    said: str = ""
    wait: int = 0


def address_of(url: str) -> tuple[str, str]:
    """(host, address to connect to). Refuses (WebhookRefused) what must not be called.

    The very address that was judged is the one connected to: a name that answers differently the second time gains nothing.
    """
    parts = urlsplit(url)
    if not parts.hostname:
        raise WebhookRefused("no_host")
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOKS_INSIDE):
        raise WebhookRefused("not_https")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        raise WebhookRefused("unknown_host") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not settings.WEBHOOKS_INSIDE and not all(_outside(a) for a in addresses):
        raise WebhookRefused("inside")
    return parts.hostname, addresses[0]


def _outside(address: str) -> bool:
    found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (mapped is None or mapped.is_global)


def call(url: str, body: str, headers: dict[str, str]) -> Heard:
    """POST the body; whatever goes wrong is an answer with the code of the trouble."""
    try:
        host, address = address_of(url)
    except WebhookRefused as refused:
        return Heard(None, refused.code)
    parts = urlsplit(url)
    literal = f"[{address}]" if ":" in address else address
    to = parts._replace(netloc=f"{literal}:{parts.port}" if parts.port else literal).geturl()
    sent = headers | {"Host": parts.netloc.rpartition("@")[2], "Content-Type": "application/json", "User-Agent": "hangbiao"}
    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
            answer = client.post(to, content=body.encode(), headers=sent, extensions={"sni_hostname": host})
    except httpx.TimeoutException as wrong:
        return Heard(None, "timeout", str(wrong)[:LONGEST_SAID])
    except httpx.HTTPError as wrong:
        tls = isinstance(wrong.__cause__, ssl.SSLError) or "certificate" in str(wrong).lower()
        return Heard(None, "tls" if tls else "refused", str(wrong)[:LONGEST_SAID])
    return _heard(answer)


def _heard(answer: httpx.Response) -> Heard:
    status = answer.status_code
    if OK <= status < REDIRECT:
        return Heard(status)
    wait = answer.headers.get("Retry-After", "")
    seconds = min(int(wait), 86_400) if wait.isdecimal() else 0
    trouble = "redirect" if status < REFUSAL else "gone" if status == GONE else "denied" if status in DENIED else "answer"
    return Heard(status, trouble, answer.text[:LONGEST_SAID].replace("\0", ""), seconds)
