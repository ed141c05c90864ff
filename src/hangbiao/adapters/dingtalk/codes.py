"""DingTalk's codes: numbers of the old host, names of the new one."""

from typing import Any

from django.utils.translation import gettext_lazy as lazy

from hangbiao.adapters.calling import FAULT, REFUSAL, TOO_MANY, Heard
from hangbiao.adapters.troubles import Code, refused
from hangbiao.engines.notify.ports import Refused, Trouble

AUTH_CLASS, MINUTE, MUTED = "88", 60.0, 600.0
SECRET = lazy("请在钉钉开放平台核对应用的 AppKey、AppSecret 与 AgentId，改好配置后恢复该渠道。")
TOKEN = lazy("系统已换取新凭证并重试一次。若仍出现，请核对应用的 AppSecret。")
PERSON = lazy("请在钉钉通讯录核对此人的 userid，并确认在应用的可见范围内；其间改用此人的下一个渠道。")
RIGHT = lazy("请在钉钉开放平台为应用开通该接口的权限。")
SHAPE = lazy("请检查消息模板。系统不会重发同样的内容。")
SLOWER = lazy("系统会等一分钟以上再重试。")
SWALLOWED = lazy("钉钉已静默丢弃这条消息；系统改用此人的下一个渠道。")

CODES: dict[str, Code] = {
    "-1": Code(Trouble.BUSY, lazy("钉钉系统繁忙。"), lazy("系统会自动重试。")),
    "40014": Code(Trouble.TOKEN, lazy("访问凭证无效。"), TOKEN),
    "42001": Code(Trouble.TOKEN, lazy("访问凭证已过期。"), TOKEN),
    "InvalidAuthentication": Code(Trouble.TOKEN, lazy("访问凭证无效。"), TOKEN),
    "88": Code(Trouble.CONFIG, lazy("鉴权没有通过。"), SECRET),
    "40089": Code(Trouble.CONFIG, lazy("AppKey 或 AppSecret 不正确。"), SECRET),
    "60011": Code(Trouble.CONFIG, lazy("应用没有这个接口的权限。"), RIGHT),
    "60020": Code(
        Trouble.CONFIG, lazy("本机的出口 IP 不在应用的白名单里。"),
        lazy("请在钉钉开放平台的“服务器出口IP”里加上出口 IP，再恢复该渠道。"),
    ),
    "Forbidden.AccessDenied.IpNotInWhiteList": Code(
        Trouble.CONFIG, lazy("本机的出口 IP 不在应用的白名单里。"),
        lazy("请在钉钉开放平台的“服务器出口IP”里加上出口 IP，再恢复该渠道。"),
    ),
    "Forbidden.AccessDenied.AccessTokenPermissionDenied": Code(
        Trouble.CONFIG, lazy("应用没有这个接口的权限。"), lazy("请在钉钉开放平台开通待办的写权限，或关闭待办改发工作通知。")
    ),
    "90018": Code(Trouble.RATE, lazy("应用的调用太频繁。"), SLOWER, MINUTE),
    "90002": Code(Trouble.RATE, lazy("应用的调用太频繁。"), SLOWER, MINUTE),
    "Forbidden.AccessDenied.Qps": Code(Trouble.RATE, lazy("应用的调用太频繁。"), SLOWER, MINUTE),
    "143103": Code(Trouble.RATE, lazy("应用每分钟的消息数到了上限。"), SLOWER, MINUTE),
    "143104": Code(Trouble.RATE, lazy("企业每分钟的消息数到了上限。"), SLOWER, MINUTE),
    "33012": Code(Trouble.RECIPIENT, lazy("钉钉里没有这个 userid。"), PERSON),
    "60121": Code(Trouble.RECIPIENT, lazy("钉钉里没有这个 userid。"), PERSON),
    "1430000": Code(Trouble.RECIPIENT, lazy("没有有效的收件人。"), PERSON),
    "1430004": Code(Trouble.RECIPIENT, lazy("此人开启了高管保护，应用不能给他发消息。"), PERSON),
    "143105": Code(Trouble.RECIPIENT, lazy("此人今天收到的消息数到了上限。"), SWALLOWED),
    "143106": Code(Trouble.CONTENT, lazy("同样的内容今天已发给过此人。"), SWALLOWED),
    "1430002": Code(Trouble.CONTENT, lazy("消息含有被禁止的词。"), SHAPE),
    "1430003": Code(Trouble.RATE, lazy("触发了钉钉的系统保护。"), SLOWER, MINUTE),
    "40035": Code(Trouble.CONTENT, lazy("消息的某个字段不被接受。"), SHAPE),
    "paramError": Code(Trouble.CONTENT, lazy("待办的某个字段不被接受。"), SHAPE),
    "lockError": Code(Trouble.BUSY, lazy("待办正被另一个调用修改。"), lazy("系统会自动重试。")),
    "flowControlError": Code(Trouble.RATE, lazy("待办的调用太频繁。"), SLOWER, MINUTE),
    "systemError": Code(Trouble.BUSY, lazy("钉钉待办系统出错。"), lazy("系统会自动重试。")),
    "notExist": Code(Trouble.CONTENT, lazy("这个待办在钉钉里已不存在。"), lazy("不需要处理。")),
    "invalid": Code(Trouble.RECIPIENT, lazy("钉钉说这个 userid 无效，消息没有送出。"), PERSON),
    "failed": Code(Trouble.BUSY, lazy("钉钉没能把消息送到。"), lazy("系统改用此人的下一个渠道。")),
    "forbidden": Code(Trouble.RATE, lazy("消息被钉钉的流量控制丢弃。"), SWALLOWED),
    "310000": Code(
        Trouble.CONFIG, lazy("群机器人拒收：缺少关键词、签名不符或 IP 不在白名单。"),
        lazy("请核对机器人的安全设置：加签密钥、关键词、IP 段，以及本机的时间。"),
    ),
    "300001": Code(Trouble.CONFIG, lazy("群机器人的地址无效。"), lazy("请在群里重新添加机器人，并更新它的 token。")),
    "130101": Code(
        Trouble.RATE, lazy("群机器人发得太快，已被禁言十分钟。"), lazy("系统会在十分钟后重试。"), MUTED
    ),
}  # fmt: skip


def of_the_old_host(heard: Heard) -> dict[str, Any]:
    """The answer if its number is 0. 88 is a class: what it was stands in sub_code. Refuses (Refused) anything else."""
    said = heard.said
    code = str(said.get("errcode", ""))
    if code == AUTH_CLASS and str(said.get("sub_code") or "").lstrip("-").isdecimal():
        code = str(said["sub_code"])
    if code == "0":
        return said
    raise refused(CODES, code or f"http_{heard.status}", said.get("sub_msg") or said.get("errmsg") or "", heard.wait)


def of_the_new_host(heard: Heard) -> dict[str, Any]:
    """The answer if its status is good. Refuses (Refused) anything else by the name of its code."""
    if heard.status < REFUSAL:
        return heard.said
    raise by_name(heard)


def by_name(heard: Heard) -> Refused:
    """`todo.taskCreate.lockError` counts as lockError, `Forbidden.AccessDenied.QpsLimitForApi` as Forbidden.AccessDenied.Qps."""
    code, text = str(heard.said.get("code") or ""), heard.said.get("message") or ""
    if code.startswith("Forbidden.AccessDenied.Qps"):
        code = "Forbidden.AccessDenied.Qps"
    elif code not in CODES and code.rsplit(".", 1)[-1] in CODES:
        code = code.rsplit(".", 1)[-1]
    if heard.status == TOO_MANY and code not in CODES:
        return refused(CODES, "http_429", text, heard.wait)
    if not code or (heard.status >= FAULT and code not in CODES):
        return refused(CODES, f"http_{heard.status}", text or code, heard.wait)
    return refused(CODES, code, text, heard.wait)
