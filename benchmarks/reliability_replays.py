"""Row R3: every push five times, two of them at once; one effect, the same body, another body under its key refused."""

import json
import os
import threading
from collections import Counter
from dataclasses import dataclass

from benchmarks.machine import say, scratch

REPLAYS = 5
SAMPLE, FULL = 60, 500


def figures(long: bool) -> dict[str, float | None]:
    """Pushed into a company of three regions, in a database of its own."""
    os.environ["HANGBIAO_HOSTS"] = "testserver"
    with scratch("replays"):
        from hangbiao.site import clock
        from tests.world.board import AT, found_many

        found_many(regions=3, reps=4)
        clock.now = lambda: AT
        found = replay(_key(AT), FULL if long else SAMPLE)
    say(f"{found.operations} pushes × {REPLAYS}, two at once: {found}")
    return {
        "replays_operations": found.operations,
        "replays_without_one_effect": abs(found.operations - found.effects) + abs(found.doubled),
        "replays_bodies_unequal": found.bodies_unequal,
        "replays_other_body_accepted": found.operations - found.other_body_refused,
    }


def _key(at: object) -> str:
    """The secret of a key that may push everywhere."""
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.api.services import make_key

    who = {"owner": Account.objects.get(username="x1"), "actor": Account.objects.get(username="x1"), "at": at}
    more = {"name": "bench", "scopes": ["push:actuals"], "paths": ["/C/"], "reason": "bench", "per_minute": 1_000_000}
    secret: str = make_key(**who, **more)[1]
    return secret


@dataclass
class Found:
    """What the replays showed."""

    operations: int
    effects: int
    doubled: int
    bodies_unequal: int
    other_body_refused: int


def replay(secret: str, operations: int) -> Found:
    """Push `operations` different rows through the interface of the present database, each five times."""
    from hangbiao.rooms.actuals.models import Batch

    unequal = refused = 0
    batches: Counter[int] = Counter()
    for n in range(operations):
        key, body = f"replay-{n}", _body(n, 100 + n)
        answers = _twice_at_once(secret, key, body)
        answers += [_send(secret, key, body) for _ in range(REPLAYS - len(answers))]
        unequal += len({content for _status, content in answers}) != 1
        batches[json.loads(answers[0][1])["batch"]] += 1
        refused += _send(secret, key, _body(n, 99_000 + n))[0] == 422
    effects = Batch.objects.filter(pk__in=list(batches)).count()
    made = Batch.objects.filter(file_name__startswith=f"api-{secret.split('_')[1]}-").count()
    return Found(operations, effects, made - operations, unequal, refused)


def _body(n: int, value: int) -> str:
    row = {"day": "2026-11-25", "metric": "sales", "rep": f"P{n % 3}00", "value": f"{value}.00"}
    return json.dumps({"rows": [row]})


def _send(secret: str, key: str, body: str) -> tuple[int, bytes]:
    from django.test import Client

    headers = {"authorization": f"Bearer {secret}", "Idempotency-Key": key}
    said = Client().post(
        "/api/v1/streams/daily_totals/rows", body, content_type="application/json", headers=headers
    )
    return said.status_code, said.content


def _twice_at_once(secret: str, key: str, body: str) -> list[tuple[int, bytes]]:
    answers: list[tuple[int, bytes]] = []
    gate = threading.Barrier(2)

    def one() -> None:
        from django.db import connection

        gate.wait()
        try:
            answers.append(_send(secret, key, body))
        finally:
            connection.close()

    both = [threading.Thread(target=one) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    return answers
