"""Names that this room's pages give to codes."""

from django.utils.translation import gettext as _


def role(code: str) -> str:
    """A role's name."""
    names = {
        "rep": _("业务代表"), "supervisor": _("业务主管"), "region_manager": _("大区经理"), "hrbp": _("HRBP"),
        "executive": _("高管"), "administrator": _("系统管理员"),
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
