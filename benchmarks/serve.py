"""What a page costs the server: CPU of the web process and of its database connection together."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

REPEATS, OK = 20, 200
HOUR = 3600.0
PAGES = {"board": "/board/", "people": "/board/?view=people"}


def needs() -> str:
    """Two processes are looked at from outside."""
    try:
        import psutil  # noqa: F401
    except ImportError:
        return "psutil is missing (./dev test installs it)"
    return ""


def figures(long: bool) -> dict[str, float | None]:
    """In processes of their own: Django settles on one database when it starts."""
    small = [sys.executable, "-W", "ignore", "-m", "benchmarks.serve", str(REPEATS * (5 if long else 1))]
    found: dict[str, float | None] = {}
    for command in (small, [sys.executable, "-W", "ignore", "-m", "benchmarks.serve_pages", "large"]):
        measured = subprocess.run(command, check=True, capture_output=True, text=True, timeout=HOUR)
        sys.stderr.write(measured.stderr)
        found |= {name: float(value) for name, value in json.loads(measured.stdout.splitlines()[-1]).items()}
    return found


def phone_js_kb() -> float:
    """The compressed script of the first load."""
    import gzip

    from hangbiao.engines.pages.manifest import BUILD, built

    return round(len(gzip.compress((BUILD / built()["app"]).read_bytes())) / 1024, 1)


def main(repeats: int) -> dict[str, float]:
    """A company of 18 regions and 306 reps in a database of its own, looked at by its executive."""
    from hangbiao.site import database
    from hangbiao.site.home import home

    kept = os.environ.get("HANGBIAO_BENCH_DATABASE")
    name = kept or f"hangbiao_bench_serve_{os.getpid()}"
    admin = os.environ.pop("DATABASE_URL", None) or database.embedded(home() / "pg", "postgres")
    database.create(admin, name)
    os.environ["DATABASE_URL"] = database.named(admin, name)
    os.environ["HANGBIAO_HOSTS"] = "testserver"
    try:
        from hangbiao.site.boot import load

        load(name)
        if not kept:
            _found()
        return _measure(repeats)
    finally:
        from django.db import connections

        connections.close_all()
        if not kept:
            database.drop(admin, name)


def _found() -> None:
    from django.core.management import call_command

    from hangbiao.engines.scope.context import acting, system_scope
    from tests.world.board import found_many

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    with acting(system_scope("benchmark")):
        found_many(regions=18, reps=17)


def _measure(repeats: int) -> dict[str, float]:
    import psutil
    from django.db import connection

    from hangbiao.engines.accounts.models import Account
    from hangbiao.site import clock
    from tests.world.board import AT
    from tests.world.signed_in import client_of

    clock.now = lambda: AT
    client = client_of(Account.objects.get(username="x1"))
    figures: dict[str, float] = {"phone_js_kb": phone_js_kb()}
    for name, address in PAGES.items():
        for _ in range(3):
            answer = client.get(address)
            assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"))
        asked: list[str] = []

        def count(execute, sql, params, many, context, asked=asked):
            asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            answer = client.get(address)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = psutil.Process(cursor.fetchone()[0])
        before, begun = _cpu(backend), time.monotonic()
        for _ in range(repeats):
            client.get(address)
        figures[f"{name}_cpu_ms_300"] = round((_cpu(backend) - before) / repeats * 1000, 1)
        figures[f"{name}_wall_ms_300"] = round((time.monotonic() - begun) / repeats * 1000, 1)
        figures[f"{name}_queries_300"] = len(asked)
        figures[f"{name}_html_kb_300"] = round(len(answer.content) / 1024, 1)
    return figures | cost_of_walls(backend, repeats)


def cost_of_walls(backend: Any, repeats: int) -> dict[str, float]:
    """CPU of the board with row-level security over CPU without it, as a region manager and an executive open it.

    The two take turns in one run, and nothing is remembered between requests: every statement passes the wall again.
    """
    from hangbiao.engines.accounts.models import Account
    from tests.world.signed_in import client_of

    found = {}
    for user, name in (("m0", "manager"), ("x1", "executive")):
        client = client_of(Account.objects.get(username=user))
        spent = {"ENABLE": 0.0, "DISABLE": 0.0}
        for turn in range(2 * repeats):
            wall = ("ENABLE", "DISABLE")[turn % 2]
            _set_walls(wall)
            used = _board_cpu(client, backend)
            spent[wall] += used if turn > 1 else 0.0
        _set_walls("ENABLE")
        found[f"rls_board_cpu_ratio_{name}"] = round(spent["ENABLE"] / spent["DISABLE"], 3)
    return found


def _set_walls(wall: str) -> None:
    """Row-level security of every scoped table on or off, by the owner, in the benchmark's own database."""
    from django.db import connections

    from hangbiao.engines.scope.registry import scoped_tables
    from hangbiao.engines.scope.sql import wall_of

    with connections["owner"].cursor() as cursor:
        for table in scoped_tables():
            cursor.execute(f'ALTER TABLE "{table}" {wall} ROW LEVEL SECURITY')
            assert wall_of(connections["owner"], table)[0] is (wall == "ENABLE"), table


def _board_cpu(client: Any, backend: Any) -> float:
    """Once to let plans and catalogue caches settle, then measured."""
    from benchmarks.serve_pages import _forget

    for _ in range(2):
        _forget()
        before = _cpu(backend)
        assert client.get("/board/").status_code == OK
    return _cpu(backend) - before


def _cpu(backend) -> float:
    used = backend.cpu_times()
    return time.process_time() + used.user + used.system


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    print(json.dumps(main(int(sys.argv[1]))))
