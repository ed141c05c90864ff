"""App messages of WeCom (the port notify.ports.Channel): text cards, and template cards where the lines have labels.

What was accepted cannot be asked after: WeCom tells of no delivery. A send that repeats is swallowed there as long as its
bytes are the same (`enable_duplicate_check`).
"""

import html
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.adapters.calling import REFUSAL, Heard, call, canonical, fetched, with_token
from hangbiao.adapters.troubles import explained, refused
from hangbiao.adapters.wecom.codes import CODES
from hangbiao.adapters.wording import (
    BOLD,
    Line,
    checked,
    cut,
    lines_of,
    number,
    one_line,
    plain,
    shortened,
    size,
)
from hangbiao.engines.notify.ports import Outgoing, Parcel, Receipt, State

LONGEST = {
    "title": 128, "description": 512, "url": 2048,  # of a text card; longer ones are cut or refused there
    "card_title": 108, "card_desc": 132, "label": 15, "value": 90, "emphasis": 30,  # what a template card shows whole
    "button": 12,
}  # bytes  # fmt: skip
MOST_FIELDS = 6
FOUR_HOURS = 14_400  # as long as WeCom remembers
COLOURS = {"red": 2, "green": 3}
ACK = "ack"


class WeCom:
    """One app of one corporation. `buttons`: the callback address is set up, so cards may carry a button that answers."""

    name = "wecom"
    per_minute = 600
    confirms = False
    remembers = FOUR_HOURS

    def __init__(
        self, *, corp: str, agent: str, secret: str, host: str = "https://qyapi.weixin.qq.com", buttons: bool = False
    ) -> None:
        self.corp, self.agent, self.secret, self.host, self.buttons = corp, int(agent), secret, host, buttons
        self.key = ("wecom", host, corp, str(agent))

    def compose(self, message: Outgoing) -> Parcel:
        checked(message, longest_url=LONGEST["url"])
        kind, card, less = self._card_for(message)
        form = "textcard" if kind == "textcard" else "template_card"
        body = {
            "touser": message.to, "agentid": self.agent, "msgtype": form, form: card,
            "enable_duplicate_check": 1, "duplicate_check_interval": FOUR_HOURS,
        }  # fmt: skip
        return Parcel(kind, canonical(body), less)

    def _card_for(self, message: Outgoing) -> tuple[str, dict[str, Any], bool]:
        """A template card where lines have labels; unless it would cut what a text card holds."""
        lines = lines_of(message.body)
        if message.todo and self.buttons:
            return "buttons", *_with_buttons(message, lines)
        card, less = _text_card(message)
        if any(line.label for line in lines):
            notice, cut_there = _notice(message, lines)
            if less or not cut_there:
                return "template_card", notice, cut_there
        return "textcard", card, less

    def send(self, parcel: Parcel, *, to: str) -> Receipt:
        said = self._call("/cgi-bin/message/send", parcel.body)
        for name in ("invaliduser", "unlicenseduser"):
            if said.get(name):
                raise refused(CODES, name, said[name])
        ids = {name: str(said[name]) for name in ("msgid", "response_code") if said.get(name)}
        return Receipt(parcel.kind, ids)

    def confirm(self, receipt: Receipt, *, to: str) -> tuple[State, str]:
        return State.ACCEPTED, ""

    def close(self, receipt: Receipt, *, to: str, note: str) -> None:
        """The card's button tells what became of it. WeCom allows that once, within 72 hours."""
        if receipt.kind != "buttons" or not receipt.ids.get("response_code"):
            return
        asked = {
            "userids": [to], "agentid": self.agent, "response_code": receipt.ids["response_code"],
            "button": {"replace_name": cut(plain(one_line(note)), LONGEST["value"])},
        }  # fmt: skip
        self._call("/cgi-bin/message/update_template_card", canonical(asked))

    def explain(self, code: str) -> tuple[str, str]:
        return explained(CODES, code)

    def _call(self, path: str, body: bytes) -> dict[str, Any]:
        def act(ticket: str) -> dict[str, Any]:
            return judged(call("POST", self.host + path, params={"access_token": ticket}, body=body))

        return with_token(self.key, self._fetch_token, act)

    def _fetch_token(self) -> tuple[str, int]:
        asked = {"corpid": self.corp, "corpsecret": self.secret}
        said = judged(call("GET", f"{self.host}/cgi-bin/gettoken", params=asked))
        return fetched(said, "access_token", "expires_in")


def judged(heard: Heard) -> dict[str, Any]:
    """The answer if its number is 0. Refuses (Refused) anything else: WeCom says 200 whatever happened."""
    said = heard.said
    if said.get("errcode") == 0:
        return said
    code = str(said.get("errcode", "")) or (f"http_{heard.status}" if heard.status >= REFUSAL else "no_code")
    raise refused(CODES, code, said.get("errmsg") or "", heard.wait)


def _text_card(message: Outgoing) -> tuple[dict[str, Any], bool]:
    small = number(message)

    def shown(body: str) -> str:
        rows = [_row(line) for line in lines_of(body)]
        if small:
            rows.append(f'<div class="gray">{html.escape(small)}</div>')
        return "".join(rows)

    body, less = shortened(message.body, lambda text: size(shown(text)) <= LONGEST["description"])
    title = cut(plain(one_line(message.title)), LONGEST["title"])
    card = {
        "title": title, "description": shown(body), "url": message.url,
        "btntxt": one_line(message.button)[:4] or _("查看"),
    }  # fmt: skip
    return card, less or title != plain(one_line(message.title))


def _row(line: Line) -> str:
    """A line that has something bold stands out; WeCom has colours instead of bold."""
    text = f"{line.label}：{line.text}" if line.label else line.text  # zh: a colon
    kind = "highlight" if BOLD.search(text) else "normal"
    return f'<div class="{kind}">{html.escape(plain(text), quote=False)}</div>'


def _card(kind: str, message: Outgoing, lines: list[Line]) -> tuple[dict[str, Any], bool]:
    """What both kinds of template cards have: where it comes from, title, a line of text, fields."""
    labelled = [line for line in lines if line.label]
    text = " ".join(part for part in (number(message), *(plain(x.text) for x in lines if not x.label)) if part)
    title = plain(one_line(message.title))
    fields = [
        {"keyname": cut(line.label, LONGEST["label"]), "value": cut(plain(line.text), LONGEST["value"])}
        for line in labelled[:MOST_FIELDS]
    ]
    card: dict[str, Any] = {
        "card_type": kind,
        "source": {"desc": _("航标"), "desc_color": COLOURS.get(message.light, 0)},
        "main_title": {"title": cut(title, LONGEST["card_title"]), "desc": cut(text, LONGEST["card_desc"])},
        "card_action": {"type": 1, "url": message.url},
    }
    if fields:
        card["horizontal_content_list"] = fields
    less = len(labelled) > MOST_FIELDS or size(title) > LONGEST["card_title"] or size(text) > LONGEST["card_desc"]
    return card, less or any(size(plain(line.text)) > LONGEST["value"] for line in labelled)


def _notice(message: Outgoing, lines: list[Line]) -> tuple[dict[str, Any], bool]:
    """The first value that is bold as a whole is shown large."""
    large = next((x for x in lines if x.label and BOLD.fullmatch(x.text) and size(plain(x.text)) <= LONGEST["emphasis"]), None)
    card, less = _card("text_notice", message, [line for line in lines if line is not large])
    if large:
        card["emphasis_content"] = {"title": plain(large.text), "desc": cut(large.label, LONGEST["value"])}
    card["jump_list"] = [{"type": 1, "title": cut(one_line(message.button) or _("查看"), LONGEST["label"]), "url": message.url}]
    return card, less


def _with_buttons(message: Outgoing, lines: list[Line]) -> tuple[dict[str, Any], bool]:
    """Tapping the card opens the page; the button says that it was read."""
    card, less = _card("button_interaction", message, lines)
    card["button_list"] = [{"text": _("知道了"), "style": 1, "key": ACK}]
    card["task_id"] = message.key
    return card, less
