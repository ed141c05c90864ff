"""From the day after somebody's last day nothing of theirs opens anything: neither their browser nor the keys they own."""

from datetime import date, datetime

import pytest
from django.test import Client, override_settings

from hangbiao.engines.accounts.models import Account, Sitting
from hangbiao.engines.accounts.services import close_account, reopen_account
from hangbiao.engines.api.models import ApiKey
from hangbiao.engines.api.services import make_key
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.models import Person
from hangbiao.rooms.people.rows import PersonRow
from tests.world import ACTOR, SHANGHAI
from tests.world.pages import Clock, seen_by, text_of

pytestmark = pytest.mark.django_db
LAST = date(2026, 11, 30)
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=SHANGHAI)
LAST_SECOND = datetime(2026, 11, 30, 23, 59, 59, tzinfo=SHANGHAI)
NEXT_MIDNIGHT = datetime(2026, 12, 1, 0, 0, tzinfo=SHANGHAI)


@pytest.fixture
def secret(everything):
    """A key whose owner's last day is the thirtieth; their post stays open, as it does when nobody thinks of it."""
    who = {"at": NOON, "actor": ACTOR}
    people.ensure_company(name="演示食品", name_en="Demo Foods", **who)
    begin = date(2026, 1, 1)
    rows = [
        PersonRow("INT", "接口", "integrator", "C", valid_from=begin, left=LAST, username="int"),
        PersonRow("NEW", "后继", "integrator", "C", valid_from=begin, username="new"),
        PersonRow("ADM", "管立", "administrator", "C", valid_from=begin, username="adm"),
    ]
    assert people.upsert_people(rows, **who) == []
    Person.objects.get(code="INT").posts.update(valid_to=None)
    with override_settings(CLOCK="tests.world.pages.now"):
        yield make_key(
            owner=Account.objects.get(username="int"), name="仓库", scopes=["read:lights"], paths=["/C/"], reason="对账",
            actor=Account.objects.get(username="adm"), at=NOON,
        )[1]  # fmt: skip


def asked_with(secret: str, at: datetime):
    Clock.at = at
    return Client().get("/api/v1/periods", headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.parametrize(("at", "status"), [(NOON, 200), (LAST_SECOND, 200), (NEXT_MIDNIGHT, 401)])
def test_a_key_opens_until_the_last_second_of_its_owners_last_day(secret, at, status):
    assert asked_with(secret, at).status_code == status


def test_the_program_is_told_in_a_sentence_what_to_do(secret):
    answer = asked_with(secret, NEXT_MIDNIGHT)

    assert answer.json()["type"] == "/api/docs#problem-key-owner-gone"
    assert "负责人已离职" in answer.json()["detail"]
    assert "另发一个密钥" in answer.json()["detail"]
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_wrong_secret_of_a_leavers_key_learns_nothing_of_them(secret):
    answer = asked_with(secret[:-3] + "abc", NEXT_MIDNIGHT)

    assert answer.json()["type"] == "/api/docs#problem-key-not-good"


def test_a_closed_account_shuts_its_keys_and_an_open_one_opens_them_again(secret):
    owner = Account.objects.get(username="int")
    close_account(account=owner, at=NOON, actor=ACTOR)
    shut = asked_with(secret, NOON)
    reopen_account(account=owner, at=NOON, actor=ACTOR)

    assert (shut.status_code, shut.json()["type"]) == (401, "/api/docs#problem-key-owner-gone")
    assert asked_with(secret, NOON).status_code == 200


def test_the_keys_page_says_that_the_owner_has_left_and_still_lets_the_key_be_revoked(secret):
    administrator = seen_by("adm", NEXT_MIDNIGHT)

    said = text_of(administrator.get("/admin/keys/?keys-state=left"))
    assert "负责人已离职" in said
    assert "hb_" in said
    key = ApiKey.objects.get()
    assert administrator.post(f"/admin/keys/{key.prefix}/revoke/").status_code == 302
    assert "已作废" in text_of(administrator.get("/admin/keys/"))
    assert asked_with(secret, NOON).json()["type"] == "/api/docs#problem-key-not-good"


def test_nobody_makes_a_new_key_for_somebody_who_has_left(secret):
    offered = seen_by("adm", LAST_SECOND).get("/admin/keys/").content.decode()
    then = seen_by("adm", NEXT_MIDNIGHT).get("/admin/keys/").content.decode()

    assert '<option value="int">' in offered
    assert '<option value="int">' not in then
    assert '<option value="new">' in then


def test_an_open_browser_is_signed_out_by_the_same_midnight(secret):
    browser = seen_by("int", NOON)
    Clock.at = LAST_SECOND
    assert browser.get("/profile/").status_code == 200

    Clock.at = NEXT_MIDNIGHT
    assert browser.get("/profile/").headers["Location"].startswith("/sign-in/")
    assert Sitting.objects.get(account__username="int").ended_why == "has left"
    Clock.at = NOON
    assert browser.get("/profile/").status_code == 302, "what has ended does not begin again when the clock goes back"
