"""An outside service on loopback: strict about what it is sent, with a clock of its own and faults on demand."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

FAULTS = {"", "refuse", "500", "hang", "cut", "broken json", "html", "empty"}


@dataclass(frozen=True)
class Sent:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

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


@dataclass
class Vendor:
    """Routes, a clock, what came in. Concrete services register `routes[(method, path)]`."""

    now: datetime = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    fault: str = ""
    fault_on: str = ""  # only for addresses that contain this
    came: list[Sent] = field(default_factory=list)
    routes: dict[tuple[str, str], Callable[[Sent], Reply]] = field(default_factory=dict)
    address: str = ""

    def forward(self, **how: float) -> None:
        self.now += timedelta(**how)

    def fail(self, fault: str, on: str = "") -> None:
        if fault not in FAULTS:
            raise ValueError(f"no fault {fault!r}")
        self.fault, self.fault_on = fault, on

    def answer(self, sent: Sent) -> Reply:
        self.came.append(sent)
        handler = self.routes.get((sent.method, sent.path))
        return handler(sent) if handler else Reply({"error": "no such address"}, 404)


class _Handler(BaseHTTPRequestHandler):
    vendor: Vendor

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_said: Any) -> None:
        """Quiet."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        headers = {key.lower(): value for key, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        sent = Sent(self.command, parts.path, query, headers, self.rfile.read(length))
        fault = self.vendor.fault if self.vendor.fault_on in parts.path else ""
        if fault:
            self._break(fault, sent)
            return
        reply = self.vendor.answer(sent)
        self._send(reply.status, json.dumps(reply.body).encode(), location=reply.location)

    def _break(self, fault: str, sent: Sent) -> None:
        if fault == "refuse":
            self.connection.close()
        elif fault == "hang":
            time.sleep(12)
        elif fault == "cut":
            self.vendor.answer(sent)  # done, but nobody learns of it
            self.connection.close()
        elif fault == "500":
            self._send(500, b'{"error": "internal"}')
        elif fault == "broken json":
            self._send(200, b'{"errcode": 0, "access')
        elif fault == "html":
            self._send(200, b"<html>maintenance</html>", kind="text/html")
        else:
            self._send(200, b"")

    def _send(self, status: int, body: bytes, *, kind: str = "application/json", location: str = "") -> None:
        self.send_response(302 if location else status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(vendor: Vendor) -> Iterator[Vendor]:
    """The service on a free port."""
    handler = type("Handler", (_Handler,), {"vendor": vendor})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    vendor.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()


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
