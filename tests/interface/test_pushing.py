"""Programs push actuals: one batch through the same checks as a file, once per Idempotency-Key, within the key's paths."""

import threading

import pytest

from tests.interface.conftest import Program

DAY = "2026-11-24"


def row(value="100.00", rep="P000", territory="A000", day=DAY, metric="sales"):
    return {"day": day, "metric": metric, "value": value, "rep": rep, "territory": territory}


def push(program, rows, key, **more):
    return program.post("/streams/daily_totals/rows", {"rows": rows, **more}, Idempotency_Key=key)


def batches() -> int:
    from hangbiao.rooms.actuals.models import Batch

    return Batch.objects.count()


def test_rows_become_a_batch_that_counts(program):
    from hangbiao.engines.scope.context import acting, system_scope
    from hangbiao.rooms.actuals.models import DailyFact

    said = push(program, [row("321.09", day="2026-11-23")], "k-1")

    with acting(system_scope("test")):
        facts = DailyFact.objects.filter(day=DAY.replace("24", "23"), batch=said.json()["batch"])
        assert said.status_code == 200
        assert (said.json()["booked"], said.json()["status"]) == (1, "booked")
        assert 32109 in list(facts.values_list("value", flat=True))
    one = program.get(f"/batches/{said.json()['batch']}").json()
    assert (one["booked"], one["mapping"]) == (1, "api-daily_totals")


def test_refused_rows_are_named_and_the_others_booked(program):
    rows = [row("12.00", day="2026-11-20"), row("viel"), row("1.00", rep="NOBODY"), row("2.00", day="2031-01-01"), row("a\nb")]

    said = push(program, rows, "k-2")

    assert said.status_code == 207
    assert said.json()["booked"] == 1
    assert [(r["row"], r["column"], r["code"]) for r in said.json()["refused"]] == [
        (1, "value", "not_a_number"),
        (2, "rep", "unknown_person"),
        (3, "day", "future"),
        (4, "value", "control_character"),
    ]
    assert all(r["reason"] and r["remedy"] for r in said.json()["refused"])
    kept = program.every(f"/batches/{said.json()['batch']}/refused")
    assert [r["code"] for r in kept] == ["not_a_number", "unknown_person", "future"]


def test_rows_outside_the_keys_paths_are_refused(company):
    one = Program(company.key(paths=("/C/R1/",)))

    said = push(one, [row("5.00"), row("6.00", rep="P100", territory="A100"), row("7.00", rep="P000", territory="")], "k-3")

    assert said.status_code == 207
    assert [(r["row"], r["code"]) for r in said.json()["refused"]] == [(0, "outside_scope"), (2, "outside_scope")]
    assert said.json()["booked"] == 1


def test_nothing_but_foreign_rows_makes_no_batch(company):
    one, before = Program(company.key(paths=("/C/R1/",))), batches()

    said = push(one, [row("5.50")], "k-4")

    assert (said.status_code, said.json()["status"], said.json()["batch"]) == (207, "refused", None)
    assert batches() == before


def test_a_batch_of_another_key_is_absent(company, program):
    said = push(program, [row("8.08", day="2026-11-19")], "k-5").json()

    other = Program(company.key())

    assert program.get(f"/batches/{said['batch']}").status_code == 200
    assert other.get(f"/batches/{said['batch']}").status_code == 404
    assert other.get(f"/batches/{said['batch']}/refused").status_code == 404
    assert other.every("/batches") == []


def test_the_same_key_and_body_have_one_effect_and_one_answer(program):
    before = batches()

    first, again = push(program, [row("44.00")], "k-6"), push(program, [row("44.00")], "k-6")

    assert first.content == again.content
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert batches() == before + 1


def test_the_same_key_with_another_body_is_refused(program):
    push(program, [row("45.00")], "k-7")
    before = batches()

    said = push(program, [row("46.00")], "k-7")

    assert said.status_code == 422
    assert said.json()["type"].endswith("idempotency-key-reused")
    assert batches() == before


def test_keys_of_two_programs_do_not_meet(company, program):
    other = Program(company.key())

    first, second = push(program, [row("47.00")], "k-8"), push(other, [row("48.00")], "k-8")

    assert first.json()["batch"] != second.json()["batch"]


def test_a_write_without_idempotency_key_is_refused(program):
    said = program.post("/streams/daily_totals/rows", {"rows": [row()]})

    assert said.status_code == 422
    assert "Idempotency-Key" in said.json()["errors"][0]["field"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"rows": []}, 422),
        ({"rows": [{"colour": "red"}]}, 422),
        ({"rows": [{"day": DAY}]}, 422),
        ({"rows": [row()], "mapping": "nobody knows it"}, 422),
        ({"rows": [{**row(), "value": 1.5}]}, 422),
        ({"rows": "all"}, 422),
        ({"rows": [row()], "more": 1}, 422),
    ],
)
def test_what_cannot_become_a_batch_leaves_nothing(program, body, status):
    before = batches()

    said = program.post("/streams/daily_totals/rows", body, Idempotency_Key="k-9")

    assert said.status_code == status
    assert said.json()["detail"]
    assert batches() == before


def test_master_data_and_unknown_streams_are_not_there(program):
    for stream in ("people", "targets", "nothing"):
        assert program.post(f"/streams/{stream}/rows", {"rows": [row()]}, Idempotency_Key="k-10").status_code == 404


def test_broken_json_is_a_problem(program):
    said = program.client.post(
        "/api/v1/streams/daily_totals/rows", "{", content_type="application/json",
        headers=program.headers | {"Idempotency-Key": "k-11"},
    )  # fmt: skip

    assert said.status_code == 400
    assert said.headers["Content-Type"] == "application/problem+json"


def test_only_keys_that_may_and_administrators_push(company):
    weak = Program(company.key(scopes=("read:board",)))
    body = '{"rows": [{"day": "2026-11-18", "metric": "sales", "rep": "P001", "value": "3"}]}'

    def by_session(who):
        client = company.signed_in(who, enforce_csrf_checks=False)
        return client.post(
            "/api/v1/streams/daily_totals/rows", body, content_type="application/json", headers={"Idempotency-Key": "k-12"}
        )

    assert push(weak, [row()], "k-12").status_code == 403
    assert [by_session(who).status_code for who in ("p000", "m1", "x1", "x9")] == [403, 403, 403, 403]


def test_a_session_writes_only_with_its_csrf_token(company):
    client = company.signed_in("adm", enforce_csrf_checks=True)
    body = '{"rows": [{"day": "2026-11-17", "metric": "sales", "rep": "P001", "value": "3"}]}'
    send = lambda **h: client.post(
        "/api/v1/streams/daily_totals/rows", body, content_type="application/json",
        headers={"Idempotency-Key": "k-13", **h},
    )  # fmt: skip
    client.get("/profile/")
    token = client.cookies["csrftoken"].value

    assert send().json()["type"].endswith("csrf")
    assert send(**{"X-CSRFToken": token}).status_code == 200


def test_no_journal_line_no_batch_and_no_answer(program, monkeypatch):
    from hangbiao.engines.api.models import Answer
    from hangbiao.rooms.actuals import services

    def full_disk(**_):
        raise OSError("disk full")

    before, answers = batches(), Answer.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr(services, "record", full_disk)
        assert push(program, [row("61.00")], "k-14").status_code == 500
    assert (batches(), Answer.objects.count()) == (before, answers)
    assert push(program, [row("61.00")], "k-14").status_code == 200


def test_concurrent_repetitions_have_one_effect(company):
    """R3 on a sample: each operation five times, two of them at once; the bench runs five hundred."""
    from benchmarks.reliability_replays import replay

    found = replay(company.key(per_minute=1_000_000), operations=12)

    assert found.effects == 12
    assert found.doubled == 0
    assert found.bodies_unequal == 0
    assert found.other_body_refused == 12


def test_the_second_of_two_waits_for_the_first(company):
    """Both see the same answer although both began before either ended."""
    secret = company.key()
    answers, gate = [], threading.Barrier(2)

    def send():
        from django.db import connection

        gate.wait()
        answers.append(push(Program(secret), [row("62.00")], "k-15").content)
        connection.close()

    both = [threading.Thread(target=send) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert len(set(answers)) == 1
