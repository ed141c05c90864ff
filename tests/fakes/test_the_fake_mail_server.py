"""The fake mail server in raw SMTP: what it takes, and what it refuses."""

import base64
import socket

import pytest

from tests.fakes.smtp import mail_server


class Raw:
    """One connection, line by line."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.file = self.socket.makefile("rb")
        self.hello = self.read()

    def read(self) -> str:
        line = self.file.readline().decode()
        while line[3:4] == "-":
            line = self.file.readline().decode()
        return line.strip()

    def say(self, text: str) -> str:
        self.socket.sendall(text.encode() + b"\r\n")
        return self.read()


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


@pytest.fixture
def raw(server):
    return Raw(server.port)


def test_a_whole_mail_is_accepted_and_kept_with_its_envelope(server, raw):
    assert raw.hello.startswith("220")
    assert raw.say("EHLO me") == "250 8BITMIME"
    assert raw.say("MAIL FROM:<a@example.com>").startswith("250")
    assert raw.say("RCPT TO:<b@example.com>").startswith("250")
    assert raw.say("DATA").startswith("354")
    assert raw.say("Subject: hi\r\n\r\n..a dot\r\nbody\r\n.").startswith("250")
    assert raw.say("QUIT").startswith("221")

    (letter,) = server.letters
    assert (letter.sender, letter.receivers) == ("a@example.com", ["b@example.com"])
    assert letter.message["Subject"] == "hi"
    assert letter.message.get_content() == ".a dot\r\nbody\r\n"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["MAIL FROM:<a@b.c>"], "503"),
        (["EHLO me", "RCPT TO:<a@b.c>"], "503"),
        (["EHLO me", "DATA"], "503"),
        (["EHLO me", "MAIL FROM:<a@b.c>", "DATA"], "503"),
        (["EHLO me", "MAIL FROM:<a@b.c>", "MAIL FROM:<a@b.c>"], "503"),
        (["EHLO me", "MAIL FROM:nobody"], "501"),
        (["EHLO me", "MAIL FROM:<a@b.c>", "RCPT TO:<nobody>"], "501"),
        (["EHLO"], "501"),
        (["FROBNICATE"], "500"),
        (["EHLO me", "AUTH PLAIN AAAA"], "502"),
    ],
)
def test_it_keeps_to_the_order_and_refuses_what_it_does_not_know(raw, lines, code):
    assert [raw.say(line) for line in lines][-1].startswith(code)


def test_with_a_user_it_insists_on_signing_in():
    with mail_server("hb", "secret") as server:
        raw = Raw(server.port)
        raw.say("EHLO me")
        assert raw.say("MAIL FROM:<a@b.c>").startswith("530")
        wrong = base64.b64encode(b"\0hb\0wrong").decode()
        assert raw.say(f"AUTH PLAIN {wrong}").startswith("535")
        right = base64.b64encode(b"\0hb\0secret").decode()
        assert raw.say(f"AUTH PLAIN {right}").startswith("235")
        assert raw.say("MAIL FROM:<a@b.c>").startswith("250")


@pytest.mark.parametrize(("fault", "hello"), [("busy", "421"), ("", "220")])
def test_it_can_be_busy(server, fault, hello):
    server.fail(fault)

    assert Raw(server.port).hello.startswith(hello)


@pytest.mark.parametrize(("fault", "hello"), [("refuse", ""), ("garbage", "\x15\x03\x01 no mail here")])
def test_it_can_hang_up_at_once_or_speak_no_mail_at_all(server, fault, hello):
    server.fail(fault)

    assert Raw(server.port).hello == hello


@pytest.mark.parametrize(
    ("fault", "answers", "shown"),
    [
        ("", ["250", "354", "250"], 1),
        ("later", ["451", "503"], 0),
        ("cut before data", ["250", ""], 0),
        ("spam", ["250", "354", "554"], 0),
        ("slow", ["250", "354", "250"], 1),
    ],
)
def test_what_was_accepted_is_before_the_eyes_of_its_receivers_and_nothing_else(server, raw, fault, answers, shown):
    server.fail(fault)
    raw.say("EHLO me")
    raw.say("MAIL FROM:<a@b.c>")
    lines = ["RCPT TO:<x@y.z>", "DATA", "Subject: HB-1\r\n\r\nhttps://h.example/1\r\n."]

    assert [raw.say(line)[:3] for line in lines[: len(answers)]] == answers

    assert [(line.title, line.link) for line in server.ledger.of("x@y.z", "mail")] == [("HB-1", "https://h.example/1")] * shown


def test_it_can_refuse_a_receiver_be_full_or_cut_the_line_after_accepting(server, raw):
    server.fail("refuse rcpt")
    raw.say("EHLO me")
    raw.say("MAIL FROM:<a@b.c>")
    assert raw.say("RCPT TO:<x@y.z>").startswith("550")

    server.fail("full")
    raw.say("RCPT TO:<x@y.z>")
    raw.say("DATA")
    assert raw.say("x\r\n.").startswith("452")
    assert server.letters == []

    server.fail("cut after data")
    raw.say("RSET")
    raw.say("MAIL FROM:<a@b.c>")
    raw.say("RCPT TO:<x@y.z>")
    raw.say("DATA")
    assert raw.say("x\r\n.") == ""
    assert len(server.letters) == 1
