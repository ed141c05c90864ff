"""What each word after `./dev` does. Only what works is listed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ground import browser
from ground.setup import PYTHON, ROOT, set_up
from ground.steps import Stop, say

COMMANDS = ROOT / "src" / "hangbiao" / "site" / "commands"
LATER = {
    "backup": "backup and restore arrive with the reliability release",
    "restore": "backup and restore arrive with the reliability release",
    "new": 'the room template arrives with the low-code release; until then see CONTRIBUTING.md, "Add a room"',
}
Verb = Callable[[list[str]], int]


def hangbiao(*words: str) -> int:
    """Hand over to the installed command for good (on Windows: wait for it)."""
    command = [str(PYTHON), "-m", "hangbiao.site.cli", *words]
    if os.name != "nt":
        sys.stderr.flush()
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def handing_over(verb: str) -> Verb:
    """A verb that sets up and is then the `hangbiao` command of the same name."""

    def go(words: list[str]) -> int:
        if ("-h" not in words and "--help" not in words) or not PYTHON.exists():
            set_up()
        return hangbiao(verb, *words)

    return go


def test(words: list[str]) -> int:
    """Everything: checks and suite. Ends with pytest's closing line."""
    set_up("test")
    env, missing = browser.ready_for_tests()
    for sentence in missing:
        say(f"not run: {sentence}")
    # Neighbours stay together: what a module sets up is set up once, not once in each process.
    return _pytest(["-n", _processes(), "--dist", "worksteal", "-rs", *(words or ["tests"])], env)


def fast(words: list[str]) -> int:
    """The tests that need neither database nor browser."""
    set_up("test")
    return _pytest(["tests/core", "tests/house", *words])


def check(words: list[str]) -> int:
    """What CI checks besides the tests of the product: style, types, imports, house rules, migrations."""
    set_up("test")
    tools = [
        ["ruff", "check", "."],
        ["mypy"],
        ["importlinter.cli"],
        ["hangbiao.site.cli", "migrate", "--check"],
    ]
    failed = []
    for tool in tools:
        say(f"— {' '.join(tool)}")
        if subprocess.run([PYTHON, "-m", *tool], cwd=ROOT, check=False).returncode:
            failed.append(tool[0])
    if _pytest(["tests/house", "--deselect", "tests/house/test_tools_agree.py", *words]):
        failed.append("house tests")
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return int(bool(failed))


def bench(words: list[str]) -> int:
    """Measure the figures: `./dev bench [GROUP…] [--json FILE] [--long]`."""
    set_up("bench")
    return subprocess.run([PYTHON, "-m", "benchmarks", *words], cwd=ROOT, check=False).returncode


def shots(words: list[str]) -> int:
    """Pictures of the pages of a running demo, desktop and phone, light and dark, into shots/."""
    set_up("test")
    env, missing = browser.ready_for_tests()
    for sentence in missing:
        say(f"missing: {sentence}")
    return subprocess.run(
        [PYTHON, ROOT / "tools" / "shots.py", *words], cwd=ROOT, env={**os.environ, **env}, check=False
    ).returncode


def _pytest(arguments: Sequence[str], env: dict[str, str] | None = None) -> int:
    return subprocess.run(
        [PYTHON, "-m", "pytest", *arguments], cwd=ROOT, env={**os.environ, **(env or {})}, check=False
    ).returncode


def _processes() -> str:
    return str(max(2, min(os.cpu_count() or 2, 8)))


OWN: dict[str, tuple[str, Verb]] = {
    "test": ("the whole suite, with the checks (arguments go to pytest)", test),
    "fast": ("the tests that need no database and no browser", fast),
    "check": ("style, types, import contracts, house rules, migrations", check),
    "shots": ("pictures of the running demo's pages into shots/ [--url URL]", shots),
    "bench": ("measure the promised figures [GROUP…] [--json FILE] [--long]", bench),
}
HANDED = {
    "demo": "the demo company on http://localhost:8000 [--once] [--port N] [--fresh]",
    "try": "your own files on the board: try FOLDER --data DIR [--once]",
    "serve": "the web server for the real database [--port N]",
    "worker": "the background worker for the real database",
    "schema": "the OpenAPI document of the interface [--out FILE]",
    "doctor": "compare what must be equal, and say what is not",
}


def available() -> dict[str, tuple[str, Verb]]:
    """The verbs that work in this checkout, in the order in which one meets them."""
    handed = {v: (line, handing_over(v)) for v, line in HANDED.items() if _command_file(v).exists()}
    return {**{v: handed.pop(v) for v in ("demo", "try") if v in handed}, **OWN, **handed}


def _command_file(verb: str) -> Path:
    return COMMANDS / (f"{verb}_.py" if verb == "try" else f"{verb}.py")


def usage() -> str:
    """The list that `./dev` alone prints."""
    lines = [f"  ./dev {verb:<8} {line}" for verb, (line, _) in available().items()]
    return "\n".join(["Hangbiao (航标). What ./dev can do:", *lines])


def main(words: list[str]) -> int:
    """Run one verb; every foreseeable trouble ends in a sentence, Ctrl-C in a promise."""
    if not words or words[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0
    verb, rest = words[0], words[1:]
    known = available()
    if verb not in known:
        say(f"./dev {verb}: {LATER[verb]}." if verb in LATER else f"./dev knows no verb '{verb}'.\n{usage()}")
        return 2
    try:
        return known[verb][1](rest)
    except Stop as stopped:
        say(str(stopped))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the same command again: it goes on where it was.")
        return 130
