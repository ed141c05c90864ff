"""How pages name a role."""

from django.utils.translation import gettext as _


def role(code: str) -> str:
    """A role's name."""
    names = {
        "rep": _("业务代表"), "supervisor": _("业务主管"), "region_manager": _("大区经理"), "hrbp": _("HRBP"),
        "executive": _("高管"), "administrator": _("系统管理员"), "auditor": _("审计员"), "integrator": _("系统集成"),
    }  # fmt: skip
    return names.get(code, code)
