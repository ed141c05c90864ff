"""How often the deviation analysis names the planted cause first, on the demo company, and what writing it costs.

The demo's generator writes what it planted to truth.json. The product never reads that file: it is read here, beside the
analyses that the product writes from imported lines, at each official checkpoint of the current quarter.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.machine import say

ROOT = Path(__file__).parents[1]
NAMED = {
    "channel_closed": "channel", "competitor_price": "price", "stock_out": "stock", "fewer_visits": "visits", "late_feed": "late",
}  # fmt: skip
HOUR = 3600.0


def figures(_long: bool) -> dict[str, float | None]:
    """In a process of its own: Django settles on one database when it starts."""
    found = [sys.executable, ROOT / "tools" / "dev.py", "demo", "--once"]
    subprocess.run(found, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=HOUR)
    asked = [sys.executable, "-W", "ignore", "-m", "benchmarks.flows_analysis"]
    measured = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True, timeout=HOUR)
    sys.stderr.write(measured.stderr)
    return dict(json.loads(measured.stdout.splitlines()[-1]))


def main() -> dict[str, float]:
    from hangbiao.site.boot import act_on_the_demo, ready
    from hangbiao.site.home import demo_home

    os.environ.pop("DATABASE_URL", None)
    act_on_the_demo()
    truth = json.loads((demo_home() / "truth.json").read_text())
    hits, judged, cpu = 0, 0, 0.0
    with ready("benchmark analysis"):
        for run, current in _runs():
            began = time.process_time()
            told = _first_named(run)
            cpu = time.process_time() - began
            planted = dict(_planted(truth, run))
            known = {person: cause for person, cause in told.items() if person in planted}
            right = sum(cause == planted[person] for person, cause in known.items())
            say(f"{run.as_of}: {len(told)} lit, {len(known)} planted, {right} named first, {cpu:.1f} CPU s")
            for person, cause in sorted(known.items()):
                if cause != planted[person]:
                    say(f"    {person}: planted {planted[person]}, named {cause or 'nothing'}")
            if current:
                hits, judged = hits + right, judged + len(known)
    return {
        "analysis_cause_top1_pct": round(100 * hits / judged, 1),
        "analysis_cpu_s": round(cpu, 2),  # of the newest checkpoint
    }


def _runs() -> Iterator[tuple[Any, bool]]:
    """Official checkpoints that have order lines of a year, or a part of it, to be compared with."""
    from hangbiao.rooms.lights.models import Run

    runs = list(Run.objects.filter(kind="checkpoint").select_related("period").order_by("as_of"))
    for run in runs:
        if run.as_of.isoformat() >= "2026-03-31":
            yield run, run.period_id == runs[-1].period_id


def _first_named(run: Any) -> dict[str, str]:
    """Person → the cause named first, of everybody whose light is yellow or red."""
    from hangbiao.rooms.lights import selectors as lights
    from hangbiao.rooms.people.models import Person
    from hangbiao.rooms.reviews.analysis import first_versions
    from hangbiao.rooms.targets.selectors import headline

    metric = headline()
    lit = lights.judged(run.pk, metric.pk, ("yellow", "red"))
    bodies = first_versions(run, metric, lit)
    codes = dict(Person.objects.values_list("pk", "code"))
    first = {light.person_id: bodies[light.target_id]["causes"][:1] for light in lit}
    return {codes[person]: causes[0][0] if causes else "" for person, causes in first.items()}


def _planted(truth: dict[str, Any], run: Any) -> Iterator[tuple[str, str]]:
    """(person, cause) of everybody in whose territory something was planted that lay in the period so far."""
    from hangbiao.rooms.people.models import Assignment

    worked = Assignment.objects.filter(valid_from__lte=run.as_of).order_by("valid_from")
    who = dict(worked.values_list("territory__code", "person__code"))
    for cause in truth["causes"]:
        known = cause.get("territory") in who
        if known and cause["start"] <= str(run.as_of) and cause["end"] >= str(run.period.start):
            yield who[cause["territory"]], NAMED[cause["kind"]]


if __name__ == "__main__":
    print(json.dumps(main()))
