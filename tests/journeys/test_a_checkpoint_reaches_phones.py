"""From the evening's import to three phones and back: a checkpoint is lit, each is told in the tool they use, the rep opens the
link and fills in their part, and what was to do there is done.

The messengers are the fakes, over HTTP; the adapters and the engine are those of an installation, set up by its environment.
"""

import re
from datetime import date
from urllib.parse import urlencode

import pytest
from django.test import Client

from hangbiao.adapters import asking
from hangbiao.engines.accounts.models import Account
from hangbiao.engines.notify import confirming, sending
from hangbiao.engines.notify.models import Message
from hangbiao.rooms.desk.models import Notice
from hangbiao.rooms.lights.models import Run
from hangbiao.rooms.people.models import DirectoryId
from hangbiao.rooms.reviews.models import Review
from hangbiao.site import messengers
from tests.adapters.test_called_back import by_client
from tests.fakes.house import running_house
from tests.world.board import AT, found_many
from tests.world.clocks import Clocks
from tests.world.signed_in import client_of

HERE = "https://hb.example.invalid"
WAYS = {"p000": "wecom", "s00": "dingtalk", "m0": "feishu"}
VIEW = {"cause": "visits", "words": "十一月后两周少跑了三条线路，客户没有补货。"}
MORNING = AT.replace(minute=7)


@pytest.fixture
def house(db, everything, settings, monkeypatch):
    asking._tokens.clear()
    settings.CLOCK, settings.WALL_CLOCK = "tests.world.clocks.now", "tests.world.clocks.wall"
    settings.PUBLIC_URL = HERE
    Clocks.set(MORNING)
    with running_house() as fakes:
        fakes.clock.source = lambda: Clocks.on_the_wall
        for name, value in fakes.environment().items():
            monkeypatch.setenv(name, value)
        secret = lambda name: fakes.environment().get(name, "")
        settings.CHANNELS, settings.CALLBACKS = messengers.channels(secret), messengers.callbacks(secret)
        for name in ("wecom", "feishu"):
            vendor = getattr(fakes, name)
            vendor.callbacks._call = lambda *call, to=f"/callbacks/{name}/": by_client(to, *call)
        found_many(regions=1, reps=6, reviews=True, then=each_in_their_own_tool)
        yield fakes


def each_in_their_own_tool(_facts):
    for username, directory in WAYS.items():
        person = Account.objects.get(username=username).person
        DirectoryId.objects.get_or_create(person=person, directory=directory, defaults={"value": f"id-{username}"})


def seen(house, username):
    """What somebody sees of the last checkpoint, on their own screen."""
    run = Run.objects.get(as_of=date(2026, 11, 25), kind="checkpoint").pk
    keys = set(Message.objects.filter(account__username=username, parts__key__contains=f"{run}").values_list("number", flat=True))
    lines = house.ledger.of(f"id-{username}", WAYS[username])
    return [line for line in lines if any(line.says(key) for key in keys)]


def send():
    sending.pump()
    confirming.follow()


def test_a_red_light_reaches_three_phones_and_what_is_done_here_is_done_there(house):
    send()

    card, to_do, digest = (seen(house, username) for username in WAYS)
    assert len(card) == 1
    assert "红灯" in card[0].title
    assert (card[0].vendor, card[0].button) == ("wecom", "知道了")
    assert [line.state for line in to_do if line.kind == "todo"]
    assert digest
    name = Account.objects.get(username="p000").person.name
    assert any(name in line.text for line in digest)
    groups = [line for line in house.ledger if line.person.startswith("group:")]
    assert groups
    assert not any(name in f"{line.title}{line.text}" for line in groups)

    stranger = Client().get(card[0].link.removeprefix(HERE))
    assert stranger["Location"] == f"/sign-in/?{urlencode({'next': card[0].link.removeprefix(HERE)})}"
    phone = client_of(Account.objects.get(username="p000"))
    page = phone.get(card[0].link.removeprefix(HERE), follow=True)
    review = Review.objects.get(person__code="P000")
    assert page.redirect_chain[-1][0] == f"/reviews/{review.pk}/"

    house.press(card[0], "ack")
    message = Message.objects.get(account__username="p000", number=card[0].ids["task_id"])
    assert message.state == "read"
    keys = message.parts.values_list("key", flat=True)
    assert not Notice.objects.filter(account__username="p000", key__in=keys, read_at__isnull=True).exists()

    form = re.search(rf'action="(/reviews/{review.pk}/tasks/\d+/)"', page.content.decode())[1]
    assert phone.post(form, VIEW).status_code == 302
    Clocks.forward(seconds=30)
    send()
    assert card[0].updated == 1
    assert card[0].button == "已完成"
