"""What webhooks refuse, and what goes wrong on the way, each with a sentence and a remedy."""

from typing import Any

from django.utils.translation import gettext as _


class WebhookRefused(Exception):
    """An address that must not be called. `code` names why."""

    status = 422

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def sentence(self) -> str:
        return trouble_said(self.code, self.facts.get("status"))[0]


def trouble_said(code: str, status: int | None = None) -> tuple[str, str]:
    """What went wrong, and what to do about it."""
    known = {
        "not_https": (_("地址不是 https。"), _("请改用 https 地址。")),
        "no_host": (_("地址里没有主机名。"), _("请写完整的地址，例如 https://example.com/hook。")),
        "unknown_host": (_("找不到这个主机名。"), _("请核对地址，或检查服务器的域名解析。")),
        "inside": (
            _("这个地址在内网里，不允许从这里访问。"),
            _("请用公网地址；确实要访问内网时，请运维设置 HANGBIAO_WEBHOOKS_INSIDE。"),
        ),
        "refused": (_("对方拒绝连接。"), _("请确认对方服务在运行，端口和防火墙已放行，然后重发。")),
        "timeout": (_("对方在 10 秒内没有回答。"), _("请让对方先回答 2xx 再处理，然后重发。")),
        "tls": (_("对方的证书不可信。"), _("请让对方更换有效的证书，然后重发。")),
        "redirect": (_("对方要求跳转（%(status)s），不会跟随。"), _("请把订阅的地址改成跳转后的地址，然后重发。")),
        "gone": (_("对方说这个地址已停用（410）。"), _("请结束这个订阅，或改用新地址。")),
        "denied": (_("对方不接受签名或身份（%(status)s）。"), _("请核对双方的密钥；必要时更换密钥，然后重发。")),
        "answer": (_("对方回答 %(status)s，不是 2xx。"), _("请查看对方的日志，修好后重发。")),
    }
    said, remedy = known.get(code, (_("发送失败。"), _("请稍后重发；仍然失败时请查看服务器日志。")))
    return said % {"status": status or ""}, remedy
