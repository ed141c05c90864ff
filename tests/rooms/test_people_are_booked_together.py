"""The organisation comes in by files: thousands of rows at once, in any order, and a refused row changes nothing."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.journal.models import Entry
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.facts import organisation
from hangbiao.rooms.people.models import Assignment, Leave, Person, Post, Territory, Unit
from hangbiao.rooms.people.rows import AssignmentRow, LeaveRow, PersonRow, TerritoryRow, UnitRow
from tests.world import ACTOR, NEW_YEAR, found_company

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
WHO = {"at": NEW_YEAR, "actor": ACTOR}
FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def spells(territory: str = "T1") -> list[tuple[str, date, date | None]]:
    rows = Assignment.objects.filter(territory__code=territory).order_by("valid_from")
    return list(rows.values_list("person__code", "valid_from", "valid_to"))


def posts(person: str) -> list[tuple[str, date, date | None]]:
    rows = Post.objects.filter(person__code=person).order_by("valid_from", "unit__code")
    return list(rows.values_list("unit__code", "valid_from", "valid_to"))


def book_a_team(name: str, size: int) -> int:
    """Book so many new people with accounts, territories and leave; gives the number of queries it took."""
    codes = [f"{name}{n}" for n in range(size)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert people.upsert_people([PersonRow(c, c, "rep", "T-A", username=c) for c in codes], **WHO) == []
        assert people.upsert_territories([TerritoryRow(c, "T-A") for c in codes], **WHO) == []
        begin = date(2026, 1, 1)
        assert people.upsert_assignments([AssignmentRow(c, c, begin) for c in codes], **WHO) == []
        leaves = [LeaveRow(c, "产假", begin, begin, protected=True) for c in codes]
        assert people.upsert_leaves(leaves, **WHO) == []
    return len(asked)


def test_many_people_need_no_more_queries_than_few():
    found_company()

    few, many = book_a_team("f", 3), book_a_team("m", 120)

    assert many <= few
    assert Person.objects.filter(code__startswith="m", account__username__startswith="m").count() == 120
    assert Post.objects.filter(person__code__startswith="m").count() == 120
    assert Leave.objects.filter(person__code__startswith="m", org_path="/C/R1/T-A/").count() == 120


def test_the_accounts_of_a_file_leave_one_line():
    found_company()
    before = Entry.objects.filter(stream="accounts").count()

    book_a_team("n", 5)

    (line,) = Entry.objects.filter(stream="accounts").order_by("n")[before:]
    assert (line.kind, line.data["accounts"]) == ("account.many_opened", 5)


def test_the_same_file_again_changes_no_row_and_tells_nobody():
    found_company()
    before = list(Assignment.objects.values_list("pk", "valid_to"))
    lines = Entry.objects.filter(stream="targets").count()

    people.upsert_assignments([AssignmentRow("T1", "li.wei", date(2025, 1, 1))], **WHO)
    people.upsert_people([PersonRow("li.wei", "李伟", "rep", "T-A", username="li.wei")], **WHO)

    assert list(Assignment.objects.values_list("pk", "valid_to")) == before
    assert Entry.objects.filter(stream="targets").count() == lines
    assert Account.objects.filter(username="li.wei").count() == 1


def test_an_assignment_without_an_end_that_comes_late_ends_when_the_next_begins():
    found_company()
    people.upsert_assignments([AssignmentRow("T1", "wang.fang", date(2025, 11, 10))], **WHO)

    assert people.upsert_assignments([AssignmentRow("T1", "li.wei", date(2025, 1, 1))], **WHO) == []
    assert people.upsert_assignments([AssignmentRow("T1", "deng.tao", date(2025, 6, 1))], **WHO) == []

    assert spells() == [
        ("li.wei", date(2025, 1, 1), date(2025, 5, 31)),
        ("deng.tao", date(2025, 6, 1), date(2025, 11, 9)),
        ("wang.fang", date(2025, 11, 10), None),
    ]


@FEW
@given(st.permutations(["li.wei", "wang.fang", "deng.tao", "zhao.min"]), st.data())
def test_assignments_may_come_in_any_order_and_together_or_apart(order, data):
    begins = {"li.wei": 3, "wang.fang": 5, "deng.tao": 8, "zhao.min": 11}
    rows = [AssignmentRow("T8", code, date(2026, begins[code], 1)) for code in order]
    cut = data.draw(st.integers(0, 4))
    Assignment.objects.all().delete()
    if not Territory.objects.exists():
        found_company()
        people.upsert_territories([TerritoryRow("T8", "T-A")], **WHO)
        Assignment.objects.all().delete()

    assert people.upsert_assignments(rows[:cut], **WHO) == []
    assert people.upsert_assignments(rows[cut:], **WHO) == []

    assert spells("T8") == [
        ("li.wei", date(2026, 3, 1), date(2026, 4, 30)),
        ("wang.fang", date(2026, 5, 1), date(2026, 7, 31)),
        ("deng.tao", date(2026, 8, 1), date(2026, 10, 31)),
        ("zhao.min", date(2026, 11, 1), None),
    ]


def test_a_refused_assignment_leaves_the_predecessor_as_it_was():
    found_company()
    people.upsert_assignments([AssignmentRow("T1", "wang.fang", date(2026, 3, 1))], **WHO)
    before = spells()

    refused = people.upsert_assignments(
        [AssignmentRow("T1", "deng.tao", date(2026, 1, 1), date(2026, 6, 30))], **WHO
    )

    assert "王芳" in refused[0].reason
    assert spells() == before


def test_an_assignment_made_longer_may_not_reach_into_the_next():
    found_company()
    people.upsert_assignments([AssignmentRow("T1", "wang.fang", date(2026, 3, 1))], **WHO)

    refused = people.upsert_assignments(
        [AssignmentRow("T1", "li.wei", date(2025, 1, 1), date(2026, 3, 1))], **WHO
    )

    assert [r.column for r in refused] == ["person"]


def test_a_transfer_ends_the_former_post_and_the_former_file_does_not_undo_it():
    found_company()
    people.upsert_people([PersonRow("li.wei", "李伟", "rep", "T-B", valid_from=date(2025, 11, 17))], **WHO)

    people.upsert_people([PersonRow("li.wei", "李伟", "rep", "T-A")], **WHO)

    assert posts("li.wei") == [
        ("T-A", people.ALWAYS, date(2025, 11, 16)),
        ("T-B", date(2025, 11, 17), None),
    ]
    path = organisation().path_of(Person.objects.get(code="li.wei").pk, date(2025, 11, 17))
    assert path == "/C/R2/T-B/"


def test_a_transfer_moves_the_persons_target_to_the_new_team():
    from hangbiao.rooms.targets.models import Target, Version

    found_company()

    people.upsert_people([PersonRow("li.wei", "李伟", "rep", "T-B", valid_from=date(2025, 11, 17))], **WHO)

    target = Target.objects.get(person__code="li.wei", metric__code="sales", period__code="2025Q4")
    assert Version.objects.get(target=target, number=target.current).org_path == "/C/R2/T-B/"


def test_an_hrbp_may_serve_two_regions_at_once():
    found_company()

    assert people.upsert_people([PersonRow("sun.li", "孙丽", "hrbp", "R2")], **WHO) == []

    assert [unit for unit, _first, last in posts("sun.li") if last is None] == ["R1", "R2"]


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (PersonRow("li.wei", "李伟", "rep", "T-B"), "unit", "川东一组"),
        (PersonRow("x", "甲", "boss", "T-A"), "role", "没有这个角色"),
        (PersonRow("x", "甲", "rep", "T-404"), "unit", "T-404"),
        (PersonRow("x", "甲", "rep", "T-A", username="wang.fang"), "username", "wang.fang"),
        (
            PersonRow("x", "甲", "rep", "T-A", joined=date(2025, 5, 1), valid_to=date(2025, 4, 1)),
            "to",
            "早于",
        ),
    ],
)
def test_a_person_who_cannot_be_is_refused_and_nothing_else_with_them(row, column, said):
    found_company()
    before = posts("li.wei")

    refused = people.upsert_people([row, PersonRow("y", "乙", "rep", "T-A")], **WHO)

    assert [(r.index, r.column) for r in refused] == [(0, column)]
    assert said in refused[0].reason
    assert refused[0].remedy
    assert Person.objects.filter(code="y").exists()
    assert not Person.objects.filter(code="x").exists()
    assert posts("li.wei") == before


def test_one_user_name_goes_to_one_person_of_a_file():
    found_company()
    rows = [PersonRow(c, c, "rep", "T-A", username="same") for c in ("x", "y")]

    refused = people.upsert_people([*rows, rows[0]], **WHO)

    assert [r.index for r in refused] == [1]
    assert Account.objects.get(username="same").person.code == "x"


def test_the_company_may_have_any_code_and_there_is_one():
    people.ensure_company(name="演示食品", **WHO)

    assert people.upsert_units([UnitRow("HQ", "演示食品集团", "company")], **WHO) == []
    assert people.upsert_units([UnitRow("R1", "川东", "region", parent="HQ")], **WHO) == []
    refused = people.upsert_units([UnitRow("HQ2", "另一家", "company")], **WHO)

    assert Unit.objects.get(code="HQ").path == "/C/"
    assert Unit.objects.get(code="R1").path == "/C/R1/"
    assert "HQ" in refused[0].reason


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([UnitRow("a/b", "甲", "team", parent="R1"), UnitRow("a-b", "乙", "team", parent="R1")], "a/b"),
        ([UnitRow("x", "己", "team", parent="nowhere")], "nowhere"),
        ([UnitRow("T-A", "川东一组", "team", parent="R2")], "不能直接移动"),
        (
            [UnitRow(c * 40, c, "team", parent=p) for c, p in [("d", "R1"), ("e", "d" * 40), ("f", "e" * 40),
                                                               ("g", "f" * 40), ("h", "g" * 40)]],
            "超过 200",
        ),
    ],
)  # fmt: skip
def test_a_unit_that_cannot_be_is_refused_and_the_others_stand(rows, said):
    found_company()

    refused = people.upsert_units(rows, **WHO)

    assert [r.index for r in refused] == [len(rows) - 1]
    assert said in refused[0].reason
    assert refused[0].remedy
