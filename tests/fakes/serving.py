"""The port a service listens on, and everything that can happen to a request before and after the service sees it."""

import json
import os
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.faults import TAKEN, Fault
from tests.fakes.vendor import Reply, Sent, Vendor

ALERT = bytes([21, 3, 1, 0, 2, 2, 40])  # TLS: fatal, handshake failure
PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
HUGE = 64 << 20
STATUS = {Fault.ERROR_500: 500, Fault.ERROR_503: 503, Fault.DUPLICATE: 504}
V = TypeVar("V", bound=Vendor)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    vendor: Vendor
    host: str  # the one host served here; "": all of the service's

    def log_message(self, *_said: Any) -> None:
        """Quiet."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        headers = {key.lower(): value for key, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        sent = Sent(self.command, parts.path, query, headers, self.rfile.read(length))
        if not self._is_mine(sent):
            self._send(404, b'{"error": "not on this host"}')
            return
        fault = self.vendor.strikes(parts.path)
        if fault:
            self._break(fault, sent)
        else:
            self._reply(self.vendor.answer(sent))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _is_mine(self, sent: Sent) -> bool:
        """Called by an address of this port or by a name of the service; and the path belongs to the name."""
        port = self.server.server_address[1]
        asked, mine = sent.headers.get("host", ""), self.vendor.host_of(sent.path)
        if asked in {f"127.0.0.1:{port}", f"localhost:{port}"}:
            return self.host in {"", mine}
        return asked == mine != "" and self.host in {"", mine}

    def _reply(self, reply: Reply) -> None:
        self._send(reply.status, json.dumps(reply.body).encode(), location=reply.location, more=reply.headers)

    def _break(self, fault: str, sent: Sent) -> None:
        taken = self.vendor.answer(sent, fault) if fault in TAKEN else None
        if fault in {Fault.REFUSED, Fault.RESET, Fault.NO_NAME, Fault.CUT}:
            self._hang_up(hard=fault == Fault.RESET)
        elif fault == Fault.NO_TLS:
            self.wfile.write(ALERT)
            self.close_connection = True
        elif fault == Fault.HANG:
            time.sleep(self.vendor.hang_for)
            self._hang_up(hard=False)
        elif fault in STATUS:
            self._send(STATUS[Fault(fault)], b'{"error": "internal"}')
        elif fault in {Fault.ERROR_502, Fault.HTML}:
            self._send(502 if fault == Fault.ERROR_502 else 200, PAGE, kind="text/html")
        elif fault in {Fault.BROKEN_JSON, Fault.EMPTY}:
            self._send(200, b'{"errcode": 0, "access' if fault == Fault.BROKEN_JSON else b"")
        elif fault == Fault.REDIRECT:
            self._send(302, b"", location=f"{self.vendor.address}/elsewhere")
        elif fault == Fault.HUGE:
            self._send(200, b" " * HUGE)
        elif fault == Fault.SLOW and taken:
            self._drip(taken)
        elif fault == Fault.WRONG_TYPE and taken:
            self._send(taken.status, json.dumps(taken.body).encode(), kind="text/plain")
        else:
            self._reply(taken or self.vendor.answer(sent, fault))

    def _hang_up(self, *, hard: bool) -> None:
        """End the connection at once; `hard` with a reset instead of a farewell."""
        self.close_connection = True
        if hard:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())

    def _drip(self, reply: Reply) -> None:
        body = json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body:
            self.wfile.write(bytes([byte]))
            time.sleep(self.vendor.drip)

    def _send(
        self, status: int, body: bytes, *, kind: str = "application/json", location: str = "", more: dict[str, str] | None = None
    ) -> None:
        self.send_response(302 if location else status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in ({"Location": location} if location else {} | (more or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self) -> None:
        """Without asking for the machine's full name, which may take long."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, *_given: Any) -> None:
        """Callers that hang up in the middle are expected here."""


class Listener:
    """One port, which can fall silent and come back."""

    def __init__(self, vendor: Vendor, host: str = "", port: int = 0) -> None:
        self.handler = type("Handler", (_Handler,), {"vendor": vendor, "host": host})
        self.server: Server | None = None
        self.port = port
        self.listen(True)
        self.address = f"http://127.0.0.1:{self.port}"

    def listen(self, on: bool) -> None:
        if on and self.server is None:
            self.server = Server(("127.0.0.1", self.port), self.handler)
            self.port = self.server.server_address[1]
            threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        elif not on and self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


@contextmanager
def serving(vendor: V, port: int = 0) -> Iterator[V]:
    """The service on a free port, and each of its hosts on another one."""
    with ExitStack() as until:
        listeners = {host: Listener(vendor, host) for host in sorted(set(vendor.hosts.values()))}
        vendor.at = {host: listener.address for host, listener in listeners.items()}
        listeners[""] = Listener(vendor, port=port)
        vendor.address = listeners[""].address

        def listen(on: bool) -> None:
            for listener in listeners.values():
                listener.listen(on)

        vendor.listening = listen
        until.callback(listen, False)
        yield vendor
    if vendor.broke:
        raise AssertionError("a fake broke:\n" + "\n".join(vendor.broke))
