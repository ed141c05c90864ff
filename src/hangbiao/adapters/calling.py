"""Calling a messenger: one request with exactly these bytes, its answer as JSON, every trouble of the line as a `Refused`.

An answer with status 200 is no success yet: what the vendor's code means is judged by the vendor's own adapter.
"""

import json
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import httpx

from hangbiao.adapters.asking import forget_token, token
from hangbiao.engines.notify.ports import Refused, Trouble

TIMEOUT = httpx.Timeout(8, connect=4)
TOGETHER = 15  # seconds for a whole answer, however it trickles
LARGEST = 1_000_000
OK, REDIRECT, REFUSAL, TOO_MANY, FAULT = 200, 300, 400, 429, 500
LONGEST_WAIT = 3600.0
Given = TypeVar("Given")
logging.getLogger("httpx").setLevel(logging.WARNING)  # its lines would hold addresses with tokens in them


@dataclass(frozen=True, slots=True)
class Heard:
    """A JSON object and the status it came with."""

    status: int
    said: dict[str, Any]
    wait: float | None = None


@cache
def _client() -> httpx.Client:
    """One set of certificates for all calls; no line is kept open, so none can have gone stale."""
    return httpx.Client(follow_redirects=False, limits=httpx.Limits(max_keepalive_connections=0))


def canonical(said: Mapping[str, Any]) -> bytes:
    """The same JSON, byte for byte, whenever it is written."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def call(method: str, address: str, *, body: bytes | None = None, **how: Any) -> Heard:
    """What the vendor answered. Refuses (Refused) what is no answer: BUSY, or RATE where the status says so."""
    headers = {**how.pop("headers", {}), "User-Agent": "hangbiao"}
    if body is not None:
        headers["Content-Type"] = "application/json; charset=utf-8"
    try:
        with _client().stream(method, address, content=body, headers=headers, timeout=TIMEOUT, **how) as answer:
            raw = _read(answer)
    except httpx.TimeoutException as late:
        raise Refused(Trouble.BUSY, code="timeout") from late
    except httpx.InvalidURL as wrong:
        raise Refused(Trouble.CONFIG, code="address") from wrong
    except (httpx.HTTPError, httpx.StreamError) as broken:
        raise Refused(Trouble.BUSY, code=_broken(broken), said=type(broken).__name__) from broken
    return _object(answer, raw)


def _read(answer: httpx.Response) -> bytes:
    began, raw = time.monotonic(), b""
    for piece in answer.iter_bytes():
        raw += piece
        if len(raw) > LARGEST:
            raise Refused(Trouble.BUSY, code="too_large")
        if time.monotonic() - began > TOGETHER:
            raise Refused(Trouble.BUSY, code="timeout")
    return raw


def _broken(wrong: Exception) -> str:
    if isinstance(wrong.__cause__, ssl.SSLError) or "certificate" in str(wrong).lower():
        return "tls"
    if isinstance(wrong, httpx.ConnectError | httpx.ProxyError):
        return "connect"
    return "cut"


def _object(answer: httpx.Response, raw: bytes) -> Heard:
    status, wait = answer.status_code, _wait(answer)
    if REDIRECT <= status < REFUSAL:
        raise Refused(Trouble.BUSY, code="redirect", said=str(status))
    try:
        said = json.loads(raw)
    except ValueError:  # also bytes that are no UTF-8
        said = None
    if isinstance(said, dict):
        return Heard(status, said, wait)
    if status == TOO_MANY:
        raise Refused(Trouble.RATE, code="http_429", retry_after=wait)
    raise Refused(Trouble.BUSY, code=f"http_{status}" if status >= REFUSAL else "not_json")


def _wait(answer: httpx.Response) -> float | None:
    """Seconds until the next try, as the vendor names them."""
    named = answer.headers.get("x-ogw-ratelimit-reset") or answer.headers.get("retry-after") or ""
    return min(float(named), LONGEST_WAIT) if named.isdecimal() else None


def with_token(key: tuple[str, ...], fetch: Callable[[], tuple[str, int]], act: Callable[[str], Given]) -> Given:
    """Act with the app's token; when the vendor calls it stale it is fetched once more, and the deed tried once more."""
    ticket = token(key, fetch)
    try:
        return act(ticket)
    except Refused as refused:
        if refused.trouble is not Trouble.TOKEN:
            raise
        forget_token(key, ticket)
    return act(token(key, fetch))


def fetched(said: Mapping[str, Any], name: str, life: str) -> tuple[str, int]:
    """Token and its life out of an answer that was judged good."""
    new, lasts = said.get(name), said.get(life)
    if not isinstance(new, str) or not new or not isinstance(lasts, int):
        raise Refused(Trouble.BUSY, code="not_json", said=f"no {name}")
    return new, lasts
