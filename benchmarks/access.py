"""The access matrix (tests/access) put in full: how many questions, how many answers that told too much."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HALVES = 2


def figures(long: bool) -> dict[str, float | None]:
    """Two processes, each with a company of its own and half of the rows; `--long` asks about more of everybody."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.access"]
    asked = [[*command, str(half), "9" if long else "3"] for half in range(HALVES)]
    running = [subprocess.Popen(one, stdout=subprocess.PIPE, text=True) for one in asked]
    said = [json.loads(process.communicate()[0].splitlines()[-1]) for process in running]
    if any(process.returncode for process in running):
        raise RuntimeError("a half of the matrix ended early")
    findings = [finding for half in said for finding in half["findings"]]
    table: Counter = Counter()
    for half in said:
        table.update({tuple(key): count for key, count in half["probes"]})
    sys.stderr.write(report(table))
    return {
        "access_probes": float(table.total()),
        "access_leaks": float(len(findings)),
        "access_compared": float(sum(half["compared"] for half in said)),
        "access_routes": float(len({route for route, _kind, _relation in table})),
    }


def report(table: Counter) -> str:
    """Probes by kind of person and relation, as a Markdown table."""
    from tests.access.company import KINDS, RELATIONS

    by = Counter()
    for (_route, kind, relation), count in table.items():
        by[kind, relation] += count
    lines = ["| asked by | " + " | ".join(RELATIONS) + " | all |", "|---" * (len(RELATIONS) + 2) + "|"]
    for kind in (*KINDS, "ended", "anonymous"):
        counts = [by[kind, relation] for relation in RELATIONS]
        lines.append(f"| {kind} | " + " | ".join(map(str, counts)) + f" | {sum(counts)} |")
    return "\n".join([*lines, ""])


def main(half: int, each: int, only: str) -> dict[str, object]:
    """Every other row of the matrix, and every other viewer's comparison."""
    from hangbiao.site import database
    from hangbiao.site.home import home

    name = f"hangbiao_bench_access_{os.getpid()}"
    admin = os.environ.pop("DATABASE_URL", None) or database.embedded(home() / "pg", "postgres")
    database.create(admin, name)
    os.environ["DATABASE_URL"] = database.named(admin, name)
    os.environ["HANGBIAO_HOSTS"] = "testserver"
    with tempfile.TemporaryDirectory(prefix="hangbiao-bench-access-") as folder:
        os.environ["HANGBIAO_LANDING"] = folder
        return _in_database(admin, name, half, each, only)


def _in_database(admin: str, name: str, half: int, each: int, only: str) -> dict[str, object]:
    from hangbiao.site import database

    try:
        from hangbiao.site.boot import load

        load(name)
        return _ask(half, each, only)
    finally:
        from django.db import connections

        connections.close_all()
        database.drop(admin, name)


def _ask(half: int, each: int, only: str) -> dict[str, object]:
    from django.core.management import call_command
    from django.test import override_settings

    from hangbiao.site import clock
    from hangbiao.site.demo.passage import END
    from tests.access.company import SETTINGS, VIEWERS, found
    from tests.access.matrix import all_rows
    from tests.access.probe import Matrix, Tally, hanging_on_others

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    clock.now = lambda: END
    with override_settings(**SETTINGS):
        matrix, tally, compared, rows = Matrix(found(), each), Tally(), 0, all_rows()
        ways = [(row, way) for row in rows for way in row.asks]
        for row, way in [(row, way) for row, way in (ways if only else ways[half::HALVES]) if only in f"{row.covers} {way}"]:
            found = matrix.run(row, way)
            sys.stderr.write("".join(f"LEAK {finding}\n" for finding in found.findings))
            tally += found
        for viewer in [v for v in VIEWERS if v.kind != "anonymous" and not only][half::HALVES]:
            count, hanging = hanging_on_others(matrix, rows, viewer)
            compared += count
            tally.findings += hanging
            sys.stderr.write("".join(f"LEAK {finding}\n" for finding in hanging))
    return {"probes": [[list(k), n] for k, n in tally.probes.items()], "findings": tally.findings, "compared": compared}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:] or [""])))
