"""What Feishu's messages and cards look like, and what a person then reads."""

import json
from typing import Any

from tests.fakes.shape import canonical, link, size, text, wrong

MOST_TEXT, MOST_CARD, MOST_HOOK = 150 * 1024, 30 * 1024, 20 * 1024
TEMPLATES = {
    "blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet", "purple", "indigo", "grey", "default",
}  # fmt: skip
PLAIN = {"tag": {"plain_text"}, "content": text, "i18n?": dict}
SAID = {"tag": {"plain_text", "lark_md"}, "content": text, "i18n?": dict, "lines?": int}
HEADER = {"title": PLAIN, "subtitle?": PLAIN, "template?": TEMPLATES}
CONFIG = {"wide_screen_mode?": bool, "update_multi?": bool, "enable_forward?": bool}
CONFIG_2 = CONFIG | {"streaming_mode?": bool, "summary?": dict, "style?": dict, "width_mode?": text}
SPREAD = {"text": PLAIN, "url?": link, "multi_url?": dict, "value?": dict, "name?": text}
SPREAD |= {"type?": {"default", "primary", "danger"}}
PRESS = {"tag": {"button"}, "confirm?": dict} | SPREAD
PRESS_2 = PRESS | {
    "element_id?": text, "width?": text, "size?": text,
    "behaviors?": [({"type": {"callback"}, "value": dict}, {"type": {"open_url"}, "default_url": link})],
    "type?": {"default", "primary", "danger", "primary_filled", "text", "danger_filled", "primary_text", "danger_text"},
}  # fmt: skip
ELEMENTS: dict[str, Any] = {
    "div": {"tag": str, "text?": SAID, "fields?": [{"is_short": bool, "text": SAID}], "extra?": dict},
    "markdown": {"tag": str, "content": text, "text_align?": text, "href?": dict},
    "hr": {"tag": str},
    "note": {"tag": str, "elements": [SAID]},
    "action": {"tag": str, "actions": [PRESS], "layout?": text},
}
ELEMENTS_2: dict[str, Any] = {
    "div": ELEMENTS["div"] | {"element_id?": text, "icon?": dict},
    "markdown": ELEMENTS["markdown"] | {"element_id?": text, "text_size?": text, "icon?": dict, "margin?": text},
    "hr": {"tag": str, "element_id?": text, "margin?": text},
    "button": PRESS_2,
}


def wrong_card(card: Any) -> str:
    """The place that does not fit, in either version of the card."""
    second = isinstance(card, dict) and "schema" in card
    body = {"elements": [dict], "direction?": text, "padding?": text}
    shape = {"schema": {"2.0"}, "config?": CONFIG_2, "header?": HEADER, "body": body}
    if not second:
        shape = {"config?": CONFIG, "header?": HEADER, "elements": [dict]}
    place = wrong(card, shape, "card")
    if place:
        return place
    known = ELEMENTS_2 if second else ELEMENTS
    for number, element in enumerate(_elements(card)):
        kind = element.get("tag", "")
        place = wrong(element, known[kind], f"elements[{number}]") if kind in known else f"elements[{number}].tag"
        if place:
            return place
    return ""


def _elements(card: dict[str, Any]) -> list[dict[str, Any]]:
    return card["body"]["elements"] if "schema" in card else card["elements"]


def opened(kind: str, content: Any) -> tuple[Any, str]:
    """The content, which comes as JSON in a string, and what is wrong with it: "" | "long" | a place."""
    try:
        inside = json.loads(content)
    except (TypeError, ValueError):
        return None, "content"
    if size(content) > (MOST_TEXT if kind == "text" else MOST_CARD):
        return None, "long"
    return inside, wrong(inside, {"text": text}) if kind == "text" else wrong_card(inside)


def shown(kind: str, inside: dict[str, Any]) -> dict[str, Any]:
    if kind == "text":
        return {"title": "", "text": inside["text"]}
    lines, presses = [], []
    for element in _elements(inside):
        if element["tag"] == "button":
            presses.append(element)
        elif element["tag"] == "action":
            presses += element["actions"]
        else:
            lines += [element.get("content", ""), element.get("text", {}).get("content", "")]
            lines += [one["text"]["content"] for one in element.get("fields", [])]
            lines += [one["content"] for one in element.get("elements", [])]
    links = [one.get("url") or _behaviour(one) for one in presses]
    header = inside.get("header", {})
    return {
        "title": header.get("title", {}).get("content", ""), "text": "\n".join(line for line in lines if line),
        "link": next((one for one in links if one), ""), "button": " | ".join(one["text"]["content"] for one in presses),
        "presses": {canonical(value): one["text"]["content"] for one in presses if (value := _value(one)) is not None},
        "colour": header.get("template", ""),
    }  # fmt: skip


def _value(press: dict[str, Any]) -> dict[str, Any] | None:
    """What a button calls back with, in either version; None where it is a mere link."""
    told = [one["value"] for one in press.get("behaviors", []) if one["type"] == "callback"]
    return press.get("value") if "value" in press else next(iter(told), None)


def _behaviour(press: dict[str, Any]) -> str:
    return next((one["default_url"] for one in press.get("behaviors", []) if "default_url" in one), "")
