"""Feishu's codes."""

from typing import Any

from django.utils.translation import gettext_lazy as lazy

from hangbiao.adapters.calling import FAULT, TOO_MANY, Heard
from hangbiao.adapters.troubles import Code, refused
from hangbiao.engines.notify.ports import Trouble

MINUTE = 60.0
SECRET = lazy("请在飞书开放平台核对应用的 App ID 与 App Secret，改好配置后恢复该渠道。")
TOKEN = lazy("系统已换取新凭证并重试一次。若仍出现，请核对应用的 App Secret。")
PERSON = lazy("请在飞书管理后台把此人加入应用的可用范围；其间改用此人的下一个渠道。")
RIGHT = lazy("请在飞书开放平台为应用开通机器人能力与发消息的权限，并发布版本。")
SHAPE = lazy("请检查消息模板。系统不会重发同样的内容。")
SLOWER = lazy("系统会按飞书给出的时间放慢后重试。")
ROBOT = lazy("请核对群机器人的安全设置：签名密钥、关键词、IP 白名单，以及本机的时间。")

CODES: dict[str, Code] = {
    "10003": Code(Trouble.CONFIG, lazy("应用的 App ID 不正确。"), SECRET),
    "10013": Code(Trouble.CONFIG, lazy("飞书里没有这个 App ID。"), SECRET),
    "10014": Code(Trouble.CONFIG, lazy("应用的 App Secret 不正确。"), SECRET),
    "99991661": Code(Trouble.TOKEN, lazy("缺少访问凭证。"), TOKEN),
    "99991663": Code(Trouble.TOKEN, lazy("访问凭证无效或已过期。"), TOKEN),
    "99991668": Code(Trouble.TOKEN, lazy("个人的访问凭证无效。"), TOKEN),
    "99991401": Code(
        Trouble.CONFIG, lazy("本机的出口 IP 不在应用的 IP 白名单里。"),
        lazy("请在飞书开放平台的“安全设置”里加上出口 IP，再恢复该渠道。"),
    ),
    "99991672": Code(Trouble.CONFIG, lazy("应用缺少所需的权限。"), RIGHT),
    "230001": Code(Trouble.CONTENT, lazy("消息的某个字段不被接受。"), SHAPE),
    "230002": Code(Trouble.CONFIG, lazy("机器人不在群里。"), lazy("请把机器人加进群。")),
    "230006": Code(Trouble.CONFIG, lazy("应用没有启用机器人能力。"), RIGHT),
    "230013": Code(Trouble.RECIPIENT, lazy("此人不在应用的可用范围。"), PERSON),
    "230020": Code(Trouble.RATE, lazy("发给同一会话的消息太频繁。"), SLOWER, 1.0),
    "230025": Code(Trouble.CONTENT, lazy("消息过长。"), SHAPE),
    "230027": Code(Trouble.CONFIG, lazy("应用没有发消息的权限。"), RIGHT),
    "230028": Code(Trouble.CONTENT, lazy("消息内容没有通过飞书的审核。"), SHAPE),
    "230053": Code(
        Trouble.RECIPIENT, lazy("此人已停止接收应用的消息。"), lazy("系统改用此人的下一个渠道；此人可在飞书里重新开启。")
    ),
    "11232": Code(Trouble.RATE, lazy("企业的消息太频繁。"), SLOWER, MINUTE),
    "99991400": Code(Trouble.RATE, lazy("应用的调用太频繁。"), SLOWER, MINUTE),
    "9499": Code(Trouble.CONTENT, lazy("群机器人说消息格式不对。"), SHAPE),
    "19001": Code(Trouble.CONFIG, lazy("群机器人的地址无效。"), lazy("请在群里重新添加机器人，并更新它的 token。")),
    "19021": Code(Trouble.CONFIG, lazy("群机器人的签名不符，或本机时间偏差超过一小时。"), ROBOT),
    "19022": Code(Trouble.CONFIG, lazy("本机的出口 IP 不在群机器人的白名单里。"), ROBOT),
    "19024": Code(Trouble.CONFIG, lazy("消息里没有群机器人要求的关键词。"), ROBOT),
}  # fmt: skip


def judged(heard: Heard) -> dict[str, Any]:
    """The answer if its code is 0 and its status is no refusal's. Refuses (Refused) anything else."""
    said = heard.said
    code = said.get("code")
    if code == 0 and heard.status < FAULT:
        return said
    known = str(code if code is not None else "")
    if heard.status == TOO_MANY:  # whatever the code: the status says when to come again
        found = CODES.get(known)
        known = known if found and found.trouble is Trouble.RATE else "http_429"
    elif known in {"", "0"} or (heard.status >= FAULT and known not in CODES):
        known = f"http_{heard.status}" if heard.status >= FAULT else "no_code"
    raise refused(CODES, known, said.get("msg") or "", heard.wait)
