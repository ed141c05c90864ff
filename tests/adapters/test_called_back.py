"""A tap on a card reaches the house: heard once however often it comes, and only from the messenger and the receiver.

The fakes sign and lock as the vendors do; what they would send over HTTP is given to the house's addresses.
"""

import dataclasses
from datetime import timedelta

import pytest
from django.test import Client

from hangbiao.adapters import asking
from hangbiao.adapters.feishu.messages import Feishu
from hangbiao.adapters.wecom.messages import WeCom
from hangbiao.engines.accounts.models import Account
from hangbiao.engines.notify.models import Callback, Message, Part
from hangbiao.engines.notify.ports import Outgoing
from hangbiao.rooms.desk.models import Notice
from tests.fakes.callbacks import Answered
from tests.fakes.faults import Fault
from tests.fakes.house import running_house
from tests.world import NEW_YEAR
from tests.world.clocks import Clocks

TASK = Outgoing(
    key="HB-0001", to="lisi", title="红灯预警", body="完成率：46%", button="去处理", url="https://hb.example.com/x/", todo=True
)


@pytest.fixture
def house(db, everything, settings):
    asking._tokens.clear()
    settings.CLOCK, settings.WALL_CLOCK = "tests.world.clocks.now", "tests.world.clocks.wall"
    with running_house() as fakes:
        Clocks.set(fakes.clock.now())
        wecom, feishu = fakes.wecom, fakes.feishu
        settings.CALLBACKS = {
            "wecom": {"adapter": "hangbiao.adapters.wecom.callback.WeComCallback",
                      "options": {"corp": wecom.corp, "token": wecom.callback_token, "aes": wecom.aes_key}},
            "feishu": {"adapter": "hangbiao.adapters.feishu.callback.FeishuCallback",
                       "options": {"client": feishu.client, "token": feishu.verification, "encrypt": feishu.encrypt_key}},
        }  # fmt: skip
        for name, vendor in (("wecom", wecom), ("feishu", feishu)):
            vendor.callbacks.url = f"/callbacks/{name}/"
            vendor.callbacks._call = lambda *call, to=f"/callbacks/{name}/": by_client(to, *call)
        yield fakes


def by_client(to, method, query, headers, body):
    query = "&".join(f"{key}={value.replace('+', '%2B')}" for key, value in query.items())
    kind = headers.get("Content-Type", "text/plain")
    more = {key: value for key, value in headers.items() if key != "Content-Type"}
    answer = Client().generic(method, f"{to}?{query}" if query else to, body, content_type=kind, headers=more)
    return Answered(answer.status_code, answer.content)


def told(channel):
    """A message that was taken, and the notice of the same thing in the house."""
    lisi = Account.objects.create_user(f"lisi-{channel}", name="李四")
    row = Message.objects.create(
        number=TASK.key, account=lisi, channel=channel, to="lisi", state="accepted", at=NEW_YEAR, send_at=NEW_YEAR,
        expires_at=NEW_YEAR + timedelta(days=3), next_try=NEW_YEAR, next_look=NEW_YEAR,
    )  # fmt: skip
    Part.objects.create(message=row, account=lisi, key="tasks:1", kind="tasks.given")
    Notice.objects.create(account=lisi, key="tasks:1", kind="tasks.given", at=NEW_YEAR)
    return row


def sent_by_wecom(house, message=TASK):
    at = house.wecom
    channel = WeCom(corp=at.corp, agent=at.agent, secret=at.secret, host=at.address, buttons=True)
    channel.send(channel.compose(message), to=message.to)
    return house.ledger.of("lisi")[-1]


def press_in_feishu(house):
    at = house.feishu
    channel = Feishu(client=at.client, secret=at.secret, host=at.address, buttons=True)
    channel.send(channel.compose(TASK), to="lisi")
    return at.press(house.ledger.of("lisi")[-1], {"action": "ack", "id": TASK.key}, at.whose("user_id", "lisi"))


def test_both_consoles_accept_the_address(house):
    assert house.wecom.call_back_to("/callbacks/wecom/")
    assert house.feishu.call_back_to("/callbacks/feishu/")
    assert Callback.objects.count() == 0


@pytest.mark.parametrize("messenger", ["wecom", "feishu"])
def test_a_tap_told_four_times_counts_once_and_the_message_is_read_in_the_house_too(house, messenger):
    row = told(messenger)
    getattr(house, messenger).fail(Fault.CALLBACK_REPEATED)

    answers = house.wecom.press(sent_by_wecom(house), "ack") if messenger == "wecom" else press_in_feishu(house)

    assert [answer.status for answer in answers] == [200] * 4
    assert len({answer.body for answer in answers}) == 1
    assert Callback.objects.filter(messenger=messenger, kind="ack", number=TASK.key).count() == 1
    row.refresh_from_db()
    assert (row.state, row.next_look) == ("read", None)
    assert row.attempts.filter(outcome="read").count() == 1
    assert Notice.objects.get(key="tasks:1").read_at == Clocks.company


def test_taps_that_come_out_of_order_are_all_heard(house):
    told("wecom")
    house.wecom.fail(Fault.CALLBACK_DISORDERED)
    for n in range(3):
        house.wecom.press(sent_by_wecom(house, dataclasses.replace(TASK, key=f"HB-000{n}")), "ack")
    house.wecom.mend()

    assert [answer.status for answer in house.wecom.callbacks.flush()] == [200] * 3
    assert list(Callback.objects.order_by("pk").values_list("number", flat=True)) == ["HB-0002", "HB-0001", "HB-0000"]
    assert Message.objects.get(number="HB-0001").state == "read"


def test_somebody_elses_tap_is_kept_but_reads_nothing(house):
    row = told("wecom")
    seen = sent_by_wecom(house, dataclasses.replace(TASK, to="lisi"))
    seen.person = "wangwu"

    house.wecom.press(seen, "ack")

    row.refresh_from_db()
    assert row.state == "accepted"
    assert Callback.objects.get().person == "wangwu"


@pytest.mark.parametrize("messenger", ["wecom", "feishu"])
def test_a_wrong_signature_is_told_nothing_and_nothing_is_kept(house, messenger):
    told(messenger)
    vendor = getattr(house, messenger)
    vendor.callback_token = vendor.encrypt_key = "another"

    answers = house.wecom.press(sent_by_wecom(house), "ack") if messenger == "wecom" else press_in_feishu(house)

    assert {answer.status for answer in answers} == {403}
    assert {answer.body for answer in answers} == {b""}
    assert Callback.objects.count() == 0


@pytest.mark.parametrize(
    "asked",
    [
        {"data": b"x" * 70_000, "content_type": "text/xml"}, {"data": b"", "content_type": "text/xml"},
        {"data": {"file": "x"}}, {"data": b"\xff\x00", "content_type": "application/json"},
    ],
    ids=["too large", "empty", "a form", "no text"],
)  # fmt: skip
def test_what_no_messenger_would_send_is_answered_like_a_forgery(house, asked):
    for messenger in ("wecom", "feishu", "pigeon"):
        answer = Client().post(f"/callbacks/{messenger}/", **asked)

        assert (answer.status_code, answer.content) == (403, b"")
