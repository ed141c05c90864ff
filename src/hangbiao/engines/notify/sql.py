"""Raw statements of the messages. Scope: none of them reads a row."""

from django.db import connection


def next_numbers(count: int) -> list[int]:
    """Numbers for new messages, never given twice: they are part of the business key, which the text shows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('notify_message', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [number for (number,) in cursor.fetchall()]
