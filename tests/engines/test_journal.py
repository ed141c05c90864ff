"""The journal's promises when nobody attacks it."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from hangbiao.engines.journal import digests, selectors, services
from hangbiao.engines.journal.errors import NotInTransaction, Unwritable
from hangbiao.engines.journal.models import Entry, Head


def write(at, stream="t/1", **data):
    return services.record(stream=stream, kind="test.happened", at=at, actor="system:test", data=data)


def test_lines_of_one_stream_follow_each_other(db, at, later):
    first, second = write(at, amount="1200000.00"), write(later, 理由="竞品降价")

    assert (first.n, second.n) == (1, 2)
    assert first.prev == digests.GENESIS
    assert second.prev == first.hash
    assert selectors.verify() == []
    assert [line.kind for line in selectors.entries_of("t/1")] == ["test.happened"] * 2


def test_streams_do_not_know_each_other(db, at):
    assert (write(at).n, write(at, "t/2").n, write(at).n) == (1, 1, 2)


def test_no_line_outlives_a_deed_that_failed(db, at):
    write(at)

    def deed():
        with transaction.atomic():
            write(at)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deed()

    assert Entry.objects.count() == 1
    assert write(at).n == 2
    assert selectors.verify() == []


def test_a_line_outside_a_transaction_is_refused(own_database, at):
    with pytest.raises(NotInTransaction):
        write(at)

    assert Head.objects.count() == 0


def test_several_lines_of_several_streams_are_written_in_the_order_given(db, at):
    lines = [
        services.Line(stream=stream, kind="test.many", at=at, actor="system:test", data={"k": k})
        for k, stream in enumerate(["b", "a", "b", "a", "c"])
    ]

    entries = services.record_all(lines)

    assert [(e.stream, e.n) for e in entries] == [("b", 1), ("a", 1), ("b", 2), ("a", 2), ("c", 1)]
    assert selectors.verify() == []


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), "nul\x00", "\ud800", {"at": {1: "x"}}, {1, 2}])
def test_what_would_not_come_back_from_the_database_is_refused(db, at, value):
    with pytest.raises(Unwritable):
        write(at, value=value)


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        2**80,
        True,
        None,
        "",
        "10/10",
        "é",
        "e\u0301",
        "\U0001f4c8",
        [1, ["a", {}]],
        {"b": 1, "a": 2},
        (1, 2),
    ],
)
def test_whatever_is_written_verifies_after_the_round_trip(db, at, value):
    write(at, value=value)

    assert selectors.verify() == []


def test_an_instant_without_a_zone_is_refused(db, at):
    with pytest.raises(ValueError, match="time zone"):
        write(at.replace(tzinfo=None))


def test_the_parts_of_a_line_cannot_run_into_each_other(at):
    one = digests.link(prev="0", stream="a", n=1, at=at, actor="bc", kind="d", data={})
    other = digests.link(prev="0", stream="ab", n=1, at=at, actor="c", kind="d", data={})

    assert one != other


def test_a_line_dated_before_its_neighbour_is_pointed_out_but_does_not_break_the_record(db, at):
    write(at)
    write(at - timedelta(days=30))

    (finding,) = selectors.verify()

    assert finding.code == "back_dated"
    assert not finding.breaks_the_record


def test_rows_have_one_root_that_knows_their_order():
    rows = [["A", "1.00"], ["B", "2.00"]]

    assert digests.root_of_rows(rows) == digests.root_of_rows(tuple(rows))
    assert digests.root_of_rows(rows) != digests.root_of_rows(rows[::-1])


def test_eight_writers_at_once_make_no_fork(own_database, at):
    """R7 on a sample: 8 writers x 25 transactions of 4 lines over 5 streams."""
    failed = []

    def work(writer):
        try:
            for turn in range(25):
                streams = [f"s{(writer * turn + k) % 5}" for k in (3, 1, 2, 0)]
                lines = [
                    services.Line(stream=s, kind="test.raced", at=at, actor=f"w{writer}", data={"turn": turn})
                    for s in streams
                ]
                with transaction.atomic():
                    services.record_all(lines)
        except Exception as why:
            failed.append(why)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert Entry.objects.count() == 8 * 25 * 4
    assert selectors.verify() == []
