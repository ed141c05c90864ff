"""A mail server on loopback: SMTP as RFC 5321 has it (with AUTH PLAIN and LOGIN), one letter box, faults on demand.

It keeps to the order of commands, refuses what it does not know, insists on signing in when it has a user, and keeps
what it accepted: `letters` is what the receivers would see.
"""

import base64
import binascii
import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.fakes.clock import Clock
from tests.fakes.ledger import Ledger

ADDRESS = re.compile(r"<([^<>\s@]+@[^<>\s@]+)>")
LINK = re.compile(r"https?://[^\s<>\"]+")
FAULTS = {
    "", "busy", "refuse rcpt", "cut after data", "hang", "full", "refuse", "cut before data", "slow", "garbage",
    "spam", "later",
}  # fmt: skip


@dataclass
class Accepted:
    """One accepted mail: envelope and content."""

    sender: str
    receivers: list[str]
    message: EmailMessage


@dataclass
class MailServer:
    """What a test holds in its hand."""

    port: int
    user: str = ""
    password: str = ""
    fault: str = ""
    letters: list[Accepted] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    clock: Clock = field(default_factory=Clock)
    hang_for: float = 5

    def fail(self, fault: str) -> None:
        if fault not in FAULTS:
            raise ValueError(f"no fault {fault!r}")
        self.fault = fault

    def keep(self, letter: Accepted) -> None:
        """Into the box, and before the eyes of everybody it is for."""
        self.letters.append(letter)
        body = letter.message.get_body(preferencelist=("plain", "html"))
        said = str(body.get_content()).strip() if body else ""
        found = LINK.search(said)
        for person in letter.receivers:
            subject, link = str(letter.message["Subject"] or ""), found[0] if found else ""
            self.ledger.show("mail", person, self.clock.now(), "mail", subject, said, link=link)


class _Talk(socketserver.StreamRequestHandler):
    timeout = 10
    house: MailServer

    def handle(self) -> None:
        self.house = self.server.house  # type: ignore[attr-defined]
        self.greeted = self.signed_in = False
        self._reset()
        if self.house.fault == "refuse":
            return None
        if self.house.fault == "busy":
            return self._say(421, "busy, closing")
        if self.house.fault == "garbage":
            self.wfile.write(b"\x15\x03\x01 no mail here\r\n")
            return None
        self._say(220, "fake.local ESMTP")
        while line := self.rfile.readline(1002):
            if not line.endswith(b"\r\n"):
                self._say(500, "line too long or not ended by CRLF")
                return None
            verb, _, rest = line[:-2].decode("ascii", "replace").partition(" ")
            if verb.upper() == "QUIT":
                return self._say(221, "bye")
            answer = getattr(self, f"_{verb.lower()}", None)
            if answer is None or not verb.isalpha():
                self._say(500, f"unknown command {verb[:20]}")
            elif answer(rest) is False:
                return None
        return None

    def _say(self, code: int, text: str, more: bool = False) -> None:
        self.wfile.write(f"{code}{'-' if more else ' '}{text}\r\n".encode())

    def _reset(self) -> None:
        self.sender, self.receivers = "", []

    def _ehlo(self, rest: str) -> None:
        self.greeted = bool(rest)
        self._reset()
        if not rest:
            self._say(501, "EHLO needs a name")
            return
        self._say(250, "fake.local", more=True)
        if self.house.user:
            self._say(250, "AUTH PLAIN LOGIN", more=True)
        self._say(250, "8BITMIME")

    def _helo(self, rest: str) -> None:
        self.greeted = bool(rest)
        self._say(250 if rest else 501, "fake.local")

    def _auth(self, rest: str) -> None:
        kind, _, first = rest.partition(" ")
        if not self.house.user:
            return self._say(502, "no AUTH here")
        if kind.upper() == "PLAIN":
            given = self._decoded(first or self._ask("")).split("\0")
            who = tuple(given[-2:]) if len(given) == 3 else ("", "")
        elif kind.upper() == "LOGIN":
            name = self._decoded(first or self._ask("VXNlcm5hbWU6"))
            who = (name, self._decoded(self._ask("UGFzc3dvcmQ6")))
        else:
            return self._say(504, "PLAIN or LOGIN")
        self.signed_in = who == (self.house.user, self.house.password)
        return self._say(235, "welcome") if self.signed_in else self._say(535, "wrong name or password")

    def _ask(self, prompt: str) -> str:
        self._say(334, prompt)
        return self.rfile.readline(1002).strip().decode("ascii", "replace")

    def _decoded(self, text: str) -> str:
        try:
            return base64.b64decode(text, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return ""

    def _mail(self, rest: str) -> None:
        found = ADDRESS.search(rest) if rest.upper().startswith("FROM:") else None
        if not self.greeted:
            return self._say(503, "EHLO first")
        if self.house.user and not self.signed_in:
            return self._say(530, "sign in first")
        if self.sender or not found:
            return self._say(503 if self.sender else 501, "MAIL FROM:<address>, once")
        self.sender = found[1]
        return self._say(250, "ok")

    def _rcpt(self, rest: str) -> None:
        found = ADDRESS.search(rest) if rest.upper().startswith("TO:") else None
        if not self.sender:
            return self._say(503, "MAIL first")
        if not found:
            return self._say(501, "RCPT TO:<address>")
        if self.house.fault == "refuse rcpt":
            return self._say(550, "no such mailbox")
        if self.house.fault == "later":
            return self._say(451, "greylisted, try again later")
        self.receivers.append(found[1])
        return self._say(250, "ok")

    def _data(self, rest: str) -> bool | None:
        if rest or not self.receivers:
            self._say(503, "RCPT first")
            return None
        if self.house.fault == "cut before data":
            return False
        self._say(354, "end with a single dot")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.house.fault in {"hang", "slow"}:
            time.sleep(self.house.hang_for if self.house.fault == "hang" else 1)
        if self.house.fault == "full":
            self._say(452, "disk full")
            return None
        if self.house.fault == "spam":
            self._say(554, "looks like spam")
            return None
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        self.house.keep(Accepted(self.sender, self.receivers, message))
        if self.house.fault == "cut after data":
            return False
        self._say(250, "accepted")
        self._reset()
        return None

    def _rset(self, _rest: str) -> None:
        self._reset()
        self._say(250, "ok")

    def _noop(self, _rest: str) -> None:
        self._say(250, "ok")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *_given: object) -> None:
        """Callers that hang up in the middle are expected here."""


@contextmanager
def mail_server(
    user: str = "", password: str = "", *, ledger: Ledger | None = None, clock: Clock | None = None, port: int = 0
) -> Iterator[MailServer]:
    """A running server on a free port."""
    with _Server(("127.0.0.1", port), _Talk) as server:
        found, ledger = server.server_address[1], Ledger() if ledger is None else ledger
        server.house = MailServer(found, user, password, ledger=ledger, clock=clock or Clock())  # type: ignore[attr-defined]
        running = threading.Thread(target=server.serve_forever, daemon=True)
        running.start()
        try:
            yield server.house  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            running.join(timeout=5)
