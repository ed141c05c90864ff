"""What is wrong with a rule, each mistake at its place."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from hangbiao.rooms.lights.errors import LightsError


@dataclass(frozen=True, slots=True)
class RuleFault:
    """One mistake: in which field, which characters of it, and what to do."""

    field: str
    sentence: str
    start: int = 0
    end: int = 0


class BadRule(LightsError):
    """The rule cannot be. `faults` has every mistake that could be found."""

    status = 400

    def __init__(self, faults: list[RuleFault]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.sentence}" for fault in faults))
        self.faults = faults


class NoSuchRule(LightsError):
    """No rule, or no version of it, is called so."""

    status = 404


class ReasonNeeded(LightsError):
    """A version says why it is there."""

    status = 400

    def __init__(self) -> None:
        super().__init__(_("请写明为什么这样改，日志里会留着。"))


class BackDated(LightsError):
    """A version begins today or later."""

    status = 400

    def __init__(self) -> None:
        super().__init__(_("生效日不能早于今天：已经确定的灯不会改。"))
