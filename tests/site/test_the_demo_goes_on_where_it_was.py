"""Ctrl-C while the demo company lives its first quarter: the same command again ends where an undisturbed one ends."""

from collections import Counter
from datetime import date, datetime

import pytest

from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals.models import Batch, DailyFact
from hangbiao.rooms.actuals.selectors import differences
from hangbiao.rooms.lights.models import Run
from hangbiao.site.demo import passage
from hangbiao.site.demo.generate import generate
from hangbiao.site.demo.schedule import ZONE, files_until

AT = datetime(2024, 10, 2, 9, tzinfo=ZONE)
MOMENTS = ["before the first file", "in the middle", "while the first official lights are lit", "in the preview at the end"]


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setenv("HANGBIAO_HOME", str(tmp_path))
    monkeypatch.setenv("HANGBIAO_DEMO", "1")
    generate(tmp_path / "demo", seed=7, reps=36, lines=2_000)
    return tmp_path / "demo" / "files"


def interrupting(name: str, monkeypatch, when):
    """Ctrl-C right after the named function's work is committed and before anything notes it."""
    real = getattr(passage, name)

    def press(*args, **kwargs):
        done = real(*args, **kwargs)
        if when(kwargs):
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(passage, name, press)


def live(files) -> None:
    passage.live_until(files, AT, lambda _what, _done, _of: None)


@pytest.mark.parametrize("moment", MOMENTS)
def test_interrupted_anywhere_and_begun_again_every_file_counts_once_and_every_day_is_lit_once(
    moment, files, own_database, monkeypatch
):
    imports = Counter()

    def third(_said) -> bool:
        imports["n"] += 1
        return imports["n"] == 3

    with acting(system_scope("test")), monkeypatch.context() as hand:
        if moment == "before the first file":
            interrupting("ensure_periods", hand, lambda _said: True)
        elif moment == "in the middle":
            interrupting("import_folder", hand, third)
        else:
            kind = "preview" if "preview" in moment else "checkpoint"
            interrupting("evaluate", hand, lambda said: said["kind"] == kind)
        with pytest.raises(KeyboardInterrupt):
            live(files)
    assert _lived(files) != AT.isoformat(), "the end is not noted before it is reached"

    with acting(system_scope("test")):
        live(files)
        live(files)

        assert _lived(files) == AT.isoformat()
        came = {path.name for _when, path in files_until(files, AT)}
        batches = Counter(Batch.objects.exclude(stream="metrics").values_list("file_name", flat=True))
        assert {name: batches[name] for name in came} == dict.fromkeys(came, 1)
        assert DailyFact.objects.exists()
        assert differences() == []
        lit = sorted(Run.objects.values_list("kind", "as_of"))
        assert lit == [("checkpoint", date(2024, 9, 30)), ("preview", date(2024, 10, 1))]


def _lived(files) -> str:
    stamp = files.parent / "lived"
    return stamp.read_text() if stamp.exists() else ""
