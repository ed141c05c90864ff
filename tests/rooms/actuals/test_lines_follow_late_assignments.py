"""Who works where is often said after the sales it speaks of: then landed lines go to whom they belong, once and traceably."""

import tempfile
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangbiao.engines.journal.models import Entry
from hangbiao.engines.scope.context import system_scope
from hangbiao.rooms.actuals import evidence, history, selectors
from hangbiao.rooms.actuals.errors import CannotUndo
from hangbiao.rooms.actuals.ledger.landing import place_of
from hangbiao.rooms.actuals.models import Batch, DailyFact, DailyFactHistory, LandedFile, Scorecard
from hangbiao.rooms.actuals.services import import_file, sweep_landing
from hangbiao.rooms.actuals.undoing import undo_batch
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.models import Person
from hangbiao.rooms.people.rows import AssignmentRow
from tests.world import ACTOR, SHANGHAI, found_company, wan
from tests.world.broken import stream_mapping
from tests.world.orders import HEADER, mapping_folder, order, send, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
BEFORE, AFTER = "2025-11-14", "2025-11-17"  # a Friday, and the Monday of the move
MOVE = date(2025, 11, 17)
ASSIGNMENTS = ["片区", "工号", "开始", "结束"]


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    found_company()
    return mapping_folder(tmp_path / "mapping")


def say(*rows: AssignmentRow, at: datetime) -> None:
    assert people.upsert_assignments(list(rows), at=at, actor=ACTOR) == []


def orders(tmp_path: Path, name: str, *rows: list[str]) -> Path:
    return write_csv(tmp_path / f"orders_{name}.csv", rows)


def actual(holder: str) -> int:
    """What a person or a territory has sold, in yuan."""
    book = "territory" if holder.startswith("T") else "person"
    cards = Scorecard.objects.filter(**{f"{book}__code": holder, "metric__code": "sales", "period__code": "2025Q4"})
    return cards.get(book=book).actual // 100


def test_a_line_of_a_territory_goes_to_who_turns_out_to_have_worked_it(mapping, tmp_path, at, later):
    lines = [order("A", BEFORE, "50", rep=""), order("B", AFTER, "40", rep="")]
    send(mapping, orders(tmp_path, "1", *lines), at)
    assert (actual("li.wei"), actual("wang.fang")) == (90, 0)

    say(AssignmentRow("T1", "wang.fang", MOVE), at=later)

    assert (actual("li.wei"), actual("wang.fang"), actual("T1")) == (50, 40, 90)
    assert selectors.differences() == []


def test_a_line_of_a_rep_goes_to_the_territory_that_the_rep_turns_out_to_have_worked(mapping, tmp_path, at, later):
    lines = [order("A", BEFORE, "50", territory=""), order("B", AFTER, "40", territory="")]
    send(mapping, orders(tmp_path, "1", *lines), at)

    say(AssignmentRow("T1", "li.wei", date(2025, 1, 1), date(2025, 11, 16)), AssignmentRow("T2", "li.wei", MOVE), at=later)

    assert (actual("T1"), actual("T2"), actual("li.wei")) == (50, 40, 90)
    assert selectors.differences() == []


def test_a_transfer_said_late_is_101_1_percent_and_not_two_halves(tmp_path, at, later):
    """docs/rules/phasing.md: 100 until the 16th and 80 from the 17th make 89; 50 and 40 sold are 101.1 %."""
    found_company(targets={"T1": ("100", "130"), "T2": ("80", "104"), "T9": ("100", "130")})
    mapping = mapping_folder(tmp_path / "mapping")
    lines = [order("A", BEFORE, str(wan(50)), rep=""), order("B", AFTER, str(wan(40)), rep="", territory="T2")]
    send(mapping, orders(tmp_path, "1", *lines), at)

    say(AssignmentRow("T1", "li.wei", date(2025, 1, 1), date(2025, 11, 16)), AssignmentRow("T2", "li.wei", MOVE), at=later)

    card = Scorecard.objects.get(person__code="li.wei", metric__code="sales", book="person", period__code="2025Q4")
    assert (card.base, card.actual) == (89_000_000, 90_000_000)
    assert round(1000 * card.actual / card.base) == 1011


def test_what_was_known_before_is_kept_and_can_be_asked(mapping, tmp_path, at, later):
    report = send(mapping, orders(tmp_path, "1", order("B", AFTER, "40", rep="")), at)

    say(AssignmentRow("T1", "wang.fang", MOVE), at=later)

    moved = Batch.objects.latest("pk")
    assert (moved.booked, moved.superseded, moved.recorded_at) == (1, 1, later)
    assert list(DailyFactHistory.objects.values_list("person__code", "value", "replaced_by")) == [
        ("li.wei", 4_000, moved.pk)
    ]
    period = DailyFact.objects.first().period_id
    asked = {"period": period, "day": MOVE}
    then, now = (selectors.actuals_as_of(**asked, batch=n) for n in (report.batch, moved.pk))
    assert sorted(v for (book, _m, _h), v in then.items() if book == "person") == [4_000]
    assert sorted(v for (book, _m, _h), v in now.items() if book == "person") == [0, 4_000]
    line = Entry.objects.get(kind="actuals.lines_recredited")
    assert (line.data["lines"], line.data["since"], line.data["merkle_root"]) == (1, AFTER, moved.merkle_root)


def test_nothing_happens_where_no_line_changes_hands(mapping, tmp_path, at, later):
    send(mapping, orders(tmp_path, "1", order("A", BEFORE, "50", rep=""), order("B", AFTER, "40")), at)
    batches = Batch.objects.count()

    say(AssignmentRow("T1", "wang.fang", MOVE), at=later)
    say(AssignmentRow("T1", "wang.fang", MOVE), at=later)

    assert Batch.objects.count() == batches, "the rep stands on the later line, so it stays the rep's"
    assert actual("li.wei") == 90


def test_the_same_lines_again_and_a_correction_come_to_whom_they_belong_now(mapping, tmp_path, at, later):
    send(mapping, orders(tmp_path, "1", order("B", AFTER, "40", rep="")), at)
    say(AssignmentRow("T1", "wang.fang", MOVE), at=later)

    again = send(mapping, orders(tmp_path, "2", order("B", AFTER, "40", rep=""), order("C", AFTER, "1", rep="")), later)
    corrected = send(mapping, orders(tmp_path, "3", order("B", AFTER, "44", rep="")), later)

    assert (again.booked, again.unchanged, corrected.superseded) == (1, 1, 1)
    assert (actual("li.wei"), actual("wang.fang")) == (0, 45)
    say(AssignmentRow("T1", "wang.fang", MOVE, date(2025, 11, 30)), at=later)
    assert selectors.differences() == []


def test_visits_and_stock_outs_follow_as_well(mapping, tmp_path, at, later):
    visits = stream_mapping(tmp_path / "visits", "visits_done")
    file = tmp_path / "visits_done_1.csv"
    file.write_text("拜访,日期,业务员,门店\nV1,2025-11-17,li.wei,O1\n", encoding="utf-8")
    assert import_file(visits, file, at=at, actor=ACTOR).booked == 1

    say(AssignmentRow("T1", "li.wei", date(2025, 1, 1), date(2025, 11, 16)), AssignmentRow("T2", "li.wei", MOVE), at=later)

    (fact,) = DailyFact.objects.exclude(value=0)
    assert (fact.territory.code, fact.person.code, fact.metric.code) == ("T2", "li.wei", "visits")


def test_a_dry_run_of_assignments_moves_nothing_and_leaves_no_file(mapping, tmp_path, at, later, settings):
    send(mapping, orders(tmp_path, "1", order("B", AFTER, "40", rep="")), at)
    said = stream_mapping(tmp_path / "assignments", "assignments")
    file = write_csv(tmp_path / "assignments_1.csv", [["T1", "wang.fang", AFTER, ""]], header=ASSIGNMENTS)
    before = set(Path(settings.LANDING).rglob("*.parquet"))

    assert import_file(said, file, at=later, actor=ACTOR, dry_run=True).booked == 1
    assert actual("li.wei") == 40
    assert set(Path(settings.LANDING).rglob("*.parquet")) == before

    assert import_file(said, file, at=later, actor=ACTOR).booked == 1
    assert (actual("li.wei"), actual("wang.fang")) == (0, 40)
    assert all(place_of(path).is_file() for path in LandedFile.objects.values_list("path", flat=True))
    sweep_landing(at=later, actor=ACTOR)
    assert selectors.differences() == []


def test_undoing_what_brought_the_lines_is_still_exact_and_what_returns_is_credited_as_of_now(mapping, tmp_path, at, later):
    send(mapping, orders(tmp_path, "1", order("B", AFTER, "40", rep="")), at)
    second = send(mapping, orders(tmp_path, "2", order("B", AFTER, "44", rep=""), order("C", AFTER, "7", rep="")), at)
    say(AssignmentRow("T1", "wang.fang", MOVE), at=later)
    assert (actual("li.wei"), actual("wang.fang")) == (0, 51)

    undoing = undo_batch(batch=second.batch, at=later, actor=ACTOR)
    assert (actual("li.wei"), actual("wang.fang"), actual("T1")) == (0, 40, 40)
    assert selectors.differences() == []

    undo_batch(batch=undoing.pk, at=later, actor=ACTOR)
    assert (actual("li.wei"), actual("wang.fang"), actual("T1")) == (0, 51, 51)
    assert selectors.differences() == []


def test_a_batch_that_only_gave_lines_to_others_cannot_be_undone_and_says_what_to_do(mapping, tmp_path, at, later):
    send(mapping, orders(tmp_path, "1", order("B", AFTER, "40", rep="")), at)
    say(AssignmentRow("T1", "wang.fang", MOVE), at=later)
    batch = Batch.objects.latest("pk")

    with pytest.raises(CannotUndo, match="改正任职或片区分配"):
        undo_batch(batch=batch.pk, at=later, actor=ACTOR)

    (told, *_others), _count = history.batches(first=0, count=5)
    assert (told.batch.pk, told.kind, told.batch.file_name) == (batch.pk, history.CREDIT, "任职变动后重新归属")
    assert history.batch_called(batch.pk).refusal.code == "recredit"


def test_the_page_behind_a_figure_names_the_file_and_line_where_it_was_read(mapping, tmp_path, at, later):
    report = send(mapping, orders(tmp_path, "1", order("A", AFTER, "1"), order("B", AFTER, "40", rep="")), at)
    say(AssignmentRow("T1", "wang.fang", MOVE), at=later)
    metric, newest = DailyFact.objects.first().metric, Batch.objects.latest("pk").pk
    holder = evidence.Holder(person=Person.objects.get(code="wang.fang").pk)

    seen = evidence.lines_behind(holder, metric, MOVE, then=report.batch, now=newest, scope=system_scope("test"))

    (line,) = seen.lines
    assert (line.file, line.number, line.value) == ("orders_1.csv", 3, 4_000)
    assert (line.counts_then, line.counts_now, line.recorded_at) == (False, True, later)


lines = st.tuples(
    st.sampled_from(["A", "B", "C", "D"]),
    st.sampled_from(["2025-10-20", BEFORE, AFTER, "2025-12-01"]),
    st.integers(-500, 5_000),
    st.sampled_from(["", "li.wei", "wang.fang"]),
    st.sampled_from(["", "T1", "T2", "T9"]),
)
moves = st.tuples(
    st.sampled_from(["T1", "T2", "T9"]),
    st.sampled_from(["li.wei", "wang.fang", "deng.tao"]),
    st.sampled_from(["2025-10-15", AFTER, "2025-11-25"]),
)


class _Undone(Exception):
    pass


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(lines, min_size=1, max_size=5, unique_by=lambda one: one[0]),
    st.lists(moves, min_size=1, max_size=3, unique_by=lambda one: (one[0], one[2])),
    st.randoms(),
)
def test_orders_and_assignments_in_any_order_give_the_same_books(company, sold, moved, dice):
    at = datetime(2026, 11, 26, 9, 0, tzinfo=SHANGHAI)
    steps = [("orders", [order(n, day, str(amount), rep=rep, territory=place)]) for n, day, amount, rep, place in sold]
    steps += [("assignments", [[place, who, day, ""]]) for place, who, day in moved]

    def books(sequence) -> tuple[object, ...]:
        found: tuple[object, ...] = ()
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            files = {"orders": mapping_folder(folder / "o"), "assignments": stream_mapping(folder / "a", "assignments")}
            try:
                with transaction.atomic():
                    for n, (kind, rows) in enumerate(sequence):
                        header = HEADER if kind == "orders" else ASSIGNMENTS
                        file = write_csv(folder / f"{kind}_{n}.csv", rows, header=header)
                        report = import_file(files[kind], file, at=at, actor=ACTOR)
                        assert report.quarantined == 0, report.lines()
                    assert selectors.differences() == []
                    cards = Scorecard.objects.order_by("book", "metric", "person", "territory", "period")
                    facts = DailyFact.objects.exclude(value=0)
                    found = (
                        list(cards.values_list("book", "metric", "person", "territory", "actual", "base")),
                        set(facts.values_list("day", "person", "territory", "value")),
                    )
                    raise _Undone
            except _Undone:
                return found

    shuffled = list(steps)
    dice.shuffle(shuffled)
    first = sorted(steps, key=lambda step: step[0])  # assignments, then orders
    assert books(first) == books(shuffled)


@pytest.fixture
def company() -> None:
    found_company()
