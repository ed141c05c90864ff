"""`kill -9` at every named point of writing, sending and asking: nothing is lost, nothing is seen twice."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from hangbiao.engines.notify import reach
from hangbiao.engines.notify.models import Message, Part
from hangbiao.engines.scope.context import acting, system_scope
from tests.engines.notify import killed
from tests.engines.notify.world import THURSDAY

REPOSITORY = Path(__file__).parents[3]
POINTS = [("write", "message.written"), ("send", "message.composed"), ("send", "message.sending"), ("send", "message.accepted"),
          ("send", "message.confirming")]  # fmt: skip


@pytest.fixture
def house(own_database, settings, tmp_path, monkeypatch):
    from hangbiao.engines.accounts.models import Account

    settings.CLOCK = settings.WALL_CLOCK = "tests.engines.notify.killed.wall"
    settings.CHANNELS = {}
    monkeypatch.setenv(killed.LEDGER, str(tmp_path / "ledger"))
    monkeypatch.setenv(killed.WALL, THURSDAY.isoformat())
    monkeypatch.setattr(reach, "_people", [])
    killed.ready()
    for n in range(killed.PEOPLE):
        Account.objects.create_user(f"u{n}", name="not told")
    with acting(system_scope("test")):
        yield tmp_path / "ledger"


def kill(what: str, point: str, url: str) -> None:
    """Let another process do it and die there."""
    env = os.environ | {
        "DATABASE_URL": url, "HANGBIAO_CRASH_AT": point, "PYTHONPATH": f"{REPOSITORY / 'src'}:{REPOSITORY}",
        "DJANGO_SETTINGS_MODULE": "hangbiao.site.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.engines.notify.killed", what], env=env, cwd=REPOSITORY, check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize(("what", "point"), POINTS, ids=[point for _what, point in POINTS])
def test_a_kill_loses_nothing_and_doubles_nothing(house, own_database, monkeypatch, what, point):
    from hangbiao.engines.accounts.models import Account

    if what == "send":
        killed.write()
        if point == "message.confirming":
            killed.send()
            monkeypatch.setenv(killed.WALL, (THURSDAY + timedelta(minutes=1)).isoformat())

    kill(what, point, own_database.url)

    if what == "write":
        assert not Part.objects.exists()
        assert not Account.objects.filter(name="told").exists(), "neither the message nor what it tells"
        killed.write()
    for minutes in (4, 8):
        monkeypatch.setenv(killed.WALL, (THURSDAY + timedelta(minutes=minutes)).isoformat())
        killed.send()
    seen = house.read_text().splitlines()
    assert len(set(seen)) == Message.objects.count() == killed.PEOPLE
    assert len(seen) <= killed.PEOPLE + (point == "message.accepted"), "only an answer that nobody noted is asked for again"
    assert set(Message.objects.values_list("state", flat=True)) == {"confirmed"}
