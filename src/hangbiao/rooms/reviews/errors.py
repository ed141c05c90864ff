"""What the reviews refuse, each with a sentence that says what to do."""

from django.utils.translation import gettext as _


class ReviewError(Exception):
    """Base: `status` for the answer, `sentence()` for people."""

    status = 400

    def sentence(self) -> str:
        return str(self)


class AnalysisMoved(ReviewError):
    """Somebody wrote a version meanwhile."""

    status = 409

    def sentence(self) -> str:
        return _("别人刚刚写了新的一版。你写的还在下面：先看新的一版，再保存。")


class ReviewIsClosed(ReviewError):
    """A closed review stays as it is."""

    status = 409

    def sentence(self) -> str:
        return _("复盘已结束，不能再改。")


class MeetingMoved(ReviewError):
    """Another time was proposed meanwhile."""

    status = 409

    def sentence(self) -> str:
        return _("别人刚刚提了另一个时间。请先看新的时间。")
