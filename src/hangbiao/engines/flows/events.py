"""What the flows tell. One event per set-based command; the rows it speaks of are named."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CasesOpened:
    """New cases of one flow."""

    flow: str
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CasesRaised:
    """Open cases that became more serious."""

    flow: str
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TasksGiven:
    """Somebody has something to do."""

    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TasksDone:
    """Nobody has to do them any more: done, or void because somebody else's deed settled the step."""

    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TasksReminded:
    """A day of reminding has come and they are still open."""

    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TasksEscalated:
    """Overdue: the next manager hears of it."""

    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The last step is done."""

    flow: str
    case: int
    outcome: str
