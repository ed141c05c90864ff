"""A checkpoint as people hear of it outside: each their own, managers one digest, groups only sums."""

import json
from datetime import date
from urllib.parse import urlencode

import pytest
from django.conf import settings as house_settings
from django.db import transaction
from django.test import override_settings

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.flows.models import Task
from hangbiao.engines.notify import confirming, sending
from hangbiao.engines.notify.models import Message, Part
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.desk.models import Notice, Wishes
from hangbiao.rooms.lights.models import Light, Run
from hangbiao.rooms.people.models import DirectoryId, Person
from hangbiao.rooms.reviews.models import Review
from tests.engines.notify.recording import VENDORS, Vendor
from tests.engines.notify.world import CLOCK, adapter
from tests.world.board import AT, found_many
from tests.world.pages import seen_by

pytestmark = pytest.mark.django_db
CHANNELS = {name: adapter(name) for name in ("wecom", "mail", "wecom_robot")}
CLOCKS = {"CLOCK": "tests.engines.notify.world.now", "WALL_CLOCK": "tests.engines.notify.world.wall"}
HERE = {"CHANNELS": CHANNELS, "PUBLIC_URL": "https://hb.example.invalid", **CLOCKS}


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker):
    """Founded once, its messages sent; each test's own changes roll back to here."""
    CLOCK.update(now=AT.replace(minute=7), wall=AT.replace(minute=7))
    VENDORS.clear()
    VENDORS.update({name: Vendor() for name in CHANNELS})
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(**HERE):
        with acting(system_scope("test")):
            found_many(regions=2, reps=6, reviews=True)
            Message.objects.exclude(parts__key__contains=f":{last_run()}").filter(at__lt=AT).update(state="withdrawn")
            for person in Person.objects.filter(account__isnull=False):
                DirectoryId.objects.create(person=person, directory="wecom", value=f"wx-{person.code}")
            sending.pump()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(founded, everything):
    with override_settings(**HERE):
        yield


def last_run() -> int:
    return Run.objects.get(as_of=date(2026, 11, 25), kind="checkpoint").pk


def got(username: str) -> list[dict]:
    """What somebody saw in WeCom."""
    code = Account.objects.get(username=username).person.code
    return [json.loads(body) for to, body in VENDORS["wecom"].calls if to == f"wx-{code}"]


def lit() -> list[Light]:
    run = last_run()
    return list(Light.objects.filter(run=run, metric__code="sales", light__in=["red", "yellow"], person__isnull=False))


def test_everybody_yellow_or_red_hears_of_it_once_with_the_review_they_have_to_do(company):
    for light in lit():
        username = Account.objects.get(person=light.person_id).username
        (seen,) = got(username)
        review = Review.objects.get(person=light.person_id)

        assert ("红灯" if light.light == "red" else "黄灯") in seen["title"]
        page = seen["url"].removeprefix("https://hb.example.invalid")
        assert seen_by(username, AT).get(page)["Location"] == f"/reviews/{review.pk}/"
        assert seen["todo"] is True
        assert "要办的复盘" in seen["body"]


def test_a_region_manager_gets_one_message_about_all_their_people(company):
    mine = [light for light in lit() if light.org_path.startswith("/C/R0/")]
    assert len(mine) > 1

    (seen,) = got("m0")

    for light in mine:
        assert Person.objects.get(pk=light.person_id).name in seen["body"]
    assert got("x1") == [], "executives look at the board"


def test_whoever_is_green_hears_nothing_outside(company):
    known = {light.person_id for light in lit()}
    others = Person.objects.filter(code__startswith="P", account__isnull=False).exclude(pk__in=known)

    assert others
    assert all(got(person.account.username) == [] for person in others)


def test_a_group_gets_sums_and_no_name(company):
    posts = [json.loads(body) for _to, body in VENDORS["wecom_robot"].calls]

    assert len(posts) == 1
    text = posts[0]["title"] + posts[0]["body"]
    assert f"红灯 {sum(light.light == 'red' for light in lit())} 人" in text
    assert not any(person.name in text for person in Person.objects.filter(code__startswith="P"))


def test_the_number_names_period_week_and_message(company):
    (seen,) = got("m0")

    message = Message.objects.get(number=seen["key"])
    assert seen["key"] == f"HB-2026Q4-W9-{message.pk:04d}"
    assert seen["key"] in seen["title"]


def test_every_message_is_a_notice_in_the_house_too(company):
    notices = set(Notice.objects.values_list("account_id", "key"))

    for part in Part.objects.filter(account__isnull=False):
        assert (part.account_id, part.key) in notices


def test_what_is_done_here_is_ticked_off_there(company):
    review = Review.objects.get(person__code="P000")
    task = Task.objects.get(case=review.case_id, step="review", assignee__username="p000")
    answer = seen_by("p000", AT).post(
        f"/reviews/{review.pk}/tasks/{task.pk}/", {"cause": "visits", "words": "十一月后两周少跑了三条线路，客户没有补货。"}
    )

    confirming.follow()

    assert answer.status_code == 302
    assert VENDORS["wecom"].closed == ["wx-P000"]


def test_a_persons_own_channels_and_hours_go_before_the_companys(company):
    from hangbiao.rooms.desk.reach import Reaching

    rep = Account.objects.get(username="p000")
    Account.objects.filter(pk=rep.pk).update(mail="p000@example.invalid", locale="en")
    before = Reaching().reach([rep.pk], at=AT)[rep.pk]
    Wishes.objects.create(account=rep, quiet_from="19:00", quiet_to="07:00", channels=["mail"])
    after = Reaching().reach([rep.pk], at=AT)[rep.pk]

    assert [channel for channel, _to in before.ways] == ["wecom", "mail"]
    assert [channel for channel, _to in after.ways] == ["mail"]
    assert (after.quiet.since.hour, after.quiet.until.hour, after.language) == (19, 7, "en")
    assert house_settings.LANGUAGE_CODE != "en"


def test_the_link_of_a_message_signs_in_silently_inside_wecom_and_lands_on_the_case(company, client, settings):
    settings.SIGN_ON = {"wecom": {"adapter": "hangbiao.adapters.wecom.signon.WeCom", "corp": "c", "agent": "1", "secret": "s"}}
    (seen,) = got("p000")
    path = seen["url"].removeprefix("https://hb.example.invalid")
    phone = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 12) wxwork/4.1 MicroMessenger/7.0"}

    first = client.get(path, **phone)
    second = client.get(first["Location"], **phone)
    third = client.get(second["Location"], **phone)

    assert first["Location"] == f"/sign-in/?{urlencode({'next': path})}"
    assert second["Location"].startswith("/sign-on/wecom/?next=")
    assert "open.weixin.qq.com/connect/oauth2/authorize" in third["Location"]
    (asked,) = client.session["account_sign_on"].values()
    assert asked[2] == path
