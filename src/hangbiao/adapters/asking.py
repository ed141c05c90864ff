"""Asking an outside service: one call, its answer as JSON, and what a broken line or a broken answer is called."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import httpx

from hangbiao.engines.accounts.errors import SignOnDown

TIMEOUT = httpx.Timeout(8, connect=4)
FAULT = 500
EARLY = 300  # seconds before its end a token is fetched anew
_tokens: dict[tuple[str, ...], tuple[str, float]] = {}
_locks: defaultdict[tuple[str, ...], threading.Lock] = defaultdict(threading.Lock)  # one app's hanging service holds up no other


def ask(way: str, method: str, address: str, **how: Any) -> tuple[int, dict[str, Any]]:
    """Status and JSON object. Refuses SignOnDown for a fault of theirs, for what is no JSON object, and for no answer."""
    try:
        answer = httpx.request(method, address, timeout=TIMEOUT, follow_redirects=False, **how)
        said = answer.json()
    except (httpx.HTTPError, ValueError) as fault:
        raise SignOnDown(way=way, why=type(fault).__name__) from fault
    if not isinstance(said, dict) or answer.status_code >= FAULT:
        raise SignOnDown(way=way, why=f"status {answer.status_code}")
    return answer.status_code, said


def token(key: tuple[str, ...], fetch: Callable[[], tuple[str, int]]) -> str:
    """The access token of an app: kept by this process until shortly before its end; one thread fetches, others wait."""
    with _locks[key]:
        kept, until = _tokens.get(key, ("", 0.0))
        if kept and time.monotonic() < until:
            return kept
        new, lasts = fetch()
        _tokens[key] = (new, time.monotonic() + max(lasts - EARLY, 0))
        return new


def forget_token(key: tuple[str, ...], ticket: str = "") -> None:
    """The service says it is good no more. With `ticket`: only if nobody has fetched another one since."""
    with _locks[key]:
        if not ticket or _tokens.get(key, ("", 0.0))[0] == ticket:
            _tokens.pop(key, None)
