"""Feishu as a messenger: messages with a uuid, cards that change, group webhooks with their strange signature, to-dos."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes import feishu_cards as cards
from tests.fakes.clock import Window
from tests.fakes.faults import Fault
from tests.fakes.feishu import FeishuServer
from tests.fakes.ledger import Seen
from tests.fakes.shape import canonical, digits, text, wrong
from tests.fakes.vendor import Reply, Sent

TOKEN_LIFE, SAME_TOKEN = timedelta(seconds=7200), timedelta(minutes=30)
SAME_UUID, CHANGEABLE, RECALLABLE = timedelta(hours=1), timedelta(days=14), timedelta(hours=24)
CLOCKS_APART, MOST_URGENT = timedelta(hours=1), 200
MESSAGES, TASKS = "/open-apis/im/v1/messages", "/open-apis/task/v2/tasks"
ID_TYPES = {"open_id", "user_id", "union_id", "email", "chat_id"}
DUE = {"timestamp": digits, "is_all_day?": bool}
MEMBER = {"id": text, "type?": {"user", "app"}, "role": {"assignee", "follower"}, "name?": text}
ORIGIN = {"platform_i18n_name?": dict, "href?": {"url?": text, "title?": text}}
TASK = {
    "summary": text, "description?": str, "due?": DUE, "start?": DUE, "members?": [MEMBER], "client_token?": text,
    "origin?": ORIGIN, "completed_at?": digits, "extra?": str, "mode?": {1, 2}, "is_milestone?": bool,
}  # fmt: skip
CHANGE = {"summary?": text, "description?": str, "due?": DUE, "completed_at?": digits}


@dataclass
class Hook:
    secret: str = "feishu-hook-secret"
    keyword: str = ""
    trusted: bool = True


@dataclass
class Message:
    seen: Seen
    kind: str
    shared: bool  # a card that may be changed for everybody


@dataclass
class FeishuMessages(FeishuServer):
    everybody: bool = False  # whoever is named is a member
    trusted: bool = True
    outside: set[str] = field(default_factory=set)  # union ids beyond the app's reach
    chats: set[str] = field(default_factory=set)  # groups the app is in
    hooks: dict[str, Hook] = field(default_factory=lambda: {"feishu-hook-token": Hook()})
    tokens: dict[str, datetime] = field(default_factory=dict)
    uuids: dict[str, tuple[datetime, dict[str, Any]]] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    tasks: dict[str, list[Seen]] = field(default_factory=dict)
    client_tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    urgents: dict[str, int] = field(default_factory=dict)
    by_second: Window = field(default_factory=lambda: Window(50, seconds=1))
    by_minute: Window = field(default_factory=lambda: Window(1000, minutes=1))
    by_person: Window = field(default_factory=lambda: Window(5, seconds=1))
    by_hook_second: Window = field(default_factory=lambda: Window(5, seconds=1))
    by_hook_minute: Window = field(default_factory=lambda: Window(100, minutes=1))

    def __post_init__(self) -> None:
        super().__post_init__()
        self.routes |= {
            ("POST", "/open-apis/auth/v3/tenant_access_token/internal"): self.tenant_token,
            ("POST", MESSAGES): self.send,
            ("PATCH", MESSAGES + "/{message}"): self.change,
            ("DELETE", MESSAGES + "/{message}"): self.recall,
            ("PATCH", MESSAGES + "/{message}/urgent_app"): self.urgent,
            ("POST", "/open-apis/bot/v2/hook/{token}"): self.hook,
            ("POST", TASKS): self.create_task,
            ("PATCH", TASKS + "/{task}"): self.change_task,
            ("DELETE", TASKS + "/{task}"): self.delete_task,
        }

    def spoil_tokens(self, fault: Fault) -> None:
        self.tokens = {} if fault is Fault.TOKEN_REVOKED else dict.fromkeys(self.tokens, self.now)

    def spoiled(self, fault: str, sent: Sent) -> Reply | None:
        asks_token = sent.path.endswith("/internal")
        if fault == Fault.TOO_MANY:
            return self._too_many("7")
        if fault == Fault.CODE_IN_200:
            return Reply({"code": 11232, "msg": "frequency limited", "data": {}})
        if fault == Fault.UNTRUSTED_IP and not asks_token:
            return refused(19022 if "/hook/" in sent.path else 99991401, "ip not allowed", 400)
        if fault == Fault.RATE and not asks_token:
            return refused(11232 if "/hook/" in sent.path else 230020, "rate", 200 if "/hook/" in sent.path else 400)
        return None

    def _too_many(self, reset: str) -> Reply:
        headers = {"x-ogw-ratelimit-limit": str(self.by_second.most), "x-ogw-ratelimit-reset": reset}
        return Reply({"code": 99991400, "msg": "request trigger frequency limit"}, 429, headers=headers)

    def tenant_token(self, sent: Sent) -> Reply:
        """The same while half an hour is left; then a new one, and both are good."""
        given = sent.json()
        if wrong(given, {"app_id": text, "app_secret": text}):
            return refused(10003, "invalid param")
        if given["app_id"] != self.client:
            return refused(10013, "app_id not exist", 200)
        if given["app_secret"] != self.secret:
            return refused(10014, "app secret invalid", 200)
        good = [token for token, until in self.tokens.items() if until - self.now >= SAME_TOKEN]
        if not good:
            good = [f"t-{secrets.token_urlsafe(32)}"]
            self.tokens[good[0]] = self.now + TOKEN_LIFE
        left = int((self.tokens[good[0]] - self.now).total_seconds())
        return Reply({"code": 0, "msg": "ok", "tenant_access_token": good[0], "expire": left})

    def _no_entry(self, sent: Sent) -> Reply | None:
        kind, _, token = sent.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not token:
            return refused(99991661, "Missing access token for authorization")
        if self.tokens.get(token, self.now) <= self.now:
            return refused(99991663, "Invalid access token for authorization")
        if not self.trusted:
            return refused(99991401, "ip is denied by app setting")
        if not self.by_second.take("app", self.now):
            return self._too_many("1")
        if not self.by_minute.take("app", self.now):
            return self._too_many("60")
        return None

    def whose(self, kind: str, given: str) -> str:
        """The union id of whom an id of this kind names; "" if nobody."""
        names = {"email": ("email", "enterprise_email")}.get(kind, (kind,))
        for union, told in self.people.items():
            if any(told.get(name) == given for name in names):
                return union
        if self.everybody and kind != "chat_id":
            self.add(f"on_{given}", **{kind: given})
            return f"on_{given}"
        return ""

    def send(self, sent: Sent) -> Reply:
        refusal = self._no_entry(sent)
        if refusal:
            return refusal
        given, kind = sent.json(), sent.query.get("receive_id_type", "")
        uuid = lambda one: isinstance(one, str) and 0 < len(one) <= 50
        shape = {"receive_id": text, "msg_type": {"text", "interactive"}, "content": text, "uuid?": uuid}
        place = wrong(given, shape) or ("" if kind in ID_TYPES and set(sent.query) == {"receive_id_type"} else "receive_id_type")
        if place:
            return refused(230001, f"Your request contains an invalid request parameter, ext={place}")
        at, answered = self.uuids.get(given.get("uuid", ""), (datetime.min, {}))
        if answered and self.now - at < SAME_UUID:
            return Reply(answered)
        inside, place = cards.opened(given["msg_type"], given["content"])
        if place:
            return refused(230025 if place == "long" else 230001, f"invalid content, ext={place}")
        refusal, union = self._receiver(kind, given["receive_id"])
        if refusal:
            return refusal
        answered = self._deliver(union, given, inside)
        if "uuid" in given:
            self.uuids[given["uuid"]] = (self.now, answered)
        return Reply(answered)

    def _receiver(self, kind: str, given: str) -> tuple[Reply | None, str]:
        if kind == "chat_id":
            known = given in self.chats
            return None if known else refused(230002, "Bot/User can NOT be out of the chat."), f"group:{given}"
        union = self.whose(kind, given)
        if not union:
            return refused(230001, "invalid receive_id"), ""
        if union in self.outside or self.striking == Fault.PARTIAL:
            return refused(230013, "Bot has NO availability to this user."), ""
        if self.striking == Fault.SILENT_DROP:
            return refused(230053, "The user has stopped the bot from sending messages."), ""
        if not self.by_person.take(union, self.now):
            return refused(230020, "This operation triggers the frequency limit."), ""
        return None, union

    def _deliver(self, union: str, given: dict[str, Any], inside: dict[str, Any]) -> dict[str, Any]:
        number, stamp, kind = f"om_{secrets.token_hex(16)}", self._stamp(), given["msg_type"]
        seen = self._show(union, kind, inside, {"message_id": number})
        self.messages[number] = Message(seen, kind, bool(inside.get("config", {}).get("update_multi") or "schema" in inside))
        told = {
            "message_id": number, "root_id": "", "parent_id": "", "msg_type": kind, "create_time": stamp, "update_time": stamp,
            "deleted": False, "updated": False, "chat_id": f"oc_{union[-8:]}",
            "sender": {"id": self.client, "id_type": "app_id", "sender_type": "app", "tenant_key": self.tenant},
            "body": {"content": given["content"]},
        }  # fmt: skip
        return {"code": 0, "msg": "success", "data": told}

    def _show(self, union: str, kind: str, inside: dict[str, Any], ids: dict[str, str]) -> Seen:
        return self.ledger.show("feishu", self.name_of(union), self.now, kind, ids=ids, **cards.shown(kind, inside))

    def name_of(self, union: str) -> str:
        """Whose column it is: the company's own number of the person where Feishu knows one."""
        told = self.people.get(union, {})
        return told.get("user_id") or (told.get("open_id", "").removeprefix("ou_") if told else union)

    def _stamp(self) -> str:
        return str(int(self.now.timestamp() * 1000))

    def _known(self, sent: Sent, within: timedelta) -> tuple[Message | None, Reply]:
        refusal = self._no_entry(sent)
        message = None if refusal else self.messages.get(sent.named["message"])
        if message is None or message.seen.recalled or self.now - message.seen.at >= within:
            return None, refusal or refused(230001, "invalid message_id")
        return message, Reply({"code": 0, "msg": "success", "data": {}})

    def change(self, sent: Sent) -> Reply:
        message, reply = self._known(sent, CHANGEABLE)
        if message is None:
            return reply
        given = sent.json()
        inside, place = cards.opened("interactive", given.get("content") if given else None)
        if wrong(given, {"content": text}) or place or message.kind != "interactive" or not message.shared or sent.query:
            return refused(230025 if place == "long" else 230001, f"invalid content, ext={place}")
        if not self.by_person.take(sent.path, self.now):
            return refused(230020, "This operation triggers the frequency limit.")
        message.seen.__dict__.update(cards.shown("interactive", inside) | {"updated": message.seen.updated + 1})
        return reply

    def recall(self, sent: Sent) -> Reply:
        message, reply = self._known(sent, RECALLABLE)
        if message is not None:
            message.seen.recalled = True
        return reply

    def urgent(self, sent: Sent) -> Reply:
        message, reply = self._known(sent, CHANGEABLE)
        if message is None:
            return reply
        given, kind = sent.json(), sent.query.get("user_id_type", "")
        if wrong(given, {"user_id_list": [text]}) or kind not in {"open_id", "user_id", "union_id"}:
            return refused(230001, "invalid parameter")
        lost = [one for one in given["user_id_list"] if not self.whose(kind, one)]
        for one in given["user_id_list"]:
            if self.urgents.get(one, 0) >= MOST_URGENT:
                return refused(230023, "The number of unread urgent messages exceeds the limit.")
            self.urgents[one] = self.urgents.get(one, 0) + 1
        return Reply(reply.body | {"data": {"invalid_user_id_list": lost}})

    def hook(self, sent: Sent) -> Reply:
        """Signed inside the body; the text is the key and the message is empty."""
        name, given = sent.named["token"], sent.json()
        hook = self.hooks.get(name)
        kind = (given or {}).get("msg_type", "")
        shape = {"timestamp?": digits, "sign?": text, "msg_type": {"text", "interactive"}}
        shape |= {"content": {"text": text}} if kind == "text" else {"card": dict}
        place = wrong(given, shape) or (cards.wrong_card(given["card"]) if kind == "interactive" else "")
        if hook is None or place or len(sent.raw) > cards.MOST_HOOK:
            return refused(19001 if hook is None else 9499, "param invalid" if hook is None else "Bad Request", 200)
        if not hook.trusted:
            return refused(19022, "Ip Not Allowed", 200)
        if hook.secret and not self._signed(hook, given):
            return refused(19021, "sign match fail or timestamp is not within one hour from current time", 200)
        if hook.keyword not in canonical(given):
            return refused(19024, "Key Words Not Found", 200)
        if not (self.by_hook_second.take(name, self.now) and self.by_hook_minute.take(name, self.now)):
            return refused(11232, "frequency limited", 200)
        look = cards.shown(kind, given["content"] if kind == "text" else given["card"])
        self.ledger.show("feishu", f"group:{name}", self.now, f"robot {kind}", **look)
        return Reply({"code": 0, "msg": "success", "data": {}, "StatusCode": 0, "StatusMessage": "success"})

    def _signed(self, hook: Hook, given: dict[str, Any]) -> bool:
        stamp = given.get("timestamp", "0")
        made = hmac.new(f"{stamp}\n{hook.secret}".encode(), b"", hashlib.sha256).digest()
        near = abs(self.now.timestamp() - int(stamp)) <= CLOCKS_APART.total_seconds()
        return near and base64.b64encode(made).decode() == given.get("sign", "")

    def create_task(self, sent: Sent) -> Reply:
        refusal, people, kind = self._no_entry(sent), [], sent.query.get("user_id_type", "open_id")
        if refusal:
            return refusal
        given = sent.json()
        place = wrong(given, TASK) or ("" if set(sent.query) <= {"user_id_type"} else "query")
        if not place:
            people = [self.whose(kind, one["id"]) for one in given.get("members", []) if one["role"] == "assignee"]
            place = "" if all(people) and len(given["summary"]) <= 3000 else "members or summary"
        if place or self.striking == Fault.PARTIAL:
            return refused(1470400, f"invalid {place or 'members'}")
        before = self.client_tokens.get(given.get("client_token", ""))
        if before:
            return Reply(before)
        number = secrets.token_hex(16)
        self.tasks[number] = [self._show_task(union, given, number) for union in people]
        told = {"guid": number, "summary": given["summary"], "completed_at": "0", "status": "todo"}
        answered = {"code": 0, "msg": "success", "data": {"task": told}}
        if "client_token" in given:
            self.client_tokens[given["client_token"]] = answered
        return Reply(answered)

    def _show_task(self, union: str, given: dict[str, Any], number: str) -> Seen:
        due = datetime.fromtimestamp(int(given["due"]["timestamp"]) / 1000, UTC) if "due" in given else None
        address = given.get("origin", {}).get("href", {}).get("url", "")
        said = given.get("description", "")
        return self.ledger.show(
            "feishu", self.name_of(union), self.now, "todo", given["summary"], said, link=address, state="open", due=due,
            ids={"task": number},
        )  # fmt: skip

    def change_task(self, sent: Sent) -> Reply:
        refusal = self._no_entry(sent)
        given, seen = sent.json(), self.tasks.get(sent.named["task"])
        if refusal or wrong(given, {"task": CHANGE, "update_fields": [text]}):
            return refusal or refused(1470400, "invalid parameter")
        if set(given["update_fields"]) != set(given["task"]):
            return refused(1470400, "update_fields")
        if seen is None:
            return refused(1470404, "task not found", 404)
        for line in seen:
            if "completed_at" in given["task"]:
                line.state = "open" if given["task"]["completed_at"] == "0" else "done"
            line.title, line.text = given["task"].get("summary", line.title), given["task"].get("description", line.text)
            line.updated += 1
        return Reply({"code": 0, "msg": "success", "data": {"task": {"guid": sent.named["task"]}}})

    def delete_task(self, sent: Sent) -> Reply:
        refusal, seen = self._no_entry(sent), self.tasks.pop(sent.named["task"], None)
        if refusal or seen is None:
            return refusal or refused(1470404, "task not found", 404)
        for line in seen:
            line.state = "deleted"
        return Reply({"code": 0, "msg": "success", "data": {}})


def refused(code: int, said: str, status: int = 400) -> Reply:
    return Reply({"code": code, "msg": said}, status)
