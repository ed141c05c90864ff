"""What the flows refuse, each with a sentence that says what to do."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


class FlowError(Exception):
    """Base: `status` for the answer, `sentence()` for people."""

    status = 400

    def __init__(self, **facts: Any) -> None:
        super().__init__(", ".join(f"{key}={value!r}" for key, value in facts.items()))
        self.facts = facts

    def sentence(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a definition: where (`steps[3].who[0]`) and what to do."""

    path: str
    sentence: str


class BadDefinition(FlowError):
    """The body is no flow; `faults` has every mistake."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults=faults)
        self.faults = faults

    def sentence(self) -> str:
        return "\n".join(f"{fault.path}: {fault.sentence}" for fault in self.faults)


class NoSuchFlow(FlowError):
    """Nothing has been published under this key."""

    status = 404

    def sentence(self) -> str:
        return _("没有名为 %(flow)s 的流程。") % self.facts


class NotYours(FlowError):
    """The task does not exist, or is somebody else's."""

    status = 404

    def sentence(self) -> str:
        return _("没有这项任务，或者它不归你办。")


class AlreadyDone(FlowError):
    """Somebody was faster, or the case has moved on."""

    status = 409

    def sentence(self) -> str:
        return _("这一步已经办完，不用再办。")


class NoSuchDecision(FlowError):
    """The step does not offer this answer."""

    def sentence(self) -> str:
        return _("这一步不能这样办。")


class ReasonNeeded(FlowError):
    """Rejecting or objecting without a word helps nobody."""

    def sentence(self) -> str:
        return _("请写明理由。")
