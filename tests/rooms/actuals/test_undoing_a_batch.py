"""docs/rules/facts.md, "Undoing a batch": the books stand as if the batch had not come, and nothing is deleted."""

import tempfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangbiao.engines.journal.models import Entry
from hangbiao.rooms.actuals import selectors
from hangbiao.rooms.actuals.errors import CannotUndo
from hangbiao.rooms.actuals.ledger.landing import place_of
from hangbiao.rooms.actuals.models import (
    Batch,
    DailyFact,
    DailyFactHistory,
    Feed,
    LandedFile,
    Scorecard,
)
from hangbiao.rooms.actuals.undoing import undo_batch
from tests.world import ACTOR, found_company
from tests.world.orders import HEADER, ORDERS, mapping_folder, order, send, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
AT = datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = "2025-10-09"
VERSIONED = ORDERS + "  version: 版本\n"


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    found_company()
    return mapping_folder(tmp_path / "mapping")


def orders(tmp_path: Path, name: str, *rows: list[str]) -> Path:
    return write_csv(tmp_path / f"orders_{name}.csv", rows)


def actual(holder: str = "li.wei") -> Decimal:
    book = "territory" if holder.startswith("T") else "person"
    row = Scorecard.objects.get(**{f"{book}__code": holder}, metric__code="sales", period__code="2025Q4")
    return Decimal(row.actual) / 100


def undo(batch: int) -> Batch:
    return undo_batch(batch=batch, at=AT, actor=ACTOR)


def test_lines_that_only_the_batch_brought_are_gone_from_the_books_and_kept_in_the_ledger(
    mapping, tmp_path, at
):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)
    second = send(mapping, orders(tmp_path, "2", order("B", "2025-11-20", "90")), at)
    files = set(LandedFile.objects.values_list("path", flat=True))

    undoing = undo(second.batch)

    assert (actual(), actual("T1")) == (10, 10)
    assert files < set(LandedFile.objects.values_list("path", flat=True)), "nothing is deleted"
    assert all(place_of(p).is_file() for p in files)
    assert Batch.objects.get(pk=second.batch).counts is False
    assert (undoing.undoes_id, undoing.effect) == (second.batch, {"sales": -9000})
    assert DailyFactHistory.objects.get().replaced_by_id == undoing.pk
    assert Feed.objects.get().data_as_of == date(2025, 10, 9), "the data reach no further than without it"
    line = Entry.objects.filter(kind="actuals.batch_undone").get()
    assert (line.data["undoes"], line.data["lines"], line.actor) == (second.batch, 1, ACTOR)
    assert selectors.differences() == []


def test_a_value_that_the_batch_replaced_returns(mapping, tmp_path, at):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)
    second = send(mapping, orders(tmp_path, "2", order("A", "2025-10-10", "7")), at)

    undo(second.batch)

    assert dict(DailyFact.objects.exclude(value=0).values_list("day", "value")) == {date(2025, 10, 9): 1000}


def test_a_line_that_a_later_batch_corrected_stays_as_that_one_says(mapping, tmp_path, at):
    first = send(mapping, orders(tmp_path, "1", order("A", DAY, "10"), order("B", DAY, "5")), at)
    send(mapping, orders(tmp_path, "2", order("A", DAY, "7")), at)

    undo(first.batch)

    assert actual() == 7


def test_a_line_that_a_later_batch_found_unchanged_stays(mapping, tmp_path, at):
    first = send(mapping, orders(tmp_path, "1", order("A", DAY, "10"), order("B", DAY, "5")), at)
    again = send(mapping, orders(tmp_path, "2", order("A", DAY, "10")), at)
    assert again.unchanged == 1

    undo(first.batch)

    assert actual() == 10


def test_undoing_the_undoing_brings_the_lines_in_again(mapping, tmp_path, at):
    first = send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)

    undoing = undo(first.batch)
    assert actual() == 0
    redoing = undo(undoing.pk)

    assert actual() == 10
    assert Feed.objects.get().data_as_of == date(2025, 10, 9)
    assert list(Batch.objects.order_by("id").values_list("counts", flat=True)) == [True, False, True]
    undo(redoing.pk)
    assert actual() == 0
    assert selectors.differences() == []


def test_a_file_that_was_undone_can_be_sent_again(mapping, tmp_path, at):
    path = orders(tmp_path, "1", order("A", DAY, "10"))
    undo(send(mapping, path, at).batch)

    again = send(mapping, path, at)

    assert (again.status, again.booked, actual()) == ("booked", 1, 10)


def test_what_cannot_be_undone_is_refused_with_a_sentence(mapping, tmp_path, at):
    people = tmp_path / "mapping" / "people.yaml"
    people.write_text(
        "mapping: people\nstream: people\nfiles: people.csv\ncolumns: {person: 工号, name: 姓名, role: {const: rep}, unit: 组}\n"
    )
    masters = send(people, write_csv(tmp_path / "people.csv", [["n.1", "新人", "T-A"]], header=["工号", "姓名", "组"]), at)
    first = send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)
    undoing = undo(first.batch)

    with pytest.raises(CannotUndo, match="主数据"):
        undo(masters.batch)
    with pytest.raises(CannotUndo, match=f"已由批次 {undoing.pk} 撤销"):
        undo(first.batch)

    third = send(mapping, orders(tmp_path, "3", order("C", DAY, "1")), at)
    place_of(Batch.objects.get(pk=third.batch).landed.filter(holds="lines").get().path).unlink()
    with pytest.raises(CannotUndo, match="落地文件不见了"):
        undo(third.batch)


def test_an_earlier_version_that_did_not_note_unchanged_lines_is_not_guessed_at(mapping, tmp_path, at):
    first = send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)
    again = send(mapping, orders(tmp_path, "2", order("A", DAY, "10"), order("B", DAY, "1")), at)
    LandedFile.objects.filter(batch=again.batch, holds="confirmed").delete()

    with pytest.raises(CannotUndo, match=str(again.batch)):
        undo(first.batch)


class Undone(Exception):
    """Raised to take an example's rows out again."""


lines = st.tuples(
    st.sampled_from(["A", "B"]),
    st.sampled_from([DAY, "2025-10-10", "2025-12-31"]),
    st.sampled_from(["1.00", "2.00", "-3.00"]),
    st.sampled_from(["li.wei", "wang.fang"]),
    st.integers(1, 3),
)
deeds = st.lists(
    st.one_of(
        st.lists(lines, min_size=1, max_size=3, unique_by=lambda row: row[0]),
        st.integers(0, 9),
    ),
    min_size=2,
    max_size=9,
)


def books() -> dict[str, object]:
    """What people see: the scorecard, daily facts that are not zero, how far the data reach."""
    assert selectors.differences() == []
    return {
        "scorecard": sorted(Scorecard.objects.values_list("target", "actual")),
        "daily": set(DailyFact.objects.exclude(value=0).values_list("day", "person", "territory", "value")),
        "feeds": set(Feed.objects.values_list("org_path", "data_as_of")),
    }


def lived(folder: Path, versions: bool, deeds: list, last: list) -> tuple[dict, dict, list]:
    """Do the deeds: a list of lines is a file, a number undoes one of the batches there are. Gives the books, the books
    after one more file, and the files whose batches count in the end."""
    found: tuple[dict, dict, list] = ({}, {}, [])
    header = [*HEADER, "版本", "文件"]  # the last, which no mapping reads, keeps any two files from being the same
    try:
        with transaction.atomic():
            path = mapping_folder(folder / "mapping", orders=VERSIONED if versions else ORDERS)
            came: dict[int, list] = {}

            def file(n: int, rows: list) -> None:
                cells = [[*order(k, d, a, rep=r), str(v), str(n)] for k, d, a, r, v in rows]
                report = send(path, write_csv(folder / f"orders_{n}.csv", cells, header=header), AT)
                assert report.quarantined == 0, report.lines()
                if report.status == "booked":
                    came[report.batch] = rows

            for n, deed in enumerate(deeds):
                open_ones = list(Batch.objects.filter(undone_by=None, stream="order_lines").order_by("id"))
                if isinstance(deed, list):
                    file(n, deed)
                elif open_ones:
                    undo(open_ones[deed % len(open_ones)].pk)
            now = books()
            counting = set(Batch.objects.filter(counts=True).values_list("pk", flat=True))
            kept = [rows for batch, rows in sorted(came.items()) if batch in counting]
            file(99, last)
            found = (now, books(), kept)
            raise Undone
    except Undone:
        return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds, st.booleans(), st.lists(lines, min_size=1, max_size=2, unique_by=lambda row: row[0]))
def test_any_order_of_imports_and_undoings_equals_the_imports_that_count(company, done, versions, last):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        now, afterwards, kept = lived(Path(one), versions, done, last)
        without, without_afterwards, _kept = lived(Path(other), versions, kept, last)

    assert now == without
    assert afterwards == without_afterwards, "what comes next is judged as if the undone had not come"


@pytest.fixture
def company() -> None:
    found_company()
