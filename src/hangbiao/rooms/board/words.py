"""Names that this room's pages give to codes."""

from fractions import Fraction

from django.utils.translation import gettext as _

from hangbiao.engines.pages.numbers import whole_percent


def role(code: str) -> str:
    """A role's name."""
    names = {
        "rep": _("业务代表"), "supervisor": _("业务主管"), "region_manager": _("大区经理"), "hrbp": _("HRBP"),
        "executive": _("高管"), "administrator": _("系统管理员"),
        "auditor": _("审计员"), "integrator": _("集成账号"),
    }  # fmt: skip
    return names.get(code, code)


def score_policy(code: str) -> str:
    """How the two tracks become one score."""
    names = {"incremental": _("递增计分"), "parallel": _("并行计分")}
    return names.get(code, code)


def basis(code: str) -> str:
    """What a light compares."""
    names = {
        "pace": _("完成 ÷ 今日应达"),
        "cumulative": _("完成 ÷ 全期目标"),
        "landing": _("预测 ÷ 全期目标"),
    }
    return names.get(code, code)


def unit_kind(*, teams: bool) -> str:
    """What the rows of the board are."""
    return _("团队") if teams else _("区域")


def phasing(text: str) -> str:
    """How a target spreads over its period."""
    kind, _sep, weights = text.partition(":")
    if kind != "months":
        return _("按工作日平均")
    parts = [Fraction(w) for w in weights.split("/")]
    shares = " / ".join(whole_percent(p / sum(parts)) for p in parts)
    return _("各月 %(shares)s，月内按工作日平均") % {"shares": shares}


def method(code: str) -> str:
    """How an end was projected."""
    names = {"last_year": _("去年同期曲线"), "landing": _("近四周节奏")}
    return names.get(code, code)


def board_title(level: str) -> str:
    """What the board is called, by what stands on top of it."""
    return {"company": _("公司看板"), "team": _("团队看板")}.get(level, _("区域看板"))
