"""The talk's time with its calendar file, and the files that are put to a review, as each of the people concerned."""

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import override_settings

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.files.models import StoredFile
from hangbiao.engines.files.places import place_of
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.desk.models import Notice
from hangbiao.rooms.reviews.calendar import _folded
from hangbiao.rooms.reviews.models import Evidence, Meeting, Review
from tests.world.board import AT, found_many
from tests.world.pages import seen_by, text_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nminutes of the talk\n"


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with acting(system_scope("test")):
            found_many(regions=2, reps=6, reviews=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def review(founded, everything):
    with override_settings(CLOCK="tests.world.pages.now"):
        yield Review.objects.get(person__code="P000")


def send(username, review, *files, **how):
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return seen_by(username, AT).post(f"/reviews/{review.pk}/files/", {"files": sent}, follow=True, **how)


def propose(username, review, drafted_on, **more):
    said = {"on": "2026-11-27", "begins": "15:30", "minutes": "45", "link": "https://meet.example/1", "place": ""}
    return seen_by(username, AT).post(
        f"/reviews/{review.pk}/meeting/", said | {"drafted_on": str(drafted_on)} | more, follow=True
    )


def calendar(username, review):
    return seen_by(username, AT).get(f"/reviews/{review.pk}/meeting.ics")


def test_a_file_is_kept_under_its_hash_and_comes_back_as_a_download(review):
    answer = send("s00", review, ("纪要 第一版.exe.pdf", PDF))

    assert "已收下 1 个文件" in text_of(answer)
    one = Evidence.objects.get(review=review)
    assert (one.name, one.file.kind, one.file.size) == ("纪要 第一版.exe.pdf", "pdf", len(PDF))
    got = seen_by("h0", AT).get(f"/reviews/{review.pk}/files/{one.pk}/")
    assert b"".join(got.streaming_content) == PDF
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert str(settings.STATIC_ROOT or "static") not in str(place_of(one.file.sha256))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("minutes.pdf", b"MZ\x90\x00 this is a program", "minutes.pdf 的内容不是照片、PDF"),
        ("minutes.pdf", b"", "minutes.pdf 是空的（0 字节）"),
        ("talk.mp3", b"ID3" + b"\x00" * (21 << 20), "talk.mp3 超过了 20 MB 的上限"),
    ],
)
def test_what_is_no_evidence_is_refused_with_a_sentence_and_leaves_nothing(review, name, content, sentence):
    before = {p for p in settings.EVIDENCE.rglob("*") if p.is_file()}

    answer = send("s00", review, (name, content))

    assert sentence in text_of(answer)
    assert Evidence.objects.count() == StoredFile.objects.count() == 0
    assert {p for p in settings.EVIDENCE.rglob("*") if p.is_file()} == before


def test_two_gigabytes_are_refused_by_their_announcement_alone(review):
    browser = seen_by("s00", AT)
    answer = browser.generic(
        "POST", f"/reviews/{review.pk}/files/", b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 << 30), HTTP_ACCEPT="application/json",
    )  # fmt: skip

    assert answer.json() == {"go": f"/reviews/{review.pk}/#files"}
    assert "文件超过了 20 MB 的上限" in text_of(browser.get(f"/reviews/{review.pk}/"))
    assert StoredFile.objects.count() == 0


def test_the_same_file_twice_is_one_and_nobody_can_take_it_back(review):
    for _again in range(2):
        send("s00", review, ("a.pdf", PDF))

    assert Evidence.objects.count() == StoredFile.objects.count() == 1
    for row in (Evidence.objects.get(), StoredFile.objects.get()):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()


def test_strangers_reach_neither_list_nor_file_nor_calendar(review):
    send("s00", review, ("a.pdf", PDF))
    propose("s00", review, 0)
    one = Evidence.objects.get()

    for username in ("p001", "m1", "h1", "adm", "s10"):
        assert seen_by(username, AT).get(f"/reviews/{review.pk}/files/{one.pk}/").status_code == 404, username
        assert calendar(username, review).status_code == 404, username
        assert send(username, review, ("b.pdf", PDF + b"2")).status_code == 404, username
    other = Review.objects.exclude(pk=review.pk).filter(org_path__startswith="/C/R0/").first()
    assert seen_by("m0", AT).get(f"/reviews/{other.pk}/files/{one.pk}/").status_code == 404, "another review's file"
    assert send("h0", review, ("b.pdf", PDF + b"2")).status_code == 404, "the HRBP looks and does not write"
    assert Evidence.objects.count() == 1


def test_minutes_may_be_a_file_instead_of_words(review):
    view = {"cause": "visits", "words": "十一月后两周少跑了三条线路，客户没有补货。"}
    for said in (view, {"held_on": "2026-11-26", "present": "on"}):
        for username in ("p000", "s00", "m0"):
            assert part(username, review, **said).status_code == 302
    action = {"what_1": "补跑三条线路", "due_1": "2026-12-10", "owner_1": Account.objects.get(username="p000").pk}

    assert part("s00", review, words="", **action).status_code == 400
    send("s00", review, ("minutes.pdf", PDF))

    assert part("s00", review, words="", **action).status_code == 302


def part(username, review, **said):
    browser = seen_by(username, AT)
    shown = browser.get(f"/reviews/{review.pk}/").content.decode()
    return browser.post(re.search(rf'action="(/reviews/{review.pk}/tasks/\d+/)"', shown)[1], said)


def lines(answer):
    return answer.content.decode().replace("\r\n ", "").split("\r\n")


def test_a_time_is_proposed_told_confirmed_and_taken_into_a_calendar(review):
    answer = propose("s00", review, 0)

    assert "11月27日" in text_of(answer)
    assert set(Notice.objects.filter(kind="meeting.proposed").values_list("account__username", flat=True)) == {
        "p000", "s00", "m0",
    }  # fmt: skip
    for username in ("p000", "m0"):
        seen_by(username, AT).post(f"/reviews/{review.pk}/meeting/0/", {"comes": "1"})
    assert "各方都确认了" in text_of(seen_by("h0", AT).get(f"/reviews/{review.pk}/"))
    told = lines(calendar("p000", review))
    assert {"DTSTART:20261127T073000Z", "DTEND:20261127T081500Z", "SEQUENCE:0", "BEGIN:VEVENT"} <= set(told)


def test_another_time_keeps_the_uid_raises_the_sequence_and_asks_again(review):
    propose("s00", review, 0)
    first = lines(calendar("s00", review))
    seen_by("p000", AT).post(f"/reviews/{review.pk}/meeting/0/", {"comes": "0"})

    assert "别人刚刚提了另一个时间" in text_of(propose("m0", review, 0, begins="16:00")), "drafted on no time at all"
    propose("m0", review, 1, begins="16:00")

    again = lines(calendar("s00", review))
    uid = next(line for line in first if line.startswith("UID:"))
    assert uid in again
    assert "SEQUENCE:1" in again
    assert "DTSTART:20261127T080000Z" in again
    assert text_of(seen_by("p000", AT).get(f"/reviews/{review.pk}/")).count("还没有答复") == 2
    assert seen_by("p000", AT).post(f"/reviews/{review.pk}/meeting/0/", {"comes": "1"}, follow=True).status_code == 200
    assert Meeting.objects.get(number=1).replies.count() == 1, "an answer to the old time is none to the new one"


def test_a_time_that_has_passed_is_not_proposed(review):
    answer = propose("s00", review, 0, on="2026-11-26", begins="08:59")

    assert answer.status_code == 400
    assert "这个时间已经过去" in text_of(answer)
    assert Meeting.objects.count() == 0


def test_calendar_lines_are_folded_at_75_octets_between_letters():
    line = "SUMMARY:" + "复盘" * 60

    folded = _folded(line)

    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line
