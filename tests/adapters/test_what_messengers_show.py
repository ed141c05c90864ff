"""The adapters of messages against the vendors' fakes, over HTTP: what people see, which trouble is which."""

import dataclasses
import json
import re

import httpx
import pytest

from hangbiao.adapters import asking, calling
from hangbiao.adapters.dingtalk import messages as dingtalk_messages
from hangbiao.adapters.dingtalk.messages import DingTalk
from hangbiao.adapters.dingtalk.robot import DingTalkRobot
from hangbiao.adapters.feishu.messages import Feishu
from hangbiao.adapters.feishu.robot import FeishuRobot
from hangbiao.adapters.wecom.messages import WeCom
from hangbiao.adapters.wecom.robot import WeComRobot
from hangbiao.engines.notify.ports import Outgoing, Refused, State, Trouble
from tests.fakes.dingtalk_todos import DingTalkApp
from tests.fakes.faults import Fault
from tests.fakes.feishu_presses import FeishuApp
from tests.fakes.serving import serving
from tests.fakes.wecom_presses import WeComApp
from tests.world.clocks import Clocks

ALERT = Outgoing(
    key="HB-2026Q3-W4-0123", to="lisi", title="红灯预警", body="请在五个工作日内完成三方复盘。", button="去处理",
    url="https://hb.example.com/reviews/123/", light="red",
)  # fmt: skip
FIELDS = dataclasses.replace(ALERT, body="完成率：**46%**\n目标：¥1,200,000")
SUMS = dataclasses.replace(FIELDS, to="", title="2026Q3 第 2 期")


@pytest.fixture(autouse=True)
def _from_the_start(settings, monkeypatch):
    settings.WALL_CLOCK = "tests.world.clocks.wall"
    asking._tokens.clear()
    dingtalk_messages._union_ids.clear()
    monkeypatch.setattr(calling, "TIMEOUT", httpx.Timeout(0.4))
    monkeypatch.setattr(calling, "TOGETHER", 0.8)


@dataclasses.dataclass
class Way:
    """One vendor with its channel."""

    vendor: object
    channel: object
    todo: dict[str, bool] = dataclasses.field(default_factory=dict)

    def send(self, message=ALERT):
        parcel = self.channel.compose(message)
        return self.channel.send(parcel, to=message.to)

    def seen(self):
        return self.vendor.ledger.of("lisi")

    def refuses(self, message=ALERT):
        with pytest.raises(Refused) as refused:
            self.send(message)
        return refused.value


def wecom(at, **more):
    return WeCom(corp=at.corp, agent=at.agent, secret=at.secret, host=at.address, **more)


def dingtalk(at, **more):
    return DingTalk(agent=str(at.agent_id), client=at.key, secret=at.secret, old_host=at.address, host=at.address, **more)


def feishu(at, **more):
    return Feishu(client=at.client, secret=at.secret, host=at.address, **more)


APPS = {"wecom": (WeComApp, wecom), "dingtalk": (DingTalkApp, dingtalk), "feishu": (FeishuApp, feishu)}


@pytest.fixture(params=sorted(APPS))
def way(request):
    """Each vendor in turn."""
    yield from running(request.param)


def running(name, **more):
    app, channel = APPS[name]
    with serving(app(everybody=True)) as vendor:
        vendor.hang_for = 1.2
        Clocks.set(vendor.now)
        yield Way(vendor, channel(vendor, **more))


@pytest.fixture
def a_wecom():
    yield from running("wecom", buttons=True)


@pytest.fixture
def a_dingtalk():
    yield from running("dingtalk")


@pytest.fixture
def a_feishu():
    yield from running("feishu", buttons=True)


@pytest.mark.parametrize("message", [ALERT, FIELDS, dataclasses.replace(FIELDS, todo=True)], ids=["text", "fields", "task"])
def test_everybody_sees_title_text_key_and_link(way, message):
    way.send(message)

    (line,) = way.seen()
    assert line.title == "红灯预警"
    assert line.link == ALERT.url
    assert line.says(ALERT.key)
    assert not line.cut
    if message is FIELDS:
        assert "46%" in line.text


def test_a_very_long_text_is_taken_by_every_vendor_and_none_has_to_cut_it(way):
    way.send(dataclasses.replace(ALERT, body="很长的一行字，写不完。\n" * 4000))

    (line,) = way.seen()
    assert not line.cut
    assert "…" in line.text
    assert line.says(ALERT.key)


def test_the_same_parcel_sent_again_is_seen_once(way):
    parcel = way.channel.compose(ALERT)
    for _again in range(3):
        way.channel.send(parcel, to="lisi")

    assert len(way.seen()) == 1


def test_a_key_is_fetched_once_for_many_messages(way):
    for n in range(4):
        way.send(dataclasses.replace(ALERT, key=f"HB-{n}"))

    tokens = [sent for sent in way.vendor.came if re.search("gettoken|internal$", sent.path)]
    assert len(tokens) == 1


@pytest.mark.parametrize("fault", [Fault.TOKEN_EXPIRED, Fault.TOKEN_REVOKED])
def test_a_stale_token_is_renewed_once_and_the_message_arrives(way, fault):
    way.send(dataclasses.replace(ALERT, key="HB-first"))
    way.vendor.fail(fault)

    way.send()

    assert len([line for line in way.seen() if line.says(ALERT.key)]) == 1
    assert way.vendor.fault == ""


BUSY, RATE, CONFIG, RECIPIENT = Trouble.BUSY, Trouble.RATE, Trouble.CONFIG, Trouble.RECIPIENT
LINE = {
    Fault.REFUSED: (BUSY, "connect"), Fault.RESET: (BUSY, "cut"), Fault.HANG: (BUSY, "timeout"), Fault.SLOW: (BUSY, "timeout"),
    Fault.CUT: (BUSY, "cut"), Fault.TOO_MANY: (RATE, None), Fault.ERROR_500: (BUSY, "http_500"),
    Fault.ERROR_502: (BUSY, "http_502"), Fault.ERROR_503: (BUSY, "http_503"), Fault.BROKEN_JSON: (BUSY, "not_json"),
    Fault.EMPTY: (BUSY, "not_json"), Fault.HTML: (BUSY, "not_json"), Fault.REDIRECT: (BUSY, "redirect"),
    Fault.HUGE: (BUSY, "too_large"), Fault.DUPLICATE: (BUSY, "http_504"), Fault.NO_TLS: (BUSY, "cut"),
    Fault.UNTRUSTED_IP: (CONFIG, None), Fault.RATE: (RATE, None),
}  # fmt: skip


@pytest.mark.parametrize("fault", LINE, ids=lambda one: one.name)
def test_every_fault_of_the_line_has_its_class_and_its_words(way, fault):
    way.send(dataclasses.replace(ALERT, key="HB-first"))
    way.vendor.fail(fault)

    refused = way.refuses()

    trouble, code = LINE[fault]
    assert refused.trouble is trouble
    assert code in {None, refused.code}
    assert all(way.channel.explain(refused.code))
    assert "access_token" not in str(refused)


@pytest.mark.parametrize("fault", [Fault.NO_NAME, Fault.NO_TLS])
def test_an_address_that_cannot_be_reached_is_busy(fault):
    with serving(WeComApp(everybody=True)) as vendor:
        channel = WeCom(corp=vendor.corp, agent=vendor.agent, secret=vendor.secret, host=vendor.address_for(fault))

        refused = Way(vendor, channel).refuses()

    assert refused.trouble is Trouble.BUSY
    assert refused.code in {"connect", "tls", "cut"}


def test_what_every_vendor_says_by_status_429_carries_its_seconds(way):
    way.vendor.fail(Fault.TOO_MANY)

    assert way.refuses().retry_after == 7


def test_an_answer_declared_as_text_is_still_an_answer(way):
    way.vendor.fail(Fault.WRONG_TYPE)

    way.send()

    assert len(way.seen()) == 1


def test_a_wrong_secret_stops_the_channel(way):
    way.channel.secret = "another"

    assert way.refuses().trouble is Trouble.CONFIG


def test_accepted_but_not_for_this_person_is_no_success(a_wecom):
    a_wecom.vendor.fail(Fault.PARTIAL)

    refused = a_wecom.refuses()

    assert (refused.trouble, refused.code) == (Trouble.RECIPIENT, "unlicenseduser")
    assert "许可" in a_wecom.channel.explain(refused.code)[0]


def test_somebody_unknown_to_wecom_is_told_by_its_code(a_wecom):
    a_wecom.vendor.everybody = False

    assert (a_wecom.refuses().trouble, a_wecom.refuses().code) == (Trouble.RECIPIENT, "81013")


def test_somebody_beyond_feishus_reach_gets_the_next_channel(a_feishu):
    for fault, code in ((Fault.PARTIAL, "230013"), (Fault.SILENT_DROP, "230053")):
        a_feishu.vendor.fail(fault)

        assert (a_feishu.refuses().trouble, a_feishu.refuses().code) == (Trouble.RECIPIENT, code)


def test_a_card_in_wecom_changes_its_button_when_the_thing_is_done(a_wecom):
    receipt = a_wecom.send(dataclasses.replace(FIELDS, todo=True))

    a_wecom.channel.close(receipt, to="lisi", note="已完成")

    assert a_wecom.seen()[0].button == "已完成"


def test_a_card_in_feishu_turns_grey_and_keeps_its_text(a_feishu):
    receipt = a_feishu.send(FIELDS)

    a_feishu.channel.close(receipt, to="lisi", note="已完成")

    (line,) = a_feishu.seen()
    assert (line.colour, line.button, line.title) == ("grey", "", "红灯预警")
    assert "46%" in line.text
    assert "已完成" in line.text


def test_a_to_do_is_ticked_for_its_person(a_dingtalk):
    receipt = a_dingtalk.send(dataclasses.replace(FIELDS, todo=True))
    assert a_dingtalk.channel.confirm(receipt, to="lisi") == (State.CONFIRMED, "")
    assert a_dingtalk.seen()[0].state == "open"

    a_dingtalk.channel.close(receipt, to="lisi", note="已完成")

    assert a_dingtalk.seen()[0].state == "done"


def test_a_to_do_whose_answer_got_lost_is_there_once_and_can_be_ticked(a_dingtalk):
    task = dataclasses.replace(FIELDS, todo=True)
    a_dingtalk.send(dataclasses.replace(task, key="HB-first"))
    a_dingtalk.vendor.fail(Fault.CUT, on="/tasks")
    assert a_dingtalk.refuses(task).code == "cut"
    a_dingtalk.vendor.mend()

    receipt = a_dingtalk.send(task)
    a_dingtalk.channel.close(receipt, to="lisi", note="已完成")

    (line,) = [line for line in a_dingtalk.seen() if line.says(ALERT.key)]
    assert line.state == "done"


def test_dingtalk_is_asked_what_became_of_a_notice(a_dingtalk):
    receipt = a_dingtalk.send()
    assert a_dingtalk.channel.confirm(receipt, to="lisi") == (State.CONFIRMED, "")

    a_dingtalk.seen()[0].read = True

    assert a_dingtalk.channel.confirm(receipt, to="lisi") == (State.READ, "")


def test_a_notice_that_was_swallowed_is_told_with_its_code(a_dingtalk):
    a_dingtalk.vendor.fail(Fault.SILENT_DROP)
    receipt = a_dingtalk.send()
    a_dingtalk.vendor.mend()

    state, code = a_dingtalk.channel.confirm(receipt, to="lisi")

    assert (state, code) == (State.FILTERED, "143105")
    assert "上限" in a_dingtalk.channel.explain(code)[0]
    a_dingtalk.vendor.fail(Fault.PARTIAL)
    receipt = a_dingtalk.send(dataclasses.replace(ALERT, key="HB-2"))
    a_dingtalk.vendor.mend()
    assert a_dingtalk.channel.confirm(receipt, to="lisi") == (State.FAILED, "invalid")


@pytest.mark.parametrize(
    ("app", "robot"),
    [
        (WeComApp, lambda at: WeComRobot(key="wecom-robot-key", host=at)),
        (DingTalkApp, lambda at: DingTalkRobot(token="ding-robot-token", secret="SECrobot", host=at)),
        (FeishuApp, lambda at: FeishuRobot(token="feishu-hook-token", secret="feishu-hook-secret", host=at)),
    ],
    ids=["wecom", "dingtalk", "feishu"],
)
def test_a_groups_robot_posts_sums_under_its_own_signature(app, robot):
    with serving(app()) as vendor:
        Clocks.set(vendor.now)
        channel = robot(vendor.address)
        parcel = channel.compose(SUMS)
        channel.send(parcel, to="")
        (line,) = vendor.ledger
        assert line.person.startswith("group:")
        assert line.says("46%")
        assert line.says(SUMS.url)

        vendor.fail(Fault.RATE)
        with pytest.raises(Refused) as refused:
            channel.send(parcel, to="")
        assert refused.value.trouble in {Trouble.RATE, Trouble.CONFIG}
        vendor.mend()
        if hasattr(channel, "secret"):
            channel.secret = "SECother"
            with pytest.raises(Refused) as refused:
                channel.send(parcel, to="")
            assert refused.value.trouble is Trouble.CONFIG


def test_the_bytes_of_a_parcel_go_out_as_they_are(a_wecom):
    parcel = a_wecom.channel.compose(ALERT)
    a_wecom.channel.send(parcel, to="lisi")

    assert a_wecom.vendor.came[-1].raw == parcel.body
    assert json.loads(parcel.body)["enable_duplicate_check"] == 1
