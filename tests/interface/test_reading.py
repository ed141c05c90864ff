"""What programs read: within their paths, with reasons, page by page, and refused in sentences."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.interface.conftest import Program
from tests.world.board import AT

READS = ["/board", "/lights", "/attainments", "/targets", "/people", "/units", "/periods", "/metrics", "/evaluations", "/tasks"]


@pytest.mark.parametrize("path", READS)
def test_a_stranger_reads_nothing(company, path):
    said = Client().get(f"/api/v1{path}")

    assert said.status_code == 401
    assert said.headers["Content-Type"] == "application/problem+json"
    assert said.headers["WWW-Authenticate"].startswith("Bearer")
    assert "密钥" in said.json()["detail"]


@pytest.mark.parametrize("path", READS)
def test_a_key_without_scopes_reads_only_what_everybody_may_know(company, path):
    said = Program(company.key(scopes=())).get(path)

    assert said.status_code == (200 if path in {"/periods", "/metrics"} else 403)


@pytest.mark.parametrize("path", READS)
def test_a_key_reads_what_it_is_for(program, path):
    assert program.get(path).status_code == 200


def test_a_key_sees_only_what_lies_below_its_paths(company, program):
    one = Program(company.key(paths=("/C/R1/",)))

    rows = one.every("/lights", metric="sales")

    assert {r["org_path"][:6] for r in rows} == {"/C/R1/"}
    assert len(rows) == 4
    assert len(program.every("/lights", metric="sales")) == 12
    assert {u["unit"] for u in one.get("/board").json()["units"]} == {"T10", "T11"}
    assert {p["posts"][0]["path"][:6] for p in one.every("/people")} == {"/C/R1/"}
    assert {u["path"][:6] for u in one.get("/units").json()} == {"/C/R1/"}


def test_a_foreign_target_answers_like_an_absent_one(company, program):
    foreign = program.every("/targets", unit="R2", metric="sales")[0]["id"]
    one = Program(company.key(paths=("/C/R1/",)))

    there, absent = one.get(f"/targets/{foreign}/versions"), one.get("/targets/999999999/versions")

    assert program.get(f"/targets/{foreign}/versions").status_code == 200
    assert there.status_code == absent.status_code == 404
    assert {**there.json(), "instance": ""} == {**absent.json(), "instance": ""}


def test_a_light_says_why(program):
    rows = program.every("/lights", metric="sales", light="red")

    assert rows
    assert all("低于 50" in r["because"] for r in rows)


def test_pages_join_without_gap_or_double(program):
    small = program.every("/attainments", limit=5)

    assert [r["target"] for r in small] == [r["target"] for r in program.every("/attainments", limit=500)]


def test_amounts_are_exact_texts(program):
    row = program.every("/attainments", metric="sales")[0]

    assert "." in row["base"]
    assert row["base"].split(".")[1].isdigit()
    assert isinstance(row["attainment"], str)


def test_official_and_preview_are_told_apart(program):
    official, preview = (program.get("/lights", kind=k).json()["run"] for k in ("official", "preview"))

    assert (official["kind"], official["as_of"]) == ("checkpoint", "2026-11-25")
    assert preview["kind"] == "preview"


def test_flips_of_a_checkpoint(program):
    runs = program.get("/evaluations", period="2026Q4").json()
    first = next(r for r in runs if r["kind"] == "checkpoint")

    assert program.get(f"/evaluations/{first['id']}/flips").status_code == 200
    assert program.get("/evaluations/123456789/flips").status_code == 404


def test_a_cursor_of_another_list_is_refused(program):
    cursor = program.get("/lights", limit=2).json()["next"]

    refused = program.get("/targets", cursor=cursor)

    assert refused.status_code == 404
    assert "cursor" in refused.json()["detail"]
    assert program.get("/lights", cursor="nonsense").status_code == 404


def test_bad_parameters_are_named_one_by_one(program):
    said = program.get("/lights", limit="many", kind="sometimes").json()

    assert {e["field"] for e in said["errors"]} == {"query.limit", "query.kind"}
    assert said["type"] == "/api/docs#problem-invalid"


@pytest.mark.parametrize("way", ["revoked", "expired", "closed owner", "forged", "cut"])
def test_a_key_that_is_not_good_opens_nothing(company, way):
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.api.models import ApiKey
    from hangbiao.engines.api.services import revoke_key

    secret = company.key(expires_at=AT if way == "expired" else AT + timedelta(days=1))
    actor = Account.objects.get(username="adm")
    if way == "revoked":
        revoke_key(key=ApiKey.objects.first().pk, actor=actor, at=AT)
    if way == "closed owner":
        Account.objects.filter(username="x9").update(is_active=False)
    shown = {"forged": secret[:-3] + "abc", "cut": secret[:11]}.get(way, secret)
    try:
        said = Program(shown).get("/periods")
    finally:
        Account.objects.filter(username="x9").update(is_active=True)

    assert said.status_code == 401
    kind = "key-owner-gone" if way == "closed owner" else "key-not-good"
    assert said.json()["type"] == f"/api/docs#problem-{kind}"


def test_a_key_is_kept_as_a_digest_and_its_making_is_journalled(company):
    from hangbiao.engines.api.models import ApiKey
    from hangbiao.engines.journal.models import Entry

    secret = company.key(paths=("/C/R0/",), reason="仓库对账")
    kept = ApiKey.objects.first()
    line = Entry.objects.filter(kind="api.key_made").last()

    assert secret.split("_", 2)[2] not in str(kept.__dict__)
    assert secret.startswith(f"hb_{kept.prefix}_")
    assert (line.data["paths"], line.data["reason"], line.actor[:8]) == (["/C/R0/"], "仓库对账", "account:")
    assert secret.split("_", 2)[2] not in str(line.data)


def test_too_many_requests_in_a_minute_are_told_when_to_come_back(company):
    one = Program(company.key(per_minute=3))

    answers = [one.get("/periods") for _ in range(8)]

    refused = [a for a in answers if a.status_code == 429]
    assert len(refused) >= 2  # the minute may turn once in between
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60


def test_people_read_their_own_scope_with_their_session(company):
    rep = company.signed_in("p000").get("/api/v1/lights?metric=sales").json()
    manager = company.signed_in("m1").get("/api/v1/lights?metric=sales").json()
    administrator = company.signed_in("adm").get("/api/v1/lights").json()

    assert {r["holder"] for r in rep["items"]} == {"P000"}
    assert {r["org_path"][:6] for r in manager["items"]} == {"/C/R1/"}
    assert administrator["items"] == []


def test_refusals_speak_the_readers_language(company):
    from hangbiao.engines.accounts.models import Account

    program = Program(company.key())
    Account.objects.filter(username="x9").update(locale="en")
    try:
        said = program.get("/targets/999999999/versions").json()
    finally:
        Account.objects.filter(username="x9").update(locale="")

    assert said["title"] == "Not found"


def test_addresses_and_methods_that_do_not_exist_are_problems_too(program):
    absent = program.get("/nothing")
    wrong = program.client.delete("/api/v1/lights", headers=program.headers)

    assert (absent.status_code, wrong.status_code) == (404, 405)
    assert absent.headers["Content-Type"] == wrong.headers["Content-Type"] == "application/problem+json"
    assert wrong.headers["Allow"] == "GET"


def test_the_documentation_is_a_page_of_ours(company):
    page = company.signed_in("m1").get("/api/docs")
    document = company.signed_in("m1").get("/api/openapi.json").json()

    assert page.status_code == 200
    assert "<script" not in page.content.decode().split("</head>")[1]
    assert "/api/v1/lights" in page.content.decode()
    assert document["openapi"].startswith("3.1")
    assert Client().get("/api/openapi.json").status_code == 401


def test_tasks_are_those_of_the_inbox(company, program):
    manager = company.signed_in("m1").get("/api/v1/tasks").json()

    assert manager
    assert {"title", "due", "workdays_left"} <= manager[0].keys()
    assert company.signed_in("m1").get("/inbox/").content.decode().count(manager[0]["title"]) >= 1
    assert program.get("/tasks").json() == []


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/lights?unit={}", "/api/v1/evaluations?period={}", "/api/v1/attainments?person={}", "/api/v1/people?q={}",
        "/api/v1/batches/{}", "/board/?unit={}", "/board/?view=people&q={}", "/people/{}/", "/units/{}/why/", "/search/?q={}",
    ],
)  # fmt: skip
def test_a_nul_in_an_address_names_nothing(company, address):
    reader = company.signed_in("x1")

    nul, unknown = reader.get(address.format("%00")), reader.get(address.format("ZZ9"))

    assert nul.status_code < 500
    assert nul.status_code == unknown.status_code or address == "/api/v1/batches/{}"
