"""WeCom's messages in raw requests, row by row of its pages."""

import base64
import hashlib

import pytest

from tests.fakes.raw import raw
from tests.fakes.serving import serving
from tests.fakes.wecom_presses import WeComApp


class Caller:
    """The app, from outside."""

    def __init__(self, server):
        self.server = server

    def token(self):
        asked = {"corpid": self.server.corp, "corpsecret": self.server.secret}
        return raw(self.server.address, "GET", "/cgi-bin/gettoken", asked).said["access_token"]

    def post(self, path, body, **query):
        query = query or {"access_token": self.token()}
        return raw(self.server.address, "POST", f"/cgi-bin/{path}", query, body=body).said

    def send(self, kind="text", body=None, **more):
        given = {"touser": "u1", "agentid": 1000002, "msgtype": kind, kind: body or {"content": "红灯 HB-1"}}
        return self.post("message/send", {k: v for k, v in (given | more).items() if v is not None})


@pytest.fixture
def app():
    with serving(WeComApp()) as server:
        server.add("u1", "u2")
        yield Caller(server)


def card(**changed):
    said = '<div class="highlight">完成率 46%</div>'
    return {"title": "红灯预警 HB-1", "description": said, "url": "https://h.example/1"} | changed


def notice(**changed):
    return {
        "card_type": "text_notice", "source": {"desc": "航标", "desc_color": 2},
        "main_title": {"title": "红灯预警", "desc": "2026Q3"}, "emphasis_content": {"title": "46%", "desc": "完成率"},
        "horizontal_content_list": [{"keyname": "目标", "value": "120 万"}],
        "jump_list": [{"type": 1, "title": "查看详情", "url": "https://h.example/1"}],
        "card_action": {"type": 1, "url": "https://h.example/1"}, "task_id": "alert_1_u1",
    } | changed  # fmt: skip


def buttons(**changed):
    return {
        "card_type": "button_interaction", "main_title": {"title": "红灯预警"}, "task_id": "t1",
        "button_list": [{"text": "确认", "style": 1, "key": "ack"}, {"text": "申诉", "style": 2, "key": "appeal"}],
    } | changed  # fmt: skip


def test_what_was_sent_stands_on_the_screen_with_its_link(app):
    said = app.send("textcard", card(btntxt="去处理"))

    assert (said["errcode"], said["invaliduser"], said["unlicenseduser"]) == (0, "", "")
    (seen,) = app.server.ledger.of("u1", "wecom")
    assert (seen.title, seen.text, seen.link) == ("红灯预警 HB-1", "完成率 46%", "https://h.example/1")
    assert (seen.button, seen.cut, seen.ids["msgid"]) == ("去处理", False, said["msgid"])


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"unknown": 1}, 40058),
        ({"agentid": "1000002"}, 40058),
        ({"agentid": 7}, 40056),
        ({"msgtype": "carrier_pigeon"}, 40008),
        ({"touser": ""}, 82001),
        ({"touser": None}, 82001),
        ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40058),
        ({"toparty": "|".join(map(str, range(101)))}, 40058),
        ({"text": {"content": ""}}, 44004),
        ({"text": None}, 44004),
        ({"text": {"content": "x", "more": 1}}, 40058),
        ({"text": {"content": 5}}, 40058),
        ({"enable_duplicate_check": True}, 40058),
        ({"duplicate_check_interval": 14401}, 40058),
        ({"touser": "nobody"}, 81013),
    ],
)
def test_a_body_must_be_exactly_what_the_page_says(app, changed, errcode):
    assert app.send(**changed)["errcode"] == errcode
    assert len(app.server.ledger) == 0


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("textcard", card(url="h.example/1")),
        ("textcard", card(url="https://h.example/" + "x" * 2048)),
        ("textcard", card(colour="red")),
        ("template_card", notice(task_id="no spaces")),
        ("template_card", notice(task_id="x" * 129)),
        ("template_card", notice(card_action=None)),
        ("template_card", notice(card_type="other")),
        ("template_card", notice(jump_list=[{"type": 1, "title": "x"}] * 4)),
        ("template_card", notice(horizontal_content_list=[{"keyname": "x"}] * 7)),
        ("template_card", {k: v for k, v in buttons().items() if k != "task_id"}),
        ("template_card", buttons(button_list=[])),
    ],
)
def test_a_card_must_be_one(app, kind, body):
    assert app.send(kind, body)["errcode"] == 40058


def test_a_template_card_shows_its_parts_and_its_colour(app):
    assert "response_code" not in app.send("template_card", notice())

    (seen,) = app.server.ledger.of("u1")
    assert (seen.title, seen.text) == ("红灯预警", "2026Q3\n46% 完成率\n目标: 120 万")
    assert (seen.link, seen.button, seen.colour) == ("https://h.example/1", "查看详情", "red")
    assert app.send("template_card", notice(main_title={"title": "另一张"}))["errcode"] == 40058, "task_id is taken"


@pytest.mark.parametrize(
    ("kind", "body", "what", "most"),
    [
        ("text", {"content": "航" * 683}, "text", 2048),
        ("markdown", {"content": "航" * 683}, "text", 2048),
        ("textcard", card(title="航" * 43), "title", 128),
        ("textcard", card(description="航" * 171), "text", 512),
    ],
)
def test_what_is_too_long_in_bytes_is_cut_without_a_word(app, kind, body, what, most):
    assert app.send(kind, body)["errcode"] == 0

    (seen,) = app.server.ledger.of("u1")
    assert seen.cut
    assert getattr(seen, what) == "航" * (most // 3)


def test_a_button_has_four_characters(app):
    app.send("textcard", card(btntxt="马上去处理"))

    assert app.server.ledger.of("u1")[0].button == "马上去处"


def test_errcode_0_with_names_in_it_is_a_partial_failure(app):
    app.server.add("u3", standing="unlicensed")

    said = app.send(touser="U1|Ghost|u3|u2")

    assert (said["errcode"], said["invaliduser"], said["unlicenseduser"]) == (0, "ghost", "u3")
    assert [seen.person for seen in app.server.ledger] == ["u1", "u2"]


def test_the_same_json_within_the_interval_is_shown_once(app):
    checked = {"enable_duplicate_check": 1, "duplicate_check_interval": 14400}
    first = app.send(**checked)
    app.server.forward(seconds=14399)
    assert app.send(**checked) == first
    assert len(app.server.ledger) == 1
    app.server.forward(seconds=1)
    app.send(**checked)
    assert len(app.server.ledger) == 2

    app.send(text={"content": "other"}, **checked)
    assert len(app.server.ledger) == 3
    app.send(), app.send()
    assert len(app.server.ledger) == 5, "without the check both are shown"


def test_the_usual_interval_is_half_an_hour(app):
    app.send(enable_duplicate_check=1)
    app.server.forward(seconds=1799)
    app.send(enable_duplicate_check=1)
    assert len(app.server.ledger) == 1
    app.server.forward(seconds=1)
    app.send(enable_duplicate_check=1)
    assert len(app.server.ledger) == 2


def test_the_31st_message_in_a_minute_is_dropped_without_an_error(app):
    said = [app.send(text={"content": f"n{number}"})["errcode"] for number in range(31)]

    assert said == [0] * 31
    assert len(app.server.ledger.of("u1")) == 30
    assert [one.why for one in app.server.ledger.dropped] == ["30 a minute"]
    app.server.forward(minutes=1)
    app.send()
    assert len(app.server.ledger.of("u1")) == 31


def test_calls_beyond_the_frequency_answer_45009(app):
    app.server.calls.most = 2

    assert [app.send()["errcode"] for _ in range(3)] == [0, 0, 45009]


def test_tokens_end_early_or_in_time_and_addresses_must_be_listed(app):
    token = app.token()
    send = lambda: app.post("message/send", {"touser": "u1"}, access_token=token)["errcode"]
    app.server.fail("token expired")
    assert send() == 42001
    app.server.fail("token revoked")
    assert send() == 40014
    assert app.send()["errcode"] == 0, "a new token is good"
    assert app.post("message/send", {}, access_token="")["errcode"] == 41001
    app.server.trusted = False
    said = app.post("message/send", {}, access_token=token)
    assert said["errcode"] == 60020
    assert "127.0.0.1" in said["errmsg"]


def test_a_card_with_buttons_may_be_changed_once_within_72_hours(app):
    code = app.send("template_card", buttons())["response_code"]
    late = app.send("template_card", buttons(task_id="t2"))["response_code"]
    change = lambda code, **more: app.post(
        "message/update_template_card",
        {"userids": ["u1"], "agentid": 1000002, "response_code": code, "button": {"replace_name": "已确认"}} | more,
    )["errcode"]
    assert app.server.ledger.of("u1")[0].button == "确认 | 申诉"
    assert change(code, unknown=1) == 40058
    assert change("invented") == 40058
    assert change(code) == 0
    assert (app.server.ledger.of("u1")[0].button, app.server.ledger.of("u1")[0].updated) == ("已确认", 1)
    assert change(code) == 40058
    app.server.forward(hours=72)
    assert change(late) == 40058


def test_a_message_may_be_recalled_within_a_day(app):
    first, second = app.send()["msgid"], app.send()["msgid"]
    recall = lambda number: app.post("message/recall", {"msgid": number})["errcode"]
    assert recall(first) == 0
    assert len(app.server.ledger.of("u1")) == 1
    assert recall("invented") == 40058
    app.server.forward(hours=24)
    assert recall(second) == 40058


def test_a_group_robot_needs_its_key_and_nothing_else(app):
    write = lambda body, key="wecom-robot-key": app.post("webhook/send", body, key=key)["errcode"]
    text = {"msgtype": "text", "text": {"content": "两盏红灯", "mentioned_list": ["u1", "@all"]}}
    assert write(text) == 0
    assert write(text) == 0, "nothing is checked for duplicates"
    assert [seen.text for seen in app.server.ledger.of("group:wecom-robot-key")] == ["两盏红灯"] * 2
    assert write(text, key="removed") == 93000
    assert write({"msgtype": "text", "text": {"content": "x", "at": 1}}) == 40058
    assert write({"msgtype": "text", "text": {"content": "航" * 683}}) == 40058, "a robot refuses what is too long"
    assert write({"msgtype": "markdown", "markdown": {"content": "x" * 4096}}) == 0
    assert write({"msgtype": "markdown", "markdown": {"content": "x" * 4097}}) == 40058
    assert write({"msgtype": "template_card", "template_card": notice()}) == 0
    assert write({"msgtype": "template_card", "template_card": buttons()}) == 40058
    image = {"base64": base64.b64encode(b"png").decode(), "md5": hashlib.md5(b"png").hexdigest()}
    assert write({"msgtype": "image", "image": image}) == 0
    assert write({"msgtype": "image", "image": image | {"md5": "0"}}) == 40058


def test_a_group_robot_writes_twenty_a_minute(app):
    write = lambda: app.post("webhook/send", {"msgtype": "text", "text": {"content": "x"}}, key="wecom-robot-key")["errcode"]

    assert [write() for _ in range(21)] == [0] * 20 + [45009]
    app.server.forward(minutes=1)
    assert write() == 0


def test_only_its_own_host_answers(app):
    asked = {"corpid": app.server.corp, "corpsecret": app.server.secret}
    ask = lambda **how: raw(app.server.address, "GET", "/cgi-bin/gettoken", asked, **how).status
    assert ask(host="qyapi.weixin.qq.com") == 200
    assert ask(host="open.weixin.qq.com") == ask(host="evil.example") == 404
    assert raw(app.server.at["open.weixin.qq.com"], "GET", "/cgi-bin/gettoken", asked).status == 404
    assert raw(app.server.at["qyapi.weixin.qq.com"], "GET", "/cgi-bin/gettoken", asked).status == 200
