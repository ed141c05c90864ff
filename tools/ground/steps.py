"""Steps that are done once: a stamp, written last, says what a step was done with."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


class Stop(Exception):
    """The work cannot go on; the message is a sentence for the person at the terminal."""


def say(line: str) -> None:
    """A line of progress. Standard output stays free for results."""
    print(line, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Step:
    """One piece of the set-up: `inputs` decide whether it is due, `outputs` must exist for it to count as done."""

    name: str
    title: str
    act: Callable[[], None]
    inputs: Sequence[Path | str] = ()
    outputs: Sequence[Path] = field(default=())

    def digest(self) -> str:
        """The hash of everything the step's result depends on."""
        total = hashlib.sha256()
        for given in self.inputs:
            total.update(b"\0" + (given.encode() if isinstance(given, str) else _content(given)))
        return total.hexdigest()


def _content(path: Path) -> bytes:
    if not path.is_dir():
        return path.read_bytes() if path.exists() else b"-"
    files = sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return b"".join(
        str(p.relative_to(path)).encode() + b"\0" + hashlib.sha256(p.read_bytes()).digest() for p in files
    )


def take(step: Step, stamps: Path) -> bool:
    """Do `step` unless its stamp says that it is done with these very inputs. True if it was done now."""
    stamp, digest = stamps / step.name, step.digest()
    if stamp.exists() and stamp.read_text() == digest and all(p.exists() for p in step.outputs):
        return False
    stamp.unlink(missing_ok=True)
    with Progress(step.title):
        step.act()
    stamps.mkdir(parents=True, exist_ok=True)
    draft = stamp.with_suffix(".draft")
    draft.write_text(digest)
    draft.replace(stamp)
    return True


class Progress:
    """Show that something long is still running: a living line on a terminal, a line every ten seconds elsewhere."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.began = time.monotonic()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> None:
        say(f"  {self.title} …")
        self.thread.start()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.over.set()
        self.thread.join()
        say(f"\r  {self.title}: {'done' if kind is None else 'stopped'} after {self._seconds():.0f} s")

    def _seconds(self) -> float:
        return time.monotonic() - self.began

    def _tick(self) -> None:
        terminal = sys.stderr.isatty()
        while not self.over.wait(1 if terminal else 10):
            text = f"  {self.title} … {self._seconds():.0f} s"
            print(
                "\r" + text if terminal else text, end="" if terminal else "\n", file=sys.stderr, flush=True
            )


def run(
    command: Sequence[str | Path],
    *,
    log: Path,
    sentence: str,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> None:
    """Run a command quietly, its output going to `log`; if it fails, stop with `sentence` and the end of the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        child = subprocess.Popen(
            [str(c) for c in command],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={**os.environ, **(env or {})},
        )
        try:
            code = child.wait()
        except BaseException:
            child.terminate()
            child.wait()
            raise
    if code:
        tail = "\n".join("    " + line for line in log.read_text(errors="replace").splitlines()[-12:])
        raise Stop(f"{sentence}\n  The end of {log}:\n{tail}")
