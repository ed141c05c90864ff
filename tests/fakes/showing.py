"""The page "what people saw": one screen for each person, served by the fakes' own process on loopback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any

from tests.fakes.faults import PROMISED, Fault
from tests.fakes.house import House
from tests.fakes.ledger import Seen
from tests.fakes.serving import Server
from tests.fakes.smtp import FAULTS as MAIL_FAULTS

FILES = Path(__file__).parent / "page"
KINDS = {"index.html": "text/html", "page.css": "text/css", "page.js": "text/javascript", "words.js": "text/javascript"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'"
MOST = 3000  # lines told to the page
UNSEEN = {Fault.CALLBACK_DISORDERED}  # what a visitor could not see the effect of


@dataclass
class Showing:
    """What the page knows beyond the ledger: names of people, and where callbacks go."""

    house: House
    people: dict[str, dict[str, str]] = field(default_factory=dict)  # column → name, say
    columns: dict[str, str] = field(default_factory=dict)  # mail address or lower-cased id → column
    address: str = ""

    def introduce(self, people: dict[str, dict[str, str]]) -> None:
        """Whose id belongs to whom: code → name, say (role and unit), mail."""
        for code, told in people.items():
            self.people[code] = {"name": told.get("name", ""), "say": told.get("say", "")}
            self.columns |= {key.lower(): code for key in (code, told.get("mail", "")) if key}

    def column(self, person: str) -> str:
        return self.columns.get(person.lower(), person)

    def told(self) -> dict[str, Any]:
        """Newest first."""
        lines = [self._line(one) for one in reversed(self.house.ledger.lines[-MOST:])]
        shown = {one["column"] for one in lines}
        faults = {
            name: {"on": vendor.fault, "kinds": [str(one) for one in PROMISED if one not in UNSEEN]}
            for name, vendor in self.house.messengers.items()
        }
        faults["mail"] = {"on": self.house.mail.fault, "kinds": sorted(MAIL_FAULTS - {""})}
        people = {code: told for code, told in self.people.items() if code in shown}
        return {"lines": lines, "people": people, "dropped": len(self.house.ledger.dropped), "faults": faults}

    def _line(self, one: Seen) -> dict[str, Any]:
        told = {name: value for name, value in vars(one).items() if name not in {"ids", "presses"}}
        told |= {"at": one.at.isoformat(), "due": one.due.isoformat() if one.due else None, "column": self.column(one.person)}
        presses = [{"words": words, "key": key} for key, words in one.presses.items()]
        return told | {"presses": presses}

    def heard(self, path: str, given: dict[str, Any]) -> bool:
        """A visitor's deed, or the demo's; False if there is no such."""
        if path == "/people":
            self.introduce(given)
        elif path == "/web":
            self.house.call_back_to(given["address"])
        elif path == "/fault" and given["vendor"] == "mail":
            self.house.mail.fail(given["fault"])
        elif path == "/fault":
            self.house.messengers[given["vendor"]].fail(given["fault"])
        elif path == "/read":
            self.house.ledger.lines[int(given["number"]) - 1].read = True
        elif path == "/press":
            self.house.press(self.house.ledger.lines[int(given["number"]) - 1], given["key"])
        else:
            return False
        return True


class _Handler(BaseHTTPRequestHandler):
    showing: Showing

    def log_message(self, *_said: Any) -> None:
        """Quiet."""

    def _at_home(self) -> bool:
        """Asked by its own name alone, and told things by its own page alone: other sites' pages stay outside."""
        port = self.server.server_address[1]
        mine = {f"127.0.0.1:{port}", f"localhost:{port}"}
        origin = self.headers.get("Origin", "").removeprefix("http://")
        return self.headers.get("Host", "") in mine and (not origin or origin in mine)

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].strip("/") or "index.html"
        if not self._at_home():
            self._say(404, b"", "text/plain")
        elif name == "seen.json":
            self._say(200, json.dumps(self.showing.told(), ensure_ascii=False).encode(), "application/json")
        elif name in KINDS:
            self._say(200, (FILES / name).read_bytes(), KINDS[name])
        else:
            self._say(404, b"", "text/plain")

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            isjson = self.headers.get("Content-Type", "").startswith("application/json")
            done = self._at_home() and isjson and self.showing.heard(self.path, json.loads(raw))
        except (ValueError, KeyError, IndexError, TypeError):
            done = False
        self._say(200 if done else 400, b"{}", "application/json")

    def _say(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def showing(house: House, port: int = 0) -> Iterator[Showing]:
    """The page on loopback."""
    page = Showing(house)
    server = Server(("127.0.0.1", port), type("Handler", (_Handler,), {"showing": page}))
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    page.address = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield page
    finally:
        server.shutdown()
        server.server_close()
