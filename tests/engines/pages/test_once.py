"""A form with a key acts once, however often and by whatever way it is sent."""

import threading
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.accounts.services import open_account
from hangbiao.engines.pages.models import Answered, TableChoice
from hangbiao.engines.pages.once import Once, secret_answer
from tests.world.signed_in import client_of

COLUMNS = "/tables/things/columns/"


def signed_in(username: str, at) -> Client:
    account = Account.objects.filter(username=username).first() or open_account(
        username=username, name=username, at=at, actor="test"
    )
    return client_of(account)


@pytest.mark.django_db
def test_the_second_time_gets_the_first_answer_and_nothing_happens(at):
    reader, key = signed_in("a", at), str(uuid.uuid4())
    body = {"column": ["x"], "next": "/profile/", "_once": key}
    first = reader.post(COLUMNS, body)
    TableChoice.objects.all().delete()

    second = reader.post(COLUMNS, body)

    assert (second.status_code, second["Location"]) == (first.status_code, first["Location"]) == (302, "/profile/")
    assert second["Idempotent-Replay"] == "1"
    assert not TableChoice.objects.exists()


@pytest.mark.django_db
def test_the_same_key_with_other_content_is_refused(at):
    reader, key = signed_in("a", at), str(uuid.uuid4())
    reader.post(COLUMNS, {"column": ["x"], "_once": key})

    other = reader.post(COLUMNS, {"column": ["y"], "_once": key})

    assert other.status_code == 422
    assert "已经发送过" in other.content.decode()
    assert TableChoice.objects.get().columns == ["x"]


@pytest.mark.django_db
def test_an_answer_with_a_secret_is_not_kept_and_its_form_acts_once(rf, at):
    made = []

    @secret_answer
    def make(request):
        made.append(request)
        return HttpResponse("the secret")

    def send():
        request = rf.post("/keys/", {"name": "x", "_once": "k"})
        request.user, request.at = AnonymousUser(), at
        return Once(lambda _request: None).process_view(request, make, (), {})

    first, second = send(), send()

    assert (first.status_code, first.content) == (200, b"the secret")
    assert (second.status_code, len(made)) == (409, 1)
    assert b"the secret" not in second.content + bytes(Answered.objects.get().body)


@pytest.mark.django_db
def test_keys_belong_to_their_reader(at):
    key = str(uuid.uuid4())
    signed_in("a", at).post(COLUMNS, {"column": ["x"], "_once": key})

    other = signed_in("b", at).post(COLUMNS, {"column": ["x"], "_once": key})

    assert "Idempotent-Replay" not in other
    assert TableChoice.objects.count() == 2


@pytest.mark.django_db
def test_a_refusal_keeps_no_claim(at):
    key = str(uuid.uuid4())

    answer = signed_in("a", at).post("/account/password/", {"password": "x", "again": "y", "_once": key})

    assert answer.status_code == 400
    assert not Answered.objects.exists()


@pytest.mark.django_db
def test_a_key_without_end_is_refused(at):
    assert signed_in("a", at).post(COLUMNS, {"_once": "x" * 65}).status_code == 400


def test_rivals_with_one_key_make_one_deed(own_database, at):
    reader, key, answers = signed_in("a", at), str(uuid.uuid4()), []
    cookie = reader.cookies["sessionid"].value

    def send():
        rival = Client()
        rival.cookies["sessionid"] = cookie
        answers.append(rival.post(COLUMNS, {"column": ["x"], "_once": key}, headers={"X-Form": "1"}))
        connection.close()

    rivals = [threading.Thread(target=send) for _ in range(6)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()

    assert [answer.status_code for answer in answers] == [204] * 6
    assert sum("Idempotent-Replay" not in answer for answer in answers) == 1
    assert Answered.objects.count() == 1


@pytest.mark.django_db
def test_what_one_reader_wrote_is_not_sent_by_another(at):
    from hangbiao.engines.pages.middleware import reader_mark

    reader = signed_in("a", at)
    page = reader.get("/offline/")
    mark = page["X-Reader"]
    assert mark == reader_mark(page.wsgi_request)

    own = reader.post(COLUMNS, {"column": ["x"]}, headers={"X-Form": "1", "X-Reader": mark})
    other = signed_in("b", at).post(COLUMNS, {"column": ["x"]}, headers={"X-Form": "1", "X-Reader": mark})

    assert (own.status_code, other.status_code) == (204, 409)
    assert TableChoice.objects.get().account.username == "a"
