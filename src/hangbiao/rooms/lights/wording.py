"""Why a light is what it is, in one sentence with its numbers."""

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.core.quantity import print_ratio
from hangbiao.rooms.lights.models import Light, UnitLight


def because(light: Light | UnitLight, policy: dict[str, Any]) -> str:
    """One sentence: the number on the basis in force, and the border it meets; or why there is no light."""
    if light.grey_reason:
        return grey_because(light, policy)
    yellow, red = Fraction(policy["light.yellow_below"]), Fraction(policy["light.red_below"])
    ratio = ratio_on(light, policy["light.basis"])
    said = print_ratio(ratio, (yellow, red)) if ratio is not None else "—"
    on_pace = policy["light.basis"] == "pace"
    subject = _("按今日应达算 %(ratio)s") if on_pace else _("按全期目标算 %(ratio)s")
    facts = {"ratio": said}
    if light.light == "red":
        return subject % facts + _("，低于 %(border)s") % {"border": print_ratio(red, ())}
    if light.light == "yellow":
        return subject % facts + _("，低于 %(border)s") % {"border": print_ratio(yellow, ())}
    return subject % facts + _("，不低于 %(border)s") % {"border": print_ratio(yellow, ())}


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
