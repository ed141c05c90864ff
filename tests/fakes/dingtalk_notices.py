"""What the bodies of DingTalk notices and robots look like, and what a person then reads."""

from typing import Any

from tests.fakes.shape import canonical, link, size, text, wrong

MOST_NOTICE, MOST_ROBOT = 2048, 20_000  # bytes of the message; the page of the work notice says 2048
BUTTONS = {"title": text, "action_url": link}
CARD_OF_ONE = {"title": text, "markdown": text, "single_title": text, "single_url": link}
CARD_OF_MANY = {"title": text, "markdown": text, "btn_orientation": {"0", "1"}, "btn_json_list": [BUTTONS]}
OA = {
    "message_url": link, "pc_message_url?": link, "head": {"bgcolor": text, "text?": str},
    "status_bar?": {"status_value": text, "status_bg?": text},
    "body": {
        "title?": text, "form?": [{"key": text, "value": str}], "rich?": {"num?": str, "unit?": str}, "content?": str,
        "image?": str, "file_count?": str, "author?": str,
    },
}  # fmt: skip
LINK = {"messageUrl": link, "picUrl": text, "title": text, "text": text}
NOTICES: dict[str, Any] = {
    "text": {"content": text}, "markdown": {"title": text, "text": text}, "link": LINK, "oa": OA,
    "action_card": (CARD_OF_ONE, CARD_OF_MANY),
}  # fmt: skip
HEAD = {"title": text, "text": text, "btnOrientation?": {"0", "1"}, "hideAvatar?": {"0", "1"}}
ROBOTS: dict[str, Any] = {
    "text": {"content": text},
    "markdown": {"title": text, "text": text},
    "link": {"title": text, "text": text, "messageUrl": link, "picUrl?": str},
    "actionCard": (
        HEAD | {"singleTitle": text, "singleURL": link},
        HEAD | {"btns": [{"title": text, "actionURL": link}]},
    ),
    "feedCard": {"links": [{"title": text, "messageURL": link, "picURL": text}]},
}
AT = {"atMobiles?": [text], "atUserIds?": [text], "isAtAll?": bool}
ROBOT_MOST = 5  # buttons


def wrong_notice(msg: Any) -> str:
    """Of a work notice: exactly the type and its body, and not too long."""
    kind = msg.get("msgtype", "") if isinstance(msg, dict) else ""
    if kind not in NOTICES:
        return "msg.msgtype"
    if size(canonical(msg)) > MOST_NOTICE:
        return f"msg longer than {MOST_NOTICE} bytes"
    return wrong(msg, {"msgtype": str, kind: NOTICES[kind]}, "msg")


def wrong_robot(given: Any, raw: bytes) -> str:
    kind = given.get("msgtype", "") if isinstance(given, dict) else ""
    if kind not in ROBOTS:
        return "msgtype"
    if len(raw) > MOST_ROBOT:
        return f"body longer than {MOST_ROBOT} bytes"
    return wrong(given, {"msgtype": str, kind: ROBOTS[kind], "at?": AT})


def shown(msg: dict[str, Any]) -> dict[str, Any]:
    """As the ledger takes it, from a notice or a robot's message."""
    kind = msg["msgtype"]
    body = msg[kind]
    if kind == "oa":
        return _oa(body)
    said = body.get("markdown") or body.get("text") or body.get("content", "")
    buttons = body.get("btn_json_list") or body.get("btns") or []
    names = [body.get("single_title") or body.get("singleTitle") or "", *(one["title"] for one in buttons)]
    links = [one.get("action_url") or one.get("actionURL") for one in buttons]
    address = body.get("single_url") or body.get("singleURL") or body.get("messageUrl") or next(iter(links), "")
    if kind == "feedCard":
        said = "\n".join(one["title"] for one in body["links"])
    return {"title": body.get("title", ""), "text": said, "link": address, "button": " | ".join(n for n in names if n)}


def _oa(body: dict[str, Any]) -> dict[str, Any]:
    inside = body["body"]
    lines = [f"{one['key']} {one['value']}" for one in inside.get("form", [])]
    return {
        "title": inside.get("title") or body["head"].get("text", ""),
        "text": "\n".join([*lines, inside.get("content", "")]).strip(), "link": body["message_url"],
        "colour": body["head"]["bgcolor"],
        "state": body.get("status_bar", {}).get("status_value", ""),
    }  # fmt: skip
