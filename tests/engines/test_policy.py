"""Dated business numbers."""

from datetime import date, timedelta

import pytest

from hangbiao.engines.journal.models import Entry
from hangbiao.engines.policy import catalogue
from hangbiao.engines.policy.catalogue import Parameter, register
from hangbiao.engines.policy.errors import BadValue, Unexplained, UnknownParameter
from hangbiao.engines.policy.selectors import history_of, policy_on, value_of
from hangbiao.engines.policy.services import set_value

BORDER, WEEKS, BASIS = "test.yellow_below", "test.weeks", "test.basis"
Q4 = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(catalogue, "_parameters", {})
    register(
        Parameter(
            BORDER,
            "fraction",
            "0.70",
            unit="ratio",
            source="requirement R2.2",
            title="t",
            least="0",
            most="1",
        ),
        Parameter(WEEKS, "integers", [10], source="domain 0", title="t", least="1", most="14"),
        Parameter(BASIS, "choice", "pace", source="domain 0", title="t", choices=("pace", "cumulative")),
        Parameter("test.cap", "decimal", "1.5", title="t"),
        Parameter("test.days", "integer", 2, title="t"),
        Parameter("test.on", "flag", True, title="t"),
        Parameter("test.text", "text", "", title="t"),
        Parameter("test.day", "day", "2026-01-01", title="t"),
        Parameter("test.texts", "texts", ["rep"], title="t"),
    )


@pytest.fixture
def decide(db, at):
    def decide(value, *, key=BORDER, since=Q4, recorded=at, path=""):
        return set_value(
            key=key,
            value=value,
            valid_from=since,
            source="minutes 7",
            approver="account:3",
            actor="account:2",
            at=recorded,
            path=path,
        )

    return decide


def test_without_a_decision_the_default_holds(db):
    assert value_of(BORDER, Q4) == "7/10"


def test_a_decision_holds_from_its_day_and_not_before(decide):
    decide("0.75")

    assert value_of(BORDER, Q4 - timedelta(days=1)) == "7/10"
    assert value_of(BORDER, Q4) == "3/4"


def test_a_later_correction_wins_but_what_was_known_before_can_still_be_asked(decide, at, later):
    decide("0.75")
    decide("0.80", recorded=later)

    assert value_of(BORDER, Q4) == "4/5"
    assert value_of(BORDER, Q4, known_at=at) == "3/4"
    assert value_of(BORDER, Q4, known_at=at - timedelta(seconds=1)) == "7/10"


def test_the_later_day_wins_over_the_later_recording(decide, later):
    decide("0.80", since=Q4 + timedelta(days=10))
    decide("0.75", recorded=later)

    assert value_of(BORDER, Q4 + timedelta(days=9)) == "3/4"
    assert value_of(BORDER, Q4 + timedelta(days=10)) == "4/5"


def test_the_nearest_place_wins_and_neighbours_whose_code_begins_alike_are_not_meant(decide, later):
    decide("0.60", path="/C/R01/")
    decide("0.75", recorded=later)

    assert value_of(BORDER, Q4, path="/C/R01/T1/") == "3/5"
    assert value_of(BORDER, Q4, path="/C/R010/") == "3/4"
    assert value_of(BORDER, Q4) == "3/4"


def test_several_keys_come_with_one_query(decide, django_assert_num_queries):
    decide("0.75")

    with django_assert_num_queries(1):
        assert policy_on([BORDER, WEEKS, BASIS], on=Q4) == {BORDER: "3/4", WEEKS: [10], BASIS: "pace"}


def test_a_decision_leaves_a_line_in_the_journal(decide):
    decide([10, 12], key=WEEKS)

    line = Entry.objects.get()
    assert (line.kind, line.actor) == ("policy.value_set", "account:2")
    assert line.data["value"] == [10, 12]
    assert line.data["approver"] == "account:3"
    assert [row.value for row in history_of(WEEKS)] == [[10, 12]]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (BORDER, "seventy"), (BORDER, 0.7), (BORDER, "1/0"), (BORDER, "1e999999999"), (BORDER, "nan"), (BORDER, "1.2"),
        (BORDER, "-1/2"), (BORDER, True), (BORDER, None), (BASIS, "mood"), (BASIS, ["pace"]), (WEEKS, 10), (WEEKS, [0]),
        (WEEKS, ["x"]), (WEEKS, [15]), ("test.cap", "Infinity"), ("test.cap", "NaN"), ("test.cap", "1e400"), ("test.cap", 1.5),
        ("test.days", "2.5"), ("test.days", "²"), ("test.on", "yes"), ("test.text", "x" * 3000), ("test.day", "2026-02-30"),
        ("test.day", 5), ("test.texts", "rep"), ("test.texts", [1]),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_refused_with_a_sentence(decide, key, value):
    with pytest.raises(BadValue) as refusal:
        decide(value, key=key)

    assert key in refusal.value.sentence()
    assert refusal.value.sentence().endswith("。")
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        (BORDER, "0.70", "7/10"),
        (BORDER, 1, "1"),
        ("test.cap", "1.50", "1.50"),
        ("test.days", 3, "3"),
        ("test.on", False, False),
    ],
)
def test_a_value_is_kept_exactly(decide, key, value, kept):
    assert decide(value, key=key).value == kept


def test_an_unknown_key_is_refused_and_the_nearest_is_named(decide):
    with pytest.raises(UnknownParameter) as refusal:
        decide("0.7", key="test.yelow_below")

    assert BORDER in refusal.value.sentence()


@pytest.mark.parametrize("missing", ["source", "approver"])
def test_a_decision_that_nobody_answers_for_is_refused(db, at, missing):
    words = {"source": "minutes", "approver": "account:1"} | {missing: " "}

    with pytest.raises(Unexplained):
        set_value(key=BORDER, value="0.7", valid_from=Q4, actor="account:2", at=at, **words)


def test_one_key_registered_with_two_meanings_is_a_fault():
    with pytest.raises(ValueError, match="twice"):
        register(Parameter(BASIS, "text", "pace", title="t"))
    register(Parameter(BASIS, "choice", "pace", source="domain 0", title="t", choices=("pace", "cumulative")))


def test_a_default_that_breaks_its_own_rule_is_a_fault():
    with pytest.raises(BadValue):
        register(Parameter("test.new", "fraction", "2", title="t", most="1"))
