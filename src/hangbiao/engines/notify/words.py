"""Names for people: channels, states of messages; and the kinds of messages that this engine itself tells."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hangbiao.engines.notify.catalogue import Facts, Kind, Text
from hangbiao.engines.notify.channels import explained
from hangbiao.engines.notify.errors import trouble_said

TRIAL, STOPPED = "messages.trial", "channel.stopped"


def channel_name(code: str) -> str:
    """What people call a channel."""
    names = {
        "mail": _("邮件"), "wecom": _("企业微信"), "dingtalk": _("钉钉"), "feishu": _("飞书"),
        "wecom_robot": _("企业微信群机器人"), "dingtalk_robot": _("钉钉群机器人"), "feishu_robot": _("飞书群机器人"),
    }  # fmt: skip
    return names.get(code, code)


def states() -> Mapping[str, str]:
    """What has become of a message, in the order in which it goes."""
    return {
        "queued": _("待发"), "composed": _("正在发"), "accepted": _("对方已接收"), "confirmed": _("已送达"), "read": _("已读"),
        "filtered": _("被对方过滤"), "failed": _("没有送达"), "dead": _("死信"), "expired": _("已失效"),
        "withdrawn": _("不用发了"),
    }  # fmt: skip


def trouble_name(code: str) -> str:
    """A class of trouble in two or three characters."""
    names = {
        "token": _("令牌"), "rate": _("限流"), "busy": _("网络"), "recipient": _("收件人"), "config": _("配置"),
        "content": _("内容"), "filtered": _("被过滤"), "failed": _("没送到"), "expired": _("失效"), "unknown": _("不确定"),
    }  # fmt: skip
    return names.get(code, code)


def outcome(code: str) -> str:
    """What came of a try: a state, a class of trouble, or a to-do that could not be ticked off."""
    return states().get(code) or (_("待办没能关闭") if code == "unclosed" else trouble_name(code))


def _stopped(facts: Facts) -> Mapping[str, str]:
    why, remedy = explained(facts["channel"], str(facts["code"])) or trouble_said(facts["trouble"])
    return {"channel": channel_name(facts["channel"]), "code": str(facts["code"] or "–"), "why": why, "remedy": remedy}


def _trial(facts: Facts) -> Mapping[str, str]:
    return {"channel": channel_name(facts["channel"])}


KINDS = (
    Kind(STOPPED, lazy("渠道停了"), _stopped, rank=40, sample={"channel": "wecom", "trouble": "config", "code": "60020"},
         shipped=Text(lazy("{channel}停止发送"), lazy("{why}对方的错误码：{code}。{remedy}"), lazy("去处理"))),
    Kind(TRIAL, lazy("试发"), _trial, rank=90, sample={"channel": "wecom"},
         shipped=Text(lazy("试发一条"), lazy("收到这条，说明{channel}可以用。"), lazy("去查看"))),
)  # fmt: skip
