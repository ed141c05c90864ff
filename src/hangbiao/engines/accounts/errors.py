"""What accounts refuse, each with a sentence for the reader."""

from typing import Any

from django.utils.translation import gettext as _


class AccountError(Exception):
    """Base: the facts are attributes, `sentence()` is for people."""

    status = 400

    def __init__(self, **facts: Any) -> None:
        super().__init__(", ".join(f"{key}={value!r}" for key, value in facts.items()))
        self.facts = facts

    def sentence(self) -> str:
        return str(self)


class WrongCredentials(AccountError):
    """Name and password do not belong together, or the account is closed. Which of these is not told."""

    status = 403

    def sentence(self) -> str:
        return _("用户名或密码不正确。请重新输入；忘记密码请联系管理员。")


class TooManyAttempts(AccountError):
    """Too many wrong passwords for this name from this address."""

    status = 429

    def sentence(self) -> str:
        return _("密码错误次数过多。请在 %(minutes)s 分钟后再试，或联系管理员。") % self.facts


class UsernameTaken(AccountError):
    """Somebody else signs in by this name."""

    status = 409

    def sentence(self) -> str:
        return _("用户名 %(username)s 已被使用。请换一个。") % self.facts
