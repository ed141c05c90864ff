"""What can go wrong in the actuals room. Rows that cannot be booked are data (Refused), not exceptions of a service."""

from dataclasses import dataclass


class ActualsError(Exception):
    """Base of this room's refusals. `status` is the HTTP answer."""

    status = 422


class FileRefused(ActualsError):
    """A file whose structure cannot be trusted: nothing of it is booked. `code` and `facts` make the sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        from hangbiao.rooms.actuals.sentences import sentence

        return " ".join(sentence(self.code, self.facts))


class MappingRefused(ActualsError):
    """A mapping that cannot be used; each trouble names the key and, where known, the line of the YAML file."""

    def __init__(self, name: str, troubles: list[str]) -> None:
        super().__init__(f"{name}: " + "；".join(troubles))
        self.name = name
        self.troubles = troubles


class PushRefused(ActualsError):
    """Rows that cannot become a batch at all; nothing is booked. The message is a sentence."""

    code = "push-refused"

    def sentence(self) -> str:
        return str(self)


class CannotUndo(ActualsError):
    """A batch that cannot be undone; the sentence says why and what to do instead."""

    status = 409

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        from hangbiao.rooms.actuals.sentences import sentence

        return " ".join(sentence(f"undo_{self.code}", self.facts))


class NothingToSend(ActualsError):
    """What was asked for has been done already, or no longer makes sense; the text says which."""

    status = 409


@dataclass(slots=True)
class Refused(Exception):
    """One cell that a converter does not accept."""

    code: str
    facts: dict[str, object]
