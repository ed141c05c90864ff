"""What WeCom calls back (the port notify.inbound.Inbound): the try of the address, and taps on a card's button.

WeCom repeats a callback up to three times until it is answered; person, card, button and time of the tap are the same then.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.crypto import constant_time_compare

from hangbiao.adapters.sealed import BLOCK, opened
from hangbiao.adapters.wecom.messages import ACK
from hangbiao.engines.notify.inbound import Answer, Forged, Told

FRONT, LENGTH, PADDED = 16, 4, 32  # random bytes, then the length of the text; the whole is padded to 32
LONGEST_FACT = 200


class WeComCallback:
    """The callback address of one app. `aes` is the EncodingAESKey as WeCom shows it: 43 characters."""

    def __init__(self, *, corp: str, token: str, aes: str) -> None:
        self.corp, self.token, self.aes = corp, token, base64.b64decode(aes + "=")

    def hear(
        self, *, method: str, query: Mapping[str, str], headers: Mapping[str, str], raw: bytes, now: datetime
    ) -> Answer:
        if method == "GET":
            return Answer(self._clear(query, query.get("echostr", "")))
        sealed = _field(_tree(raw), "Encrypt")
        event = _tree(self._clear(query, sealed))
        return Answer(b"success", told=_told(event))

    def _clear(self, query: Mapping[str, str], sealed: str) -> bytes:
        signed = self.signature(query.get("timestamp", ""), query.get("nonce", ""), sealed)
        if not sealed or not constant_time_compare(signed, query.get("msg_signature", "")):
            raise Forged("signature")
        try:
            whole = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError) as wrong:
            raise Forged("base64") from wrong
        clear = opened(self.aes, self.aes[:BLOCK], whole, longest_padding=PADDED)
        begin = FRONT + LENGTH
        end = begin + int.from_bytes(clear[FRONT:begin], "big")
        if end > len(clear) or clear[end:] != self.corp.encode():
            raise Forged("receiver")
        return clear[begin:end]

    def signature(self, timestamp: str, nonce: str, sealed: str) -> str:
        return hashlib.sha1("".join(sorted([self.token, timestamp, nonce, sealed])).encode(), usedforsecurity=False).hexdigest()


def _tree(raw: bytes) -> Any:
    try:
        return fromstring(raw, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as wrong:
        raise Forged("xml") from wrong


def _field(tree: Any, name: str) -> str:
    return (tree.findtext(name) or "").strip()


def _told(event: Any) -> Told:
    person, card, button = (_field(event, name) for name in ("FromUserName", "TaskId", "EventKey"))
    kind = _field(event, "Event") or _field(event, "MsgType")
    key = "|".join((person, card, button, _field(event, "CreateTime"), kind))
    tapped = kind == "template_card_event"
    facts = {name: _field(event, name)[:LONGEST_FACT] for name in ("CardType", "EventKey", "ResponseCode") if _field(event, name)}
    return Told(
        id=hashlib.sha256(key.encode()).hexdigest(), kind=ACK if tapped and button == ACK else kind, people=(person,),
        number=card if tapped else "", facts=facts,
    )  # fmt: skip
