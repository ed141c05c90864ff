"""How long `./dev demo --once` takes when everything is already there."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def needs() -> str:
    demo = ROOT / "src" / "hangbiao" / "site" / "commands" / "demo.py"
    return "" if demo.exists() else "there is no demo verb yet"


def figures(long: bool) -> dict[str, float | None]:
    """Median wall seconds of three runs, after one that makes sure that everything is there."""
    command = [sys.executable, ROOT / "tools" / "dev.py", "demo", "--once"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = []
    for _ in range(5 if long else 3):
        began = time.monotonic()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds.append(time.monotonic() - began)
    return {"second_demo_s": statistics.median(seconds)}
