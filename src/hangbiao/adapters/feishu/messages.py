"""Messages of Feishu's bot (the port notify.ports.Channel): a card whose head has the light's colour.

`uuid` is our key: within an hour Feishu shows a repeat once.
"""

import json
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from hangbiao.adapters.calling import call, canonical, fetched, with_token
from hangbiao.adapters.feishu.codes import CODES, judged
from hangbiao.adapters.troubles import explained
from hangbiao.adapters.wording import checked, cut, harmless, lines_of, number, one_line, plain, shortened
from hangbiao.engines.notify.ports import Outgoing, Parcel, Receipt, State

LONGEST, LONGEST_TITLE, LONGEST_URL, LONGEST_KEPT = 30_000, 300, 2048, 8000  # bytes
HEADS = {"red", "yellow", "green"}


class Feishu:
    """One app of one tenant. `id_type`: what people's ids are. `buttons`: the callback address is set up."""

    name = "feishu"
    per_minute = 250  # the tenant's limit may be five a second
    confirms = False
    remembers = 3600

    def __init__(
        self,
        *,
        client: str,
        secret: str,
        host: str = "https://open.feishu.cn",
        id_type: str = "user_id",
        buttons: bool = False,
    ) -> None:
        self.client, self.secret, self.host, self.id_type, self.buttons = client, secret, host, id_type, buttons
        self.key = ("feishu", host, client)

    def compose(self, message: Outgoing) -> Parcel:
        checked(message, longest_url=LONGEST_URL)

        def shown(body: str) -> bytes:
            shown_card = canonical(card(message, body, button=self.buttons and message.todo)).decode()
            asked = {"receive_id": message.to, "msg_type": "interactive", "content": shown_card, "uuid": message.key[:50]}
            return canonical(asked)

        body, less = shortened(message.body, lambda text: len(shown(text)) <= LONGEST)
        return Parcel("card", shown(body), less)

    def send(self, parcel: Parcel, *, to: str) -> Receipt:
        said = self._call("POST", "/im/v1/messages", parcel.body, params={"receive_id_type": self.id_type})
        ids = {"message_id": str((said.get("data") or {}).get("message_id", ""))}
        content = json.loads(parcel.body)["content"]
        return Receipt(parcel.kind, ids | ({"card": content} if len(content.encode()) <= LONGEST_KEPT else {}))

    def confirm(self, receipt: Receipt, *, to: str) -> tuple[State, str]:
        return State.ACCEPTED, ""

    def close(self, receipt: Receipt, *, to: str, note: str) -> None:
        """The card turns grey, loses its buttons and tells what became of it."""
        if not receipt.ids.get("message_id"):
            return
        old = json.loads(receipt.ids.get("card", "{}"))
        kept = [part for part in old.get("elements", []) if part.get("tag") != "action"]
        title = old.get("header", {}).get("title") or _text(_("航标"))
        new = {
            "config": {"wide_screen_mode": True, "update_multi": True},
            "header": {"template": "grey", "title": title},
            "elements": [*kept, _markdown(f"**{harmless(note)}**")],
        }  # fmt: skip
        path = f"/im/v1/messages/{quote(receipt.ids['message_id'], safe='')}"
        self._call("PATCH", path, canonical({"content": canonical(new).decode()}))

    def explain(self, code: str) -> tuple[str, str]:
        return explained(CODES, code)

    def _call(self, method: str, path: str, body: bytes, **how: Any) -> dict[str, Any]:
        def act(ticket: str) -> dict[str, Any]:
            headers = {"Authorization": f"Bearer {ticket}"}
            return judged(call(method, f"{self.host}/open-apis{path}", headers=headers, body=body, **how))

        return with_token(self.key, self._fetch_token, act)

    def _fetch_token(self) -> tuple[str, int]:
        asked = canonical({"app_id": self.client, "app_secret": self.secret})
        said = judged(call("POST", f"{self.host}/open-apis/auth/v3/tenant_access_token/internal", body=asked))
        return fetched(said, "tenant_access_token", "expire")


def card(message: Outgoing, body: str, *, button: bool) -> dict[str, Any]:
    """A card of the first version. `button`: one that answers us beside the one that opens the page."""
    head: dict[str, Any] = {"title": _text(cut(plain(one_line(message.title)), LONGEST_TITLE))}
    if message.light in HEADS:
        head["template"] = message.light
    rows = [
        _markdown(f"{harmless(line.label)}：{harmless(line.text)}" if line.label else harmless(line.text))  # zh: a colon
        for line in lines_of(body)
    ]
    rows += [_markdown(number(message))] if number(message) else []
    actions = [{"tag": "button", "type": "primary", "text": _text(one_line(message.button) or _("查看")), "url": message.url}]
    if button:
        actions.append({"tag": "button", "text": _text(_("知道了")), "value": {"action": "ack", "id": message.key}})
    return {
        "config": {"wide_screen_mode": True, "update_multi": True}, "header": head,
        "elements": [*rows, {"tag": "action", "actions": actions}],
    }  # fmt: skip


def _text(said: str) -> dict[str, str]:
    return {"tag": "plain_text", "content": said}


def _markdown(said: str) -> dict[str, Any]:
    return {"tag": "div", "text": {"tag": "lark_md", "content": said}}
