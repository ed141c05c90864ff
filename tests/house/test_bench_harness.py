"""`./dev bench` reports what was measured, names what was not, and says whether a promise was kept."""

import json
import sys
from types import SimpleNamespace

import pytest

from benchmarks import __main__ as bench
from benchmarks.promises import verdict


@pytest.fixture
def one_group(monkeypatch):
    def plant(**module):
        monkeypatch.setattr(bench, "groups", lambda: ["evaluate"])
        monkeypatch.setattr(bench.importlib, "import_module", lambda _: SimpleNamespace(**module))

    return plant


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("evaluate_orm_ratio_300", 300, "kept (≥ 300)"),
        ("evaluate_orm_ratio_300", 299.9, "MISSED (≥ 300)"),
        ("replay_rows_changed", 0, "kept (≤ 0)"),
        ("projection_coverage_pct", 88.1, "MISSED (≥ 76 and ≤ 88)"),
        ("day_booked_30k_cpu_s", 3, "report"),
    ],
)
def test_a_promise_is_judged_at_its_border(name, value, said):
    assert verdict(name, value) == said


def test_figures_are_written_under_their_names_with_the_machine(one_group, monkeypatch, tmp_path):
    one_group(figures=lambda long: {"replay_ratio": 0.5, "raw_daily_peak_mb": None})
    monkeypatch.setattr(sys, "argv", ["bench", "--json", str(tmp_path / "f.json")])

    assert bench.main() == 0
    written = json.loads((tmp_path / "f.json").read_text())
    assert written["figures"] == {"replay_ratio": 0.5}
    assert written["machine"]


def test_a_missed_promise_fails_the_run(one_group, monkeypatch):
    one_group(figures=lambda long: {"replay_ratio": 0.7})
    monkeypatch.setattr(sys, "argv", ["bench"])

    assert bench.main() == 1


def test_a_broken_group_is_named_and_hides_no_other(one_group, capsys):
    def figures(long):
        raise OSError("no room")

    one_group(figures=figures)

    assert bench.measure("evaluate", long=False) == {}
    assert "evaluate: not measured: OSError: no room" in capsys.readouterr().err


def test_a_name_stands_for_every_group_that_begins_with_it(monkeypatch):
    monkeypatch.setattr(bench, "groups", lambda: ["evaluate", "reliability_imports", "reliability_journal", "reliable"])

    assert bench.chosen(["reliability"]) == ["reliability_imports", "reliability_journal"]
    assert bench.chosen(["evaluate", "reliability_journal"]) == ["evaluate", "reliability_journal"]
    assert bench.chosen(["reli"]) == []
    assert len(bench.chosen([])) == 4
