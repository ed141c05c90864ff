"""docs/rules/facts.md: replay, correction, history, returns, duplicates, credit, and the two comparisons of the doctor."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connections, transaction

from hangbiao.rooms.actuals import refused_file, selectors, services, sql
from hangbiao.rooms.actuals.ledger.landing import place_of
from hangbiao.rooms.actuals.models import (
    Batch,
    DailyFact,
    DailyFactHistory,
    Feed,
    LandedFile,
    Quarantine,
    Scorecard,
    Suspect,
    UnitDay,
)
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.models import Person
from hangbiao.rooms.people.rows import AssignmentRow, PersonRow
from tests.world import ACTOR, found_company
from tests.world.orders import HEADER, METRICS, ORDERS, mapping_folder, order, send, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
DAY = "2025-10-09"


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    found_company()
    return mapping_folder(tmp_path / "mapping")


def actual(holder: str) -> Decimal:
    """A scorecard's actual in yuan, by the code of its person or territory."""
    book = "territory" if holder.startswith("T") else "person"
    row = Scorecard.objects.get(**{f"{book}__code": holder}, metric__code="sales", period__code="2025Q4")
    return Decimal(row.actual) / 100


def orders(tmp_path: Path, name: str, *rows: list[str]) -> Path:
    return write_csv(tmp_path / f"orders_{name}.csv", rows)


def test_both_books_and_the_path_follow_a_line(mapping, tmp_path, at):
    report = send(mapping, orders(tmp_path, "1", order("A", DAY, "1200.50")), at)

    assert (report.booked, report.daily_changed) == (1, 1)
    assert (actual("li.wei"), actual("T1")) == (Decimal("1200.5"), Decimal("1200.5"))
    assert DailyFact.objects.get().org_path == "/C/R1/T-A/"
    assert Feed.objects.get().org_path == "/C/R1/"
    assert selectors.data_as_of("sales") == {"/C/R1/": date(2025, 10, 9)}
    assert selectors.differences() == []


def test_the_same_file_again_is_passed_over(mapping, tmp_path, at, later):
    path = orders(tmp_path, "1", order("A", DAY, "10"))
    first = send(mapping, path, at)

    again = send(mapping, path, later)

    assert (again.status, again.batch) == ("already", first.batch)
    assert "已导入" in again.lines()[0]


def test_the_same_lines_in_another_file_change_nothing(mapping, tmp_path, at, later):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "10"), order("B", DAY, "20")), at)

    again = send(mapping, orders(tmp_path, "2", order("B", DAY, "20"), order("A", DAY, "10")), later)

    assert (again.booked, again.unchanged, again.daily_changed) == (0, 2, 0)
    assert any("没有新的内容" in n for n in again.notices), "an empty result says why"
    assert DailyFactHistory.objects.count() == 0


def test_a_corrected_line_supersedes_and_the_old_value_stays_in_history(mapping, tmp_path, at, later):
    first = send(mapping, orders(tmp_path, "1", order("A", DAY, "10"), order("B", DAY, "5")), at)

    second = send(mapping, orders(tmp_path, "2", order("A", DAY, "7.25")), later)

    assert (second.superseded, second.daily_changed) == (1, 1)
    assert actual("li.wei") == Decimal("12.25")
    old = DailyFactHistory.objects.get()
    assert (old.value, old.batch_id, old.replaced_by_id, old.revision) == (1500, first.batch, second.batch, 1)
    assert DailyFact.objects.get().revision == 2
    assert selectors.differences() == []


def test_a_line_whose_day_is_corrected_leaves_the_old_day(mapping, tmp_path, at, later):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)

    send(mapping, orders(tmp_path, "2", order("A", "2025-10-10", "10")), later)
    back = send(mapping, orders(tmp_path, "3", order("A", DAY, "11")), later)

    values = dict(DailyFact.objects.values_list("day", "value"))
    assert values == {date(2025, 10, 9): 1100, date(2025, 10, 10): 0}
    assert back.superseded == 1
    assert selectors.differences() == []


def test_a_line_can_move_to_another_quarter(mapping, tmp_path, at, later):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)

    send(mapping, orders(tmp_path, "2", order("A", "2025-09-30", "10")), later)

    assert actual("li.wei") == 0
    assert sum(DailyFact.objects.filter(period__code="2025Q3").values_list("value", flat=True)) == 1000
    assert selectors.differences() == []


def test_what_was_known_at_a_batch_can_be_asked_later(mapping, tmp_path, at, later):
    first = send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)
    second = send(mapping, orders(tmp_path, "2", order("A", DAY, "7"), order("B", "2025-11-20", "1")), later)
    third = send(mapping, orders(tmp_path, "3", order("A", DAY, "9")), later)
    period = Scorecard.objects.filter(period__code="2025Q4").values_list("period", flat=True)[0]

    def known(batch: int, day: date = date(2025, 12, 31)) -> int:
        found = sql.actuals_as_of(period=period, day=day, batch=batch)
        return {book: value for (book, _metric, _holder), value in found.items()}.get("person", 0)

    assert [known(first.batch - 1), known(first.batch), known(second.batch), known(third.batch)] == [
        0,
        1000,
        800,
        1000,
    ]
    assert known(third.batch, date(2025, 10, 31)) == 900


def test_history_refuses_to_be_changed(mapping, tmp_path, at, later):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)
    send(mapping, orders(tmp_path, "2", order("A", DAY, "7")), later)

    for deed in (
        lambda: DailyFactHistory.objects.update(value=1),
        lambda: DailyFactHistory.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_returns_are_negative_and_a_day_may_be_too(mapping, tmp_path, at):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "1000"), order("R", DAY, "-1200.10")), at)

    assert actual("li.wei") == Decimal("-200.1")


def test_more_than_the_target_is_recordable_to_the_fen(mapping, tmp_path, at):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "99999999.99")), at)

    assert actual("li.wei") == Decimal("99999999.99")


def test_lines_that_look_booked_twice_are_listed_and_counted_not_dropped(mapping, tmp_path, at):
    twin = {"outlet": "O7", "sku": "S7", "quantity": "3"}
    report = send(
        mapping, orders(tmp_path, "1", order("A", DAY, "30", **twin), order("B", DAY, "30", **twin)), at
    )

    assert (report.booked, report.suspected) == (2, 1)
    assert actual("li.wei") == 60
    assert Suspect.objects.get().lines == ["A / 1", "B / 1"]


def test_one_key_twice_in_a_file_counts_once_with_the_later_line(mapping, tmp_path, at):
    report = send(mapping, orders(tmp_path, "1", order("A", DAY, "30"), order("A", DAY, "40")), at)

    assert (report.rows_read, report.booked, report.repeated) == (2, 1, 1)
    assert actual("li.wei") == 40
    assert any("同一个键" in n for n in report.notices)
    assert selectors.differences() == []


def test_a_line_without_rep_is_credited_to_whoever_worked_the_territory_that_day(mapping, tmp_path, at):
    people.upsert_people([PersonRow("new", "新人", "rep", "T-A")], at=at, actor=ACTOR)
    people.upsert_assignments([AssignmentRow("T1", "new", date(2025, 11, 17))], at=at, actor=ACTOR)

    send(
        mapping,
        orders(tmp_path, "1", order("A", "2025-11-16", "1", rep=""), order("B", "2025-11-17", "2", rep="")),
        at,
    )

    assert (actual("li.wei"), actual("new"), actual("T1")) == (1, 2, 3)


def test_a_line_without_territory_goes_to_the_reps_territory_of_that_day(mapping, tmp_path, at):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "5", territory="")), at)

    assert actual("T1") == 5


def test_a_line_of_nobody_is_unassigned_and_still_in_the_ledger(mapping, tmp_path, at):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "5", territory="", rep=""), order("B", DAY, "6")), at)

    assert sum(DailyFact.objects.values_list("value", flat=True)) == 1100
    assert DailyFact.objects.get(person=None).value == 500
    assert selectors.differences() == []


def test_sales_of_a_leaver_stay_with_the_territory_and_in_history(mapping, tmp_path, at, later):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "50"), order("B", DAY, "100", rep="wang.fang")), at)

    Person.objects.filter(code="li.wei").update(left_on=date(2025, 10, 31))
    send(mapping, orders(tmp_path, "2", order("C", "2025-11-03", "1", rep="wang.fang")), later)

    assert actual("T1") == 151
    assert sum(DailyFact.objects.values_list("value", flat=True)) == 15_100


def test_a_dry_run_counts_everything_and_leaves_nothing(mapping, tmp_path, at, settings):
    path = orders(tmp_path, "1", order("A", DAY, "10"), order("B", DAY, "x"))
    before = set(Path(settings.LANDING).rglob("*.parquet"))

    report = send(mapping, path, at, dry_run=True)

    assert (report.booked, report.quarantined, report.daily_changed) == (1, 1, 1)
    assert not Batch.objects.exists()
    assert not Quarantine.objects.exists()
    assert not DailyFact.objects.exists()
    assert set(Path(settings.LANDING).rglob("*.parquet")) == before
    assert send(mapping, path, at).booked == 1


def test_refused_rows_come_out_as_a_file_to_correct_and_send_again(mapping, tmp_path, at, later):
    first = send(mapping, orders(tmp_path, "1", order("A", DAY, "10"), order("B", DAY, "2O.00")), at)
    out = tmp_path / "orders_again.csv"

    assert refused_file.export_quarantine(first.batch, out) == 1
    text = out.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == ",".join([*HEADER, "#批次", "#行号", "#原因", "#处理"])
    out.write_text(text.replace("2O.00", "20.00"), encoding="utf-8-sig")
    again = send(mapping, out, later)

    assert (again.booked, again.quarantined) == (1, 0)
    row = Quarantine.objects.get(batch=first.batch)
    assert (row.resolved_by_id, row.sent[3]) == (again.batch, "20.00"), "the row stays and says where it went"
    assert actual("li.wei") == 30


def test_a_batch_leaves_one_journal_line_with_its_counts_and_root(mapping, tmp_path, at):
    from hangbiao.engines.journal.models import Entry

    report = send(mapping, orders(tmp_path, "1", order("A", DAY, "10"), order("B", DAY, "x")), at)

    (entry,) = Entry.objects.filter(stream="actuals")
    assert entry.data["batch"] == report.batch
    assert (entry.data["booked"], entry.data["quarantined"]) == (1, 1)
    assert len(entry.data["merkle_root"]) == 64


def test_the_doctor_finds_a_scorecard_a_day_and_a_file_that_were_tampered_with(mapping, tmp_path, at):
    send(
        mapping,
        orders(tmp_path, "1", order("A", DAY, "10"), order("B", "2025-10-10", "10", rep="wang.fang")),
        at,
    )

    Scorecard.objects.filter(person__code="li.wei").update(actual=999)
    assert [d.found for d in selectors.differences()] == [999]
    Scorecard.objects.filter(person__code="li.wei").update(actual=1000)
    DailyFact.objects.filter(person__code="wang.fang").update(value=1)
    assert len(selectors.differences()) >= 2
    DailyFact.objects.filter(person__code="wang.fang").update(value=1000)
    UnitDay.objects.filter(org_path="/C/R1/", day=DAY).update(value=7)
    assert [(d.expected, d.found) for d in selectors.differences()] == [(1000, 7)]
    UnitDay.objects.filter(org_path="/C/R1/", day=DAY).update(value=1000)
    file = place_of(LandedFile.objects.filter(day=date(2025, 10, 9)).get().path)
    file.rename(file.with_suffix(".away"))
    assert any("不见了" in str(d) for d in selectors.differences())
    file.with_suffix(".away").rename(file)
    assert selectors.differences() == []


@pytest.mark.parametrize("which", ["a day of lines", "the keys"])
def test_the_doctor_finds_a_landed_file_that_was_altered_where_it_lies(which, mapping, tmp_path, at):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)
    file = place_of(LandedFile.objects.get(day__isnull=which == "the keys").path)
    content = file.read_bytes()
    half = len(content) // 2

    file.write_bytes(content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :])

    found = [str(d) for d in selectors.differences()]
    assert any(file.name in said and "SHA-256" in said and "备份" in said for said in found)
    file.write_bytes(content)
    assert selectors.differences() == []


def test_unregistered_landed_files_are_swept_and_registered_ones_stay(mapping, tmp_path, at, settings):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)
    stray = Path(settings.LANDING) / "stream=order_lines" / "day=2025-10-09" / "b0000000000-dead.parquet"
    stray.write_bytes(b"left by a crash")

    gone = services.sweep_landing(at=at, actor=ACTOR)

    assert "stream=order_lines/day=2025-10-09/b0000000000-dead.parquet" in gone
    assert selectors.differences() == []


def test_rows_left_out_by_the_mapping_are_counted_as_such(tmp_path, at):
    found_company()
    mapping = mapping_folder(tmp_path / "mapping", orders=ORDERS + "where: {商品: [S1]}\n")
    path = orders(tmp_path, "1", order("A", DAY, "10"), order("B", DAY, "not read", sku="S2"))

    report = send(mapping, path, at)

    assert (report.rows_read, report.booked, report.left_out, report.quarantined) == (2, 1, 1, 0)


def test_a_changed_definition_recounts_the_landed_days(tmp_path, at, later):
    found_company()
    mapping = mapping_folder(tmp_path / "mapping")
    send(mapping, orders(tmp_path, "1", order("A", DAY, "10"), order("B", DAY, "5", sku="S2")), at)

    mapping_folder(
        tmp_path / "mapping",
        metrics=METRICS.replace("measure: net_amount", "measure: net_amount, where: {sku: [S2]}"),
    )
    send(mapping, orders(tmp_path, "2", order("C", "2025-10-10", "1", sku="S2")), later)

    assert actual("li.wei") == 6
    assert selectors.differences() == []


def test_a_period_gets_its_partition_without_rights_to_make_tables(mapping, tmp_path, at):
    send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)

    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT has_schema_privilege(current_user, 'public', 'CREATE'), tableoid::regclass::text FROM actuals_dailyfact"
        )
        makes_tables, partition = cursor.fetchone()
        period = DailyFact.objects.get().period_id
        assert (makes_tables, partition) == (False, f"actuals_dailyfact_p{period}")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("CREATE TABLE of_my_own (a int)")


def test_an_import_that_fails_late_books_nothing(mapping, tmp_path, at, monkeypatch):
    def disk_full(**facts: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(services, "record", disk_full)
    with pytest.raises(OSError, match="disk full"):
        send(mapping, orders(tmp_path, "1", order("A", DAY, "10")), at)

    assert not Batch.objects.exists()
    assert not DailyFact.objects.exists()
    assert not LandedFile.objects.exists()
    assert actual("li.wei") == 0


def test_a_feed_never_goes_backwards(mapping, tmp_path, at, later):
    send(mapping, orders(tmp_path, "1", order("A", "2025-11-20", "10")), at)
    send(mapping, orders(tmp_path, "2", order("B", "2025-10-20", "10")), at + timedelta(hours=1))

    assert selectors.data_as_of("sales") == {"/C/R1/": date(2025, 11, 20)}
