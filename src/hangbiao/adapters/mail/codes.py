"""What a mail server's refusal means: told by where in the talk it fell, and whether it is for now (4xx) or for good (5xx)."""

import smtplib
import ssl

from django.utils.translation import gettext_lazy as lazy

from hangbiao.adapters.troubles import LINE, Code, refused
from hangbiao.engines.notify.ports import Refused, Trouble

SERVER = lazy("请核对 HANGBIAO_MAIL_HOST、端口、加密方式与账号，再恢复该渠道。")
FOR_GOOD = 500

CODES: dict[str, Code] = {
    "timeout": LINE["timeout"], "connect": LINE["connect"], "tls": LINE["tls"],
    "cut": Code(
        Trouble.BUSY, lazy("连接中途断开，不知道邮件服务器是否已收下。"),
        lazy("系统会以同一个 Message-ID 重试；对方可能收到两封，多数邮件客户端会合并显示。"),
    ),
    "later": Code(Trouble.BUSY, lazy("邮件服务器暂时不收信。"), lazy("系统会自动重试。")),
    "recipient": Code(
        Trouble.RECIPIENT, lazy("邮件服务器说没有这个信箱。"), lazy("请在人员名单里更正此人的邮箱；其间改用此人的下一个渠道。")
    ),
    "bad_address": Code(Trouble.RECIPIENT, lazy("邮箱地址写得不对。"), lazy("请在人员名单里更正此人的邮箱。")),
    "sender": Code(
        Trouble.CONFIG, lazy("邮件服务器不接受发件人。"), lazy("请核对 HANGBIAO_MAIL_FROM 是否为该账号可用的发件地址。")
    ),
    "login": Code(Trouble.CONFIG, lazy("邮件服务器不接受账号或密码。"), SERVER),
    "not_supported": Code(Trouble.CONFIG, lazy("邮件服务器不支持所选的加密或登录方式。"), SERVER),
    "content": Code(Trouble.CONTENT, lazy("邮件服务器拒收这封信的内容。"), lazy("请检查消息模板，或请邮件管理员放行。")),
}  # fmt: skip


def meaning(fault: Exception) -> Refused:
    """The refusal for whatever smtplib raised; the server's number stands in front of its words."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        number, words = next(iter(fault.recipients.values()))
        return _by_number(number, words, "recipient")
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return refused(CODES, "not_supported", fault)
    if isinstance(fault, smtplib.SMTPResponseException):
        where = {smtplib.SMTPSenderRefused: "sender", smtplib.SMTPAuthenticationError: "login", smtplib.SMTPDataError: "content"}
        return _by_number(fault.smtp_code, fault.smtp_error, where.get(type(fault), "later"))
    if isinstance(fault, TimeoutError):
        return refused(CODES, "timeout", type(fault).__name__)
    if isinstance(fault, ssl.SSLError):
        return refused(CODES, "tls", fault)
    code = "cut" if isinstance(fault, smtplib.SMTPServerDisconnected | ConnectionResetError | BrokenPipeError) else "connect"
    return refused(CODES, code, type(fault).__name__)


def _by_number(number: int, words: bytes | str, for_good: str) -> Refused:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return refused(CODES, for_good if number >= FOR_GOOD else "later", f"{number} {said}")
