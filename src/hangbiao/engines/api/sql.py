"""Set-based statements of the interface. Their scope is the key, or the holder, that they name."""

from datetime import datetime

from django.db import connection


def count_use(key: int, minute: int) -> int:
    """One more request of a key in a minute; gives how many that makes. Exact under any number of processes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO api_use (key_id, minute, times) VALUES (%(key)s, %(minute)s, 1)
            ON CONFLICT (key_id, minute) DO UPDATE SET times = api_use.times + 1 RETURNING times
            """,
            {"key": key, "minute": minute},
        )
        return int(cursor.fetchone()[0])


def begin_answer(holder: str, key: str, request: str, at: datetime) -> int | None:
    """Take an Idempotency-Key for this request. Waits for one that is being answered; None if it was answered before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO api_answer (holder, key, request, status, body, at)
            VALUES (%(holder)s, %(key)s, %(request)s, 0, '', %(at)s)
            ON CONFLICT (holder, key) DO NOTHING RETURNING id
            """,
            {"holder": holder, "key": key, "request": request, "at": at},
        )
        row = cursor.fetchone()
        return None if row is None else int(row[0])
