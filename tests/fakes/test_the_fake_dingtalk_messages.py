"""DingTalk's messages and to-dos in raw requests, row by row of its pages."""

import base64
import hashlib
import hmac

import pytest

from tests.fakes.dingtalk import Member
from tests.fakes.dingtalk_todos import DingTalkApp
from tests.fakes.raw import raw
from tests.fakes.serving import serving

CARD = {"title": "红灯 HB-1", "markdown": "### 红灯\n完成率 **46%**", "single_title": "去处理", "single_url": "https://h.example/1"}
TODO = {
    "sourceId": "hangbiao:review:1:u1", "subject": "提交纪要", "creatorId": "un1", "description": "三方复盘",
    "dueTime": 1_796_000_000_000,
    "executorIds": ["un1"], "detailUrl": {"appUrl": "https://h.example/2", "pcUrl": "https://h.example/2"},
    "isOnlyShowExecutor": True, "priority": 40, "notifyConfigs": {"dingNotify": "1"},
}  # fmt: skip


class Caller:
    def __init__(self, server):
        self.server = server
        self.old, self.new = server.at["oapi.dingtalk.com"], server.at["api.dingtalk.com"]

    def token(self):
        asked = {"appkey": self.server.key, "appsecret": self.server.secret}
        return raw(self.old, "GET", "/gettoken", asked).said["access_token"]

    def ask(self, path, body):
        return raw(self.old, "POST", f"/topapi/message/corpconversation/{path}", {"access_token": self.token()}, body=body).said

    def send(self, **changed):
        given = {"agent_id": 123456, "userid_list": "u1", "to_all_user": False}
        return self.ask("asyncsend_v2", given | {"msg": {"msgtype": "action_card", "action_card": CARD}} | changed)

    def text(self, said, **changed):
        return self.send(msg={"msgtype": "text", "text": {"content": said}}, **changed)

    def result(self, task):
        return self.ask("getsendresult", {"agent_id": 123456, "task_id": task})["send_result"]

    def robot(self, body=None, *, moved=0, twice=False, token="ding-robot-token", **query):
        secret, stamp = "SECrobot", str(int(self.server.now.timestamp() * 1000) + moved)
        made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        sign = base64.b64encode(made).decode()
        if twice:
            sign = sign.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
        body = body or {"msgtype": "text", "text": {"content": "两盏红灯"}}
        asked = {"access_token": token, "timestamp": stamp, "sign": sign} | query
        return raw(self.old, "POST", "/robot/send", asked, body=body).said["errcode"]

    def todo(self, method="POST", rest="", body=TODO, *, token=None, union="un1", operator="un1"):
        headers = {"x-acs-dingtalk-access-token": token or self.token()}
        path = f"/v1.0/todo/users/{union}/tasks{rest}"
        return raw(self.new, method, path, {"operatorId": operator}, body=body, headers=headers)


@pytest.fixture
def app():
    with serving(DingTalkApp()) as server:
        server.add(Member("un1", "u1"))
        server.add(Member("un2", "u2"))
        server.add(Member("outside"))
        yield Caller(server)


def test_a_work_notice_is_accepted_and_shown(app):
    said = app.send(userid_list="u1,u2")

    assert said["errcode"] == 0
    (seen,) = app.server.ledger.of("u2", "dingtalk")
    assert (seen.title, seen.link, seen.button) == ("红灯 HB-1", "https://h.example/1", "去处理")
    assert app.result(said["task_id"])["unread_user_id_list"] == ["u1", "u2"]
    seen.read = True
    told = app.result(said["task_id"])
    assert (told["read_user_id_list"], told["unread_user_id_list"]) == (["u2"], ["u1"])
    progress = app.ask("getsendprogress", {"agent_id": 123456, "task_id": said["task_id"]})
    assert progress["progress"] == {"progress_in_percent": 100, "status": 2}


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"unknown": 1}, 40035),
        ({"agent_id": "123456"}, 40035),
        ({"agent_id": 7}, 40035),
        ({"userid_list": ["u1"]}, 40035),
        ({"userid_list": "u1,,u2"}, 40035),
        ({"userid_list": ",".join(f"u{n}" for n in range(101))}, 40035),
        ({"userid_list": ""}, 1430000),
        ({"msg": {"msgtype": "pigeon", "pigeon": {}}}, 40035),
        ({"msg": {"msgtype": "text", "text": {"content": "x"}, "more": 1}}, 40035),
        ({"msg": {"msgtype": "text", "text": {"content": "航" * 680}}}, 40035),
        ({"msg": {"msgtype": "action_card", "action_card": CARD | {"btn_orientation": "1"}}}, 40035),
        ({"msg": {"msgtype": "action_card", "action_card": CARD | {"single_url": "h.example"}}}, 40035),
    ],
)
def test_a_work_notice_must_be_exactly_what_the_page_says(app, changed, errcode):
    assert app.send(**changed)["errcode"] == errcode
    assert len(app.server.ledger) == 0


def test_two_buttons_and_a_form_with_a_status_bar_are_notices_too(app):
    press = [{"title": "确认", "action_url": "https://h.example/a"}, {"title": "申诉", "action_url": "https://h.example/b"}]
    two = {"title": "t", "markdown": "m", "btn_orientation": "1", "btn_json_list": press}
    assert app.send(msg={"msgtype": "action_card", "action_card": two})["errcode"] == 0
    oa = {
        "message_url": "https://h.example/c", "head": {"bgcolor": "FFBBBBBB", "text": "航标"},
        "status_bar": {"status_value": "进行中", "status_bg": "0xFFF65E5E"},
        "body": {"title": "红灯", "form": [{"key": "完成率:", "value": "46%"}]},
    }  # fmt: skip
    task = app.send(msg={"msgtype": "oa", "oa": oa})["task_id"]
    first, second = app.server.ledger.of("u1")
    assert (first.button, second.text, second.state) == ("确认 | 申诉", "完成率: 46%", "进行中")
    change = {"agent_id": 123456, "task_id": task, "status_value": "已完成", "status_bg": "0xFF00AA00"}
    assert app.ask("status_bar/update", change)["errcode"] == 0
    assert (second.state, second.updated) == ("已完成", 1)


def test_the_same_content_on_the_same_day_is_swallowed_and_only_the_result_tells(app):
    assert app.send()["errcode"] == 0
    again = app.send()
    assert again["errcode"] == 0
    assert len(app.server.ledger.of("u1")) == 1
    assert app.result(again["task_id"])["forbidden_user_id_list"] == ["u1"]
    assert app.result(again["task_id"])["forbidden_list"] == [{"code": "143106", "count": 1, "userid": "u1"}]
    app.send(userid_list="u2")
    assert len(app.server.ledger.of("u2")) == 1, "another person is another matter"
    app.server.forward(hours=15)  # past midnight in China
    app.send()
    assert len(app.server.ledger.of("u1")) == 2


def test_the_501st_of_a_day_is_swallowed_and_only_the_result_tells(app):
    app.server.calls.most = 10_000
    app.server.by_day.most = 3
    tasks = [app.text(f"n{number}")["task_id"] for number in range(4)]

    assert len(app.server.ledger.of("u1")) == 3
    assert app.result(tasks[-1])["forbidden_list"][0]["code"] == "143105"
    assert DingTalkApp().by_day.most == 500


def test_somebody_unknown_is_named_in_the_result_alone(app):
    said = app.text("x", userid_list="u1,ghost")

    assert said["errcode"] == 0
    assert app.result(said["task_id"])["invalid_user_id_list"] == ["ghost"]


def test_the_result_can_be_asked_for_a_day_and_a_notice_can_be_recalled(app):
    task = app.text("x")["task_id"]
    assert app.ask("recall", {"agent_id": 123456, "msg_task_id": task})["errcode"] == 0
    assert app.server.ledger.of("u1") == []
    assert app.ask("getsendresult", {"agent_id": 123456, "task_id": 1})["errcode"] == 40035
    app.server.forward(hours=24)
    assert app.ask("getsendresult", {"agent_id": 123456, "task_id": task})["errcode"] == 40035


def test_calls_beyond_the_frequency_are_class_88(app):
    said = [app.text(f"n{number}") for number in range(41)][-1]

    assert (said["errcode"], said["sub_code"]) == (88, "90018")


def test_a_group_robot_checks_the_signature_its_clock_and_its_form(app):
    assert app.robot() == 0
    assert app.robot() == 0, "nothing is checked for duplicates"
    assert [seen.text for seen in app.server.ledger.of("group:ding-robot-token")] == ["两盏红灯"] * 2
    assert app.robot(moved=3_600_000) == app.robot(moved=-3_600_000) == 0
    assert app.robot(moved=3_600_001) == app.robot(moved=-3_600_001) == 310000
    assert app.robot(twice=True) == 310000, "a signature encoded twice over is another one"
    assert app.robot(sign="wrong") == 310000
    assert app.robot(more="x") == 310000
    assert app.robot(token="unknown") == 300001
    assert app.robot({"msgtype": "text", "text": {"content": "x"}, "more": 1}) == 40035
    camel = {"title": "t", "text": "m", "singleTitle": "看", "singleURL": "https://h.example/"}
    assert app.robot({"msgtype": "actionCard", "actionCard": camel, "at": {"isAtAll": False}}) == 0
    assert app.robot({"msgtype": "action_card", "action_card": camel}) == 40035
    assert app.robot({"msgtype": "text", "text": {"content": "航" * 7000}}) == 40035
    app.server.robots["ding-robot-token"].keyword = "绿灯"
    assert app.robot() == 310000


def test_a_group_robot_that_writes_too_fast_is_mute_for_ten_minutes(app):
    assert [app.robot() for _ in range(21)] == [0] * 20 + [130101]
    app.server.forward(minutes=9)
    assert app.robot() == 130101
    app.server.forward(minutes=1)
    assert app.robot() == 0


def test_the_one_to_one_robot_says_whom_it_did_not_reach(app):
    def chat(token=None, **changed):
        given = {"robotCode": "dingrobot01", "userIds": ["u1", "ghost"], "msgKey": "sampleMarkdown"}
        given["msgParam"] = '{"title":"t","text":"m"}'
        headers = {"x-acs-dingtalk-access-token": token or app.token()}
        return raw(app.new, "POST", "/v1.0/robot/oToMessages/batchSend", body=given | changed, headers=headers)

    said = chat().said
    assert (said["invalidStaffIdList"], said["flowControlledStaffIdList"]) == (["ghost"], [])
    assert app.server.ledger.of("u1")[0].text == "m"
    assert chat(token="x").status == 401
    assert chat(userIds=["u1"] * 21).status == 400
    assert chat(msgParam={"title": "t"}).status == 400
    assert chat(msgKey="sampleText").status == 400
    assert chat(more=1).status == 400


def test_the_new_host_gives_the_same_token_to_the_right_app(app):
    app_ = {"appKey": app.server.key, "appSecret": "x"}
    ask = lambda **more: raw(app.new, "POST", "/v1.0/oauth2/accessToken", body=app_ | more)
    assert ask().status == 400
    assert ask(appSecret=app.server.secret, more=1).status == 400
    assert ask(appSecret=app.server.secret).said == {"accessToken": app.token(), "expireIn": 7200}


def test_a_to_do_is_made_once_for_each_source(app):
    made = app.todo()
    assert (made.status, made.said["sourceId"], made.said["done"]) == (200, TODO["sourceId"], False)
    (seen,) = app.server.ledger.of("u1")
    assert (seen.kind, seen.title, seen.link, seen.state) == ("todo", "提交纪要", "https://h.example/2", "open")
    again = app.todo()
    assert (again.status, again.said["code"], again.said["message"]) == (400, "todo.taskCreate.paramError", "task exist")
    assert len(app.server.ledger) == 1
    assert app.todo("GET", f"/sources/{TODO['sourceId']}", None).said["id"] == made.said["id"]
    assert app.todo("GET", "/sources/unknown", None).status == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"unknown": 1}, {"subject": ""}, {"subject": "x" * 1025}, {"description": "x" * 4097}, {"executorIds": ["u1"]},
        {"executorIds": ["outside"]}, {"executorIds": ["un1"] * 1001}, {"dueTime": 1_796_000_000}, {"dueTime": "1796000000000"},
        {"priority": 50}, {"detailUrl": {"appUrl": "h.example"}}, {"notifyConfigs": {"dingNotify": 1}},
    ],
)  # fmt: skip
def test_a_to_do_must_be_exactly_what_the_page_says(app, changed):
    made = app.todo(body=TODO | changed)

    assert (made.status, made.said["code"]) == (400, "todo.taskCreate.paramError")
    assert len(app.server.ledger) == 0


def test_a_to_do_is_changed_ticked_for_a_person_and_deleted(app):
    number = app.todo(body=TODO | {"executorIds": ["un1", "un2"]}).said["id"]
    (one,), (two,) = app.server.ledger.of("u1"), app.server.ledger.of("u2")
    tick = lambda union: app.todo("PUT", f"/{number}/executorStatus", {"executorStatusList": [{"id": union, "isDone": True}]})
    assert tick("un1").said["result"] is True
    assert (one.state, two.state) == ("done", "open")
    assert tick("outside").status == 400
    assert app.todo("PUT", f"/{number}", {"done": True, "subject": "已提交"}).said["result"] is True
    assert (two.state, two.title) == ("done", "已提交")
    assert app.todo("PUT", f"/{number}", {"unknown": 1}).status == 400
    assert app.todo("DELETE", f"/{number}", None).status == 200
    assert app.server.ledger.of("u2") == []
    assert app.todo("DELETE", f"/{number}", None).status == 404


def test_to_dos_want_a_good_token_and_people_by_union_id(app):
    assert app.todo(token="x").status == 401
    assert app.todo(token="x").said["code"] == "InvalidAuthentication"
    assert app.todo(union="u1").status == app.todo(operator="u1").status == 400
    token = app.token()
    app.server.fail("token expired")
    assert app.todo(token=token).status == 401
    app.server.trusted = False
    assert app.todo(token=app.token()).status == 403


def test_the_union_id_of_a_member_is_told(app):
    ask = lambda userid: raw(app.old, "POST", "/topapi/v2/user/get", {"access_token": app.token()}, body={"userid": userid}).said
    assert ask("u2")["result"]["unionid"] == "un2"
    assert ask("ghost")["errcode"] == 60121


def test_each_host_serves_its_own_addresses(app):
    assert raw(app.new, "GET", "/gettoken", {"appkey": "x", "appsecret": "x"}).status == 404
    assert raw(app.old, "POST", "/v1.0/oauth2/accessToken", body={}).status == 404
    assert raw(app.server.address, "POST", "/v1.0/oauth2/accessToken", body={}, host="oapi.dingtalk.com").status == 404
    assert raw(app.server.address, "POST", "/v1.0/oauth2/accessToken", body={}, host="api.dingtalk.com").status == 400
