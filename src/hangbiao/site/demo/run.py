"""`hangbiao demo`: make the company's files, let it live until its clock's start, show the board, serve the pages."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from hangbiao.site.boot import Refusal, act_on_the_demo, ready
from hangbiao.site.demo.messengers import introduce, message_services
from hangbiao.site.home import demo_home, home

DATABASE = "hangbiao_demo"
SEED, REPS, LINES = 7, 300, 2_000_000


def main(args: argparse.Namespace) -> int:
    """Everything is done once: a second call finds it there and takes seconds."""
    act_on_the_demo()
    folder = demo_home()
    if args.fresh:
        _forget(folder)
    elif os.environ.get("DATABASE_URL"):
        _be_alone(folder)
    files = _files(folder, args.reps, args.lines)
    if args.once:
        _found(files)
        return 0
    from hangbiao.site.web import free_port

    port = free_port(args.port)
    os.environ.setdefault("HANGBIAO_URL", f"http://127.0.0.1:{port}")
    with message_services() as page:
        _found(files)
        return _serve(port, page)


def _found(files: Path) -> None:
    with ready("demo", migrated=False):
        _migrate()
        _live(files)
        from hangbiao.rooms.lights.summary import board_as_text

        sys.stdout.write(board_as_text())
        sys.stdout.flush()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _stopwatch() -> Callable[[], str]:
    begun = time.monotonic()
    return lambda: f"{time.monotonic() - begun:.0f} s"


def _files(folder: Path, reps: int, lines: int) -> Path:
    """The generated files; made anew when their recipe changed. The mark is written last."""
    from hangbiao.site.demo.recipe import digest

    wanted = f"{digest()} {SEED} {reps} {lines}"
    mark = folder / "files.mark"
    if mark.exists() and mark.read_text() == wanted:
        return folder / "files"
    if mark.exists():
        _say("The demo company's recipe changed: it is founded anew.")
        _forget(folder)
    from hangbiao.site.demo.generate import generate

    watch = _stopwatch()
    _say("Writing the demo company's files (about 2 million order lines) …")
    generate(folder, seed=SEED, reps=reps, lines=lines, progress=lambda step: _say(f"  {step}  {watch()}"))
    mark.write_text(wanted)
    return folder / "files"


def _forget(folder: Path) -> None:
    """Drop the demo's database and files; nothing of a real installation lies there."""
    from hangbiao.site import database

    outside = os.environ.get("DATABASE_URL")
    if outside and database.holds_a_company(outside):
        raise Refusal("The demo's database was named by DATABASE_URL: empty it yourself, then start again.")
    if not outside:
        database.drop(database.embedded(home() / "pg", "postgres"), DATABASE)
    shutil.rmtree(folder, ignore_errors=True)


def _be_alone(folder: Path) -> None:
    """In an outside database: never beside a real company, and from the beginning where it was emptied."""
    from hangbiao.site import database

    founded = folder / "founded"
    try:
        there = database.holds_a_company(os.environ["DATABASE_URL"])
    except database.NoDatabase as wrong:
        raise Refusal(str(wrong)) from wrong
    if there and not founded.exists():
        raise Refusal(
            "The database that DATABASE_URL names holds a company that is not the demo's. Name an empty one, or none: "
            "then the demo uses its own."
        )
    if founded.exists() and not there:
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    founded.touch()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", database="owner", verbosity=0, interactive=False)


def _live(files: Path) -> None:
    from hangbiao.site import clock
    from hangbiao.site.demo.passage import START, live_until

    watch = _stopwatch()

    def progress(what: str, done: int, of: int) -> None:
        if done == of or done % 10 == 0:
            _say(f"  imported and lit up to {what}  ({done} of {of} arrivals, {watch()})")

    lived = files.parent / "lived"
    until = max(START, clock.now()) if lived.exists() else START
    if not lived.exists() or lived.read_text() < until.isoformat():
        _say("Letting the demo company live: files are imported in the order in which they arrive …")
        live_until(files, until, progress)


def _serve(port: int, page: str) -> int:
    """Web server here, worker beside it; both end with Ctrl-C. `page` shows what people see, if anything does."""
    from hangbiao.site.web import serve

    worker = subprocess.Popen([sys.executable, "-m", "hangbiao.site.cli", "worker"])
    try:
        with ready("demo"):
            from hangbiao.site.demo.people import who_to_sign_in_as

            _say(f"\nThe board is at http://127.0.0.1:{port}/  (Ctrl-C stops it). Sign in as one of:")
            for line in who_to_sign_in_as():
                _say(f"  {line}")
            _say(_what_people_see(page, port))
        sys.stdout.write(f"http://127.0.0.1:{port}/\n")
        sys.stdout.flush()
        serve(port)
    except KeyboardInterrupt:
        _say("Stopped. `./dev demo` goes on where it was.")
    finally:
        worker.terminate()
        worker.wait(timeout=20)
    return 0


def _what_people_see(page: str, port: int) -> str:
    """The sentence about messages; the page learns whose id is whose."""
    from hangbiao.site.demo.people import introductions

    if not page:
        return "No fakes of the message services here: messages go where the settings say, or nowhere."
    introduce(page, introductions(), f"http://127.0.0.1:{port}")
    return f"What people see in WeCom, DingTalk, Feishu and mail: {page}"
