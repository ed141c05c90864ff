"""Feishu's messages and to-dos in raw requests, row by row of its pages."""

import base64
import hashlib
import hmac
import json

import pytest

from tests.fakes.feishu_messages import Hook
from tests.fakes.feishu_presses import FeishuApp
from tests.fakes.raw import raw
from tests.fakes.serving import serving

TOKEN = "/open-apis/auth/v3/tenant_access_token/internal"
PRESS = {"tag": "button", "type": "primary", "text": {"tag": "plain_text", "content": "去处理"}, "url": "https://h.example/1"}
CARD = {
    "config": {"wide_screen_mode": True, "update_multi": True},
    "header": {"template": "red", "title": {"tag": "plain_text", "content": "红灯 HB-1"}},
    "elements": [{"tag": "div", "text": {"tag": "lark_md", "content": "完成率 **46%**"}}, {"tag": "action", "actions": [PRESS]}],
}
CARD_2 = {
    "schema": "2.0", "config": {"update_multi": True}, "header": CARD["header"],
    "body": {"elements": [
        {"tag": "markdown", "content": "完成率 **46%**"},
        {"tag": "button", "text": PRESS["text"], "behaviors": [{"type": "open_url", "default_url": "https://h.example/1"}]},
        {"tag": "button", "text": PRESS["text"], "behaviors": [{"type": "callback", "value": {"action": "ack"}}]},
    ]},
}  # fmt: skip


class Caller:
    def __init__(self, server):
        self.server = server

    def token(self):
        body = {"app_id": self.server.client, "app_secret": self.server.secret}
        return raw(self.server.address, "POST", TOKEN, body=body).said["tenant_access_token"]

    def ask(self, method, path, body=None, *, token=None, **query):
        headers = {"Authorization": f"Bearer {token or self.token()}"}
        return raw(self.server.address, method, f"/open-apis{path}", query or None, body=body, headers=headers)

    def send(self, content=None, kind="text", to="ou_on_1", by="open_id", **more):
        content = json.dumps(content or {"text": "红灯 HB-1"}, ensure_ascii=False)
        given = {"receive_id": to, "msg_type": kind, "content": content} | more
        return self.ask("POST", "/im/v1/messages", {k: v for k, v in given.items() if v is not None}, receive_id_type=by)

    def hook(self, body=None, *, moved=0, secret="feishu-hook-secret", name="feishu-hook-token", **more):
        stamp = str(int(self.server.now.timestamp()) + moved)
        sign = base64.b64encode(hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()
        given = {"timestamp": stamp, "sign": sign} | (body or {"msg_type": "text", "content": {"text": "两盏红灯"}}) | more
        return raw(self.server.address, "POST", f"/open-apis/bot/v2/hook/{name}", body=given).said["code"]


@pytest.fixture
def app():
    with serving(FeishuApp()) as server:
        server.add("on_1", user_id="u1", email="a@example.com")
        yield Caller(server)


def test_the_token_stays_the_same_until_half_an_hour_is_left_and_then_both_are_good(app):
    first = app.token()
    app.server.forward(minutes=90)
    assert app.token() == first
    app.server.forward(seconds=1)
    second = app.token()
    assert second != first
    assert app.ask("POST", "/im/v1/messages", {}, token=first).said["code"] == 230001
    app.server.forward(minutes=30)
    assert app.ask("POST", "/im/v1/messages", {}, token=first).said["code"] == 99991663
    assert app.send().status == 200


def test_the_token_is_for_the_right_app(app):
    ask = lambda **body: raw(app.server.address, "POST", TOKEN, body=body).said["code"]
    good = {"app_id": app.server.client, "app_secret": app.server.secret}
    assert ask(**good) == 0
    assert ask(**good, more=1) == 10003
    assert ask(**good | {"app_id": "x"}) == 10013
    assert ask(**good | {"app_secret": "x"}) == 10014


@pytest.mark.parametrize(
    ("by", "to"), [("open_id", "ou_on_1"), ("user_id", "u1"), ("union_id", "on_1"), ("email", "a@example.com")]
)
def test_people_are_named_by_any_of_their_ids(app, by, to):
    sent = app.send(to=to, by=by)

    assert (sent.status, sent.said["code"], sent.said["data"]["msg_type"]) == (200, 0, "text")
    assert app.server.ledger.of("u1")[0].ids == {"message_id": sent.said["data"]["message_id"]}


@pytest.mark.parametrize("card", [CARD, CARD_2], ids=["first version", "second version"])
def test_a_card_is_shown_with_its_colour_and_its_link(app, card):
    assert app.send(card, "interactive").status == 200

    (seen,) = app.server.ledger.of("u1", "feishu")
    assert (seen.title, seen.text, seen.colour) == ("红灯 HB-1", "完成率 **46%**", "red")
    assert (seen.link, seen.button.split(" | ")[0]) == ("https://h.example/1", "去处理")


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"more": 1}, 230001),
        ({"by": "nickname"}, 230001),
        ({"to": "ou_nobody"}, 230001),
        ({"kind": "pigeon"}, 230001),
        ({"content": {"text": 5}}, 230001),
        ({"content": {"text": "x", "more": 1}}, 230001),
        ({"uuid": "x" * 51}, 230001),
        ({"content": {"text": "航" * 51_200}}, 230025),
        ({"content": CARD | {"footer": 1}, "kind": "interactive"}, 230001),
        ({"content": CARD | {"elements": [{"tag": "blink"}]}, "kind": "interactive"}, 230001),
        ({"content": CARD | {"header": CARD["header"] | {"template": "pink"}}, "kind": "interactive"}, 230001),
        ({"content": CARD | {"elements": [{"tag": "markdown", "content": "航" * 10_240}]}, "kind": "interactive"}, 230025),
        ({"to": "oc_1", "by": "chat_id"}, 230002),
    ],
)
def test_a_message_must_be_exactly_what_the_page_says(app, how, code):
    sent = app.send(**how)

    assert (sent.status, sent.said["code"]) == (400, code)
    assert len(app.server.ledger) == 0


def test_the_content_is_json_in_a_string(app):
    given = {"receive_id": "ou_on_1", "msg_type": "text", "content": {"text": "x"}}

    assert app.ask("POST", "/im/v1/messages", given, receive_id_type="open_id").said["code"] == 230001


def test_the_same_uuid_within_an_hour_is_one_message(app):
    first = app.send(uuid="HB-1").said
    assert app.send(uuid="HB-1").said == first
    assert len(app.server.ledger) == 1
    app.send(uuid="HB-2"), app.send(), app.send()
    assert len(app.server.ledger) == 4
    app.server.forward(hours=1)
    app.send(uuid="HB-1")
    assert len(app.server.ledger) == 5


def test_tokens_are_refused_by_number(app):
    code = lambda headers: raw(app.server.address, "POST", "/open-apis/im/v1/messages", body={}, headers=headers).said["code"]
    token = app.token()
    assert code({}) == code({"Authorization": token}) == 99991661
    assert code({"Authorization": "Bearer x"}) == 99991663
    app.server.fail("token revoked")
    assert code({"Authorization": f"Bearer {token}"}) == 99991663
    app.server.trusted = False
    assert code({"Authorization": f"Bearer {app.token()}"}) == 99991401


def test_somebody_beyond_the_apps_reach_is_230013(app):
    app.server.outside.add("on_1")

    assert (app.send().status, app.send().said["code"]) == (400, 230013)


def test_the_51st_call_in_a_second_is_429_with_the_seconds_to_wait(app):
    app.server.by_person.most = 100
    sent = [app.send() for _ in range(51)][-1]

    assert (sent.status, sent.said["code"]) == (429, 99991400)
    assert (sent.headers["x-ogw-ratelimit-limit"], sent.headers["x-ogw-ratelimit-reset"]) == ("50", "1")
    app.server.forward(seconds=1)
    assert app.send().status == 200


def test_the_sixth_message_in_a_second_to_one_person_is_230020(app):
    assert [app.send().said["code"] for _ in range(6)] == [0] * 5 + [230020]


def test_a_shared_card_can_be_changed_for_fourteen_days(app):
    number = app.send(CARD, "interactive").said["data"]["message_id"]
    head = {"template": "green", "title": {"tag": "plain_text", "content": "已完成"}}
    done = CARD | {"header": head, "elements": [{"tag": "hr"}]}
    change = lambda which, card, **more: app.ask("PATCH", f"/im/v1/messages/{which}", {"content": json.dumps(card)} | more)
    assert change(number, done).said["code"] == 0
    (seen,) = app.server.ledger.of("u1")
    assert (seen.title, seen.colour, seen.button, seen.updated) == ("已完成", "green", "", 1)
    assert change(number, done, more=1).said["code"] == change("om_x", done).said["code"] == 230001
    text = app.send().said["data"]["message_id"]
    own = app.send(CARD | {"config": {}}, "interactive").said["data"]["message_id"]
    assert change(text, done).said["code"] == change(own, done).said["code"] == 230001
    app.server.forward(days=14)
    assert change(number, done).said["code"] == 230001


def test_a_message_is_recalled_or_made_urgent(app):
    number = app.send().said["data"]["message_id"]
    path, whom = f"/im/v1/messages/{number}/urgent_app", {"user_id_list": ["ou_on_1"]}
    urgent = lambda: app.ask("PATCH", path, whom, user_id_type="open_id").said
    assert urgent()["code"] == 0
    app.server.urgents["ou_on_1"] = 200
    assert urgent()["code"] == 230023
    assert app.ask("DELETE", f"/im/v1/messages/{number}").said["code"] == 0
    assert app.server.ledger.of("u1") == []
    assert app.ask("DELETE", f"/im/v1/messages/{number}").said["code"] == 230001


def test_a_group_webhook_takes_the_text_as_key_over_nothing(app):
    assert app.hook() == app.hook() == 0, "nothing is checked for duplicates"
    assert [seen.text for seen in app.server.ledger.of("group:feishu-hook-token")] == ["两盏红灯"] * 2
    assert app.hook({"msg_type": "interactive", "card": CARD}) == 0
    assert app.hook(moved=3600) == 0
    assert app.hook(moved=3601) == app.hook(moved=-3601) == app.hook(secret="other") == 19021
    assert app.hook(more=1) == app.hook({"msg_type": "interactive", "content": {"text": "x"}}) == 9499
    assert app.hook({"msg_type": "text", "content": {"text": "航" * 7000}}) == 9499
    assert app.hook(timestamp=5) == 9499
    app.server.hooks["k"] = Hook(keyword="绿灯")
    app.server.hooks["i"] = Hook(trusted=False)
    assert (app.hook(name="k"), app.hook(name="i"), app.hook(name="unknown")) == (19024, 19022, 19001)


def test_a_group_webhook_writes_five_a_second(app):
    assert [app.hook() for _ in range(6)] == [0] * 5 + [11232]


def test_a_to_do_is_made_once_for_each_client_token(app):
    body = {
        "summary": "提交纪要", "description": "三方复盘", "due": {"timestamp": "1796000000000", "is_all_day": False},
        "members": [{"id": "ou_on_1", "type": "user", "role": "assignee"}], "client_token": "HB-1",
        "origin": {"platform_i18n_name": {"zh_cn": "航标"}, "href": {"url": "https://h.example/2", "title": "航标"}},
    }  # fmt: skip
    make = lambda **changed: app.ask("POST", "/task/v2/tasks", body | changed)
    made = make()
    number = made.said["data"]["task"]["guid"]
    assert make().said == made.said
    (seen,) = app.server.ledger.of("u1")
    assert (seen.kind, seen.title, seen.link, seen.state) == ("todo", "提交纪要", "https://h.example/2", "open")
    assert make(client_token="x", members=[{"id": "ou_x", "role": "assignee"}]).said["code"] == 1470400
    assert make(client_token="x", due={"timestamp": 1}).said["code"] == 1470400
    assert make(client_token="x", more=1).status == 400

    tick = lambda **changed: app.ask("PATCH", f"/task/v2/tasks/{number}", {"task": {"completed_at": "1796000000000"}} | changed)
    assert tick(update_fields=["summary"]).status == 400
    assert tick(update_fields=["completed_at"]).said["code"] == 0
    assert seen.state == "done"
    assert app.ask("DELETE", f"/task/v2/tasks/{number}").said["code"] == 0
    assert app.server.ledger.of("u1") == []


def test_only_its_own_hosts_answer(app):
    ask = lambda host: raw(app.server.address, "POST", "/open-apis/im/v1/messages", body={}, host=host).status
    assert ask("open.feishu.cn") == 400
    assert ask("accounts.feishu.cn") == ask("open.larksuite.com") == 404
