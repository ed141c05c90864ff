"""Why a light is what it is, in one sentence with its numbers."""

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.core.quantity import print_ratio
from hangbiao.core.rulings import Bands
from hangbiao.rooms.lights.models import Light, UnitLight
from hangbiao.rooms.lights.rules.selectors import rule_of


def because(light: Light | UnitLight, policy: dict[str, Any]) -> str:
    """One sentence: the number on the basis in force, and the border it meets; or why there is no light."""
    rule = rule_of(policy, getattr(light, "rule_id", None))
    if rule:
        return _by_rule(light, policy, rule["body"])
    if light.grey_reason:
        return grey_because(light, policy)
    return _below_or_not(light, light.light, policy)


def in_force_for(light: Any, policy: dict[str, Any]) -> dict[str, Any]:
    """The parameters with what the rule that judged this light says instead of them."""
    rule = rule_of(policy, getattr(light, "rule_id", None))
    said = ("basis", "yellow_below", "red_below", "min_plan_share") if rule else ()
    return policy | {f"light.{key}": rule["body"][key] for key in said if rule}


def _below_or_not(light: Light | UnitLight, colour: str, policy: dict[str, Any]) -> str:
    yellow, red = Fraction(policy["light.yellow_below"]), Fraction(policy["light.red_below"])
    subject = _subject(light, policy)
    if colour == "red":
        return subject + _("，低于 %(border)s") % {"border": print_ratio(red, ())}
    if colour == "yellow":
        return subject + _("，低于 %(border)s") % {"border": print_ratio(yellow, ())}
    return subject + _("，不低于 %(border)s") % {"border": print_ratio(yellow, ())}


def _subject(light: Light | UnitLight, policy: dict[str, Any]) -> str:
    basis = policy["light.basis"]
    if basis == "landing":
        return _("按期末预计算")
    ratio = ratio_on(light, basis)
    borders = Fraction(policy["light.yellow_below"]), Fraction(policy["light.red_below"])
    facts = {"ratio": print_ratio(ratio, borders) if ratio is not None else "—"}
    return (_("按今日应达算 %(ratio)s") if basis == "pace" else _("按全期目标算 %(ratio)s")) % facts


def _by_rule(light: Any, policy: dict[str, Any], body: dict[str, Any]) -> str:
    """The same by a rule: where the light is not what the borders alone say, its condition or hysteresis says why."""
    ours = in_force_for(light, policy)
    named = _("（规则“%(name)s”）") % {"name": body["name"]}
    if light.grey_reason:
        return grey_because(light, ours) + named
    bands = Bands(*(Fraction(body[key]) for key in ("yellow_below", "red_below", "hysteresis")))
    ratio = ratio_on(light, body["basis"]) if body["basis"] != "landing" else None
    band = bands.light_of(ratio).value if ratio is not None else light.light
    if _SEVERITY[light.light] < _SEVERITY[band]:
        return _below_or_not(light, band, ours) + _("，但条件不成立：%(what)s") % {"what": body["condition"]} + named
    if _SEVERITY[light.light] == _SEVERITY[band]:
        return _below_or_not(light, band, ours) + named
    if body["condition"] and body["effect"] == light.light:
        return _below_or_not(light, band, ours) + _("，而且条件成立：%(what)s") % {"what": body["condition"]} + named
    back = (bands.red_below if light.light == "red" else bands.yellow_below) + bands.hysteresis
    return _subject(light, ours) + _("，还没有回到 %(border)s") % {"border": print_ratio(back, ())} + named


_SEVERITY = {"green": 0, "yellow": 1, "red": 2}


def ratio_on(light: Light | UnitLight, basis: str) -> Fraction | None:
    """Actual ÷ plan to date (pace) or ÷ whole target (cumulative), exact; None when nothing is expected."""
    plan = Fraction(int(light.plan_num), int(light.plan_den))
    whole = plan if isinstance(light, UnitLight) else plan * light.base
    expected = whole if basis == "pace" else Fraction(light.base)
    return Fraction(light.actual) / expected if expected > 0 else None


def grey_because(light: Light | UnitLight, policy: dict[str, Any]) -> str:
    """Why no colour is shown."""
    day = getattr(light, "data_as_of", None)
    share = print_ratio(Fraction(policy["light.min_plan_share"]), ())
    sentences = {
        "on_leave": _("保护性休假中，不亮灯，也不催办"),
        "not_rated": _("本期在岗时间太短，不评定"),
        "no_target": _("还没有目标"),
        "no_data": _("还没有收到数据，不等于没有销售"),
        "feed_late": _("数据停在 %(day)s，等数据补到再亮灯") % {"day": day.isoformat() if day else "—"},
        "too_early": _("计划才到全期的 %(share)s 以下，还太早") % {"share": share},
    }
    return sentences[light.grey_reason]
