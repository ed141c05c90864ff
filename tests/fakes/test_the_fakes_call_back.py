"""What the fakes send us when somebody presses a button, opened by hand with nothing but the page's words."""

import base64
import hashlib
import json
import struct
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from defusedxml.ElementTree import fromstring

from tests.fakes.faults import Fault
from tests.fakes.house import running_house
from tests.fakes.raw import raw


def opened(key, start, locked):
    unlock = Cipher(algorithms.AES(key), modes.CBC(start)).decryptor()
    plain = unlock.update(locked) + unlock.finalize()
    return plain[: -plain[-1]]


def wecom_opened(app, query, locked):
    parts = sorted([app.callback_token, query["timestamp"], query["nonce"], locked])
    assert hashlib.sha1("".join(parts).encode()).hexdigest() == query["msg_signature"]
    key = base64.b64decode(app.aes_key + "=")
    plain = opened(key, key[:16], base64.b64decode(locked))
    length = struct.unpack(">I", plain[16:20])[0]
    assert plain[20 + length :].decode() == app.corp
    return plain[20 : 20 + length].decode()


def feishu_opened(app, headers, raw):
    said = headers["X-Lark-Request-Timestamp"] + headers["X-Lark-Request-Nonce"] + app.encrypt_key
    assert hashlib.sha256(said.encode() + raw).hexdigest() == headers["X-Lark-Signature"]
    locked = base64.b64decode(json.loads(raw)["encrypt"])
    return json.loads(opened(hashlib.sha256(app.encrypt_key.encode()).digest(), locked[:16], locked[16:]))


class Ours(BaseHTTPRequestHandler):
    """Our end: opens what comes, keeps it, answers with the statuses and bodies that wait."""

    def log_message(self, *_said):
        """Quiet."""

    def do_GET(self):
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self._say(200, wecom_opened(self.server.house.wecom, query, query["echostr"]).encode())

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if self.path.startswith("/wecom"):
            xml = wecom_opened(self.server.house.wecom, query, fromstring(raw).findtext("Encrypt"))
            said = {one.tag: one.text for one in fromstring(xml)}
        else:
            said = feishu_opened(self.server.house.feishu, self.headers, raw)
        if "challenge" in said:
            return self._say(200, json.dumps({"challenge": said["challenge"]}).encode())
        self.server.came.append(said)
        status, body = self.server.answers.pop(0) if self.server.answers else (200, b"{}")
        return self._say(status, body)

    def _say(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def world():
    with running_house() as house, HTTPServer(("127.0.0.1", 0), Ours) as ours:
        ours.house = house
        Thread(target=ours.serve_forever, args=(0.01,), daemon=True).start()
        address = f"http://127.0.0.1:{ours.server_address[1]}"
        assert house.wecom.call_back_to(f"{address}/wecom")
        assert house.feishu.call_back_to(f"{address}/feishu")
        house.feishu.add("on_1", user_id="u1")
        yield house, ours
        ours.shutdown()


@pytest.fixture
def pressing(world):
    house, ours = world
    ours.came, ours.answers = [], []
    ids = {"task_id": "t1", "card_type": "button_interaction", "message_id": "om_1"}
    seen = house.ledger.show("wecom", "u1", house.clock.now(), "card", "红灯", "", ids=ids)
    yield house, ours, seen
    house.mend()


def test_wecom_tells_who_pressed_what_and_gives_a_code_to_change_the_card(pressing):
    house, ours, seen = pressing

    assert [answer.status for answer in house.wecom.press(seen, "ack")] == [200]

    (event,) = ours.came
    assert {name: event[name] for name in ("Event", "EventKey", "TaskId", "FromUserName", "CardType")} == {
        "Event": "template_card_event", "EventKey": "ack", "TaskId": "t1", "FromUserName": "u1", "CardType": "button_interaction",
    }  # fmt: skip
    assert event["ResponseCode"] in house.wecom.cards


@pytest.mark.parametrize(("answers", "statuses"), [([500, 200], [500, 200]), ([500] * 9, [500] * 4)])
def test_wecom_tries_three_times_more_where_it_is_not_answered(pressing, answers, statuses):
    house, ours, seen = pressing
    ours.answers = [(status, b"") for status in answers]

    assert [answer.status for answer in house.wecom.press(seen, "ack")] == statuses
    assert len({json.dumps(event) for event in ours.came}) == 1, "the same event each time"


def test_wecom_may_repeat_what_was_answered_and_call_out_of_order(pressing):
    house, ours, seen = pressing
    house.wecom.fail(Fault.CALLBACK_REPEATED)
    assert len(house.wecom.press(seen, "ack")) == 4
    house.wecom.fail(Fault.CALLBACK_DISORDERED)
    assert house.wecom.press(seen, "first") == house.wecom.press(seen, "second") == []
    house.wecom.callbacks.flush()

    assert [event["EventKey"] for event in ours.came] == ["ack"] * 4 + ["second", "first"]


def test_feishu_tells_who_pressed_what_and_takes_a_card_for_an_answer(pressing):
    house, ours, seen = pressing
    head = {"template": "green", "title": {"tag": "plain_text", "content": "已确认"}}
    done = {"type": "raw", "data": {"header": head, "elements": [{"tag": "hr"}]}}
    ours.answers = [(200, json.dumps({"toast": {"type": "success", "content": "好"}, "card": done}).encode())]

    house.feishu.press(seen, {"action": "ack"}, "on_1")

    (event,) = ours.came
    assert (event["schema"], event["header"]["event_type"]) == ("2.0", "card.action.trigger")
    assert event["event"]["action"]["value"] == {"action": "ack"}
    assert event["event"]["operator"] == {"open_id": "ou_on_1", "user_id": "u1"}
    assert (seen.title, seen.colour, seen.updated) == ("已确认", "green", 1)


def test_feishu_repeats_one_event_under_one_number(pressing):
    house, ours, seen = pressing
    house.feishu.fail(Fault.CALLBACK_REPEATED)
    house.feishu.press(seen, {"action": "ack"}, "on_1")

    assert len(ours.came) == 4
    assert len({event["header"]["event_id"] for event in ours.came}) == 1


def test_feishu_lets_a_pressed_card_be_changed_twice_within_half_an_hour(pressing):
    house, ours, seen = pressing
    house.feishu.press(seen, {"action": "ack"}, "on_1")
    pressed = ours.came[0]["event"]["token"]
    app = {"app_id": house.feishu.client, "app_secret": house.feishu.secret}
    path = "/open-apis/auth/v3/tenant_access_token/internal"
    entry = {"Authorization": "Bearer " + raw(house.feishu.address, "POST", path, body=app).said["tenant_access_token"]}
    card = {"header": {"title": {"tag": "plain_text", "content": "已完成"}}, "elements": [{"tag": "hr"}]}

    def change(token=pressed, **more):
        body = {"token": token, "card": card} | more
        return raw(house.feishu.address, "POST", "/open-apis/interactive/v1/card/update", body=body, headers=entry).said["code"]

    assert change("c-invented") == 300010
    assert change(more=1) == 10002
    assert [change(), change(), change()] == [0, 0, 300010]
    assert (seen.title, seen.updated) == ("已完成", 2)
    house.feishu.press(seen, {"action": "ack"}, "on_1")
    house.clock.forward(minutes=30)
    assert change(ours.came[1]["event"]["token"]) == 300010
