"""Somebody's own files come in through mappings alone: the program knows no sample by name."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
NAMES = re.compile(
    r"adventure.?works|contoso|crm.?opportunit|maven|EmployeeKey|ResellerKey|FactResellerSales|FactSalesQuota|QuotaHistory"
    r"|sales_pipeline|sales_agent|regional_office|deal_stage|close_value|GTX",
    re.IGNORECASE,
)
SOURCES = [
    p
    for p in (REPOSITORY / "src").rglob("*")
    if p.is_file()
    and p.suffix in {".py", ".html", ".yaml", ".yml", ".po", ".sql", ".json", ".txt"}
    and "build" not in p.parts
]


def test_no_word_of_a_sample_stands_under_src():
    found = [
        f"{p.relative_to(REPOSITORY)}: {m.group()}"
        for p in SOURCES
        if (m := NAMES.search(p.read_text(encoding="utf-8", errors="replace")))
    ]

    assert found == []


@pytest.mark.parametrize(
    "word", ["AdventureWorks", "employeekey", "FactResellerSales", "close_value", "crm_opportunities"]
)
def test_the_words_looked_for_are_those_of_the_samples(word):
    assert NAMES.search(f"x = {word!r}")


def test_there_is_something_to_look_through():
    assert len(SOURCES) > 50
