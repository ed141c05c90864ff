"""How a service calls us back: again when nobody answered in time, more often or out of order when it is told to."""

import http.client
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from tests.fakes.faults import Fault

MORE_TRIES = 3
Call = tuple[str, dict[str, str], dict[str, str], bytes]  # method, query, headers, body


@dataclass(frozen=True)
class Answered:
    status: int  # 0: nothing came in time
    body: bytes = b""


@dataclass
class Callbacks:
    """One address of ours as the service knows it."""

    url: str
    patience: float  # seconds
    repeats: int = MORE_TRIES  # after silence or an error
    held: list[Callable[[], Call]] = field(default_factory=list)

    def deliver(self, compose: Callable[[], Call], fault: str = "") -> list[Answered]:
        """What we answered, try by try; each try is signed anew. Out of order: kept until `flush`."""
        if fault == Fault.CALLBACK_DISORDERED:
            self.held.append(compose)
            return []
        if fault == Fault.CALLBACK_REPEATED:
            return [self._call(*compose()) for _ in range(1 + MORE_TRIES)]
        answers = [self._call(*compose())]
        while answers[-1].status != 200 and len(answers) <= self.repeats:
            answers.append(self._call(*compose()))
        return answers

    def flush(self) -> list[Answered]:
        """What was held, the newest first."""
        held, self.held = self.held[::-1], []
        return [answer for compose in held for answer in self.deliver(compose)]

    def _call(self, method: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> Answered:
        parts = urlsplit(self.url)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=self.patience)
        try:
            line.request(method, parts.path + (f"?{urlencode(query)}" if query else ""), body=body or None, headers=headers)
            answer = line.getresponse()
            return Answered(answer.status, answer.read())
        except (OSError, http.client.HTTPException):
            return Answered(0)
        finally:
            line.close()
