"""Statements of the schedules. Scope: one schedule by its name; the worker's own tables."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

_LOCK, _UNLOCK = (
    f"SELECT pg_{verb}(hashtext('hangbiao.schedule'), hashtext(%s))" for verb in ("try_advisory_lock", "advisory_unlock")
)
# Of each task the last job that a worker took up, with when it began and ended.
_LAST_JOBS = """
    SELECT job.task_name, job.status, began.at, ended.at
    FROM (SELECT task_name, max(id) AS id FROM procrastinate_jobs
          WHERE task_name = ANY(%(tasks)s) AND status <> 'todo' GROUP BY 1) newest
    JOIN procrastinate_jobs job ON job.id = newest.id
    LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events
                       WHERE job_id = job.id AND type = 'started') began ON true
    LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events
                       WHERE job_id = job.id AND type IN ('succeeded', 'failed', 'cancelled', 'aborted')) ended ON true
"""


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else is doing this schedule's work; held until the end, or until this process dies."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [name])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute(_UNLOCK, [name])


def beat(at: datetime) -> None:
    """Write down that the background lives. Scope: the one row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO schedules_pulse (id, at) VALUES (1, %(at)s) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
            {"at": at},
        )


def last_sign_of_life() -> datetime | None:
    """The last look at what is due, or heartbeat of a worker; None if no worker ever looked. Scope: none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(max(at), (SELECT max(last_heartbeat) FROM procrastinate_workers)) FROM schedules_pulse"
            " HAVING count(*) > 0"
        )
        row = cursor.fetchone()
        return row[0] if row else None


def last_jobs(tasks: Sequence[str]) -> list[tuple[Any, ...]]:
    """(task, status, began, ended) of the last job of each. Scope: the named tasks."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_JOBS, {"tasks": list(tasks)})
        return list(cursor.fetchall())
