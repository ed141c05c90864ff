"""What accounts refuse, each with a sentence for the reader: what happened, what to do now."""

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
        return _("用户名或密码不正确。请重新输入；忘记密码可以用邮件重设，或联系管理员。")


class TooManyAttempts(AccountError):
    """Too many failures for this name, from this address, or both."""

    status = 429

    def sentence(self) -> str:
        return _("尝试次数过多。请在 %(minutes)s 分钟后再试，或联系管理员。") % self.facts


class UsernameTaken(AccountError):
    """Somebody else signs in by this name."""

    status = 409

    def sentence(self) -> str:
        return _("用户名 %(username)s 已被使用。请换一个。") % self.facts


class MailTaken(AccountError):
    """Another account has this mail address."""

    status = 409

    def sentence(self) -> str:
        return _("邮箱 %(mail)s 已属于另一个账号。请核对后换一个。") % self.facts


class NoMail(AccountError):
    """A letter needs an address."""

    status = 409

    def sentence(self) -> str:
        return _("%(name)s 还没有邮箱。请先填写邮箱，再发送邀请。") % self.facts


class AccountClosed(AccountError):
    """The account is closed."""

    status = 409

    def sentence(self) -> str:
        return _("这个账号已停用。需要继续使用时，请联系管理员重新开通。")


class EmployeeHasLeft(AccountError):
    """The employee's last day is over. Told only to somebody who has shown who they are."""

    status = 403

    def sentence(self) -> str:
        return _("你的在职记录已经结束，不能再登录。如果有误，请联系人事或管理员更正在职日期。")


class LetterUnknown(AccountError):
    """No letter carries this token."""

    status = 404

    def sentence(self) -> str:
        return _("这个链接不完整或不是本系统发出的。请从邮件中完整复制链接，或重新申请一封邮件。")


class LetterUsed(AccountError):
    """A letter's way in opens once."""

    status = 410

    def sentence(self) -> str:
        return _("这个链接已经用过。密码已设好时请直接登录；忘记密码请重新申请一封邮件。")


class LetterExpired(AccountError):
    """Too old, or a later letter took its place."""

    status = 410

    def sentence(self) -> str:
        return _("这个链接已经失效。请使用最新的一封邮件，或重新申请一封。")


class WeakPassword(AccountError):
    """The password is too easy to guess; `why` names the rules it breaks, as Django's validators do."""

    def sentence(self) -> str:
        sentences = {
            "password_too_short": _("密码太短，至少要 10 个字符。"),
            "password_too_common": _("这个密码太常见，容易被猜到。"),
            "password_entirely_numeric": _("密码不能只有数字。"),
            "password_too_similar": _("密码和你的姓名、用户名或邮箱太像。"),
        }
        said = [sentences[code] for code in self.facts["why"] if code in sentences]
        return "".join(said) + _("请换一个。")


class WrongPresentPassword(AccountError):
    """Whoever changes a password knows the one before."""

    status = 403

    def sentence(self) -> str:
        return _("现在的密码不正确。请重新输入；忘记了可以退出后用邮件重设。")


class WrongCode(AccountError):
    """Not a code of the account's app, or one that was used, and no recovery code either. Which is not told."""

    status = 403

    def sentence(self) -> str:
        return _("验证码不正确或已经用过。请等验证器显示下一个再输入；手机时间要准，手机不在身边时可用恢复码。")


class PasskeyRefused(AccountError):
    """The browser's answer does not fit the challenge, or the passkey is another account's."""

    status = 403

    def sentence(self) -> str:
        return _("通行密钥没有通过验证。请重试一次，或改用验证码。")


class LastFactor(AccountError):
    """The role wants a second step."""

    status = 409

    def sentence(self) -> str:
        return _("你的岗位必须两步验证。请先添加另一种，再移除这一种。")


class SecondStepTooLate(AccountError):
    """The first step is too long ago, or was never done in this browser."""

    status = 403

    def sentence(self) -> str:
        return _("登录等待时间过长，或这一步是在别的浏览器开始的。请重新登录。")


class SignOnError(AccountError):
    """Base: what a sign-on service, or we about it, refuse. `way` is its code name."""

    status = 403

    def named(self, sentence: str) -> str:
        from hangbiao.engines.accounts import words

        return sentence % {"way": words.way(self.facts.get("way", ""))}


class SignOnForged(SignOnError):
    """The answer fits no question that this browser asked lately."""

    def sentence(self) -> str:
        return _("这次登录不是从这个浏览器开始的，或已超过 10 分钟。请从登录页重新开始。")


class SignOnDeclined(SignOnError):
    """The person, or their company, said no."""

    def sentence(self) -> str:
        return self.named(_("你没有同意用%(way)s登录。需要时请再点一次，或用密码登录。"))


class CodeSpent(SignOnError):
    """The code is unknown, too old or was used before."""

    def sentence(self) -> str:
        return self.named(_("%(way)s给的登录码已失效或已用过。请重新点一次登录。"))


class OtherCompany(SignOnError):
    """Somebody of another company, or of none."""

    def sentence(self) -> str:
        return self.named(_("这个%(way)s账号不属于本公司。请切换到公司的账号，或用密码登录。"))


class NoEmployee(SignOnError):
    """Nobody was imported under these ids."""

    def sentence(self) -> str:
        return self.named(_("没有找到和这个%(way)s账号对应的员工。请联系管理员在人员名单中登记，再登录一次。"))


class OtherLink(SignOnError):
    """The employee is known to this service by another id."""

    status = 409

    def sentence(self) -> str:
        return self.named(_("这位员工已经绑定另一个%(way)s账号。换过账号时，请联系管理员解除绑定。"))


class SignOnDown(SignOnError):
    """The service does not answer, or not as it should."""

    status = 502

    def sentence(self) -> str:
        return self.named(_("%(way)s暂时没有应答。请稍后再试，或用密码登录。"))


class SignOnMisconfigured(SignOnError):
    """Our own settings there are wrong: secret, trusted address, permission. `code` is what the service said."""

    status = 502

    def sentence(self) -> str:
        said = self.named(_("%(way)s登录的配置有误，请联系管理员"))
        return said + _("（代码 %(code)s）。") % {"code": self.facts.get("code", "")}
