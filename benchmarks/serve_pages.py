"""What is opened in a company of any size, and by whom; what one page costs; what twenty people at once get.

Two more processes: this module as `server` (waitress, the company's clock standing) and as `readers` (the load).
Everything is on 127.0.0.1, and bounded in count and in time.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from random import Random
from re import search
from typing import Any
from urllib.parse import quote, urlsplit

USERS, THINK_S, SECONDS, MOST_REQUESTS = 20, 2.0, 60.0, 2_000
FIRST_BYTE = ("/board/table.", "/board/paper.")  # the rest of a download is written while it is sent
NAME = quote("王伟")
CPU_HEADER = "X-Bench-Cpu-Ms"

PAGES: dict[str, list[str]] = {
    "x1": [
        "/board/", "/board/?unit=R0", "/board/?sort=forecast", "/board/?run=official", "/board/?metric=visits",
        f"/board/?q={NAME}", "/board/?view=people", "/board/?view=people&page=2", "/board/?view=people&sort=name&page=300",
        "/board/?view=people&sort=forecast", "/board/?view=people&light=red", f"/board/?view=people&q={NAME}",
        "/board/?unit=R0&view=people", "/board/?unit=T0&view=people", "/people/P0/", "/people/P0/why/",
        "/people/P0/why/2026-12-01/", "/units/C/why/", "/units/R0/why/", "/units/C/why/2026-12-01/", "/inbox/",
        f"/search/?q={NAME}", "/search/?q=P777", "/notifications/", "/profile/", "/board/chart.svg",
        "/board/table.csv", "/board/table.csv?view=people", "/api/v1/board", "/api/v1/board?unit=R0",
        "/api/v1/lights", "/api/v1/lights?light=red", "/api/v1/lights?unit=T0", "/api/v1/attainments", "/api/v1/people",
        f"/api/v1/people?q={NAME}", "/api/v1/units", "/api/v1/targets", "/api/v1/tasks", "/api/v1/evaluations",
    ],
    "mr0": [
        "/board/", "/board/?sort=name", "/board/?view=people", "/board/?view=people&light=yellow&page=2", "/inbox/",
        f"/search/?q={NAME}", "/people/P18/", "/board/table.csv",
    ],
    "hrbp": ["/board/", "/board/?view=people", "/inbox/"],
    "st0": ["/board/?view=people", "/people/P0/", "/people/P0/why/", "/inbox/"],
    "p0": ["/me/", "/people/P0/why/", "/inbox/", "/notifications/", "/profile/", "/api/v1/lights"],
    "adm": ["/accounts/", f"/accounts/?q={NAME}", "/inbox/"],
}  # fmt: skip
# What twenty readers do: most are reps and their supervisors.
CROWD = {"p0": 8, "st0": 4, "mr0": 4, "hrbp": 1, "x1": 3}
LARGE, PERSONS = 30_000, 200


def large() -> dict[str, float]:
    """The figures of a company of 30 000: alone, page by page, and with a crowd."""
    from benchmarks.machine import say, scratch

    with scratch("serve_30k"):
        from benchmarks.company import AT, build
        from benchmarks.viewers import people_it
        from hangbiao.site import clock

        clock.now = lambda: AT
        period = build(LARGE)
        people_it()
        found = person_page_sql(period)
        seen = {(user, page): cost for user, page, cost in alone(1)}
        for (user, page), cost in sorted(seen.items(), key=lambda item: -item[1]["cpu_ms"]):
            say(f"{user:5}{page:52.52}" + " ".join(f"{name} {value:7.0f}" for name, value in cost.items()))
        for name, figure in (("cpu_ms", "cpu_ms"), ("queries", "queries"), ("nodes", "dom_nodes")):
            found[f"pages_worst_{figure}_30k"] = max(cost[name] for cost in seen.values())
        waited, load = crowd(), os.getloadavg()[0]
        for page, times in sorted(waited.items(), key=lambda item: -item[1]["p95"]):
            say(f"{page:57.57}" + " ".join(f"{name} {value:7.0f}" for name, value in times.items()))
    found["pages_requests_30k"] = sum(times["n"] for times in waited.values())
    found["pages_machine_load"] = load  # the two below are waits: on a machine that is busy otherwise they say little
    found["pages_p95_ms_30k"] = max(times["p95"] for times in waited.values())
    found["pages_p50_ms_30k"] = max(times["p50"] for times in waited.values())
    found["pages_cpu_p95_ms_30k"] = max(times["cpu_p95"] for times in waited.values())
    return {name: round(value, 2) for name, value in found.items()}


def person_page_sql(period: int) -> dict[str, float]:
    """p95 of the statement that reads somebody's 90 days of every metric: the database's CPU, and the wait beside it."""
    from benchmarks.company import LAST_FACT, START
    from hangbiao.rooms.actuals.series import weekly_of_people
    from hangbiao.rooms.people.models import Person
    from hangbiao.rooms.targets.selectors import metrics

    dice = Random(7)
    everybody = list(Person.objects.filter(code__startswith="P").values_list("pk", flat=True))
    spent: list[float] = []
    waited: list[float] = []
    measured = [metric.pk for metric in metrics()]
    for person in dice.choices(everybody, k=PERSONS):
        with _timed(spent, waited):
            assert weekly_of_people(period, [person], START, LAST_FACT, measured)
    return {"person_page_sql_p95_ms": _spread(spent)["p95"], "person_page_sql_wait_p95_ms": _spread(waited)["p95"]}


@contextmanager
def _timed(spent: list[float], waited: list[float]) -> Iterator[None]:
    """Milliseconds of the statements inside that read daily facts."""
    from django.db import connection

    from benchmarks.machine import backend_ms

    connection.ensure_connection()
    pid = connection.connection.info.backend_pid

    def clocked(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        before, begun = backend_ms(pid), time.perf_counter()
        answer = execute(sql, params, many, context)
        if "actuals_dailyfact" in sql:
            waited.append((time.perf_counter() - begun) * 1000)
            spent.append(backend_ms(pid) - before)
        return answer

    with connection.execute_wrapper(clocked):
        yield


def cookies() -> dict[str, str]:
    """User → the cookie of somebody who has signed in."""
    from django.conf import settings

    from hangbiao.engines.accounts.models import Account
    from tests.world.signed_in import client_of

    accounts = {user: Account.objects.get(username=user) for user in PAGES}
    return {user: client_of(one).cookies[settings.SESSION_COOKIE_NAME].value for user, one in accounts.items()}


def alone(repeats: int, only: str = "") -> Iterator[tuple[str, str, dict[str, float]]]:
    """User, page, CPU of server and database, statements, size and elements; one request after the other."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    for user, cookie in cookies().items():
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        for page in PAGES[user]:
            if only and not search(only, f"{user} {page}"):
                continue
            asked: list[str] = []
            _forget()
            with connection.execute_wrapper(_counting(asked)):
                answer = client.get(page)
                body = _body(answer, page)
            assert answer.status_code == 200, (user, page, answer.status_code, answer.headers.get("Location"))
            yield user, page, {
                "cpu_ms": _cpu_ms(lambda client=client, page=page: _body(client.get(page), page), repeats),
                "queries": len(asked),
                "kb": len(body) / 1024,
                "nodes": body.count(b"<") / 2,
            }


def _body(answer: Any, page: str) -> bytes:
    if not answer.streaming:
        return bytes(answer.content)
    parts = answer.streaming_content
    body = b"".join(islice(parts, 2) if page.startswith(FIRST_BYTE) else parts)
    answer.close()
    return body


def _forget() -> None:
    """What the process remembers is for the second reader; measured is the first one."""
    from django.core.cache import cache

    from hangbiao.rooms.board import remembered

    cache.clear()
    remembered._kept.clear()


def _counting(asked: list[str]) -> Any:
    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    return count


def _cpu_ms(work: Any, repeats: int) -> float:

    from benchmarks.machine import cpu_of

    spent = 0.0
    for _ in range(repeats):
        _forget()
        spent += cpu_of(work)
    return spent / repeats * 1000


def crowd(seconds: float = SECONDS) -> dict[str, dict[str, float]]:
    """Page → p50 and p95 in milliseconds, as twenty readers in a process of their own wait for them."""
    from django.conf import settings

    from hangbiao.site.web import free_port

    port, here = free_port(18_700), [sys.executable, "-W", "ignore", "-m", "benchmarks.serve_pages"]
    root = Path(__file__).parents[1]
    signed_in = {user: f"{settings.SESSION_COOKIE_NAME}={value}" for user, value in cookies().items()}
    given = json.dumps({"cookies": signed_in, "seconds": seconds, "port": port})
    with subprocess.Popen([*here, "server", str(port)], cwd=root) as server:
        try:
            _wait_for(port)
            done = subprocess.run(
                [*here, "readers"], input=given, cwd=root, check=True, capture_output=True, text=True, timeout=seconds * 3 + 60
            )
        finally:
            server.terminate()
    found: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/sign-in/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"nothing answers at port {port}")


def _server(port: int) -> None:
    import logging

    from benchmarks.company import AT
    from hangbiao.site import clock, web
    from hangbiao.site.boot import load

    load()
    clock.now = lambda: AT
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    web.serve(port, around=_telling_its_cpu)


def _telling_its_cpu(house: Any) -> Any:
    """The house, with a header that says what an answer took: this thread's CPU and its database connection's."""
    from django.db import connection

    from benchmarks.machine import backend_ms

    def spent() -> float:
        backend = connection.connection.info.backend_pid if connection.connection else 0
        return time.thread_time() * 1000 + (backend_ms(backend) if backend else 0)

    def answering(environ: Any, start: Any) -> Any:
        connection.ensure_connection()
        before = spent()

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, (CPU_HEADER, f"{spent() - before:.1f}")], *more)

        return house(environ, begin)

    return answering


def _readers() -> None:
    """Everybody opens their pages once, which nobody counts; then twenty of them read on, each as if at their desk."""
    given = json.loads(sys.stdin.read())
    seen: dict[str, list[tuple[float, float]]] = defaultdict(list)
    users = [user for user, times in CROWD.items() for _ in range(times)][:USERS]
    for user in CROWD:
        for page in _read_by(user):
            _get(given["port"], page, given["cookies"][user])
    end, lock = time.monotonic() + given["seconds"], threading.Lock()

    def read(number: int, user: str) -> None:
        dice, most = Random(number), MOST_REQUESTS // USERS
        pages = _read_by(user)
        dice.shuffle(pages)
        time.sleep(dice.uniform(0, THINK_S))
        for n in range(most):
            if time.monotonic() > end:
                return
            page = pages[n % len(pages)]
            took = _get(given["port"], page, given["cookies"][user])
            with lock:
                seen[page].append(took)
            time.sleep(dice.uniform(0.5, 1.5) * THINK_S)

    threads = [threading.Thread(target=read, args=(n, user)) for n, user in enumerate(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waits = {page: _spread([wait for wait, _cpu in times]) for page, times in seen.items()}
    print(json.dumps({p: waits[p] | {"cpu_p95": _spread([cpu for _wait, cpu in t])["p95"]} for p, t in seen.items()}))


def _read_by(user: str) -> list[str]:
    return [page for page in PAGES[user] if not page.startswith(FIRST_BYTE)]


def _get(port: int, page: str, cookie: str) -> tuple[float, float]:
    """Milliseconds that the reader waited, and that the server worked."""
    begun = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", page, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{urlsplit(page).path} answers {answer.status}")
    return (time.monotonic() - begun) * 1000, float(answer.getheader(CPU_HEADER) or 0)


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "n": len(ordered), "p50": ordered[len(ordered) // 2], "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
    }  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, os.fspath(Path(__file__).parents[1]))
    if sys.argv[1] == "server":
        _server(int(sys.argv[2]))
    elif sys.argv[1] == "readers":
        _readers()
    else:
        os.environ["HANGBIAO_HOSTS"] = "testserver,127.0.0.1"
        print(json.dumps(large()))
