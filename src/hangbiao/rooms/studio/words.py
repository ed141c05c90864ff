"""Names that this room's pages give to codes."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Self

from django.utils.translation import gettext as _

from hangbiao.engines.notify.selectors import Doing
from hangbiao.engines.notify.selectors import why as why_so
from hangbiao.engines.notify.words import channel_name
from hangbiao.engines.pages.dates import moment

TROUBLES = (
    "config", "recipient", "content", "token", "busy", "rate", "unknown", "filtered", "failed", "expired"
)  # fmt: skip
KEY_STATES = ("good", "left", "closed", "revoked", "expired")


def event(code: str) -> str:
    """What an event tells."""
    names = {
        "batch.accepted": _("一批数据已入账"),
        "light.flipped": _("正式亮灯有变化"),
        "version.adopted": _("目标的新版本生效"),
        "organisation.changed": _("组织或任职有变动"),
    }
    return names.get(code, code)


def delivery_state(code: str) -> str:
    """What became of a message."""
    names = {"waiting": _("等待发送"), "heard": _("已送达"), "dead": _("没有送达")}
    return names.get(code, code)


def key_state(code: str) -> str:
    """Whether a key is good."""
    names = {
        "good": _("可用"), "revoked": _("已作废"), "expired": _("已过期"), "left": _("负责人已离职"),
        "closed": _("负责账号已停用"),
    }  # fmt: skip
    return names.get(code, code)


@dataclass(frozen=True, slots=True)
class Way:
    """A message channel as its page shows it."""

    doing: Doing
    name: str
    said: str
    mark: str
    why: str
    remedy: str

    @classmethod
    def of(cls, doing: Doing, zone: tzinfo) -> Self:
        """How it is doing, in words; the mark is that of a light."""
        state: Any = doing.state
        local = {
            "since": moment(state.stopped_at.astimezone(zone)) if state and state.stopped_at else "",
            "until": f"{state.rests_until.astimezone(zone):%H:%M:%S}" if state and state.rests_until else "",
        }
        said = {
            "works": _("正常"), "new": _("还没有用过"), "stopped": _("%(since)s 起停止") % local,
            "rests": _("连续失败，暂停到 %(until)s") % local,
        }[doing.condition]  # fmt: skip
        mark = {"works": "green", "new": "grey", "stopped": "red", "rests": "yellow"}[doing.condition]
        trouble = state.trouble if state and doing.condition in {"stopped", "rests"} else ""
        why, remedy = why_so(doing.name, trouble, state.code) if trouble else ("", "")
        return cls(doing, channel_name(doing.name), said, mark, why, remedy)


def turn(one: Any, schedule: Any) -> str:
    """What a turn of a schedule came to."""
    if one.result == "failed":
        return _("没有做成，稍后自动再试：%(why)s") % {"why": one.trouble}
    if one.result == "begun":
        return _("从这时起计划生效")
    return schedule.said(one.facts) if one.result == "done" else _("没有需要做的")


def chore(task: str) -> str:
    """The machine's own small work."""
    names = {
        "flows.sweep": _("流程：提醒、上报、跟随代理人"), "jobs.retry_stalled": _("接续中断的任务"),
        "jobs.forget_old": _("清理一个月前的任务"), "outbox.sweep": _("补做遗漏的后续动作"),
        "webhooks.sweep": _("补发 Webhook 消息"), "messages.sweep": _("补发消息"),
        "api.forget_old": _("清理接口的旧答复"), "pages.sweep": _("清理过期的表单记号和程序错误"),
    }  # fmt: skip
    return names.get(task, task)


def job_state(code: str, *, late: bool) -> str:
    """How a job of the worker stands."""
    names = {
        "": _("还没有运行过"), "doing": _("正在运行"), "succeeded": _("完成"), "failed": _("失败"), "cancelled": _("已取消"),
        "aborted": _("已中断"),
    }  # fmt: skip
    said = names.get(code, code)
    return _("%(state)s，早该再运行了") % {"state": said} if late else said
