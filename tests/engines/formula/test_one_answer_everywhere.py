"""PostgreSQL, by the compiled condition, and Python, row by row, give one answer to the same row."""

from fractions import Fraction

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangbiao.engines.formula.errors import BadFormula, NotThere
from hangbiao.engines.formula.judging import explain, judge
from hangbiao.engines.formula.reading import WORD, Name, catalogue, read
from hangbiao.engines.formula.sql import condition

NAMES = catalogue(Name("a", "甲"), Name("b", "乙"), Name("c", "丙"), Name("w", "词", WORD))
COLUMNS = {"a": "r.a", "b": "r.b", "c": "r.c", "w": "r.w"}

numbers = st.sampled_from(["a", "b", "c", "0", "1", "0.7", "3", "7.5"])
values = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda v: f"-({v})"),
        inner.map(lambda v: f"abs({v})"),
        st.tuples(st.sampled_from(["least", "greatest", "coalesce"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
    ),
    max_leaves=5,
)
leaves = st.one_of(
    st.tuples(values, st.sampled_from(["<", "<=", "=", "<>", ">", ">="]), values).map(" ".join),
    values.map(lambda v: f"{v} is null"),
    values.map(lambda v: f"{v} is not null"),
    st.tuples(values, values, values).map(lambda t: f"{t[0]} between {t[1]} and {t[2]}"),
    st.sampled_from(["w = 'x'", "w <> 'it''s'", "w in ('x', 'y')", "w not in ('x', 'y')", "w is null"]),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda c: f"not ({c})"),
    ),
    max_leaves=4,
)
amounts = st.one_of(st.none(), st.integers(-9, 9), st.integers(-(10**12), 10**12))
rows = st.fixed_dictionaries({"a": amounts, "b": amounts, "c": amounts, "w": st.sampled_from([None, "x", "y", "it's"])})


def by_database(formula, row):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {condition(formula, COLUMNS).replace('%', '%%')}"
            " FROM (SELECT %(a)s::numeric AS a, %(b)s::numeric AS b, %(c)s::numeric AS c, %(w)s::text AS w) r",
            row,
        )
        return cursor.fetchone()[0]


# A condition must name something.
naming = st.tuples(conditions, st.sampled_from(["a", "b"])).map(lambda t: f"({t[0]}) or {t[1]} is null")
whatever = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)


def can_be(text):
    """Not refused because it divides by a written 0, which nothing else may hide behind."""
    try:
        read(text, NAMES)
    except BadFormula as bad:
        return not all("除数是 0" in fault.sentence for fault in bad.faults)
    return True


@pytest.mark.django_db
@given(text=naming.filter(can_be), given_rows=st.lists(rows, min_size=1, max_size=4))
@whatever
def test_any_condition_over_any_row(text, given_rows):
    formula = read(text, NAMES)
    for row in given_rows:
        assert by_database(formula, row) is judge(formula, row), (text, row)


@pytest.mark.parametrize(
    ("text", "row", "answer"),
    [
        ("a / b < 0.7", {"a": 7, "b": 10}, False),
        ("a / b < 0.7", {"a": 69_999, "b": 100_000}, True),
        ("a / b < 0.7", {"a": 7, "b": 0}, None),
        ("a / b < 0.7", {"a": 7, "b": -10}, True),
        ("a / b * b = a", {"a": 1, "b": 3}, True),
        ("a / (b / c) = 6", {"a": 3, "b": 1, "c": 2}, True),
        ("a / (b / c) = 6", {"a": 3, "b": 1, "c": 0}, None),
        ("a < 1 and b < 1", {"a": 2, "b": None}, False),
        ("a < 1 or b < 1", {"a": 2, "b": None}, None),
        ("not a < 1", {"a": None}, None),
        ("a is null", {"a": None}, True),
        ("least(a, b) < 1", {"a": 0, "b": None}, None),
        ("coalesce(a / b, 0) < 1", {"a": 5, "b": 0}, True),
    ],
)
@pytest.mark.django_db
def test_borders_and_what_is_not_there(text, row, answer):
    formula, whole = read(text, NAMES), {"a": None, "b": None, "c": None, "w": None} | row

    assert judge(formula, whole) is answer
    assert by_database(formula, whole) is answer


def test_an_explanation_goes_through_the_conditions_in_the_order_of_the_text():
    formula = read("a / b < 0.7 and (w = 'x' or not c < 8)", NAMES)

    lines = explain(formula, {"a": Fraction(53), "b": 100, "c": None, "w": "y"})

    assert [(line.words, line.holds) for line in lines] == [("a / b < 0.7", True), ("w = 'x'", False), ("c < 8", None)]
    assert lines[0].values == (("a", 53), ("b", 100))


def test_a_row_without_a_name_is_a_fault_of_the_program():
    with pytest.raises(NotThere):
        judge(read("a < 1", NAMES), {"b": 1})
    with pytest.raises(NotThere):
        condition(read("a < 1", NAMES), {"b": "r.b"})
