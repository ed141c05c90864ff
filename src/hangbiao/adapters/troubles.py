"""What a vendor's code means: its class, the fact in words, the next step. Each vendor has a table CODES of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hangbiao.engines.notify.ports import Refused, Trouble


@dataclass(frozen=True, slots=True)
class Code:
    """`what` and `remedy` are for the administrator; `wait`: seconds until the vendor hears again, where it names none itself."""

    trouble: Trouble
    what: str | Promise
    remedy: str | Promise
    wait: float | None = None


LATER = lazy("系统会自动重试。若持续出现，请检查本机到该服务的网络。")
LINE: dict[str, Code] = {
    "timeout": Code(Trouble.BUSY, lazy("对方在规定时间内没有应答。"), LATER),
    "connect": Code(Trouble.BUSY, lazy("连接不上对方的服务器。"), LATER),
    "cut": Code(Trouble.BUSY, lazy("连接中途断开，不知道对方是否已收到。"), lazy("系统会用完全相同的内容重试，对方据此去重。")),
    "tls": Code(
        Trouble.BUSY, lazy("对方的证书无法验证。"), lazy("请检查出口代理是否替换了证书，以及本机的根证书与时间。")
    ),
    "redirect": Code(
        Trouble.BUSY, lazy("收到的是跳转而不是应答。"), lazy("通常是上网认证页或地址写错，请检查出口网络与服务地址。")
    ),
    "too_large": Code(Trouble.BUSY, lazy("应答超过 1 MB，已拒收。"), LATER),
    "not_json": Code(
        Trouble.BUSY, lazy("应答不是约定的格式。"), lazy("系统会自动重试。若持续出现，请检查服务地址与出口代理。")
    ),
    "no_code": Code(
        Trouble.BUSY, lazy("应答里没有结果代码。"), lazy("系统会自动重试。若持续出现，请检查服务地址与出口代理。")
    ),
    "http_429": Code(Trouble.RATE, lazy("调用太频繁。"), lazy("系统会放慢速度后自动重试。"), 60.0),
    "address": Code(Trouble.CONFIG, lazy("服务地址写得不对。"), lazy("请更正配置里的地址，再恢复该渠道。")),
    "bad_url": Code(
        Trouble.CONTENT, lazy("消息里的链接过长或不是完整地址。"), lazy("请检查 HANGBIAO_URL 是否为本系统的完整地址。")
    ),
    "empty": Code(Trouble.CONTENT, lazy("消息没有标题。"), lazy("请在消息模板里补上标题。")),
    "too_long": Code(Trouble.CONTENT, lazy("标题与链接本身已超过对方的长度限制。"), lazy("请缩短消息模板的标题。")),
    "personal": Code(
        Trouble.CONTENT, lazy("个人消息不能发到群里。"), lazy("群机器人只用于汇总消息，请把个人消息改为应用消息。")
    ),
}  # fmt: skip


def explained(codes: Mapping[str, Code], code: str) -> tuple[str, str]:
    """The fact and the next step, in the reader's language."""
    known = codes.get(code) or LINE.get(code)
    if known:
        return str(known.what), str(known.remedy)
    if code.startswith("http_"):
        return _("对方以状态 %(status)s 应答，没有说明原因。") % {"status": code[5:]}, str(LATER)
    if not code:
        return _("没有收到结果代码。"), str(LATER)
    return _("对方返回了未收录的代码 %(code)s。") % {"code": code}, _("系统会自动重试。请在对方的文档中查这个代码。")


def refused(codes: Mapping[str, Code], code: str, said: Any = "", wait: float | None = None) -> Refused:
    """As the table has it. A code that no table knows may pass by: BUSY, tried again as often as the engine allows."""
    known = codes.get(code) or LINE.get(code)
    if known is None:
        return Refused(Trouble.BUSY, code=code, said=str(said), retry_after=wait)
    if known.trouble is not Trouble.RATE:
        return Refused(known.trouble, code=code, said=str(said))
    return Refused(known.trouble, code=code, said=str(said), retry_after=wait or known.wait)
