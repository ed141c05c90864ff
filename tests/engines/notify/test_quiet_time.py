"""When messages leave: not at night, not on rest days, not when everybody else sends."""

from datetime import datetime, time

import pytest

from hangbiao.core.quiet import Quiet
from hangbiao.engines.notify import sending
from hangbiao.engines.notify.models import Message, Part
from tests.engines.notify.recording import VENDORS
from tests.engines.notify.world import CLOCK, THURSDAY
from tests.world import SHANGHAI

CHAT = "chat"


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        (datetime(2026, 11, 26, 20, 59, 59), datetime(2026, 11, 26, 20, 59, 59)),
        (datetime(2026, 11, 26, 21, 0), datetime(2026, 11, 27, 8, 0)),
        (datetime(2026, 11, 27, 7, 59, 59), datetime(2026, 11, 27, 8, 0)),
        (datetime(2026, 11, 27, 8, 0), datetime(2026, 11, 27, 8, 0)),
        (datetime(2026, 11, 27, 21, 0), datetime(2026, 11, 30, 8, 0)),
        (datetime(2026, 11, 28, 12, 0), datetime(2026, 11, 30, 8, 0)),
        (datetime(2026, 9, 18, 22, 0), datetime(2026, 9, 20, 8, 0)),
        (datetime(2026, 9, 30, 21, 30), datetime(2026, 10, 8, 8, 0)),
        (datetime(2026, 10, 3, 12, 0), datetime(2026, 10, 8, 8, 0)),
    ],
    ids=["20:59", "21:00", "07:59", "08:00", "Friday evening", "Saturday", "before a make-up Sunday", "before National Day",
         "in National Day week"],
)  # fmt: skip
def test_quiet_time_ends_on_the_morning_of_a_working_day(house, accounts, at, sent):
    at, sent = at.replace(tzinfo=SHANGHAI), sent.replace(tzinfo=SHANGHAI)
    CLOCK["now"] = at  # the wall clock stays at seven past

    message = house.write(accounts[0])

    assert message.send_at == sent
    sending.pump()
    assert bool(VENDORS[CHAT].calls) is (at == sent)
    CLOCK["now"] = sent
    sending.pump()
    assert len(VENDORS[CHAT].calls) == 1


def test_what_a_night_held_back_is_one_message_in_the_morning(house, accounts):
    for hour in (22, 23):
        house.write(accounts[0], at=datetime(2026, 11, 26, hour, tzinfo=SHANGHAI))

    assert Message.objects.count() == 1
    assert Part.objects.count() == 2


def test_quiet_hours_inside_the_day_end_the_same_day(house, accounts):
    house.everybody.quiet = Quiet(time(12), time(14))
    noon = datetime(2026, 11, 26, 12, tzinfo=SHANGHAI)

    assert house.write(accounts[0], at=noon).send_at == noon.replace(hour=14)


def test_nothing_goes_out_at_the_full_and_half_hour(house, accounts):
    house.at(THURSDAY.replace(minute=30))
    house.write(accounts[0])

    sending.pump()
    assert VENDORS[CHAT].calls == []
    house.run(minutes=4)

    assert len(VENDORS[CHAT].calls) == 1
