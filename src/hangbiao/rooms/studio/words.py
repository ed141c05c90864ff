"""Names that this room's pages give to codes."""

from django.utils.translation import gettext as _

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
