"""Signing in and out, and pages that are closed unless they say otherwise."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from hangbiao.engines.accounts import middleware, services
from hangbiao.engines.accounts.errors import UsernameTaken
from hangbiao.engines.accounts.middleware import public
from hangbiao.engines.accounts.models import Account, WrongPassword
from hangbiao.engines.accounts.selectors import DemoPerson
from hangbiao.engines.accounts.urls import urlpatterns as account_urls
from hangbiao.engines.journal.models import Entry

PASSWORD = "正确的密码 horse"


def closed(request):
    return HttpResponse(f"hello {request.user.name} at {request.at.isoformat()}")


@public
def opened(request):
    return HttpResponse("stranger" if not request.user.is_authenticated else request.user.name)


urlpatterns = [path("", closed), path("closed/", closed), path("open/", opened)]


class Clock:
    now = None


def clock():
    return Clock.now


@pytest.fixture(autouse=True)
def house(settings, at):
    """These few addresses, and only the middleware that this engine needs."""
    import types

    from django.urls import include

    module = types.ModuleType("accounts_test_urls")
    module.urlpatterns = [*urlpatterns, path("", include((account_urls, "accounts")))]
    settings.ROOT_URLCONF = module
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "hangbiao.engines.accounts.middleware.signed_in",
    ]
    settings.CLOCK = f"{__name__}.clock"
    settings.DEMO = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "builtins": ["django.templatetags.i18n"],
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {"pages/base_plain.html": "{% block main %}{% endblock %}"},
                    ),
                    "django.template.loaders.app_directories.Loader",
                ],
            },
        }
    ]
    Clock.now = at


@pytest.fixture
def li_wei(db, at):
    return services.open_account(
        username="li.wei", name="李伟", password=PASSWORD, at=at, actor="system:test"
    )


def sign_in(client, password=PASSWORD, username="li.wei", **more):
    return client.post("/sign-in/", {"username": username, "password": password} | more)


def test_a_stranger_is_sent_to_the_sign_in_page_and_comes_back_to_what_was_asked(client, li_wei):
    answer = client.get("/closed/?period=2026Q4")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fclosed%2F%3Fperiod%3D2026Q4")

    page = client.get(answer["Location"])
    assert page.context["next"] == "/closed/?period=2026Q4"

    assert sign_in(client, next=page.context["next"])["Location"] == "/closed/?period=2026Q4"
    assert "李伟" in client.get("/closed/").content.decode()


def test_a_public_page_is_open_to_strangers(client, db):
    assert client.get("/open/").content == b"stranger"


def test_a_post_to_a_closed_page_is_refused_to_a_stranger(client, db):
    assert client.post("/closed/")["Location"] == "/sign-in/"


def test_a_page_fragment_sends_the_whole_page_to_sign_in(client, db):
    answer = client.get(
        "/closed/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/board/"}
    )

    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/sign-in/?next=")


def test_a_program_gets_401_and_no_page(client, db):
    assert client.get("/closed/", headers={"Accept": "application/json"}).status_code == 401


def test_all_of_one_request_happens_at_one_instant(client, li_wei, at):
    sign_in(client)

    assert at.isoformat() in client.get("/closed/").content.decode()


def test_what_one_reader_saw_is_kept_by_no_cache(client, li_wei):
    sign_in(client)

    assert client.get("/closed/")["Cache-Control"] == "private, no-cache"


def test_signing_in_is_journalled_and_dated(client, li_wei, at):
    sign_in(client)

    li_wei.refresh_from_db()
    assert li_wei.last_login == at
    assert [line.kind for line in Entry.objects.order_by("n")] == ["account.opened", "account.signed_in"]
    assert Entry.objects.get(kind="account.signed_in").actor == li_wei.actor
    assert PASSWORD not in str(list(Entry.objects.values_list("data", flat=True)))


def test_a_session_key_known_before_signing_in_is_worth_nothing_afterwards(client, li_wei):
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before

    sign_in(client)

    assert client.session.session_key != before


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_leads_nowhere_but_into_this_house(client, li_wei, next_page):
    assert sign_in(client, next=next_page)["Location"] == "/"


def test_wrong_name_and_wrong_password_get_the_same_answer(client, li_wei):
    wrong, unknown = sign_in(client, "x"), sign_in(client, username="nobody")

    assert wrong.status_code == unknown.status_code == 403
    assert wrong.context["refusal"] == unknown.context["refusal"]
    assert client.get("/closed/").status_code == 302


def test_the_eleventh_attempt_in_a_quarter_of_an_hour_is_told_to_wait_even_with_the_right_password(
    client, li_wei, at
):
    for minute in range(10):
        Clock.now = at + timedelta(minutes=minute)
        assert sign_in(client, "x").status_code == 403

    answer = sign_in(client)
    assert answer.status_code == 429
    assert "6 分钟" in answer.context["refusal"]

    Clock.now = at + timedelta(minutes=15, seconds=1)
    assert sign_in(client).status_code == 302
    assert WrongPassword.objects.count() == 0


def test_attempts_from_elsewhere_or_on_another_name_do_not_lock_me_out(client, li_wei):
    for _ in range(10):
        client.post("/sign-in/", {"username": "li.wei", "password": "x"}, REMOTE_ADDR="203.0.113.9")
        sign_in(client, username="nobody")

    assert sign_in(client).status_code == 302


def test_an_account_without_a_password_cannot_be_entered_by_one(client, db, at):
    services.open_account(username="wang", name="王", at=at, actor="system:test")

    for guess in ("x", "None", "!"):
        assert sign_in(client, guess, "wang").status_code == 403


@pytest.mark.parametrize("form", [{}, {"username": "li.wei"}, {"username": "x" * 65, "password": "x"}])
def test_half_a_form_is_shown_again(client, li_wei, form):
    assert client.post("/sign-in/", form).status_code == 400
    assert WrongPassword.objects.count() == 0


def test_a_name_that_the_database_cannot_hold_is_just_wrong(client, li_wei):
    assert sign_in(client, username="li\x00wei").status_code == 400


def test_signing_out_takes_a_post_and_forgets_the_session(client, li_wei):
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/closed/").status_code == 200

    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/closed/").status_code == 302


def test_closing_an_account_ends_its_sessions(client, li_wei, later):
    sign_in(client)
    services.close_account(account=li_wei, at=later, actor="account:9")

    assert client.get("/closed/").status_code == 302
    assert sign_in(client).status_code == 403


def test_a_new_password_ends_the_sessions_of_the_old_one(client, li_wei, later):
    sign_in(client)
    services.set_password(account=li_wei, password="another", at=later, actor="account:9")

    assert client.get("/closed/").status_code == 302


def test_a_form_from_another_site_is_refused(li_wei):
    client = Client(enforce_csrf_checks=True)

    assert sign_in(client).status_code == 403
    assert client.post("/sign-out/").status_code == 403
    page = client.get("/sign-in/")
    answer = sign_in(client, csrfmiddlewaretoken=page.cookies["csrftoken"].value)
    assert answer.status_code == 302


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
