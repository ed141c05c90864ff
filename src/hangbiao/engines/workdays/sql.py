"""The working-day table's statements; a version's number and a span of days are their scope."""

from datetime import date

from django.db import connection

# The newest row up to the version counts: a version holds only what it changed.
DAYS = """
    SELECT DISTINCT ON (day) day, is_work, provisional FROM workdays_day
    WHERE version_id <= %(version)s AND day BETWEEN %(start)s AND %(end)s
    ORDER BY day, version_id DESC
"""

ONE_CHANGE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('hangbiao.workdays'))"


def days(version: int, start: date, end: date) -> list[tuple[date, bool, bool]]:
    """(day, is work, provisional) as this version knows them, in order."""
    with connection.cursor() as cursor:
        cursor.execute(DAYS, {"version": version, "start": start, "end": end})
        return list(cursor.fetchall())


def wait_for_other_changes() -> None:
    """Held until the transaction ends: two changes never take the same number."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_CHANGE_AT_A_TIME)
