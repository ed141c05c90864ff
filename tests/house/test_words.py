"""What a file or a policy may say has its word, in Chinese and English, on one page."""

import re
from pathlib import Path

import pytest

from hangbiao.core.lights import Basis, Grey, Light, State
from hangbiao.core.payout import POLICIES
from hangbiao.rooms.actuals.streams import STREAMS

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "words.md"
MASTERS = {"units": "unit", "people": "post", "territories": "territory", "assignments": "assignment",
           "targets": "target", "metrics": "metric"}  # fmt: skip


def said() -> set[str]:
    return set(re.findall(r"`(\w+)`", PAGE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("stream", STREAMS)
def test_every_stream_has_its_word(stream):
    assert MASTERS.get(stream, stream) in said()


@pytest.mark.parametrize("reason", Grey)
def test_every_reason_for_grey_has_its_word(reason):
    assert reason.value in said()


def test_roles_have_their_words():
    text = (Path(__file__).parents[2] / "src/hangbiao/rooms/people/roles.py").read_text(encoding="utf-8")
    roles = set(re.findall(r'= "(\w+)"', text))
    assert "auditor" in roles
    assert roles - said() == set()


def test_lights_states_bases_and_score_policies_have_their_words():
    page = PAGE.read_text(encoding="utf-8")
    for value in (*Light, *State, *Basis, *(policy.name for policy in POLICIES)):
        assert re.search(rf"\b{value}\b", page), value


def test_a_word_stands_for_one_concept():
    rows = [line.split("|")[1].strip() for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert len(rows) == len(set(rows))


def test_the_guide_lists_every_stream_with_all_its_fields_and_roles():
    guide = (PAGE.parents[1] / "guide" / "mapping.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(): line for line in guide.splitlines() if line.startswith("| ")}
    for name, stream in STREAMS.items():
        words = set(re.findall(r"\w+", rows[name]))
        assert {field.name for field in stream.fields} <= words, name
        assert {choice for field in stream.fields for choice in field.choices} - words <= {
            "sell_in", "sell_out", "higher", "lower",
        }, name  # fmt: skip
    assert "auditor" in rows["people"]
