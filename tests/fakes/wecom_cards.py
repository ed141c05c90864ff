"""What the bodies of WeCom messages look like, how much of them is shown, and what a person then reads."""

import re
from typing import Any

from tests.fakes.shape import cut, link, size, text, wrong

Shown = dict[str, Any]  # title, text, link, button, colour, cut: as the ledger takes them

TEXT, MARKDOWN, TITLE, DESCRIPTION, URL, TASK_ID = 2048, 2048, 128, 512, 2048, 128
BUTTON = 4  # characters
TASK = re.compile(r"[0-9a-zA-Z_\-@]{1,128}")
TITLED = {"title?": str, "desc?": str}
JUMP = {"type?": {0, 1, 2, 3}, "title": text, "url?": link, "appid?": text, "pagepath?": text, "question?": text}
FIELD = {"keyname": text, "value?": str, "type?": {0, 1, 2, 3}, "url?": link, "media_id?": text, "userid?": text}
ACTION = {"type": {1, 2, 3}, "url?": link, "appid?": text, "pagepath?": text}
SOURCE = {"icon_url?": link, "desc?": text, "desc_color?": {0, 1, 2, 3}}
PRESS = {"text": text, "style?": {1, 2, 3, 4}, "key?": text, "type?": {0, 1}, "url?": link}
QUOTE = {"type?": {0, 1, 2}, "url?": link, "title?": text, "quote_text?": text}
CARD = {
    "source?": SOURCE, "main_title": TITLED, "quote_area?": QUOTE, "sub_title_text?": str,
    "horizontal_content_list?": [FIELD],
}  # fmt: skip
CARDS = {
    "text_notice": CARD
    | {
        "card_type": str, "emphasis_content?": TITLED, "jump_list?": [JUMP], "card_action": ACTION,
        "task_id?": TASK.fullmatch,
    },
    "button_interaction": CARD
    | {"card_type": str, "button_list": [PRESS], "card_action?": ACTION, "task_id": TASK.fullmatch},
    "news_notice": CARD
    | {
        "card_type": str, "card_image": {"url": link, "aspect_ratio?": float}, "jump_list?": [JUMP], "card_action": ACTION,
        "task_id?": TASK.fullmatch,
    },
}  # fmt: skip
BODIES = {
    "text": {"content": text},
    "markdown": {"content": text},
    "textcard": {"title": text, "description": text, "url": link, "btntxt?": text},
}
MOST = {"horizontal_content_list": 6, "jump_list": 3, "button_list": 6}
COLOURS = {2: "red", 3: "green"}


def wrong_body(kind: str, body: Any) -> str:
    """The place that does not fit; "" if all does."""
    if kind != "template_card":
        found = wrong(body, BODIES[kind], kind)
        if not found and kind == "textcard" and size(body["url"]) > URL:
            return "textcard.url"
        return found
    card = CARDS.get(body.get("card_type", "") if isinstance(body, dict) else "")
    if card is None:
        return "template_card.card_type"
    found = wrong(body, card, kind)
    if found:
        return found
    crowded = [name for name, most in MOST.items() if len(body.get(name, [])) > most or body.get(name) == []]
    return f"{kind}.{crowded[0]}" if crowded else ""


def shown(kind: str, body: dict[str, Any]) -> Shown:
    """What is left of a body on the screen."""
    if kind in {"text", "markdown"}:
        said = cut(body["content"], TEXT if kind == "text" else MARKDOWN)
        return {"title": "", "text": said, "link": _first_link(said), "cut": said != body["content"]}
    if kind == "textcard":
        return _text_card(body)
    fields = [f"{one['keyname']}: {one.get('value', '')}" for one in body.get("horizontal_content_list", [])]
    main, strong = body["main_title"], body.get("emphasis_content", {})
    lines = [
        main.get("desc", ""), " ".join(strong.get(k, "") for k in ("title", "desc")).strip(),
        body.get("sub_title_text", ""), body.get("quote_area", {}).get("quote_text", ""), *fields,
    ]  # fmt: skip
    buttons = [one["title"] for one in body.get("jump_list", [])] + [one["text"] for one in body.get("button_list", [])]
    jumps = [one["url"] for one in (*body.get("jump_list", []), *body.get("button_list", [])) if one.get("url")]
    return {
        "title": main.get("title", ""), "text": "\n".join(line for line in lines if line),
        "link": body.get("card_action", {}).get("url", "") or next(iter(jumps), ""),
        "presses": {one["key"]: one["text"] for one in body.get("button_list", []) if one.get("key")},
        "button": " | ".join(buttons),
        "colour": COLOURS.get(body.get("source", {}).get("desc_color", 0), ""),
    }  # fmt: skip


def _text_card(body: dict[str, Any]) -> Shown:
    title, said = cut(body["title"], TITLE), cut(body["description"], DESCRIPTION)
    button = body.get("btntxt", "详情")[:BUTTON]
    shorter = title != body["title"] or said != body["description"] or button != body.get("btntxt", "详情")
    plain = re.sub(r"</?div[^>]*>?", "\n", said.replace("<br>", "\n"))
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    return {"title": title, "text": "\n".join(lines), "link": body["url"], "button": button, "cut": shorter}


def _first_link(said: str) -> str:
    found = re.search(r"href=\"(https?://[^\"]+)\"|\]\((https?://[^)\s]+)\)|(https?://[^\s<>\"）)]+)", said)
    return next((one for one in found.groups() if one), "") if found else ""
