"""What Feishu calls back (the port notify.inbound.Inbound): the try of the address, and taps on a card's button."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from hangbiao.adapters.calling import canonical
from hangbiao.adapters.sealed import BLOCK, opened
from hangbiao.engines.notify.inbound import Answer, Forged, Told

JSON = "application/json"
OLDEST = 300  # seconds between its clock and ours
TAP = "card.action.trigger"


class FeishuCallback:
    """The callback address of one app. Both of its secrets are needed: unencrypted callbacks are not heard."""

    def __init__(self, *, client: str, token: str, encrypt: str) -> None:
        self.client, self.token, self.encrypt = client, token, encrypt

    def hear(
        self, *, method: str, query: Mapping[str, str], headers: Mapping[str, str], raw: bytes, now: datetime
    ) -> Answer:
        """Feishu does not promise a signature for the try of the address; that one is known by the token inside."""
        said = self._clear(raw)
        if said.get("type") == "url_verification":
            self._check_token(said.get("token"))
            return Answer(canonical({"challenge": str(said.get("challenge", ""))}), JSON)
        self._check_signature(headers, raw, now)
        head, event = _object(said, "header"), _object(said, "event")
        self._check_token(head.get("token"))
        if head.get("app_id") != self.client or not head.get("event_id"):
            raise Forged("receiver")
        told = _told(head, event)
        answer = {"toast": {"type": "success", "content": _("已标为已读")}} if told.kind == "ack" else {}
        return Answer(canonical(answer), JSON, told)

    def signature(self, timestamp: str, nonce: str, raw: bytes) -> str:
        return hashlib.sha256(f"{timestamp}{nonce}{self.encrypt}".encode() + raw).hexdigest()

    def _clear(self, raw: bytes) -> dict[str, Any]:
        try:
            whole = base64.b64decode(str(_loaded(raw).get("encrypt", "")), validate=True)
        except (binascii.Error, ValueError) as wrong:
            raise Forged("base64") from wrong
        key = hashlib.sha256(self.encrypt.encode()).digest()
        if len(whole) <= BLOCK:
            raise Forged("too short")
        return _loaded(opened(key, whole[:BLOCK], whole[BLOCK:], longest_padding=BLOCK))

    def _check_signature(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> None:
        timestamp = headers.get("X-Lark-Request-Timestamp", "")
        signed = self.signature(timestamp, headers.get("X-Lark-Request-Nonce", ""), raw)
        if not constant_time_compare(signed, headers.get("X-Lark-Signature", "")):
            raise Forged("signature")
        if not timestamp.isdecimal() or abs(now.timestamp() - int(timestamp)) > OLDEST:
            raise Forged("clock")

    def _check_token(self, given: Any) -> None:
        if not isinstance(given, str) or not constant_time_compare(given, self.token):
            raise Forged("token")


def _loaded(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as wrong:
        raise Forged("json") from wrong
    if not isinstance(said, dict):
        raise Forged("json")
    return said


def _object(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _told(head: Mapping[str, Any], event: Mapping[str, Any]) -> Told:
    kind = str(head.get("event_type", ""))
    value = _object(_object(event, "action"), "value")
    person = _object(event, "operator")
    tapped = kind == TAP and value.get("action") == "ack"
    return Told(
        id=str(head["event_id"])[:100], kind="ack" if tapped else kind, number=str(value.get("id", "")) if tapped else "",
        people=tuple(str(person[name]) for name in ("user_id", "open_id", "union_id") if person.get(name)),
        facts={"message_id": str(_object(event, "context").get("open_message_id", ""))[:200]},
    )  # fmt: skip
