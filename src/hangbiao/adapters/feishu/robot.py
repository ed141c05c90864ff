"""Feishu's group robot: sums for a group, never one person's figures.

It does not de-duplicate: a send whose answer got lost may be seen twice. Its signature is of the moment and stands in the
body, so here it is the card, not the whole body, that is the same on every try.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from hangbiao.adapters.calling import call, canonical
from hangbiao.adapters.feishu.codes import CODES, judged
from hangbiao.adapters.feishu.messages import card
from hangbiao.adapters.groups import Posted
from hangbiao.adapters.troubles import explained
from hangbiao.adapters.wording import checked, for_a_group, shortened
from hangbiao.engines.notify.ports import Outgoing, Parcel, Receipt

LONGEST, LONGEST_URL, SIGNED = 20_000, 2048, 120  # bytes; what timestamp and signature add


def signature(secret: str, seconds: int) -> str:
    """Feishu's own way: time and secret are the key, and the message is empty."""
    found = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256)
    return base64.b64encode(found.digest()).decode()


class FeishuRobot(Posted):
    """One robot in one group."""

    name = "feishu_robot"
    per_minute = 90

    def __init__(self, *, token: str, secret: str = "", host: str = "https://open.feishu.cn") -> None:
        self.token, self.secret, self.host = token, secret, host

    def compose(self, message: Outgoing) -> Parcel:
        for_a_group(message)
        checked(message, longest_url=LONGEST_URL)

        def shown(body: str) -> bytes:
            return canonical({"msg_type": "interactive", "card": card(message, body, button=False)})

        body, less = shortened(message.body, lambda text: len(shown(text)) <= LONGEST - SIGNED)
        return Parcel("card", shown(body), less)

    def send(self, parcel: Parcel, *, to: str) -> Receipt:
        body = parcel.body
        if self.secret:
            wall: datetime = import_string(settings.WALL_CLOCK)()
            now = int(wall.timestamp())
            body = canonical(json.loads(body) | {"timestamp": str(now), "sign": signature(self.secret, now)})
        judged(call("POST", f"{self.host}/open-apis/bot/v2/hook/{self.token}", body=body))
        return Receipt(parcel.kind, {})

    def explain(self, code: str) -> tuple[str, str]:
        return explained(CODES, code)
