"""An installation left to itself: previews and checkpoints at their hour, made up for after a stop; and its page."""

from datetime import date, datetime, timedelta

import pytest
from django.test import override_settings

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.policy.services import set_value
from hangbiao.engines.schedules import services, sql
from hangbiao.engines.schedules.models import Turn
from hangbiao.rooms.desk.inbox import waiting_for
from hangbiao.rooms.lights.models import Light, Run
from hangbiao.rooms.people.viewer import viewer_of
from hangbiao.site import clock
from tests.world import ACTOR, NEW_YEAR, SHANGHAI, found_company, sell
from tests.world.pages import seen_by, text_of
from tests.world.signed_in import without_second_step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
BEGUN = datetime(2025, 10, 10, 12, tzinfo=SHANGHAI)


def runs(kind):
    return list(Run.objects.filter(kind=kind).order_by("pk").values_list("as_of", flat=True))


def at(month, day, hour, minute=0):
    return datetime(2025, month, day, hour, minute, tzinfo=SHANGHAI)


def test_the_preview_comes_every_morning_and_the_official_light_on_the_morning_after(django_assert_max_num_queries):
    found_company()
    sell(date(2025, 10, 13), "9")
    services.tick(at=BEGUN)

    services.tick(at=at(10, 14, 8))
    assert runs("preview") == [date(2025, 10, 13)]
    services.tick(at=at(10, 15, 7, 29))
    assert runs("preview") == [date(2025, 10, 13)]
    services.tick(at=at(10, 15, 7, 30))
    assert runs("preview") == [date(2025, 10, 14)]
    services.tick(at=at(10, 15, 9, 29))
    assert runs("checkpoint") == []
    services.tick(at=at(10, 15, 9, 30))
    assert runs("checkpoint") == [date(2025, 10, 14)]
    with django_assert_max_num_queries(40):
        services.tick(at=at(10, 15, 9, 31))

    turn = Turn.objects.get(schedule="lights.checkpoint", result="done")
    assert turn.facts == {"day": "2025-10-14", "rows": Light.objects.filter(run__kind="checkpoint").count(), "flips": 0}


def test_after_three_weeks_down_every_checkpoint_is_fixed_once_in_order_and_today_is_previewed():
    found_company()
    services.tick(at=BEGUN)

    for minute in range(3):
        services.tick(at=at(11, 12, 10, minute))

    fixed = Run.objects.filter(kind="checkpoint").order_by("pk")
    assert [run.as_of for run in fixed] == [date(2025, 10, 14), date(2025, 10, 28), date(2025, 11, 11)]
    assert [run.previous and run.previous.as_of for run in fixed] == [None, date(2025, 10, 14), date(2025, 10, 28)]
    assert runs("preview") == [date(2025, 11, 11)]


def test_a_checkpoint_that_was_fixed_by_hand_is_not_fixed_again_and_an_empty_period_not_at_all():
    from hangbiao.rooms.lights.services import evaluate

    found_company()
    services.tick(at=datetime(2025, 9, 1, 9, tzinfo=SHANGHAI))
    evaluate(as_of=date(2025, 10, 14), at=at(10, 15, 9), actor=ACTOR, kind="checkpoint")
    services.tick(at=at(10, 16, 12))

    turns = Turn.objects.filter(schedule="lights.checkpoint", key__gte="2025-09").values_list("key", "result")
    assert list(turns) == [
        ("2025-09-08", "nothing"), ("2025-09-22", "nothing"), ("2025-09-30", "nothing"), ("2025-10-14", "nothing"),
    ]  # fmt: skip
    assert runs("checkpoint") == [date(2025, 10, 14)]


def test_the_hour_is_a_parameter():
    found_company()
    services.tick(at=BEGUN)
    set_value(
        key="schedule.checkpoint_at", value="18:00", valid_from=date(2025, 10, 1), source="test", approver=ACTOR, at=NEW_YEAR,
        actor=ACTOR,
    )  # fmt: skip

    services.tick(at=at(10, 15, 17, 59))
    assert runs("checkpoint") == []
    services.tick(at=at(10, 15, 18))
    assert runs("checkpoint") == [date(2025, 10, 14)]


def test_a_broken_checkpoint_is_late_in_the_administrators_inbox(monkeypatch):
    found_company()
    services.tick(at=BEGUN)

    def fail(**_facts):
        raise ValueError("no room on the disk")

    monkeypatch.setattr("hangbiao.rooms.lights.keeping.evaluate", fail)
    services.tick(at=at(10, 15, 10))

    qian, now = Account.objects.get(username="qian.hao"), at(10, 15, 10)
    waiting = {one.waiting.key: one.waiting for one in waiting_for(viewer_of(qian, at=now, on=now.date()))}
    assert "no room on the disk" in waiting["schedule:lights.checkpoint"].said
    zhou = Account.objects.get(username="zhou.jie")
    assert not [one for one in waiting_for(viewer_of(zhou, at=now, on=now.date())) if one.waiting.key.startswith("schedule")]


@override_settings(CLOCK="tests.world.pages.now")
def test_the_page_says_what_ran_what_comes_and_that_nobody_is_there():
    found_company()
    without_second_step()
    services.tick(at=BEGUN)
    services.tick(at=at(10, 15, 10))
    browser = seen_by("qian.hao", at(10, 15, 10))

    text = text_of(browser.get("/studio/schedule/"))
    assert "后台程序从" not in text
    assert "10月14日 的正式灯：3 盏" in text
    assert "2025-10-29 09:30" in text
    assert "没有设置文件夹" in text

    sql.beat(clock.wall() - timedelta(seconds=121))
    text = text_of(browser.get("/studio/schedule/"))
    assert "起没有响应" in text
    assert "hangbiao worker" in text
    board = text_of(seen_by("zhou.jie", at(10, 15, 10)).get("/board/"))
    assert "后台没有运行" in board

    pressed = browser.post("/studio/schedule/lights.preview/run/")
    assert pressed.status_code == 302
    assert browser.post("/studio/schedule/actuals.sync/run/").status_code == 404, "it is not set up"
    assert browser.get("/studio/schedule/no.such/").status_code == 404
    assert "预览灯" in text_of(browser.get("/studio/schedule/lights.preview/"))
