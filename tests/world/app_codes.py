"""What an authenticator app shows (RFC 6238, SHA-1, 30 seconds, six digits), written from the RFC."""

import base64
import hashlib
import hmac
from datetime import datetime


def code_at(secret: str, instant: datetime, *, periods: int = 0) -> str:
    counter = int(instant.timestamp()) // 30 + periods
    digest = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
