"""Feishu calls back when somebody presses a card's button, signed and locked; the answer may change the card."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.fakes import feishu_cards as cards
from tests.fakes.callbacks import Answered, Call, Callbacks
from tests.fakes.crypt import feishu_locked, feishu_signature
from tests.fakes.feishu_messages import FeishuMessages, refused
from tests.fakes.ledger import Seen
from tests.fakes.shape import text, wrong
from tests.fakes.vendor import Reply, Sent

PATIENCE = 3
LATE, MOST_LATE = timedelta(minutes=30), 2


@dataclass
class FeishuApp(FeishuMessages):
    """Everything: signing on, messages, webhooks, to-dos, callbacks."""

    verification: str = "feishu-verification-token"
    encrypt_key: str = "feishu-encrypt-key"
    callbacks: Callbacks = field(default_factory=lambda: Callbacks("", PATIENCE, repeats=0))
    pressed: dict[str, tuple[datetime, Seen, int]] = field(default_factory=dict)  # token → when, what, changes so far

    def __post_init__(self) -> None:
        super().__post_init__()
        self.routes[("POST", "/open-apis/interactive/v1/card/update")] = self.late_change

    def call_back_to(self, url: str) -> bool:
        """As the console does when the address is entered: the challenge comes back."""
        self.callbacks.url = url
        words = secrets.token_hex(8)
        told = {"challenge": words, "token": self.verification, "type": "url_verification"}
        (answer,) = self.callbacks.deliver(lambda: self._locked(told))[-1:]
        return answer.status == 200 and _json(answer.body) == {"challenge": words}

    def press(self, seen: Seen, value: dict[str, Any], union: str) -> list[Answered]:
        """The person presses a button of a card; what we answered, try by try."""
        token, told = f"c-{secrets.token_hex(8)}", self.people[union]
        event = {
            "schema": "2.0",
            "header": {
                "event_id": secrets.token_hex(16), "event_type": "card.action.trigger", "create_time": self._stamp(),
                "token": self.verification, "app_id": self.client, "tenant_key": self.tenant,
            },
            "event": {
                "operator": {"open_id": told["open_id"], "user_id": told.get("user_id", "")}, "token": token,
                "action": {"tag": "button", "value": value, "form_value": {}},
                "context": {"open_message_id": seen.ids["message_id"], "open_chat_id": "oc_x"},
            },
        }  # fmt: skip
        answers = self.callbacks.deliver(lambda: self._locked(event), self.fault)
        if answers and answers[0].status == 200:
            self.pressed[token] = (self.now, seen, 0)
            changed = (_json(answers[0].body) or {}).get("card", {}).get("data")
            if changed is not None and not cards.wrong_card(changed):
                self._redraw(seen, changed)
        return answers

    def _locked(self, told: dict[str, Any]) -> Call:
        body = json.dumps({"encrypt": feishu_locked(self.encrypt_key, json.dumps(told, ensure_ascii=False))}).encode()
        stamp, nonce = str(int(self.now.timestamp())), secrets.token_hex(8)
        headers = {
            "Content-Type": "application/json", "X-Lark-Request-Timestamp": stamp, "X-Lark-Request-Nonce": nonce,
            "X-Lark-Signature": feishu_signature(stamp, nonce, self.encrypt_key, body),
        }  # fmt: skip
        return "POST", {}, headers, body

    def late_change(self, sent: Sent) -> Reply:
        """Within half an hour after our answer, twice at most."""
        refusal, given = self._no_entry(sent), sent.json()
        if refusal:
            return refusal
        if wrong(given, {"token": text, "card": dict}) or cards.wrong_card(given["card"]):
            return refused(10002, "invalid parameter")
        at, seen, changes = self.pressed.get(given["token"], (None, None, 0))
        if at is None or seen is None or self.now - at >= LATE or changes >= MOST_LATE:
            return refused(300010, "token expired or used")
        self.pressed[given["token"]] = (at, seen, changes + 1)
        self._redraw(seen, given["card"])
        return Reply({"code": 0, "msg": "ok"})

    def _redraw(self, seen: Seen, card: dict[str, Any]) -> None:
        seen.__dict__.update(cards.shown("interactive", card) | {"updated": seen.updated + 1})


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        given = json.loads(body)
    except ValueError:
        return None
    return given if isinstance(given, dict) else None
