"""Sending anything again, in any order, gives the same scorecard."""

import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangbiao.rooms.actuals import selectors
from hangbiao.rooms.actuals.models import DailyFact, Scorecard
from tests.world import found_company
from tests.world.orders import HEADER, ORDERS, mapping_folder, order, send, write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
AT = datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
VERSIONED = ORDERS + "  version: 版本\n"

lines = st.tuples(
    st.sampled_from(["A", "B", "C"]),
    st.sampled_from(["2025-10-09", "2025-10-10", "2025-12-31"]),
    st.integers(-5_000, 5_000).map(lambda n: f"{n / 100:.2f}"),
    st.sampled_from(["li.wei", "wang.fang", ""]),
)


class Undone(Exception):
    """Raised to take an example's rows out again."""


def books_after(
    folder: Path, mapping: str, header: list[str], files: list[list[list[str]]]
) -> dict[str, object]:
    """Scorecard and non-zero daily facts after importing the files in this order, in a transaction that is undone."""
    found: dict[str, object] = {}
    try:
        with transaction.atomic():
            path = mapping_folder(folder / "mapping", orders=mapping)
            for n, rows in enumerate(files):
                report = send(path, write_csv(folder / f"orders_{n}.csv", rows, header=header), AT)
                assert report.quarantined == 0, report.lines()
            found["scorecard"] = sorted(Scorecard.objects.values_list("target", "actual"))
            found["daily"] = set(
                DailyFact.objects.exclude(value=0).values_list("day", "person", "territory", "value")
            )
            assert selectors.differences() == []
            raise Undone
    except Undone:
        return found


@FEW
@given(st.data())
def test_with_a_version_column_any_order_and_repetition_gives_the_same_scorecard(company, data):
    versions: dict[str, int] = {}
    rows = []
    for number, day, amount, rep in data.draw(st.lists(lines, min_size=1, max_size=5)):
        versions[number] = versions.get(number, 0) + 1
        rows.append([*order(number, day, amount, rep=rep), str(versions[number])])
    batches = [[row] for row in rows]
    shuffled = data.draw(st.permutations(batches + batches[: len(batches) // 2]))
    merged = [[row for batch in shuffled[:2] for row in batch], *shuffled[2:]]

    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        in_order = books_after(Path(one), VERSIONED, [*HEADER, "版本"], batches)
        in_disorder = books_after(Path(other), VERSIONED, [*HEADER, "版本"], merged)

    assert in_order == in_disorder


@FEW
@given(st.data())
def test_re_importing_files_after_they_all_came_changes_nothing(company, data):
    drawn = data.draw(st.lists(st.lists(lines, min_size=1, max_size=3), min_size=1, max_size=4))
    files = [[order(n, day, amount, rep=rep) for n, day, amount, rep in rows] for rows in drawn]
    again = data.draw(st.lists(st.sampled_from(files), max_size=4))

    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        once = books_after(Path(one), ORDERS, HEADER, files)
        many = books_after(Path(other), ORDERS, HEADER, [*files, *again])

    assert once == many


@FEW
@given(st.lists(lines, min_size=1, max_size=6, unique_by=lambda line: line[0]), st.randoms())
def test_files_of_different_lines_may_come_in_any_order(company, drawn, random):
    files = [[order(n, day, amount, rep=rep)] for n, day, amount, rep in drawn]
    shuffled = list(files)
    random.shuffle(shuffled)

    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        assert books_after(Path(one), ORDERS, HEADER, files) == books_after(
            Path(other), ORDERS, HEADER, shuffled
        )


@pytest.fixture
def company() -> None:
    found_company()
