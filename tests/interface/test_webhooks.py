"""Webhooks: kept with the event, signed, told until heard, dead letters with a remedy, never into the house."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
from datetime import timedelta

import pytest

from tests.interface.conftest import Program
from tests.world.board import AT

FORWARD = 10_000  # seconds by which the wall clock is moved to make a retry due


@pytest.fixture
def hearer():
    """A program that listens: `answers` are taken from the front, the last one stays; `heard` keeps what came."""

    class Hearer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            server.heard.append((dict(self.headers), body))
            status, headers = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hearer)
    server.heard, server.answers = [], [(200, {})]
    server.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def inside(settings):
    settings.WEBHOOKS_INSIDE = True


@pytest.fixture
def admin(company):
    from hangbiao.engines.accounts.models import Account

    return Account.objects.get(username="adm")


@pytest.fixture
def subscription(company, inside, hearer, admin):
    """Somebody who wants to hear of batches; gives it with its secret."""
    from hangbiao.engines.webhooks.services import end_subscription, subscribe

    made, secret = subscribe(name="BI", url=hearer.url, events=["batch.accepted"], actor=admin, at=AT)
    yield made, secret
    end_subscription(subscription=made.pk, actor=admin, at=AT)


def happen(company, key="hook") -> int:
    """Push a row: a batch is accepted. Gives its number."""
    happen.n += 1
    row = {"day": "2026-11-23", "metric": "sales", "rep": "P001", "value": f"{happen.n}.00"}
    said = Program(company.key()).post("/streams/daily_totals/rows", {"rows": [row]}, Idempotency_Key=f"{key}-{happen.n}")
    return said.json()["batch"]


happen.n = 9000


def follow() -> None:
    """Do what the worker does with everything that is due now."""
    from hangbiao.engines.outbox import services as outbox
    from hangbiao.engines.outbox.models import Pending
    from hangbiao.engines.scope.context import acting, system_scope
    from hangbiao.engines.webhooks import services as hooks
    from hangbiao.engines.webhooks.models import Delivery

    with acting(system_scope("test")):
        for pk in Pending.objects.filter(state="waiting").values_list("pk", flat=True):
            outbox.attempt(pending=pk)
        for pk in Delivery.objects.filter(state="waiting").values_list("pk", flat=True):
            hooks.attempt(delivery=pk)


def letter(subscription):
    from hangbiao.engines.webhooks.models import Delivery

    return Delivery.objects.filter(subscription=subscription[0]).first()


def test_an_event_is_told_with_a_signature_that_others_can_check(company, subscription, hearer):
    batch = happen(company)
    follow()

    (headers, body), *more = hearer.heard
    said = json.loads(body)
    key = base64.b64decode(subscription[1].removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()

    assert more == []
    assert headers["webhook-signature"] == expected
    assert (said["type"], said["id"], said["data"]["batch"]) == ("batch.accepted", headers["webhook-id"], batch)
    assert letter(subscription).state == "heard"


def test_a_change_that_fails_leaves_nothing_to_tell(company, subscription, monkeypatch):
    from hangbiao.engines.outbox.models import Pending
    from hangbiao.rooms.actuals import services

    def broken(*_, **__):
        raise OSError("disk full")

    before = Pending.objects.count()
    tell = services.tell
    monkeypatch.setattr(services, "tell", lambda event, **facts: (tell(event, **facts), broken()))
    Program(company.key()).post(
        "/streams/daily_totals/rows",
        {"rows": [{"day": "2026-11-23", "metric": "sales", "rep": "P001", "value": "4.44"}]},
        Idempotency_Key="hook-fails",
    )

    assert Pending.objects.count() == before


def test_what_nobody_wants_is_not_sent(company, subscription, hearer):
    from hangbiao.engines.webhooks.models import Delivery
    from hangbiao.engines.webhooks.services import publish

    publish("light.flipped", {}, number=1, at=AT, actor="system:test")

    assert not Delivery.objects.filter(event="light.flipped").exists()


def test_the_same_event_makes_one_delivery_however_often_it_is_published(subscription):
    from hangbiao.engines.webhooks.models import Delivery
    from hangbiao.engines.webhooks.services import publish

    for _ in range(3):
        publish("batch.accepted", {"batch": 1}, number=77, at=AT, actor="system:test")

    assert Delivery.objects.filter(subscription=subscription[0]).count() == 1


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ((500, {}), "answer"),
        ((404, {}), "answer"),
        ((401, {}), "denied"),
        ((302, {"Location": "http://127.0.0.1:1/"}), "redirect"),
    ],
)
def test_what_was_not_heard_is_told_again_under_the_same_id(company, subscription, hearer, answer, trouble):
    hearer.answers = [answer, (200, {})]
    happen(company)
    follow()
    waiting = letter(subscription)

    assert (waiting.state, waiting.trouble, waiting.tries) == ("waiting", trouble, 1)
    assert waiting.next_try > waiting.at.replace(year=2000)
    follow()

    assert letter(subscription).state == "heard"
    assert len({h["webhook-id"] for h, _body in hearer.heard}) == 1
    assert len(hearer.heard) == 2


def test_waits_grow_and_retry_after_is_kept(company, subscription, hearer):
    from hangbiao.engines.webhooks import services

    hearer.answers = [(503, {"Retry-After": "4000"}), (503, {})]
    happen(company)
    follow()
    first = (letter(subscription).next_try - services.wall()).total_seconds()
    follow()
    second = (letter(subscription).next_try - services.wall()).total_seconds()

    assert 3900 < first <= 4000
    assert 0 < second <= 60
    assert sorted(services.WAITS) == services.WAITS
    assert timedelta(days=2) < sum(services.WAITS, timedelta()) < timedelta(days=4)


def test_after_ten_tries_it_is_a_dead_letter_with_a_remedy_and_can_be_sent_again(company, subscription, hearer, admin):
    hearer.answers = [(500, {})]
    happen(company)
    for _ in range(10):
        follow()
    dead = letter(subscription)
    browser = company.signed_in("adm", enforce_csrf_checks=False)
    page = browser.get(f"/admin/webhooks/{subscription[0].pk}/").content.decode()
    inbox = browser.get("/inbox/").content.decode()
    tried = len(hearer.heard)
    hearer.answers = [(200, {})]
    again = browser.post(f"/admin/webhooks/{subscription[0].pk}/again/")
    follow()

    assert (dead.state, dead.tries, tried) == ("dead", 10, 10)
    assert "对方回答 500" in page
    assert "修好后重发" in page
    assert "没有送达" in inbox
    assert again.status_code == 302
    assert letter(subscription).state == "heard"
    assert {h["webhook-id"] for h, _ in hearer.heard} == {dead.event_id}


def test_gone_is_dead_at_once(company, subscription, hearer):
    hearer.answers = [(410, {})]
    happen(company)
    follow()

    assert (letter(subscription).state, letter(subscription).trouble) == ("dead", "gone")


def test_nobody_listening_is_a_trouble_with_a_remedy(company, inside, admin):
    from hangbiao.engines.webhooks.calling import call
    from hangbiao.engines.webhooks.errors import trouble_said

    heard = call("http://127.0.0.1:1/", "{}", {})

    assert heard.trouble == "refused"
    assert all(trouble_said(heard.trouble))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x", "https://localhost/x", "https://10.0.0.5/", "https://192.168.1.1/", "https://172.16.0.1/",
        "https://169.254.169.254/latest/meta-data", "https://[::1]/", "https://[fd00::1]/", "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/", "https://100.64.0.1/", "https://2130706433/", "https://0x7f.1/", "https://224.0.0.1/",
        "http://example.com/", "ftp://example.com/", "https:///nothing", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_no_address_inside_the_house_is_called(company, admin, url):
    from hangbiao.engines.webhooks.calling import call
    from hangbiao.engines.webhooks.errors import WebhookRefused
    from hangbiao.engines.webhooks.services import subscribe

    with pytest.raises(WebhookRefused):
        subscribe(name="evil", url=url, events=["batch.accepted"], actor=admin, at=AT)
    assert call(url, "{}", {}).trouble in {"inside", "not_https", "no_host", "unknown_host"}


def test_a_name_that_turns_inside_later_gains_nothing(company, monkeypatch):
    """DNS rebinding: judged and connected is the same address, asked for once."""
    import socket

    from hangbiao.engines.webhooks import calling

    asked = []

    def resolve(host, port, **_):
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    connected = []

    class Client:
        def __init__(self, **how):
            assert how["follow_redirects"] is False
            assert how["trust_env"] is False

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        def post(self, url, **how):
            connected.append((url, how["headers"]["Host"], how["extensions"]["sni_hostname"]))
            return calling.httpx.Response(200)

    monkeypatch.setattr(calling.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(calling.httpx, "Client", Client)
    calling.call("https://hooks.example.com/x", "{}", {})

    assert asked == ["hooks.example.com"]
    assert connected == [("https://93.184.216.34/x", "hooks.example.com", "hooks.example.com")]


def test_the_secret_is_kept_encrypted_and_shown_once(company, inside, hearer, admin):
    from hangbiao.engines.journal.models import Entry
    from hangbiao.engines.webhooks.models import Subscription

    browser = company.signed_in("adm", enforce_csrf_checks=False)
    form = {"name": "仓库", "url": hearer.url, "events": ["light.flipped"]}
    answer = browser.post("/admin/webhooks/", form).content.decode()
    kept = Subscription.objects.first()
    secret = answer.split("whsec_")[1].split("<")[0]

    assert secret not in kept.secret
    assert secret not in browser.get(f"/admin/webhooks/{kept.pk}/").content.decode()
    assert secret not in str(list(Entry.objects.filter(stream="webhooks").values_list("data", flat=True)))
    renewed = browser.post(f"/admin/webhooks/{kept.pk}/secret/").content.decode()
    assert "whsec_" in renewed
    assert secret not in renewed


def test_a_reaction_that_keeps_failing_is_stuck_shown_and_can_be_tried_again(company, monkeypatch):
    from hangbiao.engines.outbox import services
    from hangbiao.engines.outbox.models import Pending

    def broken(*_, **__):
        raise RuntimeError("no way")

    with monkeypatch.context() as bad:
        bad.setitem(services._known, "webhooks.publish", broken)
        happen(company, "stuck")
        for _ in range(8):
            follow()
    row = Pending.objects.filter(state="stuck").last()
    browser = company.signed_in("adm", enforce_csrf_checks=False)

    assert (row.tries, row.trouble) == (8, "RuntimeError: no way")
    assert "no way" in browser.get("/admin/webhooks/").content.decode()
    browser.post("/admin/webhooks/stuck/")
    follow()
    row.refresh_from_db()
    assert row.state == "done"


def test_the_worker_does_all_of_this_by_itself(company, subscription, hearer):
    from typing import cast

    from procrastinate.contrib.django import app

    happen(company, "worker")
    with app.replace_connector(cast("object", app.connector).get_worker_connector()) as working:
        working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    assert letter(subscription).state == "heard"


PAGES = ["/admin/keys/", "/admin/webhooks/"]


@pytest.mark.parametrize("who", ["p000", "m1", "x1", "x9"])
@pytest.mark.parametrize("path", PAGES)
def test_the_pages_do_not_exist_for_others(company, who, path):
    browser = company.signed_in(who, enforce_csrf_checks=False)

    assert browser.get(path).status_code == 404
    assert browser.post(path, {"name": "x"}).status_code == 404
    assert company.signed_in("adm").get(path).status_code == 200


def test_an_administrator_makes_a_key_and_revokes_it(company):
    browser = company.signed_in("adm", enforce_csrf_checks=False)
    form = {
        "name": "数据仓库", "owner": "x9", "scopes": ["read:lights"], "place": "/C/R1/", "reason": "每日报表",
        "expires": "2026-12-31", "per_minute": "60",
    }  # fmt: skip
    answer = browser.post("/admin/keys/", form)
    secret = "hb_" + answer.content.decode().split('tabindex="0">hb_')[1].split("<")[0]
    program = Program(secret)

    assert answer.headers["Cache-Control"].count("no-store") == 1
    assert program.get("/lights").status_code == 200
    assert program.get("/board").status_code == 403
    assert secret not in browser.get("/admin/keys/").content.decode()
    assert browser.post(f"/admin/keys/{secret.split('_')[1]}/revoke/").status_code == 302
    assert program.get("/lights").status_code == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [({"reason": ""}, "reason"), ({"place": "/"}, "place"), ({"owner": "adm"}, "owner"), ({"expires": "2026-11-01"}, "expires"),
     ({"scopes": ["write:all"]}, "scopes"), ({"per_minute": "0"}, "per_minute")],
)  # fmt: skip
def test_a_key_that_should_not_be_is_not_made(company, change, field):
    from hangbiao.engines.api.models import ApiKey

    browser, before = company.signed_in("adm", enforce_csrf_checks=False), ApiKey.objects.count()
    form = {
        "name": "x", "owner": "x9", "scopes": ["read:lights"], "place": "/C/", "reason": "y", "per_minute": "60",
    } | change  # fmt: skip
    answer = browser.post("/admin/keys/", form)

    assert answer.status_code == 400
    assert f"id_{field}-error" in answer.content.decode()
    assert ApiKey.objects.count() == before
