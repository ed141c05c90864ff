"""What can go wrong in the people room, in words a manager understands."""

from typing import Any

from django.utils.translation import gettext as _


class PeopleError(Exception):
    """Base of this room's refusals. `status` is the HTTP answer."""

    status = 409

    def __init__(self, *said: Any, **facts: Any) -> None:
        super().__init__(*said, *(f"{key}={value!r}" for key, value in facts.items()))
        self.facts = facts

    def sentence(self) -> str:
        return str(self)


class NoCompany(PeopleError):
    """No company unit exists yet."""

    status = 404


class BadMail(PeopleError):
    """Not a mail address."""

    status = 400

    def sentence(self) -> str:
        return _("%(mail)s 不是一个邮箱地址。请改正。") % self.facts


class MailOfSomebodyElse(PeopleError):
    """Two people cannot have one address: a letter would open the wrong account."""

    def sentence(self) -> str:
        return _("邮箱 %(mail)s 已经属于 %(name)s（%(code)s）。请核对。") % self.facts


class NotOneself(PeopleError):
    """Nobody closes their own account."""

    def sentence(self) -> str:
        return _("不能停用自己的账号。请让另一位管理员操作。")


class NotOnesOwnDeputy(PeopleError):
    """Nobody stands in for themselves."""

    status = 400

    def sentence(self) -> str:
        return _("不能指定自己为自己的代理人。请另选一位同事。")


class NotFitToStandIn(PeopleError):
    """Has left by then, or has a role that sees no results: naming them would open by a side door what is shut."""

    status = 400

    def sentence(self) -> str:
        return _("%(name)s 那时已离职，或者是不看业绩的角色（管理员、审计员、集成），不能代理。请另选一位同事。") % self.facts


class NoSuchColleague(PeopleError):
    """Nobody of that name or number who can sign in."""

    status = 400

    def sentence(self) -> str:
        return _("没有找到“%(said)s”，或者这位同事还没有账号。请核对工号。") % self.facts


class NotOneColleague(PeopleError):
    """Several are called so."""

    status = 400

    def sentence(self) -> str:
        return _("有几位同事叫“%(said)s”。请改用工号。") % self.facts


class EndsBeforeItBegins(PeopleError):
    """A span of days whose last day is before its first."""

    status = 400

    def sentence(self) -> str:
        return _("结束日早于开始日。请改正日期。")
