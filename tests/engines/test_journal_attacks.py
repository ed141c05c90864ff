"""The twelve attacks on the journal (docs/decisions): each is refused by the database or found by verification.

`insider` speaks as the application's role, `owner` owns the tables, and here is a superuser as well.
"""

import json
import os

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege, RestrictViolation, UniqueViolation

from hangbiao.engines.journal import digests, selectors, services

LINES = 20
COLUMNS = "stream, n, at, actor, kind, data, prev, hash"


@pytest.fixture
def chain(own_database, at):
    with transaction.atomic():
        services.record_all(
            [
                services.Line(stream="t/1", kind="test.happened", at=at, actor="account:1", data={"k": k})
                for k in range(LINES)
            ]
        )
        services.record(stream="t/2", kind="test.happened", at=at, actor="account:1", data={})
    return own_database


@pytest.fixture
def owner(chain):
    with psycopg.connect(chain.url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def insider(chain):
    with psycopg.connect(chain.url, autocommit=True, options="-c role=hangbiao_app") as connection:
        yield connection


def codes(**asked):
    return {finding.code for finding in selectors.verify(**asked)}


def forged(at, n, prev, *, stream="t/1", data=None):
    """A line that is right in itself: its hash covers it."""
    data = {} if data is None else data
    digest = digests.link(
        prev=prev, stream=stream, n=n, at=at, actor="account:2", kind="test.forged", data=data
    )
    return (stream, n, at, "account:2", "test.forged", json.dumps(data), prev, digest)


def insert(connection, line):
    connection.execute(f"INSERT INTO journal_entry ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", line)


def hash_of(connection, n):
    return connection.execute(
        "SELECT hash FROM journal_entry WHERE stream = 't/1' AND n = %s", (n,)
    ).fetchone()[0]


def unguarded(owner):
    owner.execute("SET session_replication_role = replica")


def test_an_untouched_journal_has_no_findings(chain):
    assert selectors.verify() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET data = '{}' WHERE n = 5",
        "DELETE FROM journal_entry WHERE n = 5",
        "TRUNCATE journal_entry",
    ],
)
def test_attacks_1_2_3_update_delete_and_truncate_are_refused_to_the_application_and_to_the_owner(
    insider, owner, statement
):
    with pytest.raises(InsufficientPrivilege):
        insider.execute(statement)
    with pytest.raises(RestrictViolation, match="append-only"):
        owner.execute(statement)

    assert selectors.verify() == []


def test_attack_4_an_upsert_over_a_row_is_refused(insider, owner, at):
    over = f"INSERT INTO journal_entry ({COLUMNS}) SELECT {COLUMNS} FROM journal_entry WHERE n = {LINES} "
    over += "ON CONFLICT (hash) DO UPDATE SET data = '{}'"

    with pytest.raises(InsufficientPrivilege):
        insider.execute(over)
    with pytest.raises(RestrictViolation):
        owner.execute(over)


def test_attack_5_a_second_child_of_an_old_line_is_refused(insider, at):
    with pytest.raises(RestrictViolation):
        insert(insider, forged(at, LINES + 1, hash_of(insider, 7)))
    with pytest.raises(UniqueViolation):
        insert(insider, forged(at, 8, hash_of(insider, 7)))


def test_attack_5_a_fork_slipped_in_by_a_superuser_is_found(owner, at):
    unguarded(owner)
    insert(owner, forged(at, LINES + 1, "f" * 64))

    assert "fork" in codes()


def test_attack_6_a_gap_is_refused_and_found(insider, owner, at):
    with pytest.raises(RestrictViolation):
        insert(insider, forged(at, 99, hash_of(insider, LINES)))

    unguarded(owner)
    owner.execute("DELETE FROM journal_entry WHERE stream = 't/1' AND n = 10")

    assert "gap" in codes()


def test_attack_7_a_number_used_twice_is_refused(insider, at):
    with pytest.raises((UniqueViolation, RestrictViolation)):
        insert(insider, forged(at, 5, hash_of(insider, 4), data={"k": "other"}))


def test_attack_8_a_line_put_into_the_past_is_refused_and_one_dated_into_the_past_is_found(
    insider, owner, at
):
    with pytest.raises((UniqueViolation, RestrictViolation)):
        insert(insider, forged(at, 1, digests.GENESIS))

    insert(insider, forged(at.replace(year=2020), LINES + 1, hash_of(insider, LINES)))

    assert {"back_dated", "bad_head"} <= codes()


def test_attack_9_disabling_the_trigger_is_refused_to_the_application_and_what_follows_is_found(
    insider, owner
):
    with pytest.raises(InsufficientPrivilege):
        insider.execute("ALTER TABLE journal_entry DISABLE TRIGGER ALL")

    owner.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
    owner.execute("UPDATE journal_entry SET data = '{\"k\": 999}' WHERE stream = 't/1' AND n = 10")

    assert [(f.code, f.n) for f in selectors.verify()] == [("altered", 10)]


def test_attack_10_replica_role_is_refused_to_the_application_and_what_a_superuser_does_with_it_is_found(
    chain, owner
):
    unguarded(owner)
    owner.execute("UPDATE journal_entry SET actor = 'account:9' WHERE stream = 't/1' AND n = 10")

    assert [(f.code, f.n) for f in selectors.verify("t/1")] == [("altered", 10)]
    assert selectors.verify("t/2") == []


def test_a_login_that_only_has_the_application_role_cannot_become_a_replica(chain, owner):
    login = f"hangbiao_test_{os.getpid()}"
    owner.execute(f"CREATE ROLE {login} LOGIN IN ROLE hangbiao_app")
    try:
        owner.execute(f"SET SESSION AUTHORIZATION {login}")
        with pytest.raises(InsufficientPrivilege):
            owner.execute("SET session_replication_role = replica")
        with pytest.raises(InsufficientPrivilege):
            owner.execute("UPDATE journal_entry SET data = '{}'")
        assert owner.execute("SELECT count(*) FROM journal_entry").fetchone() == (LINES + 1,)
    finally:
        owner.execute("RESET SESSION AUTHORIZATION")
        owner.execute(f"DROP ROLE {login}")


def cut(owner, keep):
    unguarded(owner)
    owner.execute("DELETE FROM journal_entry WHERE stream = 't/1' AND n > %s", (keep,))


def test_attack_11_a_cut_tail_shows_in_the_head(owner):
    cut(owner, keep=15)

    assert codes() == {"bad_head"}


def test_attack_11_a_cut_tail_with_its_head_moved_back_is_found_against_a_checkpoint_and_only_there(
    owner, at, tmp_path
):
    root = services.write_checkpoint(tmp_path / "kept.json", at=at)
    assert selectors.verify(checkpoint=tmp_path / "kept.json") == []
    cut(owner, keep=15)
    owner.execute("UPDATE journal_head SET n = 15, hash = %s WHERE stream = 't/1'", (hash_of(owner, 15),))

    assert selectors.verify() == []
    assert codes(checkpoint=tmp_path / "kept.json") == {"cut_tail", "root_differs"}
    assert selectors.state().root != root


def test_attack_12_a_whole_stream_replaced_is_found_against_a_checkpoint(owner, at, tmp_path):
    services.write_checkpoint(tmp_path / "kept.json", at=at)
    cut(owner, keep=0)
    prev = digests.GENESIS
    for n in range(1, LINES + 1):
        line = forged(at, n, prev, data={"k": "rewritten"})
        insert(owner, line)
        prev = line[-1]
    owner.execute("UPDATE journal_head SET hash = %s WHERE stream = 't/1'", (prev,))

    assert selectors.verify() == []
    assert codes(checkpoint=tmp_path / "kept.json") == {"replaced", "root_differs"}


def test_a_whole_stream_removed_with_its_head_is_found_against_a_checkpoint(owner, at, tmp_path):
    services.write_checkpoint(tmp_path / "kept.json", at=at)
    cut(owner, keep=0)
    owner.execute("DELETE FROM journal_head WHERE stream = 't/1'")

    assert codes(checkpoint=tmp_path / "kept.json") == {"cut_tail", "root_differs"}


def test_later_lines_do_not_disturb_an_earlier_checkpoint(chain, at, later, tmp_path):
    services.write_checkpoint(tmp_path / "kept.json", at=at)
    with transaction.atomic():
        services.record(stream="t/1", kind="test.happened", at=later, actor="account:1", data={})
        services.record(stream="t/3", kind="test.happened", at=later, actor="account:1", data={})

    assert selectors.verify(checkpoint=tmp_path / "kept.json") == []


def test_a_file_that_is_no_checkpoint_is_refused_by_name(chain, tmp_path):
    from hangbiao.engines.journal.errors import NoCheckpoint

    (tmp_path / "x.json").write_text("[]")

    with pytest.raises(NoCheckpoint, match=r"x\.json"):
        selectors.verify(checkpoint=tmp_path / "x.json")
