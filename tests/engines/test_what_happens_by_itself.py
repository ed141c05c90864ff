"""What happens by itself: once, in order, made up for, tried again; and a background that is not there is noticed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from hangbiao.core.schedules import Daily, MorningAfter
from hangbiao.engines.schedules import catalogue, selectors, services
from hangbiao.engines.schedules.catalogue import Schedule
from hangbiao.engines.schedules.models import Pulse, Turn

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = [date(2026, 12, 9), date(2026, 12, 11), date(2026, 12, 23), date(2026, 12, 31)]
BEGUN = datetime(2026, 12, 10, 12, tzinfo=SHANGHAI)


@pytest.fixture
def listed():
    """Takes schedules in place of the house's own."""
    before = catalogue.schedules()
    yield lambda *some: catalogue.connect(some)
    catalogue.connect(before)


@pytest.fixture
def did():
    return []


def checkpoints(did, work=None, **how):
    """One that counts each of DAYS."""

    def do(*, occurrence, at, actor):
        did.append(occurrence.key if occurrence else "")
        return {"n": 1} if work is None else work()

    return Schedule(
        "test.checkpoint", "检查点", "", lambda _at: MorningAfter(DAYS, time(9, 30), SHANGHAI), do, str, each=True, **how
    )


def preview(did):
    def do(*, occurrence, at, actor):
        did.append(occurrence.key)

    return Schedule("test.preview", "预览", "", lambda _at: Daily(time(7, 30), SHANGHAI), do, str)


pytestmark = pytest.mark.django_db


def test_what_fell_due_before_the_schedule_was_known_is_not_owed(listed, did):
    listed(checkpoints(did), preview(did))

    services.tick(at=BEGUN)

    assert did == []
    assert set(Turn.objects.values_list("schedule", "result")) == {("test.checkpoint", "begun"), ("test.preview", "begun")}


def test_after_three_weeks_down_each_checkpoint_happens_once_in_order_and_the_preview_once(listed, did):
    listed(checkpoints(did), preview(did))
    services.tick(at=BEGUN)

    for minute in range(3):
        services.tick(at=datetime(2027, 1, 1, 10, minute, tzinfo=SHANGHAI))

    assert did == ["2026-12-11", "2026-12-23", "2026-12-31", "2027-01-01"]


def test_a_clock_that_is_set_back_doubles_nothing(listed, did):
    listed(checkpoints(did), preview(did))
    services.tick(at=BEGUN)
    noon = datetime(2026, 12, 12, 12, tzinfo=SHANGHAI)

    for at in (noon, noon - timedelta(days=1), noon - timedelta(hours=1), noon, noon + timedelta(hours=1)):
        services.tick(at=at)

    assert did == ["2026-12-11", "2026-12-12"]


def test_another_hour_does_not_make_the_day_another_one(listed, did):
    listed(checkpoints(did))
    services.tick(at=BEGUN)
    services.tick(at=datetime(2026, 12, 12, 12, tzinfo=SHANGHAI))

    later = checkpoints(did)
    listed(
        Schedule(later.name, "", "", lambda _at: MorningAfter(DAYS, time(15), SHANGHAI), later.work, str, each=True)
    )
    services.tick(at=datetime(2026, 12, 12, 16, tzinfo=SHANGHAI))

    assert did == ["2026-12-11"]


def test_a_failure_undoes_its_work_is_told_and_tried_again_ever_less_often_before_any_later_one(listed, did):
    def fail():
        Pulse.objects.create(pk=77, at=BEGUN)
        raise ValueError("the feed is broken")

    listed(checkpoints(did, fail))
    services.tick(at=BEGUN)
    start = datetime(2026, 12, 24, 10, tzinfo=SHANGHAI)
    for minute in range(11):
        services.tick(at=start + timedelta(minutes=minute))

    assert did == ["2026-12-11"] * 3, "at 10:00, after 2 minutes, after 4 more; the next only after 8"
    assert not Pulse.objects.filter(pk=77).exists()
    assert {turn.trouble for turn in Turn.objects.filter(result="failed")} == {"ValueError: the feed is broken"}
    standing = selectors.standing_of(catalogue.schedules()[0], start)
    assert [one.key for one in standing.owed] == ["2026-12-11", "2026-12-23"]
    assert standing.late

    listed(checkpoints(did))
    services.run_now(schedule="test.checkpoint", at=start + timedelta(minutes=11), actor="account:1")
    services.tick(at=start + timedelta(minutes=12))

    assert did[3:] == ["2026-12-11", "2026-12-23"]


def test_a_crash_between_the_work_and_its_line_leaves_neither(listed, did, monkeypatch):
    listed(checkpoints(did, lambda: {"n": Pulse.objects.create(pk=77, at=BEGUN).pk}))
    services.tick(at=BEGUN)
    at = datetime(2026, 12, 12, 12, tzinfo=SHANGHAI)

    class Killed(BaseException):
        pass

    def die(_begun):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(services, "_since", die)
        with pytest.raises(Killed), transaction.atomic():
            services.tick(at=at)
    assert not Turn.objects.exclude(result="begun").exists()
    assert not Pulse.objects.filter(pk=77).exists()

    services.tick(at=at)

    assert Turn.objects.get(result="done").key == "2026-12-11"
    assert Pulse.objects.filter(pk=77).exists()


def test_turns_are_never_changed(listed, did):
    listed(checkpoints(did))
    services.tick(at=BEGUN)

    with pytest.raises(DatabaseError), transaction.atomic():
        Turn.objects.update(result="done")


def test_a_background_that_stops_is_noticed_within_twice_its_period(monkeypatch, listed):
    listed()
    wall = datetime(2026, 12, 12, 12, tzinfo=UTC)
    monkeypatch.setattr(services, "wall", lambda: wall)
    assert selectors.silent_since(wall) is None, "none was ever started: that is said elsewhere"

    services.tick(at=wall)

    assert selectors.silent_since(wall + timedelta(seconds=120)) is None
    assert selectors.silent_since(wall + timedelta(seconds=121)) == wall

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [wall + timedelta(seconds=100)])
    assert selectors.silent_since(wall + timedelta(seconds=200)) is None, "it is busy with something long, and alive"
    assert selectors.silent_since(wall + timedelta(seconds=221)) == wall + timedelta(seconds=100)
