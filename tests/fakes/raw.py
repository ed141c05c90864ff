"""Raw requests, as no adapter makes them: the fakes' own tests ask with the standard library alone."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    said: Any
    headers: dict[str, str]


def raw(
    at: str, method: str, path: str, query: dict[str, str] | None = None, *, body: Any = None,
    headers: dict[str, str] | None = None, host: str = "", timeout: float = 5,
) -> Answer:  # fmt: skip
    """Ask `at`, optionally by another name; a body is sent as JSON, bytes as they are."""
    parts = urlsplit(at)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    given = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
    told = ({"Content-Type": "application/json"} if given is not None else {}) | (headers or {})
    if host:
        told["Host"] = host
    try:
        line.request(method, path + (f"?{urlencode(query)}" if query else ""), body=given, headers=told)
        answer = line.getresponse()
        got = answer.read()
        kind = answer.headers.get("Content-Type", "")
        said = json.loads(got) if got and "json" in kind else got.decode()
        return Answer(answer.status, said, {name.lower(): value for name, value in answer.headers.items()})
    finally:
        line.close()
