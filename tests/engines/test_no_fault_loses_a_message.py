"""R14: 24 kinds of faults at each of three messengers. No message is lost, none is doubled, nobody is hammered.

A vendor is broken for a while; senders go on, on a clock of the test; then it is mended. What counts is what the fakes show
people. Each fault is tried at one messenger in turn; with HANGBIAO_ALL_FAULTS=1 at all three.
"""

import os
from datetime import datetime, time, timedelta

import httpx
import pytest
from django.db.models import Min

from hangbiao.adapters import asking, calling
from hangbiao.adapters.dingtalk import messages as dingtalk_messages
from hangbiao.core.quiet import Quiet
from hangbiao.engines.accounts.models import Account
from hangbiao.engines.notify import confirming, reach, sending, services
from hangbiao.engines.notify.catalogue import Kind, Text, register
from hangbiao.engines.notify.models import Attempt, ChannelState, Message
from hangbiao.engines.notify.services import Letter
from hangbiao.site.messengers import ADAPTERS, CHANNELS
from tests.fakes.faults import PROMISED, Fault
from tests.fakes.house import running_house
from tests.world.clocks import Clocks

MORNING = datetime.fromisoformat("2026-11-26T09:03:00+08:00")
BROKEN, LONGEST, SECOND = timedelta(minutes=25), timedelta(hours=4), timedelta(seconds=1)
SENDS = ("message/send", "asyncsend_v2", "/im/v1/messages", "/tasks")
ENDS = {"accepted", "confirmed", "read"}
NEVER_THERE = {Fault.PARTIAL, Fault.SILENT_DROP}  # the vendor will not show it to this person: the next channel does


class ByTheMessengers:
    """One person after another: by the messenger under test, else by mail."""

    def __init__(self, first):
        self.first = first

    def reach(self, accounts, *, at):
        return {n: self._reach(((self.first, f"u{n}"), ("mail", f"u{n}@example.com"))) for n in accounts}

    def company(self, *, at):
        return self._reach(())

    def _reach(self, ways):
        return reach.Reach("zh-hans", Quiet(time(22), time(8), rest_days=False), ways)


def channel(name, **options):
    return {"adapter": f"{ADAPTERS}.{CHANNELS[name][0]}", "options": options}


def channels_of(house):
    wecom, ding, feishu = house.wecom, house.dingtalk, house.feishu
    return {
        "wecom": channel("wecom", corp=wecom.corp, agent=wecom.agent, secret=wecom.secret, host=wecom.address, buttons=True),
        "dingtalk": channel("dingtalk", agent=str(ding.agent_id), client=ding.key, secret=ding.secret,
                            old_host=ding.address, host=ding.address),
        "feishu": channel("feishu", client=feishu.client, secret=feishu.secret, host=feishu.address, buttons=True),
        "mail": channel("mail"),
    }  # fmt: skip


@pytest.fixture
def house(db, everything, settings, monkeypatch):
    settings.CLOCK, settings.WALL_CLOCK = "tests.world.clocks.now", "tests.world.clocks.wall"
    monkeypatch.setattr(calling, "TIMEOUT", httpx.Timeout(0.15))
    monkeypatch.setattr(calling, "TOGETHER", 0.3)
    asking._tokens.clear()
    dingtalk_messages._union_ids.clear()
    Clocks.set(MORNING)
    register(Kind("trial.alert", "alert", lambda facts: facts, Text("红灯预警", "完成率：46%", "去处理")))
    before = list(reach._people)
    with running_house() as fakes:
        fakes.clock.source = lambda: Clocks.on_the_wall
        settings.CHANNELS = channels_of(fakes)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", fakes.mail.port, 2
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        for vendor in fakes.messengers.values():
            vendor.hang_for = 0.3
        yield fakes
    reach._people[:] = before


def write(first, *, todo=False, people=2):
    reach.connect(ByTheMessengers(first))
    accounts = [Account.objects.create_user(f"r14-{n}", name="某") for n in range(people)]
    due = MORNING.date() + timedelta(days=3) if todo else None
    services.write(
        (Letter(a.pk, f"alert:{a.pk}", "trial.alert", "/reviews/1/", due_on=due, about=["task:1"] if todo else (), light="red")
         for a in accounts), at=MORNING,
    )  # fmt: skip
    return list(Message.objects.order_by("pk"))


def go_on(until):
    """Senders as the worker would run them, at each moment something is due, until then or until nothing is left to do."""
    while Clocks.on_the_wall < until:
        sending.pump()
        confirming.follow()
        waiting = Message.objects.filter(state__in=("queued", "composed")).aggregate(t=Min("next_try"))["t"]
        asking_ = Message.objects.filter(state="accepted").aggregate(t=Min("next_look"))["t"]
        due = [moment for moment in (waiting, asking_) if moment]
        if not due:
            return
        Clocks.set(min(max(min(due), Clocks.on_the_wall + SECOND), until))


def shown(house, message):
    return sum(house.ledger.times(message.number).values())


def tries(vendor):
    return sum(1 for sent in vendor.came if sent.method == "POST" and any(part in sent.path for part in SENDS))


MESSENGERS = ("wecom", "dingtalk", "feishu")
PAIRS = [
    pytest.param(name, fault, id=f"{name}-{fault.name}")
    for n, fault in enumerate(PROMISED)
    for m, name in enumerate(MESSENGERS)
    if n % len(MESSENGERS) == m or os.environ.get("HANGBIAO_ALL_FAULTS")
]


@pytest.mark.parametrize(("name", "fault"), PAIRS)
def test_no_fault_loses_or_doubles_a_message(house, name, fault):
    vendor = house.messengers[name]
    vendor.fail(fault)
    rows = write(name)

    go_on(MORNING + BROKEN)
    attempts_while_broken = Attempt.objects.exclude(outcome__in=ENDS).count()
    vendor.mend()
    services.resume(channel=name, at=Clocks.company, actor="test")
    go_on(MORNING + LONGEST)

    for row in rows:
        row.refresh_from_db()
        assert row.state in ENDS, (row.state, row.trouble, row.code, row.said)
        assert shown(house, row) == 1, [line for line in house.ledger if line.says(row.number)]
    assert attempts_while_broken <= 2 * 12
    if fault in NEVER_THERE and name != "wecom":
        assert {line.vendor for line in house.ledger} == {"mail"}


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.DUPLICATE, Fault.TOKEN_REVOKED], ids=lambda one: one.name)
def test_a_to_do_is_there_once_whatever_became_of_the_answer(house, fault):
    rows = write("dingtalk", todo=True)
    house.dingtalk.fail(fault, times=3)

    go_on(MORNING + LONGEST)

    assert [shown(house, row) for row in rows] == [1, 1]
    assert {line.state for line in house.ledger} == {"open"}


def test_the_circuit_opens_and_many_waiting_messages_cost_few_calls(house):
    house.wecom.fail(Fault.ERROR_503)
    write("wecom", people=15)

    go_on(MORNING + timedelta(minutes=9))

    state = ChannelState.objects.get(pk="wecom")
    assert state.rests_until > MORNING
    assert Attempt.objects.exclude(outcome__in=ENDS).count() <= 12
    assert {line.vendor for line in house.ledger} == {"mail"}

    house.wecom.mend()
    go_on(MORNING + LONGEST)
    assert {shown(house, row) for row in Message.objects.all()} == {1}


def test_a_wrong_configuration_stops_the_channel_at_once_and_the_others_carry_on(house):
    house.wecom.fail(Fault.UNTRUSTED_IP)
    write("wecom", people=20)

    go_on(MORNING + timedelta(minutes=15))

    assert ChannelState.objects.get(pk="wecom").stopped_at is not None
    assert Attempt.objects.filter(channel="wecom").count() == 1
    assert {line.vendor for line in house.ledger} == {"mail"}
    assert {shown(house, row) for row in Message.objects.all()} == {1}

