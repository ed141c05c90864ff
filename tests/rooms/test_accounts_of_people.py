"""The administrator's page of accounts, and what files say of mail addresses and directory ids."""

import re
from datetime import date

import pytest
from django.test import Client

from hangbiao.engines.accounts import letters
from hangbiao.engines.accounts.models import Letter
from hangbiao.engines.accounts.services import close_account
from hangbiao.engines.journal.models import Entry
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.models import DirectoryId, Person
from hangbiao.rooms.people.rows import PersonRow
from tests.world import ACTOR, NEW_YEAR, found_company
from tests.world.signed_in import client_of

WHO = {"at": NEW_YEAR, "actor": ACTOR}


@pytest.fixture
def company(db, everything, settings):
    settings.CLOCK = "tests.world.clocks.now"
    from tests.world.clocks import Clocks

    Clocks.set(NEW_YEAR)
    return found_company()


@pytest.fixture
def jobs_left(monkeypatch):
    left = []
    monkeypatch.setattr(letters, "_defer", lambda task, **arguments: left.append((task, arguments)))
    return left


def person(code):
    return Person.objects.select_related("account").get(code=code)


@pytest.fixture
def administrator(company):
    return client_of(person("qian.hao").account)


@pytest.fixture
def new_rep(company):
    row = PersonRow("N100", "新来", "rep", "T-A", mail="new@example.com", wecom="xinlai")
    assert people.upsert_people([row], **WHO) == []
    return person("N100")


def test_the_list_shows_who_can_sign_in_and_who_cannot(administrator, new_rep):
    page = administrator.get("/accounts/")
    lines = {line.person.code: line for line in page.context["roster"].lines}

    assert lines["N100"].state == "without"
    assert lines["li.wei"].state == "no_password"
    assert page.context["roster"].counts == {"all": 10, "without": 1, "invited": 9, "open": 0, "closed": 0}

    only = administrator.get("/accounts/?state=without").context["roster"].lines
    assert [line.person.code for line in only] == ["N100"]
    found = administrator.get("/accounts/?q=NEW@").context["roster"].lines
    assert [line.person.code for line in found] == ["N100"]


@pytest.mark.parametrize("query", ["state=x", "page=0", "page=999999999", "page=-1", "q=%00", "q=" + "x" * 500])
def test_a_crooked_address_shows_a_list_all_the_same(administrator, query):
    assert administrator.get(f"/accounts/?{query}").status_code == 200


def test_inviting_opens_the_account_leaves_a_job_and_a_line_in_the_journal(administrator, new_rep, jobs_left):
    answer = administrator.post("/accounts/invite/", {"person": ["N100"]}, follow=True)

    assert "正在发送 1 封邀请" in answer.content.decode()
    new_rep = person("N100")
    assert (new_rep.account.username, new_rep.account.mail) == ("N100", "new@example.com")
    ((task, arguments),) = jobs_left
    assert (task, arguments["origin"]) == ("accounts.send_letter", "http://testserver")
    line = Entry.objects.get(kind="account.invited")
    assert line.actor == person("qian.hao").account.actor
    assert administrator.get("/accounts/?q=N100").context["roster"].lines[0].letter.state == "waiting"


def test_of_several_those_without_an_address_are_named_and_the_others_invited(administrator, new_rep, jobs_left):
    answer = administrator.post(
        "/accounts/invite/", {"person": ["N100", "li.wei", "wang.fang", "NOBODY"]}, follow=True
    )

    said = answer.content.decode()
    assert "正在发送 1 封邀请" in said
    assert "李伟 还没有邮箱" in said
    assert "王芳 还没有邮箱" in said
    assert len(jobs_left) == Letter.objects.count() == 1


def test_an_address_given_by_hand_is_checked_and_then_serves(administrator, new_rep, jobs_left):
    for wrong, sentence in (("no-at", "不是一个邮箱地址"), ("NEW@example.com", "已经属于 新来（N100）")):
        said = administrator.post("/accounts/li.wei/mail/", {"mail": wrong}, follow=True).content.decode()
        assert sentence in said
    administrator.post("/accounts/li.wei/mail/", {"mail": "li.wei@example.com"})

    assert person("li.wei").account.mail == "li.wei@example.com"
    administrator.post("/accounts/invite/", {"person": ["li.wei"]})
    assert Letter.objects.get().mail == "li.wei@example.com"


def test_closing_throws_out_at_once_and_opening_lets_in_again(administrator, company):
    li_wei = client_of(person("li.wei").account)
    assert li_wei.get("/profile/").status_code == 200

    administrator.post("/accounts/li.wei/close/")
    assert li_wei.get("/profile/").status_code == 302
    assert administrator.get("/accounts/?state=closed").context["roster"].lines[0].person.code == "li.wei"

    administrator.post("/accounts/li.wei/reopen/")
    assert person("li.wei").account.is_active
    kinds = Entry.objects.filter(kind__in=["account.closed", "account.reopened"]).order_by("n")
    assert [e.kind for e in kinds] == ["account.closed", "account.reopened"]


def test_nobody_closes_their_own_account(administrator):
    said = administrator.post("/accounts/qian.hao/close/", follow=True).content.decode()

    assert "不能停用自己的账号" in said
    assert person("qian.hao").account.is_active


@pytest.mark.parametrize("code", ["li.wei", "zhao.min", "chen.gang", "sun.li", "zhou.jie"])
def test_for_everybody_but_administrators_the_page_does_not_exist(company, code):
    browser = client_of(person(code).account)
    asked = [
        browser.get("/accounts/"),
        browser.post("/accounts/invite/", {"person": ["wang.fang"]}),
        browser.post("/accounts/wang.fang/mail/", {"mail": "x@example.com"}),
        browser.post("/accounts/wang.fang/close/"),
        browser.post("/accounts/wang.fang/reopen/"),
        browser.post("/accounts/wang.fang/forget-second-step/"),
        browser.post("/accounts/wang.fang/unlink/"),
    ]

    assert [answer.status_code for answer in asked] == [404] * 7
    assert person("wang.fang").account.is_active
    assert not Letter.objects.exists()


def test_an_absent_person_is_404_and_a_get_changes_nothing(administrator):
    assert administrator.post("/accounts/NOBODY/close/").status_code == 404
    assert administrator.post("/accounts/%00/close/").status_code == 404
    assert administrator.get("/accounts/li.wei/close/").status_code == 405


def test_somebody_whose_last_day_is_over_is_out_at_the_next_request_and_stays_out(administrator, company):
    browser = client_of(person("li.wei").account)
    assert browser.get("/profile/").status_code == 200
    Person.objects.filter(code="li.wei").update(left_on=date(2025, 8, 30))

    assert browser.get("/profile/").status_code == 302
    line = next(x for x in administrator.get("/accounts/").context["roster"].lines if x.person.code == "li.wei")
    assert line.has_left
    assert not line.may_be_invited


def test_files_bring_addresses_and_directory_ids_and_keep_what_they_leave_out(new_rep):
    assert dict(DirectoryId.objects.values_list("directory", "value")) == {"wecom": "xinlai"}

    again = PersonRow("N100", "新来", "rep", "T-A", dingtalk="manager9")
    assert people.upsert_people([again], **WHO) == []

    assert person("N100").mail == "new@example.com"
    ids = DirectoryId.objects.filter(person=new_rep).values_list("directory", "value")
    assert dict(ids) == {"wecom": "xinlai", "dingtalk": "manager9"}


def test_a_changed_address_goes_to_the_account_as_well(administrator, new_rep, jobs_left):
    administrator.post("/accounts/invite/", {"person": ["N100"]})

    people.upsert_people([PersonRow("N100", "新来", "rep", "T-A", mail="newer@example.com")], **WHO)

    assert person("N100").account.mail == "newer@example.com"
    assert Letter.objects.get().ended_at is not None


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ({"mail": "no-at"}, "mail", "这不是一个邮箱地址"),
        ({"mail": "NEW@EXAMPLE.com"}, "mail", "已经属于工号 N100"),
        ({"wecom": "xinlai"}, "wecom", "已经属于工号 N100"),
    ],
)
def test_an_address_or_id_that_will_not_do_is_refused_with_the_row(new_rep, row, column, reason):
    (refused,) = people.upsert_people([PersonRow("N200", "另一位", "rep", "T-A", **row)], **WHO)

    assert (refused.column, reason in refused.reason) == (column, True)
    assert not Person.objects.filter(code="N200").exists()


def test_two_rows_of_one_file_cannot_share_an_id(new_rep):
    rows = [PersonRow(f"N{n}", "双", "rep", "T-A", feishu="u1") for n in (301, 302)]

    (refused,) = people.upsert_people(rows, **WHO)
    assert (refused.index, refused.value) == (1, "u1")


def test_a_closed_account_is_not_invited(administrator, new_rep, jobs_left):
    administrator.post("/accounts/invite/", {"person": ["N100"]})
    close_account(account=person("N100").account, **WHO)

    said = administrator.post("/accounts/invite/", {"person": ["N100"]}, follow=True).content.decode()

    assert "已停用" in re.sub(r"\s", "", said)
    assert len(jobs_left) == 1


def test_a_stranger_is_sent_to_sign_in(company):
    assert Client().get("/accounts/")["Location"].startswith("/sign-in/")


def test_the_administrator_resets_a_lost_second_step_and_unlinks_a_changed_account(administrator, company):
    from hangbiao.engines.accounts import factors
    from hangbiao.engines.accounts.models import Link
    from tests.world.app_codes import code_at

    account, secret = person("li.wei").account, factors.new_secret()
    when = {"at": NEW_YEAR, "wall": NEW_YEAR}
    factors.add_app(account=account, secret=secret, code=code_at(secret, NEW_YEAR), **when)
    Link.objects.create(account=account, way="wecom", tenant="ww", uid="old", joined_at=NEW_YEAR)
    browser = client_of(account)
    line = administrator.get("/accounts/?q=li.wei").context["roster"].lines[0]
    assert (line.second_step, line.linked) == (True, True)

    administrator.post("/accounts/li.wei/forget-second-step/")
    administrator.post("/accounts/li.wei/unlink/")

    assert not factors.has_second_step(account)
    assert not Link.objects.exists()
    assert browser.get("/profile/").status_code == 302, "the devices of before are out"
    kinds = set(Entry.objects.filter(stream="accounts").values_list("kind", flat=True))
    assert {"account.factors_forgotten", "account.sign_on_unlinked"} <= kinds


def test_what_guards_somebody_is_taken_away_only_by_an_administrator_who_has_just_proved_themselves(company):
    from datetime import timedelta

    from hangbiao.site.clock import wall

    late = client_of(person("qian.hao").account, at=wall() - timedelta(minutes=11))

    for deed in ("forget-second-step", "unlink"):
        assert late.post(f"/accounts/li.wei/{deed}/")["Location"].startswith("/account/confirm/")
