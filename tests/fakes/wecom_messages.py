"""WeCom as a messenger: app messages with the check for duplicates and the silent limits, cards that change, robots."""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.fakes import wecom_cards as cards
from tests.fakes.clock import Window
from tests.fakes.faults import Fault
from tests.fakes.ledger import Seen
from tests.fakes.shape import canonical, size, text, wrong
from tests.fakes.vendor import Reply, Sent
from tests.fakes.wecom import WeComServer, refused

KINDS = ("text", "markdown", "textcard", "template_card")
FRAME = {
    "touser?": str, "toparty?": str, "totag?": str, "agentid": int, "msgtype": str, "safe?": {0, 1}, "enable_id_trans?": {0, 1},
    "enable_duplicate_check?": {0, 1}, "duplicate_check_interval?": int,
}  # fmt: skip
MOST_PEOPLE, MOST_PARTIES = 1000, 100
USUAL_INTERVAL, LONGEST_INTERVAL = 1800, 14400
CARD_LIFE, RECALL_LIFE = timedelta(hours=72), timedelta(hours=24)
ROBOT_TEXT = {"content": text, "mentioned_list?": [text], "mentioned_mobile_list?": [text]}
ROBOT_KINDS = {
    "text": ROBOT_TEXT, "markdown": {"content": text}, "image": {"base64": text, "md5": text}, "file": {"media_id": text},
}  # fmt: skip
ROBOT_MOST = {"text": 2048, "markdown": 4096}
INTERACTIVE = {"button_interaction", "vote_interaction", "multiple_interaction"}


@dataclass
class Card:
    """What a response code may change, once."""

    seen: list[Seen]
    until: datetime
    used: bool = False


@dataclass
class WeComMessages(WeComServer):
    everybody: bool = False  # whoever is named is a member
    members: dict[str, str] = field(default_factory=dict)  # id → "" | "unlicensed" | "outside" (of the app's reach)
    parties: dict[str, list[str]] = field(default_factory=dict)
    robots: set[str] = field(default_factory=lambda: {"wecom-robot-key"})
    sent: dict[str, tuple[datetime, dict[str, Any]]] = field(default_factory=dict)  # content → when, what was answered
    cards: dict[str, Card] = field(default_factory=dict)
    messages: dict[str, list[Seen]] = field(default_factory=dict)  # msgid → what it put on screens
    task_ids: set[str] = field(default_factory=set)
    calls: Window = field(default_factory=lambda: Window(10_000, minutes=1))
    by_minute: Window = field(default_factory=lambda: Window(30, minutes=1))
    by_hour: Window = field(default_factory=lambda: Window(1000, hours=1))
    by_robot: Window = field(default_factory=lambda: Window(20, minutes=1))

    def __post_init__(self) -> None:
        super().__post_init__()
        self.routes |= {
            ("POST", "/cgi-bin/message/send"): self.send,
            ("POST", "/cgi-bin/message/update_template_card"): self.update_card,
            ("POST", "/cgi-bin/message/recall"): self.recall,
            ("POST", "/cgi-bin/webhook/send"): self.robot,
        }

    def add(self, *people: str, standing: str = "") -> None:
        self.members |= dict.fromkeys((one.lower() for one in people), standing)

    def spoiled(self, fault: str, sent: Sent) -> Reply | None:
        asks_token = sent.path.endswith("/gettoken")
        if fault == Fault.TOO_MANY:
            return Reply({"error": "too many requests"}, 429, headers={"Retry-After": "7"})
        if fault == Fault.CODE_IN_200:
            return refused(-1, "system busy")
        if fault == Fault.UNTRUSTED_IP and not asks_token:
            return refused(60020, "not allow to access from your ip, hint: [1], from ip: 127.0.0.1")
        if fault == Fault.RATE and not asks_token:
            return refused(45009, "api freq out of limit")
        if fault == Fault.DUPLICATE_TASK and sent.path.endswith("/message/send"):
            return refused(40058, "template_card.task_id exist")
        return None

    def send(self, sent: Sent) -> Reply:
        refusal = self._token_trouble(sent.query.get("access_token", "")) or self._misspelt(sent)
        if refusal:
            return refusal
        if not self.calls.take("send", self.now):
            return refused(45009, "api freq out of limit")
        given = sent.json() or {}
        content = canonical(given)
        if given.get("enable_duplicate_check"):
            at, answered = self.sent.get(content, (datetime.min, {}))
            span = timedelta(seconds=given.get("duplicate_check_interval", USUAL_INTERVAL))
            if answered and self.now - at < span:
                return Reply(answered)
        task = given.get("template_card", {}).get("task_id", "")
        if task and task in self.task_ids:
            return refused(40058, "template_card.task_id exist")
        answered = self._deliver(given)
        if answered["errcode"] == 0:
            self.sent[content] = (self.now, answered)
            self.task_ids |= {task} - {""}
        return Reply(answered)

    def _misspelt(self, sent: Sent) -> Reply | None:
        given = sent.json()
        kind = (given or {}).get("msgtype", "")
        if given is None or set(sent.query) != {"access_token"}:
            return refused(40058, "invalid Request Parameter")
        if kind not in KINDS:
            return refused(40008, "invalid message type")
        frame = {name: value for name, value in given.items() if name != kind}
        place = wrong(frame, FRAME) or ("" if kind in given else kind)
        if place == kind or (isinstance(given.get(kind), dict) and given[kind].get("content") == ""):
            return refused(44004, "empty content")
        place = place or cards.wrong_body(kind, given[kind])
        interval = given.get("duplicate_check_interval", USUAL_INTERVAL)
        if place or not 0 < interval <= LONGEST_INTERVAL or ("safe" in given and kind in {"markdown", "template_card"}):
            return refused(40058, f"{place or 'field'} invalid Request Parameter")
        if given["agentid"] != int(self.agent):
            return refused(40056, "invalid agentid")
        if not any(given.get(name) for name in ("touser", "toparty", "totag")):
            return refused(82001, "all of touser, toparty and totag are empty")
        named = [len(given.get(name, "").split("|")) for name in ("touser", "toparty", "totag")]
        if named[0] > MOST_PEOPLE or max(named[1:]) > MOST_PARTIES:
            return refused(40058, "too many receivers")
        return None

    def _deliver(self, given: dict[str, Any]) -> dict[str, Any]:
        wanted = [one for one in given.get("touser", "").split("|") if one]
        lost_parties = [one for one in given.get("toparty", "").split("|") if one and one not in self.parties]
        people = list(self.members) if wanted == ["@all"] else [one.lower() for one in wanted]
        people += [one for party in given.get("toparty", "").split("|") for one in self.parties.get(party, [])]
        standing = {one: self.members.get(one, "" if self.everybody else "outside") for one in people}
        if self.striking == Fault.PARTIAL:
            standing = dict.fromkeys(standing, "unlicensed")
        invalid = [one for one, what in standing.items() if what == "outside"]
        unlicensed = [one for one, what in standing.items() if what == "unlicensed"]
        if len(invalid) == len(standing):
            return {"errcode": 81013, "errmsg": "user & party & tag all invalid"}
        number = secrets.token_hex(12)
        seen = [self._show(one, given, number) for one, what in standing.items() if not what]
        answered = {
            "errcode": 0, "errmsg": "ok", "invaliduser": "|".join(invalid), "invalidparty": "|".join(lost_parties),
            "invalidtag": given.get("totag", ""), "unlicenseduser": "|".join(unlicensed), "msgid": number,
        }  # fmt: skip
        self.messages[number] = [one for one in seen if one]
        if given.get("template_card", {}).get("card_type") in INTERACTIVE:
            answered["response_code"] = self.new_code(self.messages[number])
        return answered

    def _show(self, person: str, given: dict[str, Any], number: str) -> Seen | None:
        kind = given["msgtype"]
        look = cards.shown(kind, given[kind])
        for window, why in ((self.by_minute, "30 a minute"), (self.by_hour, "1000 an hour")):
            if not window.take(person, self.now):
                self.ledger.drop("wecom", person, self.now, why, look["title"] or look["text"][:40])
                return None
        card = given.get("template_card", {})
        ids = {"msgid": number, "task_id": card.get("task_id", ""), "card_type": card.get("card_type", "")}
        return self.ledger.show("wecom", person, self.now, kind, ids=ids, **look)

    def new_code(self, seen: list[Seen]) -> str:
        code = secrets.token_urlsafe(24)
        self.cards[code] = Card(seen, self.now + CARD_LIFE)
        return code

    def update_card(self, sent: Sent) -> Reply:
        refusal = self._token_trouble(sent.query.get("access_token", ""))
        if refusal:
            return refusal
        given = sent.json() or {}
        shape = {"userids": [text], "agentid": {int(self.agent)}, "response_code": text, "button?": {"replace_name": text}}
        shape |= {"template_card?": dict, "enable_id_trans?": {0, 1}}
        if wrong(given, shape) or ("button" in given) == ("template_card" in given):
            return refused(40058, "invalid Request Parameter")
        card = self.cards.get(given["response_code"])
        if card is None or card.used or card.until <= self.now:
            return refused(40058, "invalid response_code")
        changed = given.get("template_card")
        if changed is not None and cards.wrong_body("template_card", changed):
            return refused(40058, "invalid template_card")
        card.used = True
        for line in card.seen:
            if line.person in {one.lower() for one in given["userids"]}:
                look = {"button": given.get("button", {}).get("replace_name", ""), "presses": {}}
                look |= cards.shown("template_card", changed) if changed else {}
                line.__dict__.update(look | {"updated": line.updated + 1})
        return Reply({"errcode": 0, "errmsg": "ok", "invaliduser": []})

    def recall(self, sent: Sent) -> Reply:
        refusal = self._token_trouble(sent.query.get("access_token", ""))
        if refusal:
            return refusal
        given = sent.json()
        if wrong(given, {"msgid": text}) or given["msgid"] not in self.messages:
            return refused(40058, "invalid msgid")
        seen = self.messages[given["msgid"]]
        if any(self.now - line.at >= RECALL_LIFE for line in seen):
            return refused(40058, "msgid too old")
        for line in seen:
            line.recalled = True
        return Reply({"errcode": 0, "errmsg": "ok"})

    def robot(self, sent: Sent) -> Reply:
        """No token, no signature: whoever has the key may write. Nothing is checked for duplicates."""
        given = sent.json() or {}
        key, kind = sent.query.get("key", ""), given.get("msgtype", "")
        if set(sent.query) != {"key"} or key not in self.robots:
            return refused(93000, "invalid webhook url")
        if kind not in {*ROBOT_KINDS, "template_card"}:
            return refused(40008, "invalid message type")
        body = given.get(kind)
        place = cards.wrong_body(kind, body) if kind == "template_card" else wrong(body, ROBOT_KINDS[kind], kind)
        if place or set(given) != {"msgtype", kind} or (body.get("card_type") in INTERACTIVE):
            return refused(40058, f"{place or 'field'} invalid Request Parameter")
        most = ROBOT_MOST.get(kind, 0)
        if most and size(body["content"]) > most:
            return refused(40058, f"{kind}.content exceed max length {most}. invalid Request Parameter")
        if kind == "image" and not _is_image(body):
            return refused(40058, "image.md5 invalid Request Parameter")
        if not self.by_robot.take(key, self.now):
            return refused(45009, "api freq out of limit")
        look = cards.shown(kind, body) if kind in KINDS else {"title": "", "text": f"[{kind}]"}
        if kind == "markdown":
            look |= {"text": body["content"], "cut": False}
        self.ledger.show("wecom", f"group:{key}", self.now, f"robot {kind}", **look)
        return Reply({"errcode": 0, "errmsg": "ok"})


def _is_image(body: dict[str, Any]) -> bool:
    try:
        content = base64.b64decode(body["base64"], validate=True)
    except binascii.Error:
        return False
    return hashlib.md5(content).hexdigest() == body["md5"]
