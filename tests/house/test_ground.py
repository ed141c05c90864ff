"""The ground under the house: `./dev` sets up once, goes on where it stopped, and speaks in sentences."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ground import browser, setup, verbs
from ground.steps import Step, Stop, run, take
from hangbiao.site.web import free_port

REPOSITORY = Path(__file__).parents[2]
needs_a_shell = pytest.mark.skipif(os.name == "nt", reason="Windows users call tools/dev.py")


@needs_a_shell
def test_an_old_python_is_answered_with_a_sentence_that_names_it(tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    for tool in ("dirname", "head"):
        (tmp_path / tool).symlink_to(shutil.which(tool))

    answer = subprocess.run(
        [REPOSITORY / "dev", "demo"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )

    assert answer.returncode == 1
    assert "needs Python 3.11 or newer" in answer.stderr
    assert f"{old}: Python 3.9.2" in answer.stderr
    assert "Traceback" not in answer.stderr


@needs_a_shell
def test_no_python_at_all_is_answered_with_a_sentence(tmp_path):
    (tmp_path / "dirname").symlink_to(shutil.which("dirname"))

    answer = subprocess.run(
        [REPOSITORY / "dev"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )

    assert answer.returncode == 1
    assert "no Python at all" in answer.stderr


def test_a_taken_port_is_passed_over_and_said(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        given = free_port(port)

    assert given > port
    assert f"Port {port} is in use, taking {given} instead." in capsys.readouterr().err


def test_a_free_port_is_taken_as_asked(capsys):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    assert free_port(port) == port
    assert capsys.readouterr().err == ""


def test_a_step_is_done_once_until_its_inputs_change_or_its_output_is_gone(tmp_path):
    lock, made, done = tmp_path / "a.lock", tmp_path / "made", []

    def act():
        done.append(1)
        made.touch()

    def once():
        return take(Step("a", "a", act, [lock], [made]), tmp_path / "stamps")

    lock.write_text("one")
    assert once()
    assert not once()

    lock.write_text("two")
    assert once()
    assert not once()

    made.unlink()
    assert once()
    assert len(done) == 3


def test_a_step_that_fails_leaves_no_stamp(tmp_path):
    def act():
        raise Stop("no network")

    with pytest.raises(Stop):
        take(Step("a", "a", act), tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_failed_command_ends_in_a_sentence_with_the_end_of_its_log(tmp_path):
    command = [sys.executable, "-c", "print('the index is away'); raise SystemExit(3)"]

    with pytest.raises(Stop, match="Installing failed") as stopped:
        run(command, log=tmp_path / "log", sentence="Installing failed.")

    assert "the index is away" in str(stopped.value)


@needs_a_shell
def test_ctrl_c_in_the_middle_of_a_step_leaves_no_stamp_and_the_next_run_goes_on(tmp_path):
    program = f"""
import signal, sys, pathlib
# A shell starts background jobs deaf to Ctrl-C and children inherit that; a person at a terminal is not deaf.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, {str(REPOSITORY / "tools")!r})
from ground import verbs
from ground.steps import Step, run, take
here = pathlib.Path({str(tmp_path)!r})
def work(words):
    take(Step("first", "first", lambda: None), here / "stamps")
    take(Step("second", "second", lambda: run(["sh", "-c", words[0]], log=here / "log", sentence="no")), here / "stamps")
    return 0
verbs.available = lambda: {{"work": ("", work)}}
sys.exit(verbs.main(["work", sys.argv[1]]))
"""
    child = subprocess.Popen(
        [sys.executable, "-c", program, "echo begun; sleep 60"],
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "log").exists() or "begun" not in (tmp_path / "log").read_text():
        assert child.poll() is None
    child.send_signal(signal.SIGINT)
    said = child.communicate(timeout=30)[1]

    assert child.returncode == 130
    assert "it goes on where it was" in said
    assert [p.name for p in (tmp_path / "stamps").iterdir()] == ["first"]

    again = subprocess.run(
        [sys.executable, "-c", program, "true"], capture_output=True, text=True, check=True
    )
    assert "second: done" in again.stderr
    assert "first" not in again.stderr


def test_a_full_disk_is_said_before_anything_is_fetched(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=300 * 10**6))

    with pytest.raises(Stop, match=r"needs about 2 GB in .*, 0\.3 GB are free"):
        setup.check_disk(REPOSITORY)


def test_a_python_without_venv_names_the_package_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(setup, "may_use_apt", lambda: False)

    with pytest.raises(Stop, match=rf"python3\.{sys.version_info.minor}-venv"):
        setup._install_debian_venv(tmp_path / "log")


def test_what_the_tests_cannot_have_is_named(monkeypatch):
    def unreachable(step, _):
        raise Stop(f"no {step.name} to be had")

    monkeypatch.setattr(browser, "may_use_apt", lambda: False)
    monkeypatch.setattr(browser, "_chrome", lambda: None)
    monkeypatch.setattr(browser, "_playwright_browser", lambda: False)
    monkeypatch.setattr(browser, "has_chinese_fonts", lambda: False)
    monkeypatch.setattr(browser, "take", unreachable)
    monkeypatch.setattr(shutil, "which", lambda _: None)

    env, missing = browser.ready_for_tests()

    assert env == {}
    assert [sentence.split()[0:2] for sentence in missing] == [
        ["a", "browser:"],
        ["Chinese", "fonts"],
        ["pdfsig", "(poppler-utils):"],
    ]


def test_only_verbs_that_work_are_listed(capsys):
    assert verbs.main([]) == 0
    listed = {line.split()[1] for line in capsys.readouterr().out.splitlines()[1:]}

    assert {"test", "fast", "check", "bench", "serve"} <= listed
    assert not listed & verbs.LATER.keys()


@pytest.mark.parametrize("verb", sorted(verbs.LATER))
def test_a_verb_of_a_later_release_says_so_and_does_nothing(verb, capsys):
    assert verbs.main([verb]) == 2
    assert "arrive" in capsys.readouterr().err


def test_an_unknown_verb_is_answered_with_the_list(capsys):
    assert verbs.main(["dance"]) == 2
    assert "no verb 'dance'" in capsys.readouterr().err


def test_asking_for_help_loads_neither_django_nor_the_database():
    asked = (
        "import sys; from hangbiao.site import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: print(*(m for m in sys.modules if m in {'django', 'psycopg', 'numpy', 'duckdb'}), 'END')"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}

    said = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=environment
    ).stdout

    assert "migrate" in said
    assert said.splitlines()[-1].strip() == "END"


def test_the_locks_name_hashes_and_no_address():
    for lock in [*(REPOSITORY / "requirements").glob("*.lock"), REPOSITORY / "package-lock.json"]:
        text = lock.read_text()

        assert "://" not in "".join(
            line for line in text.splitlines() if '"url"' not in line and "funding" not in line
        ), lock
        assert "sha256:" in text or "sha512-" in text


def test_nothing_of_third_parties_is_committed():
    tracked = [p for p in (*REPOSITORY.glob("src/**/*"), *REPOSITORY.glob("frontend/**/*")) if p.is_file()]
    ours = [
        p for p in tracked if "build" not in p.relative_to(REPOSITORY).parts and "__pycache__" not in p.parts
    ]

    foreign = [
        p
        for p in ours
        if p.suffix in {".woff", ".woff2", ".ttf", ".otf"} or p.name.endswith((".min.js", ".min.css"))
    ]

    assert foreign == []
