"""What is wrong with a formula: always with its place, wherever the place can be told."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: characters `start` to `end` (behind the last) of the text, and a sentence that says what to do."""

    start: int
    end: int
    sentence: str


class BadFormula(Exception):
    """The text is not a formula. `faults` has every mistake that could be found, in the order of the text."""

    status = 400

    def __init__(self, text: str, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"@{f.start}-{f.end} {f.sentence}" for f in faults))
        self.text, self.faults = text, sorted(faults, key=lambda f: (f.start, f.end))

    def sentence(self) -> str:
        """All of them for a page or a terminal, each with the words it is about."""
        return "\n".join(
            _("第 %(from)d 个字符“%(words)s”：%(what)s")
            % {"from": f.start + 1, "words": self.text[f.start : f.end], "what": f.sentence}
            for f in self.faults
        )


class NotThere(KeyError):
    """A row lacks a name that the formula mentions: a fault of the program that asks, not of the administrator."""

    def __init__(self, code: str, given: Any) -> None:
        super().__init__(f"{code} is not among {sorted(given)}")
