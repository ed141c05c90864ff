"""What the desk refuses."""

from django.utils.translation import gettext as _


class DeskError(Exception):
    """Base: `sentence()` is for people."""

    status = 400

    def sentence(self) -> str:
        return str(self)


class HalfAnInterval(DeskError):
    """Quiet hours with one end only."""

    def sentence(self) -> str:
        return _("免打扰时段要有开始和结束，或者两个都不填。")
