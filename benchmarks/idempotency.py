"""R3 of the reliability rows: every push five times, two of them at once; one effect, the same body, other bodies refused."""

import json
import threading
from collections import Counter
from dataclasses import dataclass

REPLAYS = 5


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
