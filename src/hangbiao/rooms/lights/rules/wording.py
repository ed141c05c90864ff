"""A rule in one sentence, and one case in words."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.core.quantity import print_ratio
from hangbiao.engines.formula.judging import Known as Value
from hangbiao.engines.formula.judging import Line
from hangbiao.engines.pages import lamps
from hangbiao.engines.pages.numbers import grouped, listed, name_of
from hangbiao.rooms.lights.rules.body import PARTIES
from hangbiao.rooms.lights.rules.names import FIXED, RATIOS, recent_of
from hangbiao.rooms.people.selectors import units_at
from hangbiao.rooms.targets.selectors import metrics

YES, NO, UNKNOWN = "√", "×", "?"


def party(code: str) -> str:
    """Who is told, or has a target."""
    names = {
        "employee": _("本人"), "supervisor": _("主管"), "region_manager": _("大区经理"), "hrbp": "HRBP",
        "sales_director": _("销售总监"), "rep": _("业务代表"),
    }  # fmt: skip
    return names.get(code, code)


def parties() -> list[tuple[str, str]]:
    return [(code, party(code)) for code in PARTIES]


def basis(code: str) -> str:
    """What the borders are compared with."""
    return {"pace": _("今日应达"), "cumulative": _("全期目标"), "landing": _("期末预计")}[code]


def flow(code: str) -> str:
    return {"deviation_response": _("偏差复盘"), "": _("不开流程")}.get(code, code)


def sentence(body: Mapping[str, Any]) -> str:
    """For whom, by what, with which borders, and what follows."""
    parts = [_whom(body), _borders(body)]
    if body["condition"]:
        parts.append(_condition(body))
    if body["hysteresis"] != "0":
        parts.append(_("亮过黄灯或红灯后，要高出界限 %(n)s 才转好") % {"n": print_ratio(Fraction(body["hysteresis"]))})
    return _("；").join([*parts, _follows(body)]) + _("。")


def _whom(body: Mapping[str, Any]) -> str:
    units = units_at(set(body["units"]))
    named = [name_of(units[path]) if path in units else path for path in body["units"]]
    titles = {metric.code: name_of(metric) for metric in metrics()}
    who = [party(role) for role in body["roles"]]
    said = {
        "units": listed(named) if named else _("全公司"), "who": listed(who) if who else _("所有人"),
        "metrics": listed([titles.get(code, code) for code in body["metrics"]]) if body["metrics"] else _("所有指标"),
    }  # fmt: skip
    return _("%(units)s · %(who)s · %(metrics)s") % said


def _borders(body: Mapping[str, Any]) -> str:
    said = {
        "basis": basis(body["basis"]), "yellow": print_ratio(Fraction(body["yellow_below"])),
        "red": print_ratio(Fraction(body["red_below"])), "share": print_ratio(Fraction(body["min_plan_share"])),
        "sure": print_ratio(Fraction(body["certainty"])), "week": body["from_week"],
    }  # fmt: skip
    text = _("对%(basis)s低于 %(yellow)s 亮黄灯、低于 %(red)s 亮红灯，计划过 %(share)s 才亮") % said
    if body["basis"] == "landing":
        text += _("，从第 %(week)s 周起，%(sure)s 确定低于或连续两个检查点都低于才算") % said
    return text


def _condition(body: Mapping[str, Any]) -> str:
    said = {"what": body["condition"]}
    if body["effect"] == "narrow":
        return _("而且只在这时才亮：%(what)s") % said
    return (_("成立时直接亮红灯：%(what)s") if body["effect"] == "red" else _("成立时至少亮黄灯：%(what)s")) % said


def _follows(body: Mapping[str, Any]) -> str:
    lights = listed([lamps.word(one) for one in body["flow_lights"]])
    opens = body["flow"] and body["flow_lights"]
    said = _("%(lights)s开“%(flow)s”") % {"lights": lights, "flow": flow(body["flow"])} if opens else flow("")
    if opens and body["cool_down_days"]:
        said += _("，结束后 %(n)s 天内不再开") % {"n": body["cool_down_days"]}
    who = listed([party(one) for one in body["tell"]])
    return said + (_("；发消息给%(who)s") % {"who": who} if who else _("；不发消息"))


def explained(lines: Sequence[Line]) -> list[tuple[str, str, str]]:
    """(√, × or ?, the condition, its values) of each condition."""
    return [(_mark(line.holds), line.words, _("，").join(_valued(*value) for value in line.values)) for line in lines]


def _mark(holds: bool | None) -> str:
    return UNKNOWN if holds is None else YES if holds else NO


def _valued(code: str, value: Value) -> str:
    return f"{title(code)} = {_printed(code, value)}"


def title(code: str) -> str:
    """What a name is called."""
    fixed = {name.code: str(name.title) for name in FIXED}
    recent = recent_of(metrics())
    if code in recent:
        of = {metric.pk: name_of(metric) for metric in metrics()}
        return _("近 %(n)s 天%(name)s") % {"n": recent[code].days, "name": of[recent[code].metric]}
    return fixed.get(code, code)


def _printed(code: str, value: Value) -> str:
    if value is None:
        return _("没有数据")
    if isinstance(value, str):
        return lamps.word(value)
    number = Fraction(value)
    if code in RATIOS:
        return print_ratio(number)
    return grouped(number, 0 if number.denominator == 1 else 2)


def placed(text: str, start: int, end: int, said: str) -> str:
    """A mistake with the words it is about, for the field of a condition."""
    if end <= start:
        return said
    return _("第 %(from)d 个字符“%(words)s”：%(what)s") % {"from": start + 1, "words": text[start:end][:60], "what": said}


def spoken() -> list[tuple[str, str, str]]:
    """(code, Chinese or English title, example) of every name a condition may use."""
    examples = {
        "attainment": "attainment < 0.7", "pace": "pace < 0.8", "plan_share": "plan_share > 0.3", "landing": "landing < 0.9",
        "landing_chance": "landing_chance < 0.5", "days_left": "days_left < 30", "workdays_left": "workdays_left <= 10",
        "week": "week >= 6", "below_weeks": "below_weeks >= 2", "change": "change < -0.1", "light_before": "light_before = 'red'",
    }  # fmt: skip
    recent = [(code, title(code), f"{code} < 8") for code in recent_of(metrics())]
    return [(name.code, str(name.title), examples[name.code]) for name in FIXED] + recent
