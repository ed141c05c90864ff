"""The auditor reads who changed what, finds a line again by its address, takes it away, and sees whether it holds."""

import csv
import io
import json
import re
from datetime import date, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import connection, transaction
from django.test import override_settings
from openpyxl import load_workbook

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.journal import reading, verifying
from hangbiao.engines.journal.models import Entry, Verification
from hangbiao.engines.journal.services import record
from hangbiao.engines.policy.services import set_value
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.rows import PersonRow
from tests.world import ACTOR, SHANGHAI
from tests.world.board import AT
from tests.world.pages import seen_by, text_of

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 11, 1, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def house(everything):
    """An auditor, an administrator, a rep, and a parameter that was set twice."""
    who = {"at": FIRST, "actor": ACTOR}
    people.ensure_company(name="演示食品", name_en="Demo Foods", **who)
    rows = [
        PersonRow(code, name, role, "C", valid_from=date(2026, 1, 1), username=code.lower())
        for code, name, role in (("AUD", "史审", "auditor"), ("ADM", "管立", "administrator"), ("P1", "代表", "rep"))
    ]
    assert people.upsert_people(rows, **who) == []
    administrator = Account.objects.get(username="adm").actor
    for days, value in enumerate((5, 7)):
        set_value(
            key="inbox.light_workdays", value=value, valid_from=date(2026, 11, 1) + timedelta(days=days),
            source=f"决议 {days}", approver="总经理", actor=administrator, at=FIRST + timedelta(days=days),
        )  # fmt: skip
    with override_settings(CLOCK="tests.world.pages.now"):
        yield


def auditor():
    return seen_by("aud", AT)


def kinds_listed(answer) -> list[str]:
    return re.findall(r'<td data-col="kind"[^>]*>([^<]*)</td>', answer.content.decode())


def test_the_newest_line_stands_first_in_words(house):
    answer = auditor().get("/journal/?log-stream=policy")

    assert kinds_listed(answer) == ["参数变更", "参数变更"]
    assert text_of(answer).index("2026-11-02 09:00") < text_of(answer).index("2026-11-01 09:00")
    assert "管立" in text_of(answer)


def test_an_auditor_lands_on_the_journal_and_finds_it_in_the_navigation(house):
    browser = auditor()

    assert browser.get("/").headers["Location"] == "/journal/"
    assert '<a href="/journal/" aria-current="page">' in browser.get("/journal/").content.decode()


@pytest.mark.parametrize("username", ["adm", "p1"])
def test_for_everybody_else_there_is_no_journal(house, username):
    line = Entry.objects.get(kind="policy.value_set", n=2)
    browser, addresses = seen_by(username, AT), ["/journal/", f"/journal/{line.pk}/", "/journal/export/csv/"]

    assert [browser.get(a).status_code for a in addresses] == [404, 404, 404]
    assert browser.post("/journal/verify/", {"stream": ""}).status_code == 404
    assert Verification.objects.count() == 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=2026-11-02&to=2026-11-02", 1),
        ("from=2026-11-03&log-stream=policy", 0),
        ("who=%E7%AE%A1%E7%AB%8B", 2),  # 管立
        ("who=adm", 2),
        ("who=nobody-at-all", 0),
        ("log-kind=policy.value_set&log-q=%E5%86%B3%E8%AE%AE+1", 1),  # 决议 1
        ("log-kind=policy.value_set&from=nonsense", 2),
    ],
)
def test_the_address_says_which_lines(house, query, found):
    answer = auditor().get(f"/journal/?{query}")

    listed = [k for k in kinds_listed(answer) if k == "参数变更"]
    assert len(listed) == found


def test_house_and_program_are_found_by_their_names_in_the_journal(house):
    everything = Entry.objects.count()

    assert reading.lines(who="system:").count() + 2 == everything
    assert reading.lines(who="system:", actors=[Account.objects.get(username="adm").actor]).count() == everything


def test_a_long_journal_is_paged_by_the_server(house):
    with transaction.atomic():
        for n in range(120):
            record(stream="metrics", kind="journal.checkpoint", at=AT, actor="system:test", data={"n": n})

    first, third = auditor().get("/journal/?log-stream=metrics"), auditor().get("/journal/?log-stream=metrics&log-page=3")

    assert (len(kinds_listed(first)), len(kinds_listed(third))) == (50, 20)
    assert "第 101–120 行，共 120 行" in text_of(third)


def test_a_line_shows_who_when_why_and_what_it_replaced(house):
    line = Entry.objects.get(kind="policy.value_set", n=2)

    said = text_of(auditor().get(f"/journal/{line.pk}/"))

    assert "2026-11-02 09:00:00，管立： 参数变更 。" in said
    assert re.search(r"值 5 7\b", said)
    assert "生效日 2026-11-01 2026-11-02" in said
    assert "来源 决议 0 决议 1" in said
    assert "内容与哈希相符，并接在前一行之后" in said
    assert line.hash in said
    assert line.prev in said


def test_a_line_in_a_drawer_is_the_same_without_the_frame(house):
    line = Entry.objects.get(kind="policy.value_set", n=1)

    answer = auditor().get(f"/journal/{line.pk}/", headers={"X-Fragment": "1"}).content.decode()

    assert answer.startswith("<header")
    assert "没有关于同一对象的更早的行" in answer


def test_a_line_that_was_tampered_with_says_so(house):
    line = Entry.objects.get(kind="policy.value_set", n=2)
    _tamper(line.pk)

    assert "这里被改动过" in text_of(auditor().get(f"/journal/{line.pk}/"))


def test_a_verification_says_in_a_sentence_how_many_lines_hold(house):
    browser, lines = auditor(), Entry.objects.count()
    answer = browser.post("/journal/verify/", {"stream": ""})
    place = answer.headers["Location"]
    number = int(place.split("/")[-2])
    assert "等待开始" in text_of(browser.get(place))

    verifying.perform(number, at=AT)

    said = text_of(browser.get(place))
    assert f"核对了 {len(reading.streams()) - 1} 条链的 {lines} 行，全部相符" in said
    assert Entry.objects.latest("id").kind == "journal.verified"
    assert "全部相符" in text_of(browser.get("/journal/"))
    assert browser.get(f"{place}row/").headers["HX-Refresh"] == "true"


def test_a_verification_of_one_chain_walks_no_other(house):
    asked = verifying.ask_for_verification(stream="policy", at=AT, actor=ACTOR)
    again = verifying.ask_for_verification(stream="policy", at=AT, actor=ACTOR)

    verifying.perform(asked.pk, at=AT)

    asked.refresh_from_db()
    assert again.pk == asked.pk, "while one is under way there is no second"
    assert (asked.done, asked.streams, asked.broken) == (2, 1, 0)


def test_a_verification_finds_what_a_superuser_changed(house, monkeypatch):
    monkeypatch.setattr(verifying, "SLICE", 2)  # so that the line lies behind a seam
    _tamper(Entry.objects.get(kind="policy.value_set", n=2).pk)
    asked = verifying.ask_for_verification(stream="", at=AT, actor=ACTOR)

    verifying.perform(asked.pk, at=AT)

    said = text_of(auditor().get(f"/journal/verifications/{asked.pk}/"))
    assert "有 1 处不符" in said
    assert "policy 2 内容与哈希不符" in said


def test_seams_between_slices_are_no_findings(house, monkeypatch):
    for size in (1, 2, 3):
        monkeypatch.setattr(verifying, "SLICE", size)
        asked = verifying.ask_for_verification(stream="", at=AT, actor=ACTOR)
        verifying.perform(asked.pk, at=AT)
        asked.refresh_from_db()
        assert (asked.state, asked.broken, asked.doubtful) == ("done", 0, 0)


def test_a_chain_that_is_not_there_cannot_be_verified(house):
    assert auditor().post("/journal/verify/", {"stream": "nosuch"}).status_code == 404


def test_the_copy_holds_the_filtered_lines_and_verifies_elsewhere(house):
    answer = auditor().get("/journal/export/csv/?log-stream=policy")

    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert [row["序号"] for row in rows] == ["2", "1"]
    for row in rows:
        who = (row["at (UTC)"], row["actor"], row["kind"])
        parts = [row["prev"], row["所属链"], int(row["序号"]), *who, json.loads(row["data"])]
        told = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert sha256(told.encode()).hexdigest() == row["hash"]


def test_the_copy_as_a_workbook_holds_the_same_lines(house, monkeypatch):
    monkeypatch.setattr("hangbiao.rooms.audit.sheets.AT_ONCE", 2)  # several pages, some of them at one instant
    answer = auditor().get("/journal/export/xlsx/")

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    hashes = [row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)]

    assert hashes == [e.hash for e in reading.lines()]


def _tamper(pk: int) -> None:
    """As a superuser could: triggers asleep."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE none")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE journal_entry SET data = jsonb_set(data, '{value}', '99') WHERE id = %s", [pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET LOCAL ROLE hangbiao_app")


def test_a_flip_of_a_light_is_told_in_words_with_what_it_was(house):
    for before, after in (("", "red"), ("red", "green")):
        with transaction.atomic():
            data = {"run": 3, "target": 7, "metric": "sales", "person": "P1", "before": before, "after": after}
            last = record(stream="lights", kind="lights.flipped", at=AT, actor="system:evaluate", data=data)

    answer = auditor().get("/journal/?log-stream=lights")
    one = text_of(auditor().get(f"/journal/{last.pk}/"))

    assert kinds_listed(answer) == ["正式灯变了", "正式灯变了"]
    assert "工号 P1 · 变前 红灯 · 变后 绿灯" in text_of(answer)
    assert "评估编号" in one
    assert "目标编号" in one
