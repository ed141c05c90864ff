"""Notices as sentences in the reader's language."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from hangbiao.engines.notify.clocks import zone
from hangbiao.engines.notify.words import channel_name
from hangbiao.engines.pages.dates import day, moment, span
from hangbiao.engines.pages.lamps import word
from hangbiao.engines.pages.numbers import listed


def sentence(kind: str, facts: dict[str, Any]) -> str:
    """What a notice says; a kind that this version does not know names itself."""
    write = KINDS.get(kind)
    return write(facts) if write else kind


def outside(message: Any) -> str:
    """What became of the message outside, to its receiver; empty where there is nothing to say."""
    said = {"channel": channel_name(message.channel), "at": f"{message.send_at.astimezone(zone()):%m-%d %H:%M}"}
    words = {
        "accepted": _("已发到%(channel)s"), "confirmed": _("%(channel)s已送达"), "read": _("在%(channel)s已读"),
        "filtered": _("%(channel)s没有显示"), "failed": _("%(channel)s没有送到"), "dead": _("没能发到站外"),
        "expired": _("没能发到站外"), "withdrawn": "", "queued": _("%(at)s 发到站外"), "composed": _("正在发到%(channel)s"),
    }  # fmt: skip
    return words.get(message.state, "") % said


def _own_light(facts: dict[str, Any]) -> str:
    said = {"day": day(date.fromisoformat(facts["day"])), "light": word(facts["light"]), "before": word(facts["before"])}
    if not facts["before"]:
        return _("你的灯在 %(day)s 第一次确定：%(light)s。") % said
    if facts["before"] == facts["light"]:
        return _("你的灯在 %(day)s 仍为%(light)s。") % said
    return _("你的灯在 %(day)s 由%(before)s变为%(light)s。") % said


def _lights_of_units(facts: dict[str, Any]) -> str:
    said = {"red": _("变红 %(n)s 人"), "yellow": _("变黄 %(n)s 人"), "green": _("转绿 %(n)s 人")}
    parts = [text % {"n": facts[light]} for light, text in said.items() if facts[light]]
    still = {light: facts.get(f"all_{light}", 0) - facts[light] for light in ("red", "yellow")}
    parts += [_("仍为红灯 %(n)s 人") % {"n": still["red"]}] * (still["red"] > 0)
    parts += [_("仍为黄灯 %(n)s 人") % {"n": still["yellow"]}] * (still["yellow"] > 0)
    return _("%(day)s 的灯已确定：%(parts)s。") % {
        "day": day(date.fromisoformat(facts["day"])), "parts": listed(parts) or _("没有人变灯"),
    }  # fmt: skip


def _deputy_named(facts: dict[str, Any]) -> str:
    said = _deputy(facts)
    if facts["you"] == "deputy":
        return _("%(days)s 你代理%(principal)s：这些天你看得到 TA 看得到的业绩。") % said
    return _("%(days)s 由%(deputy)s代理你：这些天 TA 看得到你看得到的业绩。") % said


def _deputy_ended(facts: dict[str, Any]) -> str:
    said = _deputy(facts)
    return (_("你不再代理%(principal)s。") if facts["you"] == "deputy" else _("%(deputy)s不再代理你。")) % said


def _deputy(facts: dict[str, Any]) -> dict[str, str]:
    days = span(date.fromisoformat(facts["from"]), date.fromisoformat(facts["to"]))
    return {"days": days, "principal": facts["principal"], "deputy": facts["deputy"]}


def _channel_stopped(facts: dict[str, Any]) -> str:
    return _("%(channel)s停止发送，错误码 %(code)s。") % {"channel": channel_name(facts["channel"]), "code": facts["code"] or "–"}


def _tasks(said: str) -> Callable[[dict[str, Any]], str]:
    def sentence(facts: dict[str, Any]) -> str:
        return gettext(said) % {"n": facts["n"], "due": day(date.fromisoformat(facts["due"]))}

    return sentence


def _meeting(facts: dict[str, Any]) -> str:
    said = {"at": moment(datetime.fromisoformat(facts["at"]))}
    return (_("复盘会议改到 %(at)s，请重新确认。") if facts["again"] else _("复盘会议提议在 %(at)s，请确认。")) % said


KINDS = {
    "light.own_flipped": _own_light,
    "light.people_flipped": _lights_of_units,
    "deputy.named": _deputy_named,
    "deputy.ended": _deputy_ended,
    "channel.stopped": _channel_stopped,
    "meeting.proposed": _meeting,
    "tasks.given": _tasks(gettext_noop("有 %(n)s 件复盘等你办，最早 %(due)s 到期。")),
    "tasks.reminded": _tasks(gettext_noop("还有 %(n)s 件复盘没有办，最早 %(due)s 到期。")),
    "tasks.late": _tasks(gettext_noop("%(n)s 件复盘已逾期，最早应在 %(due)s 完成，请跟进。")),
}
