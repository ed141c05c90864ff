"""DingTalk's group robot: sums for a group, never one person's figures.

It does not de-duplicate: a send whose answer got lost may be seen twice.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from hangbiao.adapters.calling import call, canonical
from hangbiao.adapters.dingtalk.codes import CODES, of_the_old_host
from hangbiao.adapters.groups import Posted
from hangbiao.adapters.troubles import explained
from hangbiao.adapters.wording import (
    checked,
    cut,
    cut_letters,
    for_a_group,
    harmless,
    lines_of,
    number,
    one_line,
    plain,
    shortened,
)
from hangbiao.engines.notify.ports import Outgoing, Parcel, Receipt

LONGEST, LONGEST_URL, LONGEST_BUTTON = 20_000, 500, 20  # bytes
LONGEST_TITLE = 64  # characters


def signature(secret: str, milliseconds: int) -> str:
    """For the address, not yet percent-encoded: whoever writes the address does that, once."""
    found = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(found.digest()).decode()


class DingTalkRobot(Posted):
    """One robot in one group. Above twenty messages a minute it is muted for ten: stays well below."""

    name = "dingtalk_robot"
    per_minute = 15

    def __init__(self, *, token: str, secret: str = "", host: str = "https://oapi.dingtalk.com") -> None:
        self.token, self.secret, self.host = token, secret, host

    def compose(self, message: Outgoing) -> Parcel:
        for_a_group(message)
        checked(message, longest_url=LONGEST_URL)
        title = cut_letters(plain(one_line(message.title)), LONGEST_TITLE)
        button = cut(one_line(message.button), LONGEST_BUTTON) or _("查看")

        def shown(body: str) -> bytes:
            card = {
                "title": title, "text": _markdown(message, body), "btnOrientation": "0",
                "singleTitle": button, "singleURL": message.url,
            }  # fmt: skip
            return canonical({"msgtype": "actionCard", "actionCard": card})

        body, less = shortened(message.body, lambda text: len(shown(text)) <= LONGEST)
        return Parcel("actionCard", shown(body), less)

    def send(self, parcel: Parcel, *, to: str) -> Receipt:
        asked: dict[str, Any] = {"access_token": self.token}
        if self.secret:
            wall: datetime = import_string(settings.WALL_CLOCK)()
            now = int(wall.timestamp() * 1000)
            asked |= {"timestamp": str(now), "sign": signature(self.secret, now)}
        of_the_old_host(call("POST", f"{self.host}/robot/send", params=asked, body=parcel.body))
        return Receipt(parcel.kind, {})

    def explain(self, code: str) -> tuple[str, str]:
        return explained(CODES, code)


def _markdown(message: Outgoing, body: str) -> str:
    rows = [f"### {harmless(message.title)}"]
    for line in lines_of(body):
        rows.append(f"{harmless(line.label)}：{harmless(line.text)}" if line.label else harmless(line.text))  # zh: a colon
    return "\n\n".join([*rows, *([number(message)] if number(message) else [])])
