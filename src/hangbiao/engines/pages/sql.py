"""Raw statements of the pages engine."""

from datetime import datetime

from django.db import connection

CLAIM = """
INSERT INTO pages_answered (reader, key, digest, at, status, headers, body)
VALUES (%s, %s, %s, %s, 0, '{}', '')
ON CONFLICT (reader, key) DO NOTHING
"""


def claim(*, reader: str, key: str, digest: str, at: datetime) -> bool:
    """Whether this key is new for its reader. Waits while a rival's transaction holds the same key."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [reader, key, digest, at])
        return bool(cursor.rowcount == 1)
