"""The demo's message services: fakes on this computer, in a process of their own. No message leaves the house.

They live beside the tests of a checkout. An installed package has none: then the demo says so and goes without.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

CHECKOUT = Path(__file__).parents[4]
PATIENCE = 20
CHOSEN = "HANGBIAO_CHANNELS"  # set by the visitor: messages go where it says


@contextmanager
def message_services(folder: Path = CHECKOUT) -> Iterator[str]:
    """Start them and tell this process, and those it starts, by the environment where they are.

    Gives the address of the page of what people see; "" where there are none, or where the visitor chose real ones.
    """
    if os.environ.get(CHOSEN) or not (folder / "tests" / "fakes" / "__main__.py").exists():
        yield ""
        return
    command = [sys.executable, "-m", "tests.fakes", "--line"]
    paths = [str(folder / "src"), str(folder), os.environ.get("PYTHONPATH", "")]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}
    fakes = subprocess.Popen(
        command, cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        yield _heard(fakes)
    finally:
        _end(fakes)


def _heard(fakes: "subprocess.Popen[bytes]") -> str:
    """Their one line: where the page is, and the environment by which the product finds the services."""
    try:
        told = json.loads(fakes.stdout.readline() if fakes.stdout else b"")
    except ValueError:
        sys.stderr.write("The fakes of the message services did not start: the demo goes without messages.\n")
        return ""
    os.environ.update(told["environment"] | {"HANGBIAO_FAKES": told["page"]})
    return str(told["page"])


def _end(fakes: "subprocess.Popen[bytes]") -> None:
    """They end when nobody holds their input; whoever does not is ended."""
    if fakes.stdin:
        fakes.stdin.close()
    try:
        fakes.wait(timeout=5)
    except subprocess.TimeoutExpired:
        fakes.kill()


def introduce(page: str, people: Mapping[str, Mapping[str, str]], web: str) -> None:
    """Tell the page whose id is whose, and where buttons of cards call back. Without it the page shows bare ids."""
    with suppress(httpx.HTTPError):
        httpx.post(f"{page}people", json=people, timeout=PATIENCE)
        httpx.post(f"{page}web", json={"address": web}, timeout=PATIENCE)
