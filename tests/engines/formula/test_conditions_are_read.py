"""What is a condition and what is not; the place of every mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangbiao.engines.formula.errors import BadFormula
from hangbiao.engines.formula.reading import DEEPEST, LONGEST, WORD, Name, catalogue, read
from hangbiao.engines.formula.tree import Both, Compare

NAMES = catalogue(
    Name("attainment", "完成率"),
    Name("visits_last_14d", "近14天拜访"),
    Name("planned", "计划拜访"),
    Name("channel", "渠道", WORD, choices=("KA", "CVS")),
    Name("light", "灯", WORD),
)


def faults_of(text):
    with pytest.raises(BadFormula) as refused:
        read(text, NAMES)
    assert refused.value.sentence()
    return [(text[f.start : f.end], f.sentence) for f in refused.value.faults]


def mistakes_in(text):
    """None for a formula; a refusal always has some."""
    try:
        read(text, NAMES)
    except BadFormula as refused:
        return refused.faults or pytest.fail(f"refused without a reason: {text}")
    return []


def test_a_condition_of_two_comparisons_knows_its_names_and_places():
    formula = read("attainment < 0.7 and visits_last_14d < 8", NAMES)

    assert formula.names() == {"attainment", "visits_last_14d"}
    assert isinstance(formula.condition, Both)
    assert isinstance(formula.condition.left, Compare)
    assert formula.text[slice(*formula.condition.left.span)] == "attainment < 0.7"
    assert formula.text[slice(*formula.condition.right.span)] == "visits_last_14d < 8"


def test_chinese_names_are_the_same_names():
    assert read("完成率 < 0.7 AND 近14天拜访 < 8", NAMES).names() == {"attainment", "visits_last_14d"}


def test_a_misspelt_name_is_pointed_at_with_the_nearest_one():
    ((words, sentence),) = faults_of("attainmnt < 0.7")

    assert words == "attainmnt"
    assert "attainment" in sentence


def test_every_mistake_is_named_in_one_answer():
    found = faults_of("attainmnt < 0.7 and plannd > 3 and 渠道 in ('KA', 'X')")

    assert [words for words, _sentence in found] == ["attainmnt", "plannd", "'X'"]


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "attainment", "attainment + 1", "true", "null", "1 < 2", "not attainment", "attainment < null",
        "(select 1) > 0", "attainment < (select 1)", "attainment in (select 1)", "exists(select 1)",
        "attainment < 1 union select 1", "attainment = any(array[1])",
        "pg_sleep(10) > 1", "current_user = 'x'", "sum(attainment) over () > 1", "attainment::text = 'x'",
        "pg_read_file('/etc/passwd') = 'x'", "lower(light) = 'x'", "cast(attainment as text) = 'x'",
        "case when attainment < 1 then 1 end > 0", "attainment < interval '1 day'", "now() > 1",
        "attainment < 1; drop table x", "attainment < 1 -- c", "attainment < 1 /* c */", "attainment < $1", "attainment < ?",
        "attainment < :x", "attainment < @x", '"attainment" < 1', "a.attainment < 1", "attainment.x < 1",
        "attainment = 'x'", "light < 'red'", "light + 1 > 2", "渠道 = 'X'", "attainment like 'x'", "attainment !~ 'x'",
        "attainment @> 1", "array[1] = 1", "attainment[1] < 1", "x'ff' = 1", "attainment << 1 > 2", "attainment % 2 = 0",
        "attainment ^ 2 > 1", "attainment || 'a' = 'b'", "attainment is distinct from 3", "attainment is true",
        "attainment between symmetric 3 and 1", "attainment < 0x10", "attainment < 1_000", "attainment < 1e999",
        "attainment < 9999999999999999999999", "attainment > 0.1e-400", "attainment < NaN", "attainment < 'NaN'::numeric",
        "attainment < 0.7 AND", "attainment < < 1", "(attainment < 1", "attainment < 1)", "attainment <", "完成率 < 0.7 或 1",
        "select attainment < 1", 'attainment < 1 collate "C"', "(attainment, planned) < (1, 2)", "row(1) < row(2)",
    ],
)  # fmt: skip
def test_what_is_not_a_plain_condition_is_refused_with_a_place(text):
    for words, sentence in faults_of(text):
        assert words or not text.strip(), text
        assert sentence


def test_ten_thousand_brackets_are_refused_before_anything_reads_them():
    ((words, _sentence),) = faults_of("(" * 10_000 + "attainment < 1" + ")" * 10_000)
    assert words

    deepest = "(" * DEEPEST + "attainment < 1" + ")" * DEEPEST
    assert read(deepest, NAMES).names() == {"attainment"}
    ((words, _sentence),) = faults_of("(" + deepest + ")")
    assert words == "("


def test_the_longest_text_is_read_and_one_letter_more_is_not():
    text = "attainment < 1"
    assert read(text.ljust(LONGEST), NAMES)
    assert faults_of(text.ljust(LONGEST + 1))


@given(st.text(max_size=60))
def test_no_text_whatever_gives_anything_but_a_formula_or_a_sentence(text):
    for fault in mistakes_in(text):
        assert 0 <= fault.start <= fault.end <= len(text)
        assert fault.sentence


WORDS = [
    "attainment", "planned", "渠道", "<", ">=", "=", "and", "or", "not", "(", ")", "0.7", "'KA'", "+", "/", ",", "is",
         "null", "in", "between", "coalesce", "select", "::", "least",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_words_of_the_language_in_any_order_never_crash_the_reader(words):
    mistakes_in(" ".join(words))


def test_two_names_cannot_answer_to_one_word():
    with pytest.raises(ValueError, match="two names"):
        catalogue(Name("a", "完成率"), Name("b", "完成率"))
