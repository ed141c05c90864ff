"""Invitations and resets by mail, through a mail server that speaks SMTP."""

import re

import pytest

from hangbiao.engines.accounts import jobs, letters, services
from hangbiao.engines.accounts.errors import AccountClosed, NoMail
from hangbiao.engines.accounts.models import Letter
from hangbiao.engines.journal.models import Entry
from tests.fakes.smtp import mail_server

ORIGIN = "https://hangbiao.example"
NEW = "全新的 battery staple"
BOTH = {"password": NEW, "again": NEW}


@pytest.fixture
def post_office(settings):
    with mail_server("hb", "geheim") as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "hb", "geheim"
        settings.EMAIL_USE_TLS = False
        settings.EMAIL_TIMEOUT = 2
        yield server


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Jobs run when they are left (that they are left in the transaction is shown with the worker)."""
    tasks = {"accounts.send_letter": jobs.send_letter, "accounts.answer_reset": jobs.answer_reset}
    monkeypatch.setattr(letters, "_defer", lambda task, **arguments: tasks[task](**arguments))


@pytest.fixture
def wang(db, at):
    return services.open_account(username="wang", name="王芳", mail="wang@example.com", at=at, actor="system:test")


def invite(*accounts, at):
    return letters.invite(accounts=list(accounts), origin=ORIGIN, at=at, actor="account:9")


def a_letter(account, at):
    facts = {"purpose": "invitation", "mail": account.mail, "asked_at": at, "asked_by": "x", "lasts_minutes": 60}
    return Letter.objects.create(account=account, **facts)


def link_in(accepted):
    return re.search(r"https?://[^/\s]+(/letters/\S+)", accepted.message.get_content())[1]


def test_an_invitation_lets_a_password_be_set_and_signs_in(client, wang, post_office, enter, at):
    invite(wang, at=at)
    (letter,) = post_office.letters
    assert letter.receivers == ["wang@example.com"]
    assert "王芳" in letter.message.get_content()
    assert "72 小时" in letter.message.get_content()

    page = client.get(link_in(letter))
    assert "你的用户名是 wang" in page.content.decode()
    assert client.post(link_in(letter), BOTH)["Location"] == "/"

    assert "王芳" in client.get("/closed/").content.decode()
    assert [e.kind for e in Entry.objects.order_by("n")] == [
        "account.opened", "account.invited", "account.password_set", "account.signed_in",
    ]  # fmt: skip


def test_the_token_is_in_the_mail_alone(wang, post_office, at):
    invite(wang, at=at)
    token = link_in(post_office.letters[0]).split("/")[2]

    kept = str(list(Letter.objects.values())) + str(list(Entry.objects.values()))
    assert token not in kept
    assert Letter.objects.get().digest == letters.digest_of(token)


def test_opening_the_link_uses_nothing_up(client, wang, post_office, at):
    invite(wang, at=at)
    for _ in range(3):
        assert client.get(link_in(post_office.letters[0])).status_code == 200

    assert client.post(link_in(post_office.letters[0]), BOTH).status_code == 303


def test_a_link_opens_once_also_from_two_tabs(client, another_browser, wang, post_office, at):
    invite(wang, at=at)
    link, other = link_in(post_office.letters[0]), another_browser()
    assert other.get(link).status_code == client.get(link).status_code == 200
    client.post(link, BOTH)

    for answer in (other.post(link, BOTH), other.get(link)):
        assert answer.status_code == 410
        assert "已经用过" in answer.content.decode()
    assert other.get("/closed/").status_code == 302


def test_a_link_expires(client, wang, post_office, at, time):
    invite(wang, at=at)
    time.forward(hours=72)

    answer = client.get(link_in(post_office.letters[0]))
    assert answer.status_code == 410
    assert "已经失效" in answer.content.decode()


def test_a_later_letter_takes_the_place_of_an_earlier_one(client, wang, post_office, at):
    invite(wang, at=at)
    invite(wang, at=at)
    first, second = map(link_in, post_office.letters)

    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_a_new_address_or_a_closed_account_ends_letters_under_way(client, wang, post_office, at):
    invite(wang, at=at)
    services.set_mail(account=wang, mail="new@example.com", at=at, actor="account:9")
    assert client.get(link_in(post_office.letters[0])).status_code == 410

    wang.refresh_from_db()
    invite(wang, at=at)
    services.close_account(account=wang, at=at, actor="account:9")
    assert client.post(link_in(post_office.letters[1]), BOTH).status_code == 410


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "..%2F..", "A" * 3000])
def test_an_invented_link_is_unknown_and_few_may_be_tried(client, db, token):
    answer = client.get(f"/letters/{token}/")

    assert answer.status_code == 404
    assert [client.get(f"/letters/{n}/").status_code for n in range(31)][-1] in {404, 429}
    assert client.get("/letters/again/").status_code == 429


def test_a_weak_password_leaves_the_letter_open(client, wang, post_office, at):
    invite(wang, at=at)
    link = link_in(post_office.letters[0])

    answer = client.post(link, {"password": "12345678901", "again": "12345678901"})
    assert answer.status_code == 400
    assert "只有数字" in answer.content.decode()
    assert client.post(link, BOTH).status_code == 303


def test_only_an_open_account_with_an_address_is_invited(wang, post_office, at):
    nameless = services.open_account(username="x", name="无邮箱", at=at, actor="system:test")
    with pytest.raises(NoMail):
        invite(wang, nameless, at=at)
    assert post_office.letters == []
    assert not Letter.objects.exists()

    services.close_account(account=wang, at=at, actor="account:9")
    wang.refresh_from_db()
    with pytest.raises(AccountClosed):
        invite(wang, at=at)


@pytest.mark.parametrize("fault", ["busy", "refuse rcpt", "full", "hang"])
def test_a_mail_that_does_not_go_out_is_kept_with_its_reason_and_goes_out_later(client, wang, post_office, at, fault):
    with mail_server():
        post_office.fail(fault)
        with pytest.raises(OSError):
            invite(wang, at=at)
    letter = a_letter(wang, at)
    with pytest.raises(OSError):
        jobs.send_letter(letter=letter.pk, origin=ORIGIN)
    letter.refresh_from_db()
    assert letter.failure
    assert letter.sent_at is None

    post_office.fail("")
    post_office.letters.clear()
    jobs.send_letter(letter=letter.pk, origin=ORIGIN)

    letter.refresh_from_db()
    assert (letter.failure, letter.sent_at is not None) == ("", True)
    assert client.get(link_in(post_office.letters[0])).status_code == 200


def test_a_mail_sent_twice_because_the_answer_got_lost_opens_with_the_second_only(client, wang, post_office, at):
    letter = a_letter(wang, at)
    post_office.fail("cut after data")
    with pytest.raises(OSError):
        jobs.send_letter(letter=letter.pk, origin=ORIGIN)
    post_office.fail("")
    jobs.send_letter(letter=letter.pk, origin=ORIGIN)

    first, second = map(link_in, post_office.letters)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)


def test_a_forgotten_password_is_reset_by_name_or_by_mail(client, li_wei, enter, post_office, another_browser):
    enter(client)
    for name in ("li.wei", "LI.WEI@example.com "):
        post_office.letters.clear()
        answer = another_browser().post("/sign-in/forgotten/", {"name": name})
        assert "如果这个用户名或邮箱有账号" in answer.content.decode()
        (letter,) = post_office.letters
        assert letter.receivers == ["li.wei@example.com"]
        assert "http://testserver/letters/" in letter.message.get_content()

    assert another_browser().post(link_in(letter), BOTH).status_code == 303
    assert client.get("/closed/").status_code == 302, "sessions of before are over"


def test_what_is_answered_does_not_tell_whether_a_name_exists(client, li_wei, post_office, at):
    services.open_account(username="mute", name="无邮箱", at=at, actor="system:test")
    closed = services.open_account(username="gone", name="走", mail="gone@example.com", at=at, actor="system:test")
    services.close_account(account=closed, at=at, actor="system:test")

    told = [client.post("/sign-in/forgotten/", {"name": n}) for n in ("li.wei", "nobody", "mute", "gone", "a@b.cn")]

    said = {re.sub(r'value="\w{64}"', "", t.content.decode()) for t in told}  # csrf tokens are never the same
    assert ({t.status_code for t in told}, len(said)) == ({200}, 1)
    assert len(post_office.letters) == 1


def test_nobody_is_flooded_with_letters(client, li_wei, post_office, time):
    told = [client.post("/sign-in/forgotten/", {"name": "li.wei"}).status_code for _ in range(4)]
    assert told == [200, 200, 200, 429]
    assert len(post_office.letters) == 3

    time.forward(hours=1)
    assert client.post("/sign-in/forgotten/", {"name": "li.wei"}).status_code == 200


def test_links_name_the_house_by_its_public_address_if_it_has_one(client, li_wei, post_office, settings):
    settings.PUBLIC_URL = "https://hb.company.cn/"
    client.post("/sign-in/forgotten/", {"name": "li.wei"})

    assert "https://hb.company.cn/letters/" in post_office.letters[0].message.get_content()


def test_letters_speak_the_language_of_the_account(li_wei, post_office, client):
    li_wei.locale = "en"
    li_wei.save()
    client.post("/sign-in/forgotten/", {"name": "li.wei"})

    message = post_office.letters[0].message
    assert message["Subject"] == "Hangbiao: reset your password"
    assert not re.search("[\u4e00-\u9fff]", message.get_content().replace("李伟", ""))


def test_without_a_mail_server_letters_lie_in_a_folder_that_the_demo_names(client, li_wei, settings, tmp_path):
    settings.DEMO = True
    settings.DEMO_PEOPLE = None
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path

    page = client.post("/sign-in/forgotten/", {"name": "li.wei"}).content.decode()

    assert str(tmp_path) in page
    (file,) = tmp_path.iterdir()
    assert b"/letters/" in file.read_bytes()
