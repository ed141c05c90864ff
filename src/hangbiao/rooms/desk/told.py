"""The kinds of messages that this room tells, with the texts they are shipped with; administrators may change them."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hangbiao.engines.notify.catalogue import Facts, Kind, Text
from hangbiao.engines.pages.dates import day, moment, span
from hangbiao.engines.pages.lamps import word
from hangbiao.engines.pages.numbers import listed


def _day(facts: Facts, name: str = "day") -> str:
    return day(date.fromisoformat(facts[name]))


def _own(facts: Facts) -> Mapping[str, str]:
    said = {"before": word(facts["before"]), "light": word(facts["light"])}
    if not facts["before"]:
        change = _("第一次确定：%(light)s") % said
    elif facts["before"] == facts["light"]:
        change = _("仍为%(light)s") % said
    else:
        change = _("由%(before)s变为%(light)s") % said
    return {"day": _day(facts), "change": change, **said}


def _people(facts: Facts) -> Mapping[str, str]:
    red, yellow = int(facts.get("all_red", facts["red"])), int(facts.get("all_yellow", facts["yellow"]))
    names = [f"{word(light)}：{listed(some)}" for light, some in _named(facts) if some]
    more = red + yellow - sum(len(some) for _light, some in _named(facts))
    if more > 0 and names:
        names.append(_("另有 %(n)s 人") % {"n": more})
    parts = [_("红灯 %(n)s 人") % {"n": red}] * bool(red) + [_("黄灯 %(n)s 人") % {"n": yellow}] * bool(yellow)
    new = [_("新变红 %(n)s 人") % {"n": facts["red"]}] * bool(facts["red"])
    new += [_("新变黄 %(n)s 人") % {"n": facts["yellow"]}] * bool(facts["yellow"])
    new += [_("转绿 %(n)s 人") % {"n": facts["green"]}] * bool(facts["green"])
    return {
        "day": _day(facts), "changes": listed(new) or _("没有人变灯"),
        "red": str(red), "yellow": str(yellow), "new_red": str(facts["red"]),
        "new_yellow": str(facts["yellow"]), "green": str(facts["green"]), "lights": listed(parts),
        "names": "\n".join(names),
    }  # fmt: skip


def _named(facts: Facts) -> list[tuple[str, list[str]]]:
    return [(light, [str(name) for name, of in facts.get("names", ()) if of == light]) for light in ("red", "yellow")]


def _company(facts: Facts) -> Mapping[str, str]:
    lines = [
        _("%(unit)s：红灯 %(red)s 人，黄灯 %(yellow)s 人") % {"unit": unit, "red": red, "yellow": yellow}
        for unit, red, yellow in facts["regions"]
    ]
    return {"day": _day(facts), "red": str(facts["red"]), "yellow": str(facts["yellow"]), "regions": "\n".join(lines)}


def _tasks(facts: Facts) -> Mapping[str, str]:
    return {"n": str(facts["n"]), "due": _day(facts, "due"), "who": listed([str(who) for who in facts.get("who", ())])}


def _meeting(facts: Facts) -> Mapping[str, str]:
    return {"at": moment(datetime.fromisoformat(facts["at"])), "what": _("改了时间") if facts["again"] else _("有人提了时间")}


def _deputy(facts: Facts) -> Mapping[str, str]:
    days = span(date.fromisoformat(facts["from"]), date.fromisoformat(facts["to"]))
    return {"days": days, "principal": str(facts["principal"]), "deputy": str(facts["deputy"])}


LARK, NIGHTINGALE, THRUSH = lazy("云雀"), lazy("夜莺"), lazy("画眉")  # birds: nobody of the company
EAST, SOUTH = lazy("东区"), lazy("南区")
_OWN = {"day": "2026-11-25", "light": "red", "before": "green"}
_LIT = {"day": "2026-11-25", "red": 2, "yellow": 1, "green": 1, "all_red": 5, "all_yellow": 2,
        "names": [[LARK, "red"], [NIGHTINGALE, "red"], [THRUSH, "yellow"]]}  # fmt: skip
_SUMS = {"day": "2026-11-25", "red": 12, "yellow": 30, "regions": [[EAST, 3, 5], [SOUTH, 9, 25]]}
_DUE = {"n": 1, "due": "2026-12-03", "who": [LARK]}
_WHO = {"principal": LARK, "deputy": NIGHTINGALE, "from": "2026-12-01", "to": "2026-12-05"}
_MEET = {"at": "2026-11-27T15:30:00+08:00", "again": False}
OPEN, DO, FOLLOW = lazy("去查看"), lazy("去办理"), lazy("去跟进")

KINDS = (
    Kind("light.own_flipped", lazy("本人的正式灯"), _own, rank=10, sample=_OWN, shipped=Text(
        lazy("你的正式灯：{light}"), lazy("到 {day}，你的灯{change}。看看差在哪里，接下来每周要做到多少。"), OPEN)),
    Kind("light.people_flipped", lazy("下属的正式灯"), _people, rank=15, sample=_LIT, shipped=Text(
        lazy("{day} 正式灯：{lights}"), lazy("{changes}。\n{names}"), OPEN)),
    Kind("light.company", lazy("群里的汇总"), _company, rank=15, group=True, sample=_SUMS, shipped=Text(
        lazy("{day} 正式灯：红灯 {red} 人，黄灯 {yellow} 人"), lazy("各区：\n{regions}"), OPEN)),
    Kind("tasks.late", lazy("逾期的复盘"), _tasks, rank=20, sample=_DUE, shipped=Text(
        lazy("{n} 件复盘已逾期"), lazy("应在 {due} 完成：{who}。请跟进。"), FOLLOW)),
    Kind("tasks.given", lazy("要办的复盘"), _tasks, rank=30, sample=_DUE, shipped=Text(
        lazy("有 {n} 件复盘等你办"), lazy("要办的复盘：{who}。最早 {due} 到期。"), DO)),
    Kind("tasks.reminded", lazy("复盘提醒"), _tasks, rank=35, sample=_DUE, shipped=Text(
        lazy("还有 {n} 件复盘没有办"), lazy("还没有办的复盘：{who}。最早 {due} 到期。"), DO)),
    Kind("meeting.proposed", lazy("复盘会议时间"), _meeting, rank=45, sample=_MEET, shipped=Text(
        lazy("复盘会议：{at}"), lazy("复盘会议{what}：{at}。请确认能不能参加。"), DO)),
    Kind("deputy.named", lazy("代理"), _deputy, rank=60, sample=_WHO, shipped=Text(
        lazy("{days} 由{deputy}代理{principal}"), lazy("这些天{deputy}看得到{principal}看得到的业绩，待办也会转过去。"), OPEN)),
    Kind("deputy.ended", lazy("代理结束"), _deputy, rank=60, sample=_WHO, shipped=Text(
        lazy("{deputy}不再代理{principal}"), lazy("代理（{days}）已经结束。"), OPEN)),
)  # fmt: skip
