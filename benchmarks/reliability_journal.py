"""Row R7: eight processes write the journal at once; no fork, and verification finds nothing.

`./dev bench reliability --long` does the whole of it on the embedded server, and on DATABASE_URL's as well if there is
one, in databases of their own that are dropped afterwards. The twelve attacks are tests/engines/test_journal_attacks.py.
"""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

WRITERS, BATCH, STREAMS = 8, 10, 300
SAMPLE, FULL = 8_000, 100_000
BEGAN = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


def figures(long: bool) -> dict[str, float | None]:
    """On the embedded server, and on the one of DATABASE_URL if that names another."""
    count = FULL if long else SAMPLE
    here = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    found: dict[str, float | None] = dict(_in_a_process(count, here))
    outside: dict[str, float | None] = {"journal_outside_forks": None}  # not measured without a server
    if os.environ.get("DATABASE_URL"):
        measured = _in_a_process(count, dict(os.environ))
        outside = {name.replace("journal_", "journal_outside_"): value for name, value in measured.items()}
    return found | outside


def _in_a_process(count: int, environment: dict[str, str]) -> dict[str, float]:
    """Django settles on one database when it starts."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.reliability_journal", str(count)]
    measured = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
    return {name: float(value) for name, value in json.loads(measured.splitlines()[-1]).items()}


def main(count: int) -> dict[str, float]:
    from hangbiao.site import database

    server, name = database.ensure("hangbiao"), f"hangbiao_bench_journal_{os.getpid()}"
    import psycopg

    database.create(server, name)
    try:
        os.environ["DATABASE_URL"] = database.named(server, name)
        return _measure(count)
    finally:
        from django.db import connections

        connections.close_all()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangbiao.site.settings")
    import django

    django.setup()


def _measure(count: int) -> dict[str, float]:
    _django()
    from django.core.management import call_command

    from hangbiao.engines.journal.models import Entry
    from hangbiao.engines.journal.selectors import verify

    call_command("migrate", "journal", database="owner", verbosity=0)
    began = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.reliability_journal"]
    writers = [subprocess.Popen([*command, str(count // WRITERS), str(n)]) for n in range(WRITERS)]
    failed = sum(writer.wait() != 0 for writer in writers)
    wrote = time.monotonic() - began
    began = time.monotonic()
    findings = verify()
    return {
        "journal_events": Entry.objects.count(),
        "journal_writers_failed": failed,
        "journal_forks": sum(finding.code == "fork" for finding in findings),
        "journal_findings": len(findings),
        "journal_events_per_s": count / wrote,
        "journal_verified_per_s": count / (time.monotonic() - began),
    }


def write(count: int, writer: int) -> None:
    """Transactions of ten lines over streams drawn by a fixed rule, so that writers keep meeting each other."""
    _django()
    from django.db import transaction

    from hangbiao.engines.journal.services import Line, record_all

    for turn in range(0, count, BATCH):
        lines = [
            Line(
                stream=f"target/{(writer * 7 + turn * 13 + k * 31) % STREAMS}",
                kind="target.adjusted",
                at=BEGAN,
                actor=f"account:{writer}",
                data={"old": "1200000.00", "new": "1050000.00", "理由": "竞品降价", "turn": turn + k},
            )
            for k in range(min(BATCH, count - turn))
        ]
        with transaction.atomic():
            record_all(lines)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    if len(numbers) == 2:
        write(*numbers)
    else:
        print(json.dumps(main(numbers[0] if numbers else SAMPLE)))
