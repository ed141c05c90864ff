"""Whoever asks for what is not theirs learns nothing: not a name, not a number, not even that it exists."""

from collections import Counter

import pytest

from tests.access.company import KINDS, RELATIONS, VIEWERS
from tests.access.matrix import NOBODY, all_rows
from tests.access.probe import hanging_on_others
from tests.access.routes import UNSAID, routes

ROWS = all_rows()
QUESTIONS = [pytest.param(row, way, id=f"{row.covers} {way}") for row in ROWS for way in row.asks]
PROMISED = 5_000


def test_every_route_has_a_row_and_every_row_a_route():
    covered, there = {row.covers for row in ROWS}, set(routes())

    assert sorted(map(str, there - covered)) == [], "add a row in tests/access/rows, see tests/access/matrix.py"
    assert sorted(map(str, covered - there)) == [], "rows for addresses that are gone"


def test_every_view_says_which_methods_it_takes():
    assert [str(route) for route in routes() if route.method == UNSAID] == []


@pytest.mark.parametrize(("row", "way"), QUESTIONS)
def test_nobody_learns_what_is_not_theirs(matrix, row, way):
    tally = matrix.run(row, way)

    assert not tally.findings, "\n".join(tally.findings[:20])
    assert row.entitled is NOBODY or sum(tally.probes.values()) == sum(w == way for w, *_ in matrix.plan(row))


@pytest.mark.parametrize("viewer", [v for v in VIEWERS if v.kind != "anonymous"], ids=lambda v: v.key)
def test_no_answer_hangs_on_what_others_have(matrix, viewer):
    compared, found = hanging_on_others(matrix, ROWS, viewer, most=6)

    assert not found, "\n".join(found[:20])
    assert compared >= sum(row.safe and row.object == "none" and not row.beyond for row in ROWS)


def test_all_kinds_ask_about_all_relations_and_more_than_five_thousand_questions_are_put(matrix):
    asked = Counter()
    for row in ROWS:
        for _way, viewer, relation, _place in matrix.plan(row):
            asked[viewer.kind, relation] += row.entitled is not NOBODY

    assert {(kind, relation) for kind in KINDS for relation in RELATIONS} <= set(asked)
    assert {("anonymous", relation) for relation in RELATIONS} <= set(asked)
    assert sum(asked.values()) >= PROMISED
