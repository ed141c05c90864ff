"""Signing in and out, and pages that are closed unless they say otherwise."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from hangbiao.engines.accounts import middleware, services
from hangbiao.engines.accounts.errors import UsernameTaken
from hangbiao.engines.accounts.models import Account
from hangbiao.engines.accounts.selectors import DemoPerson
from hangbiao.engines.journal.models import Entry

PASSWORD = "正确的密码 horse"


def test_a_stranger_is_sent_to_the_sign_in_page_and_comes_back_to_what_was_asked(client, li_wei, enter):
    answer = client.get("/closed/?period=2026Q4")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fclosed%2F%3Fperiod%3D2026Q4")

    page = client.get(answer["Location"])
    assert page.context["next"] == "/closed/?period=2026Q4"

    assert enter(client, next=page.context["next"])["Location"] == "/closed/?period=2026Q4"
    assert "李伟" in client.get("/closed/").content.decode()


def test_a_public_page_is_open_to_strangers(client, db):
    assert client.get("/open/").content == b"stranger"


def test_a_form_that_came_too_late_does_nothing_and_leads_back_to_the_page_it_stood_on(client, db):
    sent = {"Referer": "http://testserver/closed/?period=2026Q4"}

    answer = client.post("/closed/", headers=sent)

    assert answer.status_code == 303
    assert answer["Location"] == "/sign-in/?next=%2Fclosed%2F%3Fperiod%3D2026Q4&expired=1"
    assert "登录已过期" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("referer", ["https://evil.example/x", "//evil.example/x", ""])
def test_a_late_form_leads_back_to_no_other_house(client, db, referer):
    answer = client.post("/closed/", headers={"Referer": referer})

    assert answer["Location"] == "/sign-in/?expired=1"


def test_a_page_fragment_sends_the_whole_page_to_sign_in_and_back(client, db):
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/board/?light=red"}

    for answer in (client.get("/closed/", headers=asked), client.post("/closed/", headers=asked)):
        assert answer.status_code == 401
        assert answer["HX-Redirect"] == "/sign-in/?next=%2Fboard%2F%3Flight%3Dred&expired=1"


def test_a_program_gets_401_and_no_page(client, db):
    answer = client.post(
        "/closed/", headers={"Accept": "application/json", "Referer": "http://testserver/closed/"}
    )

    assert answer.status_code == 401
    assert answer.json() == {"error": "signed_out", "sign_in": "/sign-in/?next=%2Fclosed%2F&expired=1"}


@pytest.mark.parametrize("by", ["X-Form", "X-Fragment"])
def test_a_form_or_drawer_of_ours_gets_401_and_stays_where_it_is(client, db, by):
    answer = client.post("/closed/", headers={by: "1", "Referer": "http://testserver/closed/?step=2"})

    assert answer.status_code == 401
    assert answer.json()["sign_in"] == "/sign-in/?next=%2Fclosed%2F%3Fstep%3D2&expired=1"


def test_all_of_one_request_happens_at_one_instant(client, li_wei, at, enter):
    enter(client)

    assert at.isoformat() in client.get("/closed/").content.decode()


def test_what_one_reader_saw_is_kept_by_no_cache(client, li_wei, enter):
    enter(client)

    assert client.get("/closed/")["Cache-Control"] == "private, no-cache"


def test_signing_in_is_journalled_and_dated(client, li_wei, at, enter):
    enter(client)

    li_wei.refresh_from_db()
    assert li_wei.last_login == at
    assert [line.kind for line in Entry.objects.order_by("n")] == ["account.opened", "account.signed_in"]
    assert Entry.objects.get(kind="account.signed_in").actor == li_wei.actor
    assert PASSWORD not in str(list(Entry.objects.values_list("data", flat=True)))


def test_a_session_key_known_before_signing_in_is_worth_nothing_afterwards(client, li_wei, enter):
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before

    enter(client)

    assert client.session.session_key != before


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_leads_nowhere_but_into_this_house(client, li_wei, next_page, enter):
    assert enter(client, next=next_page)["Location"] == "/"


def test_wrong_name_and_wrong_password_get_the_same_answer(client, li_wei, enter):
    wrong, unknown = enter(client, "x"), enter(client, username="nobody")

    assert wrong.status_code == unknown.status_code == 403
    assert wrong.context["refusal"] == unknown.context["refusal"]
    assert client.get("/closed/").status_code == 302


def test_an_account_without_a_password_cannot_be_entered_by_one(client, db, at, enter):
    services.open_account(username="wang", name="王", at=at, actor="system:test")

    for guess in ("x", "None", "!"):
        assert enter(client, guess, "wang").status_code == 403


@pytest.mark.parametrize("form", [{}, {"username": "li.wei"}, {"username": "x" * 255, "password": "x"}])
def test_half_a_form_is_shown_again(client, li_wei, form):
    assert client.post("/sign-in/", form).status_code == 400


def test_a_name_that_the_database_cannot_hold_is_just_wrong(client, li_wei, enter):
    assert enter(client, username="li\x00wei").status_code == 400


def test_signing_out_takes_a_post_and_forgets_the_session(client, li_wei, enter):
    enter(client)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/closed/").status_code == 200

    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/closed/").status_code == 302


def test_closing_an_account_ends_its_sessions(client, li_wei, later, enter):
    enter(client)
    services.close_account(account=li_wei, at=later, actor="account:9")

    assert client.get("/closed/").status_code == 302
    assert enter(client).status_code == 403


def test_a_new_password_ends_the_sessions_of_the_old_one(client, li_wei, later, enter):
    enter(client)
    services.set_password(account=li_wei, password="another", at=later, actor="account:9")

    assert client.get("/closed/").status_code == 302


def test_a_form_from_another_site_is_refused(li_wei, enter):
    client = Client(enforce_csrf_checks=True)

    assert enter(client).status_code == 403
    assert client.post("/sign-out/").status_code == 403
    page = client.get("/sign-in/")
    answer = enter(client, csrfmiddlewaretoken=page.cookies["csrftoken"].value)
    assert answer.status_code == 303


def people(at):
    return [DemoPerson("li.wei", "李伟", "业务员", "华东一区")]


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.DEMO_PEOPLE = f"{__name__}.people"


def test_the_demo_company_offers_its_people_and_one_click_signs_in(client, li_wei, demo):
    assert "华东一区" in client.get("/sign-in/").content.decode()

    assert client.post("/sign-in/as/", {"username": "li.wei", "next": "/closed/"})["Location"] == "/closed/"
    assert client.get("/closed/").status_code == 200


@pytest.mark.parametrize("username", ["boss", "", "li.wei'--"])
def test_only_the_people_of_the_list_can_be_entered(client, li_wei, demo, at, username):
    services.open_account(username="boss", name="老板", at=at, actor="system:test")

    assert client.post("/sign-in/as/", {"username": username}).status_code == 404


def test_outside_the_demo_company_nobody_is_offered_and_nobody_entered_without_a_password(
    client, li_wei, demo, settings
):
    settings.DEMO = False

    assert "华东一区" not in client.get("/sign-in/").content.decode()
    assert client.post("/sign-in/as/", {"username": "li.wei"}).status_code == 404


def test_a_user_name_is_given_once(li_wei, at):
    with pytest.raises(UsernameTaken) as refusal:
        services.open_account(username="li.wei", name="另一个", at=at, actor="system:test")

    assert "li.wei" in refusal.value.sentence()
    assert Account.objects.count() == 1


def test_the_reader_is_looked_up_only_when_somebody_asks(db, django_assert_num_queries):
    request = RequestFactory().get("/open/")
    request.session = Client().session
    with django_assert_num_queries(0):
        middleware.signed_in(lambda _: HttpResponse())(request)
