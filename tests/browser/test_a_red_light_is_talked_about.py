"""From a red light to a closed review, each person in their own browser: message, phone, minutes, signatures, board."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connections

from tests.fakes.house import running_house
from tests.world import SHANGHAI
from tests.world.board import AT
from tests.world.browser import PASSWORD
from tests.world.clocks import Clocks

CLOCK = "tests.world.clocks.now"
WALKERS = ("p000", "s00", "m0", "x1", "h0")


@pytest.fixture(scope="module", autouse=True)
def messengers():
    """The fakes run before the house is furnished: its checkpoint writes the messages."""
    from django.test import override_settings

    from hangbiao.site.messengers import ADAPTERS, CHANNELS

    Clocks.set(AT)
    with running_house() as fakes:
        fakes.clock.source = lambda: Clocks.on_the_wall
        wecom = fakes.wecom
        options = {"corp": wecom.corp, "agent": wecom.agent, "secret": wecom.secret, "host": wecom.address}
        channel = {"adapter": f"{ADAPTERS}.{CHANNELS['wecom'][0]}", "options": options}
        with override_settings(CHANNELS={"wecom": channel}, WALL_CLOCK="tests.world.clocks.wall"):
            yield fakes


def furnish():
    """One region of three reps, the first of them red at the newest checkpoint, all of them known to the messenger."""
    from hangbiao.rooms.people.models import DirectoryId, Person
    from tests.world.board import found_many

    found_many(regions=1, reps=3, reviews=True)
    people = Person.objects.filter(account__isnull=False)
    DirectoryId.objects.bulk_create(DirectoryId(person=p, directory="wecom", value=p.code) for p in people)


def behind_the_scenes(deed):
    """Playwright holds this thread: what the worker would do is done in another."""

    def done():
        from hangbiao.engines.scope.context import acting, system_scope

        try:
            with acting(system_scope("worker")):
                return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def deliver(house):
    """The ten minutes within which everybody has heard."""
    from django.test import override_settings

    from hangbiao.engines.notify import sending

    Clocks.forward(minutes=10)
    with override_settings(PUBLIC_URL=house):
        behind_the_scenes(sending.pump)


def come_in(walk, username, link, *, phone=False):
    """Follow a link as somebody who is not signed in yet."""
    one = walk(phone=phone)
    one.page.goto(link)
    one.page.fill("input[name=username]", username)
    one.page.fill("input[name=password]", PASSWORD)
    one.page.click("main form[action^='/sign-in/'] button")
    one.page.wait_for_load_state("networkidle")
    return one


def send(one):
    with one.page.expect_response(lambda answer: "/tasks/" in answer.url and answer.request.method == "POST") as answered:
        one.page.click("#mine form .btn.primary")
    assert answered.value.status < 400, one.page.inner_text("main")
    one.page.wait_for_load_state("networkidle")


def say(one, cause="visits"):
    one.page.check(f"#mine input[name=cause][value={cause}]", force=True)
    one.page.fill("#mine [name=words]", "十一月后两周少跑了三条线路，客户没有补货。")
    send(one)


def attest(one):
    one.page.reload()
    one.page.fill("#mine [name=held_on]", "2026-11-26")
    one.page.check("#mine [name=present]", force=True)
    send(one)


def agree(one):
    one.page.reload()
    one.page.check("#mine input[name=verdict][value=agree]", force=True)
    send(one)


def test_a_red_light_reaches_the_rep_in_the_messenger_and_ends_as_a_closed_review(walk, house, messengers):
    deliver(house)
    (told,) = messengers.ledger.of("p000", "wecom", says="红灯")
    assert messengers.ledger.of("m0", "wecom"), "the region manager has one digest"

    rep = come_in(walk, "p000", told.link, phone=True)
    assert re.fullmatch(rf"{house}/reviews/\d+/", rep.page.url)
    review = rep.page.url
    assert "轮到你" in rep.page.inner_text("main")
    assert rep.sideways() == 0
    say(rep)
    supervisor, manager = walk(), walk()
    for one, username in ((supervisor, "s00"), (manager, "m0")):
        one.sign_in(username)
        one.page.goto(review)
        say(one, "stock")
    for one in (rep, supervisor, manager):
        attest(one)

    supervisor.page.reload()
    supervisor.page.fill("#mine [name=words]", "三方同意补回线路，主管每周三陪访。")
    supervisor.page.fill("#mine [name=what_1]", "补跑三条线路")
    supervisor.page.select_option("#mine [name=owner_1]", index=1)
    supervisor.page.fill("#mine [name=due_1]", "2026-12-10")
    send(supervisor)
    agree(rep)
    agree(manager)

    director, partner = walk(), walk()
    for one, username in ((director, "x1"), (partner, "h0")):
        one.sign_in(username)
        one.page.goto(review)
        agree(one)

    rep.page.reload()
    assert "复盘已结束" in rep.page.inner_text("main")
    assert "补跑三条线路" in rep.page.inner_text("main")
    deliver(house)
    assert len(messengers.ledger.of("p000", "wecom", says="红灯")) == 1, "told once"


def test_silence_is_told_upwards_and_closes_nothing(walk, house, messengers):
    from hangbiao.engines.flows.services import sweep

    late = datetime(2026, 12, 4, 9, 5, tzinfo=SHANGHAI)
    Clocks.set(late)
    behind_the_scenes(lambda: sweep(at=late, actor="system:flows", zone=SHANGHAI))
    deliver(house)

    assert messengers.ledger.of("m0", "wecom", says="逾期")
    manager = walk()
    manager.sign_in("m0")
    manager.page.goto(f"{house}/reviews/")
    assert "已逾期" in manager.page.inner_text("main")
    Clocks.set(AT)
