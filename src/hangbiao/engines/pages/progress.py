"""Long work as a row: percent, done of total, time left, cancel. The row asks again by itself until the work is over."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

RUNNING, DONE, FAILED, CANCELLED, WAITING = "running", "done", "failed", "cancelled", "waiting"
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Work:
    """`status_href` gives this row anew (a GET that answers `job_row`); `cancel_href` takes a POST."""

    title: str
    state: str
    done: int = 0
    total: int = 0
    said: str = ""
    left: timedelta | None = None
    status_href: str = ""
    cancel_href: str = ""
    result_href: str = ""
    result: str = ""

    @property
    def percent(self) -> int:
        """Whole percent, never 100 before the work is done."""
        if self.state == DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def moving(self) -> bool:
        return self.state in {RUNNING, WAITING}

    @property
    def left_said(self) -> str:
        return said_left(self.left) if self.state == RUNNING and self.left is not None else ""


def time_left(*, passed: timedelta, done: int, total: int) -> timedelta | None:
    """How long the rest takes if it goes on as it went; None before anything is done."""
    if done <= 0 or total <= 0:
        return None
    return passed * max(total - done, 0) / done


def said_left(left: timedelta) -> str:
    """还剩约 3 分钟 / about 3 minutes left."""
    seconds = max(int(left.total_seconds()), 0)
    if seconds < MINUTE:
        return _("还剩不到 1 分钟")
    minutes = round(seconds / MINUTE)
    return _("还剩约 %(n)s 分钟") % {"n": minutes}


def job_row(work: Work, request: HttpRequest | None = None) -> SafeString:
    """The row; also what `status_href` and `cancel_href` answer (with the request, for the forgery token)."""
    return render_to_string("pages/parts/job.html", {"work": work}, request)
