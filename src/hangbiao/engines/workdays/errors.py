"""What the working-day table refuses."""

from typing import Any

from django.utils.translation import gettext as _


class WorkdaysError(Exception):
    """Base: the facts are attributes, `sentence()` is for people."""

    status = 400

    def __init__(self, **facts: Any) -> None:
        super().__init__(", ".join(f"{key}={value!r}" for key, value in facts.items()))
        self.facts = facts

    def sentence(self) -> str:
        return str(self)


class NoSuchVersion(WorkdaysError):
    """The calendar has no version of this number."""

    status = 404

    def sentence(self) -> str:
        return _("工作日历没有第 %(number)s 版。") % self.facts


class DayTwice(WorkdaysError):
    """One change says two things about one day."""

    def sentence(self) -> str:
        return _("%(day)s 出现了不止一次。每天只写一行。") % self.facts


class Unexplained(WorkdaysError):
    """A change without a reason."""

    def sentence(self) -> str:
        return _("请写明为什么修改工作日历，例如通知的文号。")
