"""CPU seconds of both sides, and a scratch database of their own for the groups that need one."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def backend_cpu(pid: int) -> float:
    """CPU seconds a PostgreSQL backend has used, from /proc."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def backend_ms(pid: int) -> float:
    """Milliseconds on a processor of a PostgreSQL backend, finely counted: for single statements."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def cpu_of(work: Callable[[], object]) -> float:
    """CPU seconds of this process and of its database session for one piece of work."""
    from django.db import connection

    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    before = time.process_time() + backend_cpu(pid)
    work()
    return time.process_time() + backend_cpu(pid) - before


def peak_mb() -> float:
    """The most memory this process has held. On Linux not getrusage's: that begins with what the parent held at the fork."""
    status = Path("/proc/self/status")
    if not status.exists():
        import resource

        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024


def medians(pieces: dict[str, Callable[[], float]], rounds: int = 5) -> dict[str, float]:
    """Each piece measured `rounds` times, interleaved; its median."""
    seen: dict[str, list[float]] = {name: [] for name in pieces}
    for _ in range(rounds):
        for name, measure in pieces.items():
            seen[name].append(measure())
    return {name: statistics.median(values) for name, values in seen.items()}


def say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A migrated database and a landing folder that go away again; everything is done in a system scope.

    On the embedded server, whatever DATABASE_URL says: what it names may be somebody's real database.
    """
    with tempfile.TemporaryDirectory(prefix=f"hangbiao-bench-{name}-") as folder:
        os.environ["HANGBIAO_LANDING"] = str(Path(folder) / "landed")
        from hangbiao.site import database
        from hangbiao.site.boot import ready
        from hangbiao.site.home import home

        server = database.embedded(home() / "pg", "postgres")
        scratch_name = f"hangbiao_bench_{name}"
        database.drop(server, scratch_name)
        os.environ["DATABASE_URL"] = database.embedded(home() / "pg", scratch_name)
        with ready(f"benchmark {name}", scratch_name, migrated=False):
            from django.core.management import call_command
            from django.db import connections

            # A group that needs a second database in one process: the settings were read for the first.
            for alias in ("default", "owner"):
                connections[alias].close()
                connections[alias].settings_dict.update(database.parts(os.environ["DATABASE_URL"]))
            call_command("migrate", database="owner", verbosity=0, interactive=False)
            try:
                yield Path(folder)
            finally:
                connections.close_all()
                database.drop(server, scratch_name)
                os.environ.pop("DATABASE_URL", None)
