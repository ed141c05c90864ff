"""WeCom calls back when somebody presses a card's button: encrypted, within five seconds, up to three times more."""

import secrets
from dataclasses import dataclass, field

from tests.fakes.callbacks import Answered, Call, Callbacks
from tests.fakes.crypt import wecom_locked, wecom_signature
from tests.fakes.ledger import Seen
from tests.fakes.wecom_messages import WeComMessages

PATIENCE = 5
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@dataclass
class WeComApp(WeComMessages):
    """Everything: signing on, messages, robots, callbacks."""

    callback_token: str = "wecom-callback-token"
    aes_key: str = AES_KEY  # 43 characters, as the console makes them
    callbacks: Callbacks = field(default_factory=lambda: Callbacks("", PATIENCE))

    def call_back_to(self, url: str) -> bool:
        """As the console does when the address is entered: we must answer the unlocked words."""
        self.callbacks.url = url
        words = secrets.token_hex(8)
        locked = wecom_locked(self.aes_key, words, self.corp)
        (answer,) = self.callbacks.deliver(lambda: ("GET", self._signed(locked) | {"echostr": locked}, {}, b""))[-1:]
        return answer == Answered(200, words.encode())

    def press(self, seen: Seen, key: str) -> list[Answered]:
        """The person presses a button of a card; what we answered, try by try."""
        code = self.new_code([seen])
        return self.callbacks.deliver(self._event(seen, key, code), self.fault)

    def _event(self, seen: Seen, key: str, code: str):
        made = int(self.now.timestamp())
        told = {
            "ToUserName": self.corp, "FromUserName": seen.person, "MsgType": "event", "Event": "template_card_event",
            "EventKey": key, "TaskId": seen.ids["task_id"], "CardType": seen.ids["card_type"], "ResponseCode": code,
        }  # fmt: skip
        inside = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in told.items())
        xml = f"<xml>{inside}<CreateTime>{made}</CreateTime><AgentID>{self.agent}</AgentID></xml>"

        def compose() -> Call:
            locked = wecom_locked(self.aes_key, xml, self.corp)
            around = {"ToUserName": self.corp, "AgentID": self.agent, "Encrypt": locked}
            body = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in around.items())
            return "POST", self._signed(locked), {"Content-Type": "text/xml"}, f"<xml>{body}</xml>".encode()

        return compose

    def _signed(self, locked: str) -> dict[str, str]:
        stamp, nonce = str(int(self.now.timestamp())), secrets.token_hex(5)
        signature = wecom_signature(self.callback_token, stamp, nonce, locked)
        return {"msg_signature": signature, "timestamp": stamp, "nonce": nonce}
