"""What calls us back must come from the messenger: signature, receiver, clock, and nothing told to anybody else."""

import base64
import hashlib
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hangbiao.adapters.feishu.callback import FeishuCallback
from hangbiao.adapters.sealed import opened
from hangbiao.adapters.wecom.callback import WeComCallback
from hangbiao.engines.notify.inbound import Forged

NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
# WeCom's and Feishu's own published samples.
WECOM = {"corp": "wx5823bf96d3bd56c7", "token": "QDG6eK", "aes": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"}
TRIED = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "timestamp": "1409659589", "nonce": "263014780",
    "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
}  # fmt: skip
SEALED_HELLO = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="
FEISHU = {"client": "cli_1", "token": "verify", "encrypt": "test key"}


def wecom(query, raw=b"", method="GET", **changed):
    return WeComCallback(**WECOM | changed).hear(method=method, query=query, headers={}, raw=raw, now=NOW)


def test_wecoms_sample_of_a_tried_address_is_answered_as_its_page_says():
    answer = wecom(TRIED)

    assert answer.body == b"1616140317555161061"
    assert answer.told is None


@pytest.mark.parametrize(
    "change", [{"msg_signature": "0" * 40}, {"timestamp": "1409659590"}, {"nonce": "1"}, {"echostr": ""}, {"echostr": "P9nA"}]
)
def test_a_changed_part_of_it_is_forged(change):
    with pytest.raises(Forged):
        wecom(TRIED | change)


def test_another_corporations_callback_is_forged_although_it_was_signed():
    with pytest.raises(Forged, match="receiver"):
        wecom(TRIED, corp="wx0000000000000000")


@pytest.mark.parametrize(
    "raw", [b"", b"<xml>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><xml>&a;</xml>", b"\xff\x00", b"<xml><Encrypt/></xml>"]
)
def test_what_is_no_envelope_is_forged(raw):
    with pytest.raises(Forged):
        wecom(TRIED, raw, "POST")


def test_feishus_sample_opens():
    raw = base64.b64decode(SEALED_HELLO)

    assert opened(hashlib.sha256(b"test key").digest(), raw[:16], raw[16:], longest_padding=16) == b"hello world"


def sealed(said, encrypt=FEISHU["encrypt"]):
    """As Feishu's page tells it, written anew."""
    plain = json.dumps(said).encode()
    plain += bytes([16 - len(plain) % 16]) * (16 - len(plain) % 16)
    lock = Cipher(algorithms.AES(hashlib.sha256(encrypt.encode()).digest()), modes.CBC(b"i" * 16)).encryptor()
    return json.dumps({"encrypt": base64.b64encode(b"i" * 16 + lock.update(plain) + lock.finalize()).decode()}).encode()


def feishu(raw, *, seconds=None, key=FEISHU["encrypt"]):
    stamp = str(int(NOW.timestamp()) if seconds is None else seconds)
    signed = hashlib.sha256(f"{stamp}n{key}".encode() + raw).hexdigest()
    headers = {"X-Lark-Request-Timestamp": stamp, "X-Lark-Request-Nonce": "n", "X-Lark-Signature": signed}
    return FeishuCallback(**FEISHU).hear(method="POST", query={}, headers=headers, raw=raw, now=NOW)


def tap(**head):
    header = {"event_id": "ev1", "event_type": "card.action.trigger", "token": "verify", "app_id": "cli_1"} | head
    event = {"operator": {"user_id": "lisi"}, "action": {"tag": "button", "value": {"action": "ack", "id": "HB-1"}}}
    return {"schema": "2.0", "header": header, "event": event | {"context": {"open_message_id": "om_1"}}}


def test_a_tap_on_feishus_card_names_the_message_and_is_answered_in_words():
    answer = feishu(sealed(tap()))

    assert answer.told
    assert (answer.told.id, answer.told.kind, answer.told.people, answer.told.number) == ("ev1", "ack", ("lisi",), "HB-1")
    assert json.loads(answer.body)["toast"]["type"] == "success"


def test_feishus_try_of_the_address_is_answered():
    answer = feishu(sealed({"challenge": "c-1", "token": "verify", "type": "url_verification"}))

    assert json.loads(answer.body) == {"challenge": "c-1"}


@pytest.mark.parametrize("seconds", [0, int(NOW.timestamp()) - 301, int(NOW.timestamp()) + 301])
def test_an_old_callback_is_not_heard_again(seconds):
    with pytest.raises(Forged, match="clock"):
        feishu(sealed(tap()), seconds=seconds)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"[]", b"{}", b'{"encrypt": 5}', b'{"encrypt": "AAAA"}', b"[" * 100_000, sealed(tap(), "another key"),
        sealed(tap(token="other")), sealed(tap(app_id="cli_2")), sealed(tap(event_id="")),
        sealed({"challenge": "c", "token": "other", "type": "url_verification"}), json.dumps(tap()).encode(),
    ],
)  # fmt: skip
def test_what_is_not_from_feishu_for_us_is_forged(raw):
    with pytest.raises(Forged):
        feishu(raw)


def test_a_signature_by_another_key_is_forged():
    with pytest.raises(Forged, match="signature"):
        feishu(sealed(tap()), key="another key")
