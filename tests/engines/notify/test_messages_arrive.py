"""Written with what happened, sent once, the same bytes each time; what does not arrive is visible."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangbiao.engines.notify import channels, confirming, sending, services
from hangbiao.engines.notify.models import Attempt, ChannelState, Message, Part
from hangbiao.engines.notify.ports import Refused, State, Trouble
from hangbiao.engines.notify.services import Letter, write
from tests.engines.notify.recording import VENDORS
from tests.engines.notify.world import CLOCK, THURSDAY, adapter, now

CHAT, MAIL = "chat", "mail"


def busy(**how):
    return Refused(Trouble.BUSY, **how)


def said(name=CHAT, n=-1):
    return json.loads(VENDORS[name].calls[n][1])


def outcomes(message):
    return list(Attempt.objects.filter(message=message).values_list("channel", "outcome"))


def test_a_message_says_its_number_and_leads_to_its_page(house, accounts):
    message = house.write(accounts[0])

    house.run()

    assert said()["title"] == f"云雀：红灯 {message.number}"
    assert message.number == f"HB-2026Q4-W8-{message.pk:04d}"
    assert said()["url"] == "https://hb.example.invalid/inbox/"
    message.refresh_from_db()
    assert (message.state, message.channel, message.tries) == ("accepted", CHAT, 1)
    assert outcomes(message) == [(CHAT, "accepted")]


def test_what_is_told_twice_is_one_message(house, accounts):
    for _ in range(2):
        house.write(accounts[0], "event:same")
    house.write(accounts[1], "event:same")
    house.run()

    assert Part.objects.count() == Message.objects.count() == len(VENDORS[CHAT].calls) == 2


def test_two_events_of_one_moment_are_one_message_and_what_is_to_be_done_leads(house, accounts):
    house.write(accounts[0], "light", light="red")
    write([Letter(accounts[0], "task", "test.told", "/reviews/7/", {"who": "夜莺"}, due_on=THURSDAY.date(), about=["task:1"])],
          at=now())  # fmt: skip
    house.run()

    assert Message.objects.count() == 1
    assert said()["url"].endswith("/reviews/7/")
    assert said()["todo"] is True


def test_without_channels_nothing_is_kept(house, accounts, settings):
    settings.CHANNELS = {}

    assert write([Letter(accounts[0], "k", "test.told", "/", {"who": "x"})], at=now()) == 0
    assert not Message.objects.exists()


def test_a_lost_answer_is_followed_by_the_same_bytes_and_seen_once(house, accounts):
    VENDORS[CHAT].answers = ["lost", busy()]
    message = house.write(accounts[0])

    for _ in range(3):
        house.run(minutes=1)

    bodies = {body for _to, body in VENDORS[CHAT].calls}
    assert len(VENDORS[CHAT].calls) == 3
    assert len(bodies) == 1
    assert set(VENDORS[CHAT].seen.values()) == {1}
    assert outcomes(message) == [(CHAT, "busy"), (CHAT, "busy"), (CHAT, "accepted")]
    assert VENDORS[MAIL].calls == []


@pytest.fixture
def accepted_by_a_dead_sender(house, accounts, monkeypatch):
    """The vendor has it, and whoever sent it died before the note."""

    class KilledError(BaseException):
        pass

    def die(name):
        if name == "message.accepted":
            raise KilledError

    message = house.write(accounts[0])
    with monkeypatch.context() as hand:
        hand.setattr(sending, "point", die)
        with pytest.raises(KilledError):
            sending.pump()
    message.refresh_from_db()
    return message


def test_whoever_dies_between_the_answer_and_the_note_leaves_a_message_that_is_sent_again(house, accepted_by_a_dead_sender):
    message = accepted_by_a_dead_sender
    assert (message.state, message.begun, message.tries) == ("composed", True, 1)
    house.run(minutes=1)
    assert len(VENDORS[CHAT].calls) == 1, "somebody may still be at it"
    house.run(minutes=2)

    message.refresh_from_db()
    assert (message.state, message.tries) == ("accepted", 2)
    assert len({body for _to, body in VENDORS[CHAT].calls}) == 1
    assert set(VENDORS[CHAT].seen.values()) == {1}


def test_what_a_dead_sender_may_have_sent_takes_no_other_way_while_its_channel_rests(house, accounts, accepted_by_a_dead_sender):
    message = accepted_by_a_dead_sender
    VENDORS[CHAT].answers = [busy()] * channels.MANY
    house.everybody.ways[accounts[1]] = [(CHAT, "u1")]
    other = house.write(accounts[1])
    for _ in range(channels.MANY):
        Message.objects.filter(pk=other.pk).update(next_try=CLOCK["wall"])
        sending.pump()
    assert CHAT in channels.resting(CLOCK["wall"])
    Message.objects.filter(pk=message.pk).update(next_try=CLOCK["wall"])

    house.run(seconds=1)
    house.run(minutes=11)

    message.refresh_from_db()
    assert (message.state, message.channel) == ("accepted", CHAT)
    assert VENDORS[MAIL].calls == []


def test_whoever_is_not_found_is_reached_by_the_next_channel_and_then_is_trouble(house, accounts):
    unknown = Refused(Trouble.RECIPIENT, code="81013", said="user not found")
    VENDORS[CHAT].answers, VENDORS[MAIL].answers = [unknown, unknown], ["ok", unknown]
    first, second = house.write(accounts[0]), house.write(accounts[1])

    house.run()

    for message in (first, second):
        message.refresh_from_db()
    assert (first.state, first.channel) == ("accepted", MAIL)
    assert (second.state, second.trouble, second.code) == ("dead", "recipient", "81013")
    assert outcomes(second) == [(CHAT, "recipient"), (MAIL, "recipient"), (MAIL, "dead")]


def test_a_channel_with_a_wrong_configuration_stops_and_the_others_go_on(house, accounts, monkeypatch):
    told = []
    monkeypatch.setattr(channels, "tell", lambda event, **_: told.append(event))
    VENDORS[CHAT].answers = [Refused(Trouble.CONFIG, code="60020", said="not allow to access from your ip")]
    house.everybody.ways[accounts[2]] = [(CHAT, "u2")]
    messages = [house.write(account) for account in accounts]

    house.run(seconds=5)

    assert len(VENDORS[CHAT].calls) == 1
    assert len(VENDORS[MAIL].calls) == 2
    assert [(event.channel, event.code) for event in told] == [(CHAT, "60020")]
    stuck = messages[2]
    stuck.refresh_from_db()
    assert (stuck.state, stuck.trouble, stuck.code) == ("queued", "config", "60020")
    assert [state.name for state in channels.stopped()] == [CHAT]

    assert services.resume(channel=CHAT, at=now(), actor="test") is True
    house.run(seconds=1)
    stuck.refresh_from_db()
    assert (stuck.state, stuck.channel) == ("accepted", CHAT)


def test_many_failures_open_the_circuit_and_untried_messages_take_the_other_way(house, accounts):
    VENDORS[CHAT].answers = [busy()] * channels.MANY
    message = house.write(accounts[0])
    for _ in range(channels.MANY):
        house.run(minutes=3)
    assert CHAT in channels.resting(CLOCK["wall"])

    other = house.write(accounts[1])
    house.run(seconds=1)

    other.refresh_from_db()
    assert (other.state, other.channel) == ("accepted", MAIL)
    house.run(minutes=11)
    message.refresh_from_db()
    assert (message.state, message.channel) == ("accepted", CHAT), "it may have arrived there: nowhere else"


def test_a_vendor_that_forgets_is_not_asked_again_after_its_memory(house, accounts, settings):
    settings.CHANNELS = {CHAT: adapter(CHAT, remembers=3600)}
    VENDORS[CHAT].answers = [busy()] * 99
    message = house.write(accounts[0])

    for _ in range(30):
        house.run(minutes=5)

    message.refresh_from_db()
    assert (message.state, message.trouble) == ("dead", "unknown")
    last = Attempt.objects.filter(message=message, outcome="busy").last()
    assert last.at - message.first_try < timedelta(hours=1)


def test_the_bucket_never_gives_more_than_the_limit_in_any_minute(house, settings):
    settings.CHANNELS = {CHAT: adapter(CHAT, per_minute=20)}
    given = [second for second in range(180) for _try in range(6)
             if channels.take(CHAT, THURSDAY + timedelta(seconds=second)) is None]  # fmt: skip

    assert 15 < max(sum(a <= one < a + 60 for one in given) for a in range(180)) <= 20
    assert given.count(0) == 4
    assert len(given) > 45


def test_a_limit_slows_the_whole_channel_down_as_long_as_the_vendor_asks(house, accounts):
    VENDORS[CHAT].answers = [Refused(Trouble.RATE, code="45009", retry_after=40)]
    for account in accounts:
        house.write(account)

    house.run()
    assert len(VENDORS[CHAT].calls) == 1
    house.run(seconds=39)
    assert len(VENDORS[CHAT].calls) == 1
    house.run(seconds=31)

    assert len(VENDORS[CHAT].calls) == 4
    assert ChannelState.objects.get(pk=CHAT).trouble == ""


def test_a_text_that_the_vendor_refuses_is_dead_until_somebody_tries_again_with_another(house, accounts, django_user_model):
    VENDORS[CHAT].answers = [Refused(Trouble.CONTENT, code="230028")]
    message = house.write(accounts[0])
    house.run()
    message.refresh_from_db()
    assert (message.state, message.trouble) == ("dead", "content")

    by = django_user_model.objects.get(pk=accounts[1])
    services.publish(kind="test.told", language="zh-hans", text=services.Text("{who} 亮灯", "请看。", "看"), by=by, at=now())
    assert services.retry(messages=[message.pk], at=now(), actor="test") == 1
    house.run()

    message.refresh_from_db()
    assert message.state == "accepted"
    assert said()["title"].startswith("云雀 亮灯")
    assert [outcome for _channel, outcome in outcomes(message)] == ["content", "dead", "accepted"]


def test_what_waits_too_long_says_so(house, accounts):
    VENDORS[CHAT].answers = [Refused(Trouble.RATE)] * 999
    house.everybody.ways[accounts[0]] = [(CHAT, "u0")]
    message = house.write(accounts[0])
    house.run()
    house.run(days=4)

    message.refresh_from_db()
    assert (message.state, message.trouble) == ("expired", "expired")


def test_the_outcome_is_asked_for_and_a_silent_drop_takes_the_next_channel(house, accounts):
    VENDORS[CHAT].outcomes = [(State.CONFIRMED, ""), (State.READ, ""), (State.FILTERED, "143105")]
    read, dropped = house.write(accounts[0]), house.write(accounts[1])
    house.run()
    CLOCK["wall"] += timedelta(seconds=30)
    Message.objects.filter(pk=dropped.pk).update(next_look=None)
    confirming.follow()
    CLOCK["wall"] += timedelta(minutes=2)
    confirming.follow()
    read.refresh_from_db()
    assert (read.state, read.next_look) == ("read", None)

    Message.objects.filter(pk=dropped.pk).update(next_look=CLOCK["wall"])
    confirming.follow()
    house.run(seconds=1)
    dropped.refresh_from_db()
    assert (dropped.state, dropped.channel) == ("accepted", MAIL)
    assert outcomes(dropped) == [(CHAT, "accepted"), (CHAT, "filtered"), (MAIL, "accepted")]


def test_what_is_done_elsewhere_is_ticked_off_and_what_has_not_gone_out_stays_here(house, accounts):
    sent = house.write(accounts[0], due_on=THURSDAY.date(), about=["task:1"])
    house.run()
    waiting = house.write(accounts[1], due_on=THURSDAY.date(), about=["task:1", "task:2"])

    services.finish(about=["task:1"])
    confirming.follow()
    assert VENDORS[CHAT].closed == [f"u{accounts[0]}"]
    services.finish(about=["task:2"])
    house.run(minutes=1)

    sent.refresh_from_db()
    waiting.refresh_from_db()
    assert sent.closed_at is not None
    assert (waiting.state, len(VENDORS[CHAT].calls)) == ("withdrawn", 1)


def test_who_hands_a_task_over_has_it_ticked_off(house, accounts):
    house.write(accounts[0], due_on=THURSDAY.date(), about=["task:1"])
    house.run()

    services.hand_over(owners={"task:1": accounts[0]})
    confirming.follow()
    assert VENDORS[CHAT].closed == []
    services.hand_over(owners={"task:1": accounts[1]})
    confirming.follow()

    assert VENDORS[CHAT].closed == [f"u{accounts[0]}"]


def test_a_group_gets_its_own_message_and_people_never_get_theirs_there(house, accounts, settings):
    settings.CHANNELS = {"chat_robot": adapter("chat_robot"), MAIL: adapter(MAIL)}
    house.everybody.ways[accounts[0]] = [("chat_robot", ""), (MAIL, "m")]
    house.write(accounts[0])
    house.write(None, channel="chat_robot")

    house.run()

    assert [to for to, _body in VENDORS["chat_robot"].calls] == [""]
    assert [to for to, _body in VENDORS[MAIL].calls] == ["m"]


ANSWERS = st.sampled_from(
    ["ok", "lost", busy(), Refused(Trouble.RATE, retry_after=5), Refused(Trouble.TOKEN), Refused(Trouble.RECIPIENT),
     Refused(Trouble.CONFIG), Refused(Trouble.CONTENT), ValueError("broken adapter")]
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chat=st.lists(ANSWERS, max_size=12), mail=st.lists(ANSWERS, max_size=6))
def test_in_any_order_of_answers_no_message_is_lost(house, accounts, monkeypatch, chat, mail):
    monkeypatch.setattr(channels, "tell", lambda *_a, **_k: None)
    house.at(THURSDAY)
    Message.objects.update(state="withdrawn", next_look=None)
    ChannelState.objects.all().delete()
    for vendor, answers in ((VENDORS[CHAT], chat), (VENDORS[MAIL], mail)):
        vendor.answers, vendor.outcomes = list(answers), []
        vendor.seen.clear()
    messages = [house.write(account) for account in accounts]

    for _ in range(25):
        house.run(minutes=5, seconds=7)

    for message in messages:
        message.refresh_from_db()
        if message.state == "accepted":
            assert sum(n for (_to, key), n in (VENDORS[CHAT].seen + VENDORS[MAIL].seen).items() if key == message.number) >= 1
        else:
            assert message.state in {"dead", "expired", "queued", "composed"}
            assert message.trouble, message.state
            assert Attempt.objects.filter(message=message).exists() or message.trouble == "config"
    assert all(n == 1 for n in VENDORS[CHAT].seen.values())
