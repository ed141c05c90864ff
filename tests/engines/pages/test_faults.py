"""What breaks has a number that the reader sees and the administrator finds; nothing of the inside is shown to readers."""

import re

import pytest
from django.test import Client, override_settings
from django.urls import include, path

from hangbiao.engines.accounts.middleware import public
from hangbiao.engines.pages import faults
from hangbiao.engines.pages.models import Fault
from hangbiao.site import urls as site

pytestmark = pytest.mark.django_db


@public
def breaks(request):
    raise ZeroDivisionError("secret inside")


class Refused(Exception):
    status = 409

    def sentence(self) -> str:
        return "窗口已经关闭 <b>。"


@public
def refuses(request):
    raise Refused


urlpatterns = [path("breaks/", breaks), path("refuses/", refuses), path("", include(site))]
handler500 = "hangbiao.engines.pages.faults.server_error"
handler404 = "hangbiao.engines.pages.faults.not_found"
broken = override_settings(ROOT_URLCONF=__name__)


@broken
@pytest.mark.parametrize(("language", "said"), [("zh-hans", "你的数据没有改变"), ("en", "your data are unchanged")])
def test_the_page_shows_the_number_and_the_table_keeps_the_rest(language, said):
    client = Client(raise_request_exception=False)
    client.cookies["hb_language"] = language

    answer = client.get("/breaks/?q=1")

    html = answer.content.decode()
    number = re.search(r"E-[0-9A-Z]{6}", html)[0]
    assert answer.status_code == 500
    assert said in html
    assert "secret inside" not in html
    kept = Fault.objects.get(number=number)
    assert (kept.kind, kept.said, kept.address) == ("ZeroDivisionError", "secret inside", "/breaks/?q=1")
    assert "breaks" in kept.trace


@broken
def test_a_fragment_breaks_as_a_fragment():
    answer = Client(raise_request_exception=False).get("/breaks/", headers={"HX-Request": "true"})

    assert "<html" not in answer.content.decode()
    assert answer["X-Error-Number"] in answer.content.decode()


@broken
def test_without_a_database_the_reader_still_gets_a_number(monkeypatch, caplog):
    from django.db import OperationalError

    def gone(**_row):
        raise OperationalError("no server")

    monkeypatch.setattr(faults.Fault.objects, "create", gone)

    answer = Client(raise_request_exception=False).get("/breaks/")

    assert re.search(r"E-[0-9A-Z]{6}", answer.content.decode())
    assert "could not be kept" in caplog.text


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "没有这一页"), ("en", "No such page")])
def test_an_absent_page_says_so_in_the_readers_language(client, language, said):
    client.cookies["hb_language"] = language

    answer = client.get("/nowhere/at/all/")

    assert answer.status_code == 404
    assert said in answer.content.decode()


def test_a_page_that_stood_open_too_long_says_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/preferences/", {"language": "en"})

    assert answer.status_code == 403
    assert "没有生效" in answer.content.decode()


def test_numbers_use_no_signs_that_are_taken_for_others():
    assert not set("01IOU") & set(faults.LETTERS)
    assert faults.number() != faults.number()


def test_old_faults_and_old_keys_are_swept_and_young_ones_stay(at):
    from datetime import timedelta

    from hangbiao.engines.pages.models import Answered
    from hangbiao.engines.pages.services import sweep

    for days in (1, 200):
        then = at - timedelta(days=days)
        Fault.objects.create(number=f"E-{days:06}", at=then, method="GET", address="/", kind="x", said="", trace="")
        Answered.objects.create(reader="account:1", key=str(days), digest="", at=then)

    assert sweep(at=at) == (1, 1)
    assert Fault.objects.get().number == "E-000001"
    assert Answered.objects.get().key == "1"


@broken
@pytest.mark.parametrize("how", [{}, {"_once": "a key"}])
def test_a_refusal_that_no_page_caught_is_a_sentence_and_no_fault(client, how):
    answer = client.post("/refuses/", how)

    assert answer.status_code == 409
    assert "窗口已经关闭 &lt;b&gt;。" in answer.content.decode()
    assert not Fault.objects.exists()
