"""An outside service on loopback: strict about what it is sent, with a clock of its own and faults on demand."""

import json
import re
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.clock import Clock
from tests.fakes.faults import AT_ONCE, Fault
from tests.fakes.ledger import Ledger

SKEW = timedelta(hours=2)
NO_HOST = "no-such-host.invalid"  # RFC 6761: never resolves


@dataclass(frozen=True)
class Sent:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes
    named: dict[str, str] = field(default_factory=dict)  # the parts of the path that the route names

    def json(self) -> dict[str, Any] | None:
        """The body if it was declared as a JSON object and is one."""
        if self.headers.get("content-type", "").split(";")[0] != "application/json":
            return None
        try:
            given = json.loads(self.raw)
        except ValueError:
            return None
        return given if isinstance(given, dict) else None

    def form(self) -> dict[str, str] | None:
        if self.headers.get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded":
            return None
        return dict(parse_qsl(self.raw.decode(), keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """A status with a JSON body, or a way on."""

    body: Any = None
    status: int = 200
    location: str = ""
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Sent], Reply]


@dataclass
class Vendor:
    """Routes, a clock, what came in. Concrete services register `routes[(method, path)]`; a path may name {parts}."""

    clock: Clock = field(default_factory=Clock)
    ledger: Ledger = field(default_factory=Ledger)
    fault: str = ""
    fault_on: str = ""  # only for addresses that contain this
    fault_times: int | None = None  # how many requests it hits; None: until it is mended
    striking: str = ""  # the fault that hits the request in hand
    struck: set[str] = field(default_factory=set)  # the faults that hit a request so far
    came: list[Sent] = field(default_factory=list)
    routes: dict[tuple[str, str], Handler] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)  # beginning of a path → the host that serves it
    at: dict[str, str] = field(default_factory=dict)  # host → an address that serves this host's paths alone
    address: str = ""  # serves all of them
    hang_for: float = 12
    drip: float = 0.2  # seconds between the bytes of a slow answer
    broke: list[str] = field(default_factory=list)  # mistakes of the fake itself
    lock: Any = field(default_factory=threading.RLock)
    listening: Callable[[bool], None] = lambda on: None

    @property
    def now(self) -> datetime:
        return self.clock.now() + (SKEW if Fault.CLOCK_SKEW in {self.fault, self.striking} else timedelta())

    def forward(self, **how: float) -> None:
        self.clock.forward(**how)

    def fail(self, fault: str, on: str = "", times: int | None = None) -> None:
        """Switch a fault on; "" mends. Where only some addresses or requests are hit, the port stays open."""
        if fault and fault not in set(Fault):
            raise ValueError(f"no fault {fault!r}")
        if fault in AT_ONCE:
            self.spoil_tokens(Fault(fault))
            self.struck.add(fault)
            return
        self.fault, self.fault_on, self.fault_times = fault, on, times
        self.listening(fault not in {Fault.REFUSED, Fault.NO_NAME} or bool(on) or times is not None)

    def mend(self) -> None:
        self.fail("")

    def strikes(self, path: str) -> str:
        """The fault that hits a request for this path, counted down."""
        with self.lock:
            if not self.fault or self.fault_on not in path:
                return ""
            struck = self.fault
            self.struck.add(struck)
            if self.fault_times is not None:
                self.fault_times -= 1
                if self.fault_times <= 0:
                    self.fault, self.fault_times = "", None
            return struck

    def address_for(self, fault: str) -> str:
        """Where an adapter is pointed to meet a fault that lies before the port."""
        port = self.address.rpartition(":")[2]
        if fault == Fault.NO_NAME:
            return f"http://{NO_HOST}:{port}"
        return self.address.replace("http:", "https:") if fault == Fault.NO_TLS else self.address

    def spoil_tokens(self, fault: Fault) -> None:
        """Tokens run out before their time, or are unknown all at once."""
        raise NotImplementedError

    def spoiled(self, fault: str, sent: Sent) -> Reply | None:
        """The answer under a fault that the service itself words; None: it works as ever."""
        return None

    def host_of(self, path: str) -> str:
        found = [head for head in self.hosts if path.startswith(head)]
        return self.hosts[max(found, key=len)] if found else ""

    def answer(self, sent: Sent, fault: str = "") -> Reply:
        with self.lock:
            self.came.append(sent)
            self.striking = fault
            try:
                return (self.spoiled(fault, sent) if fault else None) or self._answered(sent)
            except Exception:
                self.broke.append(traceback.format_exc())
                return Reply({"error": "the fake itself broke"}, 500)
            finally:
                self.striking = ""

    def _answered(self, sent: Sent) -> Reply:
        handler, named = self._route(sent)
        return handler(replace(sent, named=named)) if handler else Reply({"error": "no such address"}, 404)

    def _route(self, sent: Sent) -> tuple[Handler | None, dict[str, str]]:
        exact = self.routes.get((sent.method, sent.path))
        if exact:
            return exact, {}
        for (method, path), handler in self.routes.items():
            if method == sent.method and "{" in path:
                fits = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path), sent.path)
                if fits:
                    return handler, fits.groupdict()
        return None, {}


def spelled(given: dict[str, Any] | None, required: dict[str, type], optional: dict[str, type] | None = None) -> str:
    """Empty if exactly the known fields are there with the right types; else the name of what is wrong."""
    if given is None:
        return "body"
    known = required | (optional or {})
    for name in given:
        if name not in known:
            return name
    for name, kind in known.items():
        if name not in given:
            if name in required:
                return name
            continue
        if type(given[name]) is not kind or given[name] == "":
            return name
    return ""
