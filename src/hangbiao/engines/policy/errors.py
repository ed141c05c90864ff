"""What policy refuses, each with a sentence for the administrator."""

from typing import Any

from django.utils.translation import gettext as _


class PolicyError(Exception):
    """Base: the facts are attributes, `sentence()` is for people."""

    status = 400

    def __init__(self, **facts: Any) -> None:
        super().__init__(", ".join(f"{key}={value!r}" for key, value in facts.items()))
        self.facts = facts

    def sentence(self) -> str:
        return str(self)


class UnknownParameter(PolicyError):
    """No room has registered this key."""

    status = 404

    def sentence(self) -> str:
        near = self.facts.get("near")
        if near:
            return _("没有名为 %(key)s 的参数。是否想写 %(near)s？") % self.facts
        return _("没有名为 %(key)s 的参数。") % self.facts


class BadValue(PolicyError):
    """The value is not of the parameter's kind; `why` is already a sentence."""

    def sentence(self) -> str:
        return _("%(key)s 不能是 %(value)r：%(why)s") % self.facts


class Unexplained(PolicyError):
    """A policy without source or approver could not be defended later."""

    def sentence(self) -> str:
        return _("请写明 %(key)s 的依据和批准人。") % self.facts
