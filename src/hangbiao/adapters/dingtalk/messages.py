"""Work notices and to-dos of DingTalk (the port notify.ports.Channel).

A notice that DingTalk accepted may still be swallowed; `confirm` asks. A to-do is known by our key (`sourceId`), so a repeat
finds it there. To-dos know people by unionId: it is looked up by userid when the to-do is sent.
"""

import json
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from hangbiao.adapters.calling import call, canonical, fetched, with_token
from hangbiao.adapters.dingtalk.codes import CODES, by_name, of_the_new_host, of_the_old_host
from hangbiao.adapters.troubles import explained, refused
from hangbiao.adapters.wording import (
    checked,
    clean,
    cut,
    cut_letters,
    harmless,
    lines_of,
    number,
    one_line,
    plain,
    shortened,
    size,
)
from hangbiao.engines.notify.ports import Outgoing, Parcel, Receipt, Refused, State, Trouble

LONGEST = {
    "url": 500, "button": 20, "message": 1950,  # of a notice: 2048, less what other spellings of the same JSON need
    "subject": 1024, "description": 4096,  # of a to-do
}  # bytes; DingTalk refuses what is longer  # fmt: skip
LONGEST_TITLE = 64  # characters
URGENT, USUAL = 40, 20
EXISTS = "task exist"
NOTICES = "/topapi/message/corpconversation"
MOST_KNOWN = 5000
_union_ids: dict[tuple[str, ...], str] = {}


class DingTalk:
    """One internal app of one corporation. `todos`: what is to be done goes out as a to-do; else as a notice, too."""

    name = "dingtalk"
    per_minute = 600
    confirms = True
    remembers = 86_400
    repeats = ("143106",)  # the text carries our key: what DingTalk calls a double is our own earlier try

    def __init__(
        self,
        *,
        agent: str,
        client: str,
        secret: str,
        old_host: str = "https://oapi.dingtalk.com",
        host: str = "https://api.dingtalk.com",
        todos: bool = True,
    ) -> None:
        self.agent, self.client, self.secret, self.todos = int(agent), client, secret, todos
        self.old_host, self.host = old_host, host
        self.key = ("dingtalk", old_host, client)

    def compose(self, message: Outgoing) -> Parcel:
        checked(message, longest_url=LONGEST["url"])
        return _todo(message) if message.todo and self.todos else self._notice(message)

    def send(self, parcel: Parcel, *, to: str) -> Receipt:
        if parcel.kind == "todo":
            return self._send_todo(parcel, to)
        said = self._old(f"{NOTICES}/asyncsend_v2", parcel.body)
        return Receipt(parcel.kind, {"task_id": str(said.get("task_id", ""))})

    def confirm(self, receipt: Receipt, *, to: str) -> tuple[State, str]:
        """A to-do stands in their list as soon as it was accepted; of a notice DingTalk keeps who got and who read it."""
        if receipt.kind == "todo":
            return State.CONFIRMED, ""
        asked = {"agent_id": self.agent, "task_id": int(receipt.ids["task_id"])}
        found = self._old(f"{NOTICES}/getsendresult", canonical(asked)).get("send_result") or {}
        if to in _listed(found, "forbidden_user_id_list"):
            codes = [str(one.get("code")) for one in found.get("forbidden_list") or [] if one.get("userid") == to]
            return State.FILTERED, codes[0] if codes else "forbidden"
        for name in ("invalid", "failed"):
            if to in _listed(found, f"{name}_user_id_list"):
                return State.FAILED, name
        if to in _listed(found, "read_user_id_list"):
            return State.READ, ""
        return (State.CONFIRMED if to in _listed(found, "unread_user_id_list") else State.ACCEPTED), ""

    def close(self, receipt: Receipt, *, to: str, note: str) -> None:
        """Tick the to-do for this person. A notice cannot be changed."""
        if receipt.kind != "todo":
            return
        union = self._union_of(to)
        task = receipt.ids.get("id") or self._task_of(union, receipt.ids["source"])
        ticked = canonical({"executorStatusList": [{"id": union, "isDone": True}]})
        self._new("PUT", f"{_tasks(union)}/{quote(task, safe='')}/executorStatus", union, ticked)

    def explain(self, code: str) -> tuple[str, str]:
        return explained(CODES, code)

    def _notice(self, message: Outgoing) -> Parcel:
        title = cut_letters(plain(one_line(message.title)), LONGEST_TITLE)
        button = cut(one_line(message.button), LONGEST["button"]) or _("查看")

        def shown(body: str) -> dict[str, Any]:
            card = {"title": title, "markdown": _markdown(message, body), "single_title": button, "single_url": message.url}
            return {"msgtype": "action_card", "action_card": card}

        body, less = shortened(message.body, lambda text: len(canonical(shown(text))) <= LONGEST["message"])
        asked = {"agent_id": self.agent, "userid_list": message.to, "msg": shown(body)}
        return Parcel("action_card", canonical(asked), less)

    def _send_todo(self, parcel: Parcel, to: str) -> Receipt:
        """The parcel, and who it is for in DingTalk's other numbering: the same bytes every time."""
        union = self._union_of(to)
        asked = json.loads(parcel.body) | {"creatorId": union, "executorIds": [union]}
        source = asked["sourceId"]
        try:
            said = self._new("POST", _tasks(union), union, canonical(asked))
        except Refused as refusal:
            if refusal.code != EXISTS:
                raise
            return Receipt("todo", {"source": source})
        return Receipt("todo", {"source": source, "id": str(said.get("id", ""))})

    def _union_of(self, userid: str) -> str:
        known = _union_ids.get((*self.key, userid))
        if known:
            return known
        said = self._old("/topapi/v2/user/get", canonical({"userid": userid}))
        union = (said.get("result") or {}).get("unionid")
        if not isinstance(union, str) or not union:
            raise refused(CODES, "60121", "no unionid")
        if len(_union_ids) >= MOST_KNOWN:
            _union_ids.clear()
        _union_ids[*self.key, userid] = union
        return union

    def _task_of(self, union: str, source: str) -> str:
        """The to-do that an answer lost to us has made."""
        said = self._new("GET", f"{_tasks(union)}/sources/{quote(source, safe='')}", "", None)
        return str(said.get("id", ""))

    def _old(self, path: str, body: bytes) -> dict[str, Any]:
        def act(ticket: str) -> dict[str, Any]:
            return of_the_old_host(call("POST", self.old_host + path, params={"access_token": ticket}, body=body))

        return with_token(self.key, self._fetch_token, act)

    def _new(self, method: str, path: str, operator: str, body: bytes | None) -> dict[str, Any]:
        def act(ticket: str) -> dict[str, Any]:
            how: dict[str, Any] = {"params": {"operatorId": operator}} if operator else {}
            headers = {"x-acs-dingtalk-access-token": ticket}
            heard = call(method, self.host + path, headers=headers, body=body, **how)
            if heard.said.get("message") == EXISTS and by_name(heard).code == "paramError":
                raise Refused(Trouble.CONTENT, code=EXISTS)
            return of_the_new_host(heard)

        return with_token(self.key, self._fetch_token, act)

    def _fetch_token(self) -> tuple[str, int]:
        asked = {"appkey": self.client, "appsecret": self.secret}
        said = of_the_old_host(call("GET", f"{self.old_host}/gettoken", params=asked))
        return fetched(said, "access_token", "expires_in")


def _tasks(union: str) -> str:
    return f"/v1.0/todo/users/{quote(union, safe='')}/tasks"


def _listed(found: dict[str, Any], name: str) -> list[str]:
    return [str(one) for one in found.get(name) or []]


def _markdown(message: Outgoing, body: str) -> str:
    rows = [f"### {harmless(message.title)}"]
    for line in lines_of(body):
        rows.append(f"{harmless(line.label)}：{harmless(line.text)}" if line.label else harmless(line.text))  # zh: a colon
    return "\n\n".join([*rows, *([number(message)] if number(message) else [])])


def _todo(message: Outgoing) -> Parcel:
    def shown(body: str) -> str:
        return "\n".join(part for part in (plain(_clean_lines(body)), number(message)) if part)

    body, less = shortened(message.body, lambda text: size(shown(text)) <= LONGEST["description"])
    subject = plain(one_line(message.title))
    asked: dict[str, Any] = {
        "sourceId": f"hangbiao-{message.key}",
        "subject": cut(subject, LONGEST["subject"]),
        "description": shown(body),
        "detailUrl": {"appUrl": message.url, "pcUrl": message.url},
        "isOnlyShowExecutor": True,
        "priority": URGENT if message.light == "red" else USUAL,
        "notifyConfigs": {"dingNotify": "1"},
    }
    if message.due:
        asked["dueTime"] = int(message.due.timestamp() * 1000)
    return Parcel("todo", canonical(asked), less or size(subject) > LONGEST["subject"])


def _clean_lines(body: str) -> str:
    return "\n".join(clean(line).strip() for line in body.splitlines() if line.strip())
