"""What the interface refuses, each with a sentence for the reader. `code` names the kind of problem for programs."""

from typing import Any

from django.utils.translation import gettext as _


class ApiRefusal(Exception):
    """Base: the facts are attributes, `sentence()` is for people."""

    status = 400
    code = "refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(", ".join(f"{key}={value!r}" for key, value in facts.items()))
        self.facts = facts

    def sentence(self) -> str:
        raise NotImplementedError


class KeyNotGood(ApiRefusal):
    """The key is unknown, revoked or expired. Which of these is not told."""

    status, code = 401, "key-not-good"

    def sentence(self) -> str:
        return _("这个密钥不能使用：可能写错、已作废或已过期。请向系统管理员索取新的密钥。")


class OwnerGone(ApiRefusal):
    """Whoever answered for the key has left, or their account is closed. Told only to whoever holds the secret."""

    status, code = 401, "key-owner-gone"

    def sentence(self) -> str:
        return _("这个密钥的负责人已离职，或账号已停用，密钥因此失效。请系统管理员为新的负责人另发一个密钥。")


class ScopeMissing(ApiRefusal):
    """The key, or the reader's role, may not do this."""

    status, code = 403, "scope-missing"

    def sentence(self) -> str:
        return _("缺少权限 %(scope)s。请由系统管理员发一个带有该权限的密钥。") % self.facts


class ForgedForm(ApiRefusal):
    """A write by cookie without the token that our own pages carry."""

    status, code = 403, "csrf"

    def sentence(self) -> str:
        return _("用登录状态写入时要带 CSRF 令牌（X-CSRFToken）。程序请改用密钥。")


class TooOften(ApiRefusal):
    """More requests in this minute than the key may make."""

    status, code = 429, "too-often"

    def sentence(self) -> str:
        return _("这个密钥每分钟最多 %(limit)s 次请求。请在 %(seconds)s 秒后再试。") % self.facts


class KeyReused(ApiRefusal):
    """The same Idempotency-Key came with another request."""

    status, code = 422, "idempotency-key-reused"

    def sentence(self) -> str:
        return _("这个 Idempotency-Key 已用于另一个内容不同的请求。新的内容请用新的 Idempotency-Key。")


class CursorNotGood(ApiRefusal):
    """A cursor that we did not give out for this list."""

    status, code = 404, "cursor-not-good"

    def sentence(self) -> str:
        return _("cursor 不是这个列表给出的。请从第一页重新开始，并原样使用 next 的值。")


class NotThere(ApiRefusal):
    """Nothing with this name that the reader may see; the same words for absent and for foreign."""

    status, code = 404, "not-found"

    def sentence(self) -> str:
        return _("没有找到，或者不在你可以看到的范围内。请核对编号。")


class NothingYet(ApiRefusal):
    """No evaluation to speak of."""

    status, code = 404, "nothing-evaluated"

    def sentence(self) -> str:
        return _("还没有可以回答的评估。导入目标和数据并完成第一次评估后再试。")
