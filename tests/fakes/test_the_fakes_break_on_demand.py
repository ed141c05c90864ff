"""Every kind of fault at every messenger, in raw requests: what a caller meets, and what a person sees."""

import http.client
import json

import pytest

from tests.fakes.dingtalk import Member
from tests.fakes.faults import FURTHER, NEAREST, PROMISED, Fault
from tests.fakes.house import running_house
from tests.fakes.raw import raw

TOO_LATE = 0.15  # seconds a caller waits here
LOST = {
    Fault.REFUSED: ConnectionRefusedError, Fault.NO_NAME: ConnectionRefusedError, Fault.RESET: ConnectionResetError,
    Fault.NO_TLS: http.client.BadStatusLine, Fault.HANG: TimeoutError, Fault.CUT: http.client.RemoteDisconnected,
    Fault.BROKEN_JSON: json.JSONDecodeError,
}  # fmt: skip
STATUS = {
    Fault.ERROR_500: 500, Fault.ERROR_502: 502, Fault.ERROR_503: 503, Fault.TOO_MANY: 429, Fault.DUPLICATE: 504,
    Fault.REDIRECT: 302, Fault.HTML: 200, Fault.EMPTY: 200,
}  # fmt: skip
SHOWN_ALL_THE_SAME = {
    Fault.SLOW, Fault.CUT, Fault.DUPLICATE, Fault.WRONG_TYPE, Fault.CALLBACK_REPEATED, Fault.CALLBACK_DISORDERED,
}  # fmt: skip
NUMBERS = {
    "wecom": {
        Fault.CODE_IN_200: -1, Fault.TOKEN_EXPIRED: 42001, Fault.TOKEN_REVOKED: 40014, Fault.UNTRUSTED_IP: 60020,
        Fault.RATE: 45009, Fault.PARTIAL: 0, Fault.SILENT_DROP: 0, Fault.DUPLICATE_TASK: 40058, Fault.CLOCK_SKEW: 42001,
    },
    "dingtalk": {
        Fault.CODE_IN_200: -1, Fault.TOKEN_EXPIRED: "42001", Fault.TOKEN_REVOKED: "40014", Fault.UNTRUSTED_IP: 60020,
        Fault.RATE: "90018", Fault.PARTIAL: 0, Fault.SILENT_DROP: 0, Fault.DUPLICATE_TASK: 0, Fault.CLOCK_SKEW: "42001",
    },
    "feishu": {
        Fault.CODE_IN_200: 11232, Fault.TOKEN_EXPIRED: 99991663, Fault.TOKEN_REVOKED: 99991663, Fault.UNTRUSTED_IP: 99991401,
        Fault.RATE: 230020, Fault.PARTIAL: 230013, Fault.SILENT_DROP: 230053, Fault.DUPLICATE_TASK: 0,
        Fault.CLOCK_SKEW: 99991663,
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def house():
    with running_house() as running:
        for vendor in running.messengers.values():
            vendor.hang_for, vendor.drip = 3 * TOO_LATE, 0.0005
        running.dingtalk.add(Member("un-u1", "u1"))
        yield running


@pytest.fixture
def way():
    return "wecom"


@pytest.fixture
def probe(house, way):
    """One message by a token that was good before the fault; gives status and number."""
    house.number = getattr(house, "number", 0) + 1
    said = f"HB-{house.number}"
    tokens = {
        "wecom": lambda: raw(house.wecom.address, "GET", "/cgi-bin/gettoken", {
            "corpid": house.wecom.corp, "corpsecret": house.wecom.secret}).said["access_token"],
        "dingtalk": house.dingtalk.token,
        "feishu": lambda: raw(house.feishu.address, "POST", "/open-apis/auth/v3/tenant_access_token/internal", body={
            "app_id": house.feishu.client, "app_secret": house.feishu.secret}).said["tenant_access_token"],
    }  # fmt: skip
    token = tokens[way]()

    def wecom():
        body = {"touser": "u1", "agentid": 1000002, "msgtype": "text", "text": {"content": said}, "enable_duplicate_check": 1}
        return raw(house.wecom.address, "POST", "/cgi-bin/message/send", {"access_token": token}, body=body, timeout=TOO_LATE)

    def dingtalk():
        body = {"agent_id": 123456, "userid_list": "u1", "msg": {"msgtype": "text", "text": {"content": said}}}
        path = "/topapi/message/corpconversation/asyncsend_v2"
        return raw(house.dingtalk.address, "POST", path, {"access_token": token}, body=body, timeout=TOO_LATE)

    def feishu():
        body = {"receive_id": "u1", "msg_type": "text", "content": json.dumps({"text": said}), "uuid": said}
        headers, query = {"Authorization": f"Bearer {token}"}, {"receive_id_type": "user_id"}
        return raw(house.feishu.address, "POST", "/open-apis/im/v1/messages", query, body=body, headers=headers, timeout=TOO_LATE)

    send = {"wecom": wecom, "dingtalk": dingtalk, "feishu": feishu}[way]
    yield house.messengers[way], send, lambda: len(house.ledger.of("u1", way, said))
    house.messengers[way].mend()
    house.clock.forward(minutes=2)


def number(answer):
    """A number of the service: WeCom's and DingTalk's errcode (88 is a class), Feishu's code."""
    said = answer.said
    return said.get("sub_code", said["errcode"]) if "errcode" in said else said["code"]


@pytest.mark.parametrize("way", ["wecom", "dingtalk", "feishu"])
@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.HUGE])
def test_a_fault_is_met_and_mended(probe, way, fault):
    vendor, send, shown = probe
    vendor.fail(fault)

    if fault in LOST:
        with pytest.raises(LOST[fault]):
            send()
    elif fault in STATUS:
        answer = send()
        assert (answer.status, isinstance(answer.said, str)) == (STATUS[fault], fault in {"502", "html", "empty", "redirect"})
    elif fault in NUMBERS[way]:
        assert number(send()) == NUMBERS[way][fault]
    elif fault is Fault.WRONG_TYPE:
        assert json.loads(send().said)
    else:
        assert number(send()) == 0

    always = way == "wecom" and fault is Fault.SILENT_DROP
    untouched = fault is Fault.DUPLICATE_TASK and NUMBERS[way][fault] == 0
    taken = fault in SHOWN_ALL_THE_SAME or untouched
    assert shown() == int(taken or always)


@pytest.mark.parametrize("way", ["wecom", "dingtalk", "feishu"])
@pytest.mark.parametrize("fault", [Fault.CUT, Fault.DUPLICATE, Fault.SLOW])
def test_what_was_taken_is_not_shown_again_by_the_same_bytes(probe, way, fault):
    vendor, send, shown = probe
    vendor.fail(fault, times=1)

    try:
        send()
    except http.client.RemoteDisconnected:
        assert fault is Fault.CUT
    assert number(send()) == 0

    assert shown() == 1


def test_a_fault_may_hit_some_requests_and_some_addresses_alone(probe):
    vendor, send, _shown = probe
    vendor.fail(Fault.ERROR_500, on="/gettoken")
    assert send().status == 200
    vendor.fail(Fault.ERROR_500, times=2)
    assert [send().status for _ in range(3)] == [500, 500, 200]
    vendor.fail(Fault.REFUSED, times=1)
    with pytest.raises(http.client.RemoteDisconnected):
        send()
    assert send().status == 200


def test_a_huge_answer_is_huge(probe):
    vendor, send, _shown = probe
    vendor.fail(Fault.HUGE)

    with pytest.raises((json.JSONDecodeError, TimeoutError)):
        send()


def test_the_promise_is_twenty_four_kinds_and_what_cannot_be_is_said():
    assert len(PROMISED) == 24
    assert set(PROMISED) | set(FURTHER) == set(Fault)
    assert all(way in {"*", "wecom", "dingtalk", "feishu"} and why for (way, _fault), why in NEAREST.items())
