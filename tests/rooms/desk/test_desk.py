"""What waits for whom, who is told what, and who finds whom."""

import re
from datetime import date, datetime, time

import pytest
from django.db import transaction
from django.test import override_settings

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.engines.workdays.selectors import calendar
from hangbiao.rooms.desk import inbox, selectors, services, sources
from hangbiao.rooms.desk.errors import HalfAnInterval
from hangbiao.rooms.desk.models import Looked, Notice, Wishes
from hangbiao.rooms.lights.events import LightFlipped
from hangbiao.rooms.people.directory import search
from hangbiao.rooms.people.viewer import viewer_of
from tests.world import SHANGHAI
from tests.world.board import AT, found_many, now
from tests.world.pages import seen_by

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker):
    """Founded once for all tests of this file; each test's own changes roll back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        with acting(system_scope("test")):
            found_many(regions=2, reps=6)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(founded, everything):
    with override_settings(CLOCK="tests.world.pages.now"):
        yield


def seen_as(username: str):
    return seen_by(username, AT)


def viewer(username: str):
    return viewer_of(Account.objects.get(username=username), at=AT, on=AT.date())


def waits(username: str) -> list[inbox.Item]:
    who = viewer(username)
    with acting(who.scope):
        return inbox.waiting_for(who)


def titles(username: str) -> list[str]:
    return [item.waiting.title for item in waits(username)]


def test_a_rep_finds_their_own_red_light_with_its_deadline_in_working_days(company):
    (item,) = waits("p000")

    assert item.waiting.title == "你的灯：11月25日 定为红灯"
    assert item.waiting.due == date(2026, 12, 3)
    assert item.left == 5
    assert waits("p003") == []


def test_a_manager_finds_their_people_the_red_ones_first(company):
    found = [(item.waiting.light, item.waiting.href) for item in waits("m0")]

    assert found[0] == ("red", "/people/P000/")
    assert {light for light, _href in found} == {"red", "yellow"}
    assert [light for light, _ in found] == sorted((light for light, _ in found), key=["red", "yellow"].index)
    assert all(href.startswith("/people/P0") for _light, href in found)
    assert len(waits("s00")) < len(found)


def test_whoever_opens_the_persons_page_has_looked(company):
    before = titles("m0")

    seen_as("m0").get("/people/P000/")

    assert len(titles("m0")) == len(before) - 1
    assert "/people/P000/" not in [item.waiting.href for item in waits("m0")]
    assert titles("s00") != [], "others have not looked"


def test_opening_the_own_page_takes_the_own_light_from_the_list(company):
    seen_as("p000").get("/me/")

    assert waits("p000") == []


def test_an_executive_sees_regions_and_is_led_to_the_board(company):
    items = waits("x1")
    assert [item.waiting.href for item in items] == ["/inbox/region/R0/", "/inbox/region/R1/"]

    answer = seen_as("x1").get("/inbox/region/R0/")

    assert answer["Location"] == "/board/?unit=R0&view=people&light=red&run=official"
    assert [item.waiting.href for item in waits("x1")] == ["/inbox/region/R1/"]


def test_a_foreign_region_is_an_absent_one(company):
    assert seen_as("m0").get("/inbox/region/R1/").status_code == 404
    assert seen_as("m0").get("/inbox/region/NOWHERE/").status_code == 404
    assert seen_as("p000").get("/inbox/region/R0/").status_code == 404


def test_an_administrator_sees_batches_and_late_data_and_no_results(company):
    from hangbiao.rooms.actuals.models import Batch

    batch = Batch.objects.order_by("-pk").first()
    Batch.objects.filter(pk=batch.pk).update(quarantined=3, suspected=1, file_name="orders.csv")

    assert titles("adm") == ["orders.csv · 退回 3 行、疑似重复 1 组"]
    assert titles("x1") == [t for t in titles("x1") if "orders" not in t]

    seen_as("adm").get(f"/inbox/batch/{batch.pk}/")
    assert titles("adm") == []
    assert seen_as("m0").get(f"/inbox/batch/{batch.pk}/").status_code == 404


def test_data_that_stop_too_early_wait_for_the_administrator(company):
    late = datetime.combine(date(2026, 12, 4), time(9), SHANGHAI)
    who = viewer_of(Account.objects.get(username="adm"), at=late, on=late.date())

    with acting(who.scope):
        found = [item.waiting.title for item in inbox.waiting_for(who)]

    assert "数据迟到：销售额 停在 11月25日" in found


def test_a_file_of_the_whole_company_makes_no_region_late():
    reach = {"/C/": date(2026, 11, 25), "/C/R0/": date(2026, 9, 30)}

    assert sources._reached("/C/R0/", reach) == date(2026, 11, 25)
    assert sources._reached("/C/", reach) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("due", "on", "left"),
    [
        (date(2026, 12, 3), date(2026, 11, 26), 5),
        (date(2026, 11, 26), date(2026, 11, 26), 0),
        (date(2026, 11, 27), date(2026, 11, 30), -1),
        (date(2026, 11, 27), date(2026, 12, 1), -2),
        (date(2026, 10, 9), date(2026, 9, 30), 2),
    ],
)
def test_what_is_left_counts_working_days(company, due, on, left):
    assert inbox.left_until(due, on, calendar(start=min(due, on), end=max(due, on))) == left


def test_all_looked_empties_what_can_be_seen(company):
    answer = seen_as("m0").post("/inbox/looked/")

    assert answer["Location"] == "/inbox/"
    assert waits("m0") == []


def test_a_flip_is_told_once_however_often_its_event_comes(company):
    from hangbiao.rooms.desk.reactions import tell_whose_light_flipped
    from hangbiao.rooms.lights.models import Flip
    from hangbiao.rooms.lights.selectors import newest_official

    told = Notice.objects.count()
    assert told
    run = newest_official()
    first = Flip.objects.order_by("run__as_of").values_list("run_id", flat=True).first()
    for number in {run.pk, first}:
        flips = tuple(Flip.objects.filter(run_id=number).values_list("pk", flat=True))
        tell_whose_light_flipped(LightFlipped(run=number, flips=flips), at=AT, actor="test")

    assert Notice.objects.count() == told


def news(username: str) -> list[selectors.News]:
    return list(selectors.notices_of(Account.objects.get(username=username).pk, AT)[0])


def test_a_rep_reads_their_own_flip_and_a_manager_the_count(company):
    own, theirs = news("p000"), news("m0")

    assert own[-1].said == "你的灯在 10月28日 由未评变为红灯。"
    red = sum(one.said.endswith("变为红灯。") for name in ("p000", "p001", "p002", "p003", "p004", "p005") for one in news(name))
    assert sum(int(found[1]) for one in theirs if (found := re.search(r"变红 (\d+) 人", one.said))) == red > 0
    assert not any("你的灯" in one.said for one in theirs)


def test_reading_a_notice_leads_to_its_place_and_counts_it_no_more(company):
    rep = Account.objects.get(username="p000")
    news, _more = selectors.notices_of(rep.pk, AT)
    waiting = selectors.unread(rep.pk, AT)
    fresh = next((one for one in news if one.unread), None)
    if fresh is None:
        Notice.objects.filter(account=rep).update(at=AT)
        news, _more = selectors.notices_of(rep.pk, AT)
        waiting, fresh = selectors.unread(rep.pk, AT), news[0]

    answer = seen_as("p000").get(f"/notifications/{fresh.pk}/")

    assert answer["Location"] == "/me/"
    assert selectors.unread(rep.pk, AT) == waiting - 1


def test_somebody_elses_notice_does_not_exist(company):
    notice = Notice.objects.filter(account__username="p000").first()

    assert seen_as("p001").get(f"/notifications/{notice.pk}/").status_code == 404
    assert Notice.objects.get(pk=notice.pk).read_at is None


def test_notices_older_than_a_month_count_as_read(company):
    rep = Account.objects.get(username="p000")
    Notice.objects.filter(account=rep).update(at=datetime(2026, 10, 20, 9, tzinfo=SHANGHAI))

    assert selectors.unread(rep.pk, AT) == 0
    assert Notice.objects.filter(account=rep, read_at__isnull=True).exists()


def test_searching_finds_only_what_the_reader_may_open(company):
    manager, executive, rep = viewer("m0"), viewer("x1"), viewer("p000")

    def found(who, words):
        return search(words, paths=who.paths, own=who.scope.person_id, on=who.on)

    other = "P103"
    assert [person.code for person, _unit in found(executive, other).people] == [other]
    assert found(manager, other).total == 0
    assert [person.code for person, _unit in found(rep, "P000").people] == ["P000"]
    assert found(rep, "P001").total == 0
    assert found(viewer("adm"), other).total == 0
    assert [unit.code for unit in found(manager, "川东").units] == ["R0", "T00", "T01"]
    assert [(place.code, person.code) for place, person in found(manager, "A000").territories] == [("A000", "P000")]
    assert found(executive, "").total == 0


def test_the_search_page_answers_with_the_same(company):
    html = seen_as("m0").get("/search/?q=P103").content.decode()

    assert "P103 ·" not in html
    assert "没有找到" in html


def test_wishes_are_kept_and_half_an_interval_is_refused(company):
    reader = seen_as("m0")
    body = {"language": "en", "theme": "dark", "quiet_from": "21:30", "quiet_to": "08:00", "channels": ["wecom", "pigeon"]}

    assert reader.post("/profile/", {**body, "channels": ["pigeon"]}).status_code == 400
    assert reader.post("/profile/", {**body, "quiet_to": "", "channels": []}).status_code == 400
    assert not Wishes.objects.exists()
    answer = reader.post("/profile/", {**body, "channels": ["wecom"]})

    assert answer["Location"] == "/profile/"
    kept = Wishes.objects.get()
    assert (kept.quiet_from, kept.quiet_to, kept.channels) == (time(21, 30), time(8), ["wecom"])
    assert 'value="21:30"' in reader.get("/profile/").content.decode()
    account = Account.objects.get(username="m0")
    assert (account.locale, account.theme) == ("en", "dark")
    with pytest.raises(HalfAnInterval):
        services.keep_wishes(account=account.pk, quiet_from=time(21), quiet_to=None, channels=[])


def test_looking_twice_is_looking_once(company):
    account = Account.objects.get(username="m0").pk

    services.look_at(account=account, keys=["light:1:2"], at=now())
    services.look_at(account=account, keys=["light:1:2"], at=now())

    assert Looked.objects.filter(account_id=account).count() == 1


@pytest.mark.parametrize("address", ["/inbox/", "/notifications/", "/search/?q=a", "/profile/", "/styleguide/", "/admin/errors/"])
def test_every_page_is_closed_to_strangers(client, address):
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("address", ["/styleguide/", "/admin/errors/", "/admin/errors/E-ABCDEF/"])
def test_the_builders_pages_do_not_exist_for_others(company, address):
    assert seen_as("x1").get(address).status_code == 404


def test_the_administrator_finds_a_fault_by_its_number(company):
    from hangbiao.engines.pages.models import Fault

    fault = Fault.objects.create(
        number="E-ABCDEF", at=AT, method="GET", address="/board/", kind="KeyError", said="'x'", trace="File board.py"
    )
    reader = seen_as("adm")

    assert fault.number in reader.get("/admin/errors/?faults-q=abcdef").content.decode()
    assert "File board.py" in reader.get("/admin/errors/E-ABCDEF/").content.decode()
    assert reader.get("/admin/errors/E-ZZZZZZ/").status_code == 404
