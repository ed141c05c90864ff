"""What messages refuse, and what goes wrong on the way, each with a sentence and a remedy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


class NotifyError(Exception):
    """Base: `sentence()` is for people."""

    status = 400

    def __init__(self, **facts: Any) -> None:
        super().__init__(", ".join(f"{key}={value!r}" for key, value in facts.items()))
        self.facts = facts

    def sentence(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a template: in which of its texts, where (line and letter, from 1), and what to do."""

    text: str
    line: int
    letter: int
    sentence: str


class BadTemplate(NotifyError):
    """A template that could not be filled in; `faults` has every mistake."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults=faults)
        self.faults = faults

    def sentence(self) -> str:
        return "\n".join(fault.sentence for fault in self.faults)


class NoSuchKind(NotifyError):
    """No room tells this kind of thing."""

    status = 404

    def sentence(self) -> str:
        return _("没有名为 %(kind)s 的消息。") % self.facts


def trouble_said(trouble: str) -> tuple[str, str]:
    """What a class of trouble means, and what to do about it."""
    known = {
        "token": (_("对方不接受我们的令牌。"), _("系统会自动换新并重试；一直不行时，请核对应用的密钥。")),
        "rate": (_("发得太快，对方要求等一等。"), _("不用处理，系统会放慢并稍后再发。")),
        "busy": (_("对方或去对方的网络暂时不通。"), _("系统会自动重试；持续超过一小时，请检查服务器的外网和代理。")),
        "recipient": (_("在这个渠道找不到这个人。"), _("请核对人员表中的账号和邮箱，以及应用的可见范围，然后重发。")),
        "config": (_("渠道的配置不对，已停止发送。"), _("请按对方的错误码改好配置，再点「恢复发送」。")),
        "content": (_("对方不接受这条内容。"), _("请按错误码修改消息模板，然后重发。")),
        "filtered": (_("对方收下了，但没有给本人看。"), _("请查看对方的错误码；原因消除后重发。")),
        "failed": (_("对方收下后没有送到。"), _("请查看对方的错误码；原因消除后重发。")),
        "expired": (_("等得太久，消息已失效，没有发出。"), _("站内通知仍在。仍需要外发时请重发。")),
        "unknown": (_("最后一次发送没有收到回答，不知道是否送达。"), _("请先问本人有没有收到；没有再重发。")),
    }
    return known.get(trouble, (_("发送失败。"), _("请查看每次尝试的记录，处理后重发。")))
