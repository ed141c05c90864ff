"""A manager names a deputy on a page, for days; both know; the rep who stands in keeps their own pages; it ends by itself."""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.test import override_settings

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.journal.models import Entry
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.desk.models import Notice
from hangbiao.rooms.people import deputies as standing
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.models import Deputy, Person
from hangbiao.rooms.people.rows import PersonRow
from hangbiao.rooms.people.viewer import viewer_of
from tests.world import ACTOR, SHANGHAI
from tests.world.board import AT, BEGIN, found_many
from tests.world.pages import seen_by, text_of

pytestmark = pytest.mark.django_db
TODAY = AT.date()
FORM = {"principal": "S00", "deputy": "P000", "first": "2026-11-27", "last": "2026-12-01", "reason": "探亲"}


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker):
    """Founded once for all tests of this file; each test's own changes roll back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        with acting(system_scope("test")):
            found_many(regions=2, reps=6)
            row = PersonRow("AUD", "史审", "auditor", "C", valid_from=date(2026, 1, 1), username="aud")
            assert people.upsert_people([row], at=BEGIN, actor=ACTOR) == []
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(founded, everything):
    with override_settings(CLOCK="tests.world.pages.now"):
        yield


def name(by: str = "s00", at: datetime = AT, **other):
    return seen_by(by, at).post("/deputies/", FORM | other)


def on_day(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 9, 0, tzinfo=SHANGHAI)


def places(username: str, at: datetime) -> list[str]:
    """What the navigation offers."""
    page = seen_by(username, at).get("/profile/").content.decode()
    return [place for place in ("/me/", "/board/", "/deputies/") if f'href="{place}"' in page]


def test_a_supervisor_names_a_rep_who_sees_the_team_on_those_days_and_not_before_or_after(company):
    assert name().status_code == 302

    team = Person.objects.get(code="S00").posts.get().unit.path
    rep = Account.objects.get(username="p000")
    seen = {
        at.date().isoformat(): team in viewer_of(rep, at=at, on=at.date()).scope.paths
        for at in (on_day(26), on_day(27), on_day(1, 12), on_day(2, 12))
    }

    assert list(seen.values()) == [False, True, True, False]


def test_a_rep_who_stands_in_keeps_my_target_beside_the_board(company):
    name()

    assert places("p000", on_day(26)) == ["/me/"]
    assert places("p000", on_day(27)) == ["/me/", "/board/", "/deputies/"]
    browser = seen_by("p000", on_day(27))
    assert browser.get("/").headers["Location"] == "/me/"
    assert browser.get("/me/").status_code == 200
    assert browser.get("/board/").status_code == 200


def test_both_are_told_and_the_journal_knows_why(company):
    name(by="m0")

    told = {n.account.username: n.facts["you"] for n in Notice.objects.filter(kind="deputy.named")}
    assert told == {"s00": "principal", "p000": "deputy"}
    assert "由" in text_of(seen_by("s00", AT).get("/notifications/"))
    line = Entry.objects.get(kind="people.deputy_appointed")
    assert line.actor == Account.objects.get(username="m0").actor
    assert line.data == {"principal": "S00", "deputy": "P000", "from": "2026-11-27", "to": "2026-12-01", "reason": "探亲"}


@pytest.mark.parametrize("username", ["s00", "p000", "m0"])
def test_those_concerned_see_it_on_the_page(company, username):
    name()

    assert "11月27日–12月1日 · 探亲" in text_of(seen_by(username, AT).get("/deputies/"))


@pytest.mark.parametrize("username", ["s01", "p001", "m1", "h0", "aud"])
def test_nobody_else_sees_it(company, username):
    name()

    assert "探亲" not in text_of(seen_by(username, AT).get("/deputies/"))


@pytest.mark.parametrize("username", ["p000", "adm", "aud"])
def test_only_managers_name_deputies(company, username):
    assert name(by=username).status_code == 404
    assert "指定代理人" not in text_of(seen_by(username, AT).get("/deputies/"))
    assert Deputy.objects.count() == 0


@pytest.mark.parametrize(("by", "whom"), [("s01", "S00"), ("m1", "S00"), ("s00", "M0"), ("h0", "S00"), ("h0", "M0")])
def test_nobody_names_a_deputy_for_a_manager_who_is_not_below_them(company, by, whom):
    assert name(by=by, principal=whom).status_code == 400
    assert Deputy.objects.count() == 0


def test_whoever_stands_in_does_not_pass_it_on(company):
    name(by="m0", principal="M0", deputy="S01", first="2026-11-26")

    assert name(by="s01", principal="M0", deputy="P003").status_code == 400
    assert [p.code for p in standing.names_for(Person.objects.get(code="S01"), TODAY)] == ["S01"]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"deputy": "S00"}, "不能指定自己"),
        ({"deputy": "ADM"}, "不看业绩的角色"),
        ({"deputy": "AUD"}, "不看业绩的角色"),
        ({"deputy": "nobody"}, "没有找到“nobody”"),
        ({"last": "2026-11-26"}, "结束日早于开始日"),
        ({"first": "2026-11-25"}, "这一天已经过去"),
        ({"reason": ""}, "必填"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_lost(company, other, said):
    answer = name(**other)

    assert answer.status_code == 400
    assert said in text_of(answer)
    assert f'value="{(FORM | other)["deputy"]}"' in answer.content.decode()
    assert Deputy.objects.count() == 0


def test_two_of_one_name_are_told_apart_by_their_number(company):
    Person.objects.filter(code__in=["P001", "P002"]).update(name="王伟")

    assert "改用工号" in text_of(name(deputy="王伟"))
    assert name(deputy="p001").status_code == 302


@pytest.mark.parametrize("first", ["2026-11-20", "2026-11-26", "2026-11-28"])
def test_ending_it_takes_effect_at_once_whether_it_runs_began_today_or_is_to_come(company, first):
    one, other = Person.objects.get(code="S00"), Person.objects.get(code="P000")
    begins = date.fromisoformat(first)
    kept = standing.appoint_deputy(
        principal=one, deputy=other, first=begins, last=begins + timedelta(days=20), reason="年假", at=AT, actor=ACTOR
    )

    assert seen_by("s00", AT).post(f"/deputies/{kept.pk}/end/").status_code == 302

    rep = Account.objects.get(username="p000")
    assert viewer_of(rep, at=AT, on=TODAY).scope.paths == ()
    assert viewer_of(rep, at=AT, on=date(2026, 12, 5)).scope.paths == ()
    assert (viewer_of(rep, at=AT, on=date(2026, 11, 25)).scope.paths != ()) == (begins < date(2026, 11, 26))
    assert Entry.objects.filter(kind="people.deputy_ended").count() == 1
    assert Notice.objects.filter(kind="deputy.ended").count() == 2


def test_the_deputy_and_strangers_cannot_end_it(company):
    name(first="2026-11-26")
    number = Deputy.objects.get().pk

    answers = [seen_by(who, AT).post(f"/deputies/{number}/end/").status_code for who in ("p000", "s01", "m1", "h0", "adm")]
    assert answers == [404] * 5
    assert seen_by("m0", AT).post("/deputies/999999/end/").status_code == 404
    assert seen_by("m0", AT).post(f"/deputies/{number}/end/").status_code == 302, "the manager above may"
