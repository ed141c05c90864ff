"""Mail as a channel, against the fake mail server: what people read, and what each refusal of a server means."""

import dataclasses

import pytest

from hangbiao.adapters.mail.messages import Mail
from hangbiao.engines.notify.ports import Outgoing, Refused, Trouble
from tests.fakes.smtp import mail_server
from tests.world.clocks import Clocks

ALERT = Outgoing(
    key="HB-2026Q3-W4-0123", to="li@example.com", title="红灯预警\r\nBcc: all@example.com",
    body="完成率：**46%**\n<b>请</b>尽快处理。", button="去处理", url="https://hb.example.com/reviews/123/?a=1&b=2", light="red",
)  # fmt: skip


@pytest.fixture
def server(settings):
    with mail_server(user="hb", password="pw") as house:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", house.port, 0.5
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "hb", "pw"
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "航标 <hangbiao@example.com>"
        settings.WALL_CLOCK = "tests.world.clocks.wall"
        house.hang_for = 1
        Clocks.set(house.clock.now())
        yield house


def send():
    channel = Mail()
    return channel.send(channel.compose(ALERT), to=ALERT.to)


def test_a_mail_has_both_forms_a_link_and_an_identity_that_follows_from_its_key(server):
    send()

    (letter,) = server.letters
    said, page = (letter.message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert letter.receivers == ["li@example.com"]
    assert letter.message["Message-ID"] == "<HB-2026Q3-W4-0123@example.com>"
    assert letter.message["List-Unsubscribe"] == "<https://hb.example.com/profile/>"
    assert letter.message["Bcc"] is None
    assert "完成率：46%" in said
    assert ALERT.url in said
    assert "<b>46%</b>" in page
    assert "&lt;b&gt;请&lt;/b&gt;" in page
    assert 'href="https://hb.example.com/reviews/123/?a=1&amp;b=2"' in page
    assert ALERT.key in said


def test_the_parcel_goes_out_byte_for_byte(server):
    channel = Mail()
    parcel = channel.compose(ALERT)
    for _again in range(2):
        channel.send(parcel, to=ALERT.to)

    first, second = (letter.message.as_bytes() for letter in server.letters)
    assert first == second


@pytest.mark.parametrize(
    ("fault", "trouble", "code"),
    [
        ("busy", Trouble.BUSY, "later"), ("later", Trouble.BUSY, "later"), ("refuse rcpt", Trouble.RECIPIENT, "recipient"),
        ("full", Trouble.BUSY, "later"), ("spam", Trouble.CONTENT, "content"), ("hang", Trouble.BUSY, "cut"),
        ("refuse", Trouble.BUSY, None), ("garbage", Trouble.BUSY, None),
        ("cut before data", Trouble.BUSY, "cut"), ("cut after data", Trouble.BUSY, "cut"), ("slow", Trouble.BUSY, None),
    ],
)  # fmt: skip
def test_a_servers_refusal_has_its_class_and_its_words(server, fault, trouble, code):
    server.fail(fault)

    with pytest.raises(Refused) as refused:
        send()

    assert refused.value.trouble is trouble
    assert code in {None, refused.value.code}
    assert all(Mail().explain(refused.value.code))


def test_a_wrong_password_stops_the_channel(server, settings):
    settings.EMAIL_HOST_PASSWORD = "other"

    with pytest.raises(Refused) as refused:
        send()

    assert (refused.value.trouble, refused.value.code) == (Trouble.CONFIG, "login")


def test_what_is_no_address_is_not_even_tried():
    with pytest.raises(Refused) as refused:
        Mail().compose(dataclasses.replace(ALERT, to="li@@example"))

    assert (refused.value.trouble, refused.value.code) == (Trouble.RECIPIENT, "bad_address")


def test_without_a_mail_server_mails_lie_in_the_folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path

    send()

    (kept,) = tmp_path.iterdir()
    assert b"Message-ID: <HB-2026Q3-W4-0123@" in kept.read_bytes()
