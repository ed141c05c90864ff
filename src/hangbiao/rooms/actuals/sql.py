"""Set-based PostgreSQL statements of the actuals room. Scope: all run under the system scope of an import, an
evaluation or the doctor, and name the batch, period or targets they touch; nothing here answers a page."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

IMPORT_LOCK = (
    0x68627375  # any constant: one import at a time, so that batch numbers follow the order of commits
)


def one_import_at_a_time() -> None:
    """Wait until no other import runs; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def open_partition(period: int) -> None:
    """Make the period's partition of the daily facts. The function runs with the owner's rights (migration 0002)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT actuals_open_partition(%s)", [period])


@dataclass(frozen=True, slots=True)
class Booked:
    """What a booking changed in the daily facts."""

    inserted: int
    replaced: int
    effect: dict[int, int]

    @property
    def changed(self) -> int:
        return self.inserted + self.replaced


_SCRATCH = """
CREATE TEMP TABLE IF NOT EXISTS hb_new (
  period_id bigint, metric_id bigint, day date, territory_id bigint, person_id bigint, org_path text COLLATE "C", value bigint
) ON COMMIT DELETE ROWS;
TRUNCATE hb_new;
CREATE TEMP TABLE IF NOT EXISTS hb_delta (
  period_id bigint, metric_id bigint, day date, territory_id bigint, person_id bigint, org_path text COLLATE "C", value bigint,
  known bool, delta bigint
) ON COMMIT DELETE ROWS;
TRUNCATE hb_delta
"""

# A touched day whose lines all moved away or were corrected out of the metric counts as 0 from now on.
_VANISHED = """
INSERT INTO hb_new
SELECT d.period_id, d.metric_id, d.day, d.territory_id, d.person_id, d.org_path, 0
FROM actuals_dailyfact d
WHERE d.period_id = ANY(%(periods)s) AND d.metric_id = ANY(%(metrics)s) AND d.day = ANY(%(days)s) AND d.value <> 0
  AND NOT EXISTS (
    SELECT FROM hb_new n
    WHERE n.metric_id = d.metric_id AND n.day = d.day
      AND coalesce(n.territory_id, 0) = coalesce(d.territory_id, 0) AND coalesce(n.person_id, 0) = coalesce(d.person_id, 0))
"""

_COMPARE = """
INSERT INTO hb_delta
SELECT n.*, d.value IS NOT NULL, n.value - coalesce(d.value, 0)
FROM hb_new n LEFT JOIN actuals_dailyfact d
  ON d.period_id = n.period_id AND d.metric_id = n.metric_id AND d.day = n.day
 AND coalesce(d.territory_id, 0) = coalesce(n.territory_id, 0) AND coalesce(d.person_id, 0) = coalesce(n.person_id, 0)
 AND d.period_id = ANY(%(periods)s) AND d.day = ANY(%(days)s)
WHERE d.value IS DISTINCT FROM n.value
"""

_KEEP_OLD = """
INSERT INTO actuals_dailyfacthistory
  (period_id, metric_id, day, territory_id, person_id, org_path, value, revision, batch_id, recorded_at, replaced_by_id)
SELECT d.period_id, d.metric_id, d.day, d.territory_id, d.person_id, d.org_path, d.value, d.revision, d.batch_id,
       d.recorded_at, %(batch)s
FROM hb_delta n JOIN actuals_dailyfact d
  ON d.period_id = n.period_id AND d.metric_id = n.metric_id AND d.day = n.day
 AND coalesce(d.territory_id, 0) = coalesce(n.territory_id, 0) AND coalesce(d.person_id, 0) = coalesce(n.person_id, 0)
WHERE n.known AND d.period_id = ANY(%(periods)s) AND d.day = ANY(%(days)s)
"""

# Two plain statements instead of ON CONFLICT: the import lock keeps others out, and rows updated in place cost less.
_REPLACE = """
UPDATE actuals_dailyfact d
SET value = n.value, revision = d.revision + 1, batch_id = %(batch)s, recorded_at = %(at)s
FROM hb_delta n
WHERE n.known AND d.period_id = n.period_id AND d.metric_id = n.metric_id AND d.day = n.day
  AND coalesce(d.territory_id, 0) = coalesce(n.territory_id, 0) AND coalesce(d.person_id, 0) = coalesce(n.person_id, 0)
  AND d.period_id = ANY(%(periods)s) AND d.day = ANY(%(days)s)
"""

_INSERT = """
INSERT INTO actuals_dailyfact
  (period_id, metric_id, day, territory_id, person_id, org_path, value, revision, batch_id, recorded_at)
SELECT period_id, metric_id, day, territory_id, person_id, org_path, value, 1, %(batch)s, %(at)s FROM hb_delta
WHERE NOT known ORDER BY period_id, day, person_id, metric_id
"""

_MOVE_SCORECARD = """
UPDATE actuals_scorecard s SET actual = s.actual + x.delta
FROM (SELECT period_id, metric_id, %(holder)s AS holder, sum(delta)::bigint AS delta FROM hb_delta
      WHERE %(holder)s IS NOT NULL GROUP BY 1, 2, 3) x
WHERE s.period_id = x.period_id AND s.metric_id = x.metric_id AND s.%(holder)s = x.holder AND s.book = '%(book)s'
  AND x.delta <> 0
"""

# Every unit above a territory, the territory's own included: /C/R01/T011/ gives /C/, /C/R01/ and itself.
_UNIT_SUMS = """
SELECT t.period_id, t.metric_id, t.day, above.path, sum(t.value)::bigint AS value
FROM (SELECT d.period_id, d.metric_id, d.day, d.org_path, sum(d.value) AS value FROM actuals_dailyfact d
      WHERE d.territory_id IS NOT NULL AND {which} GROUP BY 1, 2, 3, 4) t
CROSS JOIN LATERAL (SELECT string_to_array(trim(BOTH '/' FROM t.org_path), '/') AS steps) s
CROSS JOIN LATERAL (SELECT '/' || array_to_string(s.steps[1:n], '/') || '/' AS path
                    FROM generate_series(1, cardinality(s.steps)) n) above
GROUP BY 1, 2, 3, 4
"""
_TOUCHED = "d.period_id = ANY(%(periods)s) AND d.metric_id = ANY(%(metrics)s) AND d.day = ANY(%(days)s)"


def sum_units(*, periods: Sequence[int], metrics: Sequence[int], days: Sequence[date]) -> None:
    """The sums of units for the touched days, anew from the daily facts. Scope: periods, metrics and days."""
    given: dict[str, Any] = {"periods": list(periods), "metrics": list(metrics), "days": list(days)}
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM actuals_unitday d WHERE {_TOUCHED}", given)
        cursor.execute(
            "INSERT INTO actuals_unitday (period_id, metric_id, day, org_path, value) "
            f"{_UNIT_SUMS.format(which=_TOUCHED)} ORDER BY 1, 2, 3, 4",
            given,
        )


def unit_differences() -> list[tuple[Any, ...]]:
    """(period, metric, day, path, kept, Σ daily facts) where the sums of units are not what they are of. Scope: all (the
    doctor)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT period_id, metric_id, day, path, coalesce(u.value, 0), coalesce(x.value, 0)
            FROM (SELECT period_id, metric_id, day, org_path AS path, value FROM actuals_unitday) u
            FULL JOIN ({_UNIT_SUMS.format(which="TRUE")}) x USING (period_id, metric_id, day, path)
            WHERE u.value IS DISTINCT FROM x.value ORDER BY 1, 2, 3, 4
            """
        )
        return list(cursor.fetchall())


def book_daily(
    rows: Iterable[tuple[Any, ...]],
    *,
    batch: int,
    at: datetime,
    metrics: Sequence[int],
    periods: Sequence[int],
    days: Sequence[date],
) -> Booked:
    """Make `rows` (period, metric, day, territory, person, path, value) the daily facts of the touched days.

    Keeps every replaced value with its batch, moves the scorecard of both books by the difference. Rows that say what
    is known already change nothing. Scope: the batch, its periods and days.
    """
    given: dict[str, Any] = {
        "batch": batch,
        "at": at,
        "metrics": list(metrics),
        "periods": list(periods),
        "days": list(days),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")  # a day of a large company is joined in memory
        cursor.execute(_SCRATCH)
        with cursor.copy("COPY hb_new FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE hb_new (day)")  # how many rows there are is all the planner needs
        cursor.execute(_VANISHED, given)
        cursor.execute(_COMPARE, given)
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE known) FROM hb_delta")
        changed, replaced = cursor.fetchone()
        effect: dict[int, int] = {}
        if changed:
            cursor.execute("ANALYZE hb_delta (metric_id, person_id, territory_id)")
            if replaced:
                cursor.execute(_KEEP_OLD, given)
                cursor.execute(_REPLACE, given)
            if changed > replaced:
                cursor.execute(_INSERT, given)
            for book in ("person", "territory"):
                cursor.execute(_MOVE_SCORECARD % {"holder": f"{book}_id", "book": book})
            cursor.execute("SELECT array_agg(DISTINCT metric_id), array_agg(DISTINCT day) FROM hb_delta")
            touched_metrics, touched_days = cursor.fetchone()
            sum_units(periods=periods, metrics=touched_metrics, days=touched_days)
            cursor.execute("SELECT metric_id, sum(delta)::bigint FROM hb_delta GROUP BY 1 ORDER BY 1")
            effect = dict(cursor.fetchall())
        cursor.execute("SET LOCAL work_mem = DEFAULT")
    return Booked(changed - replaced, replaced, effect)


_EFFECT = """
SELECT metric_id, sum(value)::bigint FROM (
  SELECT metric_id, value FROM actuals_dailyfact WHERE period_id = ANY(%(periods)s) AND batch_id = %(batch)s
  UNION ALL
  SELECT metric_id, CASE WHEN replaced_by_id = %(batch)s THEN -value ELSE value END FROM actuals_dailyfacthistory
  WHERE period_id = ANY(%(periods)s) AND (batch_id = %(batch)s OR replaced_by_id = %(batch)s)) x
GROUP BY 1 ORDER BY 1
"""


def effect_of(batch: int, periods: Sequence[int]) -> dict[int, int]:
    """Metric → by how much a batch moved the daily facts, for batches that did not write it down. Scope: one batch."""
    with connection.cursor() as cursor:
        cursor.execute(_EFFECT, {"batch": batch, "periods": list(periods)})
        return dict(cursor.fetchall())


_REBUILD = """
INSERT INTO actuals_scorecard AS s
  (target_id, book, metric_id, period_id, person_id, territory_id, org_path, region, version, base, stretch, spec_id,
   first_day, last_day, active_days, period_days, original_base, actual)
SELECT t.id, t.book, t.metric_id, t.period_id, t.person_id, t.territory_id, v.org_path,
       '/' || split_part(v.org_path, '/', 2) || '/' || split_part(v.org_path, '/', 3) || '/', v.number, v.base, v.stretch,
       v.spec_id, v.first_day, v.last_day, v.active_days, v.period_days, first.base, coalesce(a.actual, 0)
FROM targets_target t
JOIN targets_version v ON v.target_id = t.id AND v.number = t.current
JOIN targets_version first ON first.target_id = t.id AND first.number = 1
LEFT JOIN (
  SELECT t.id, sum(d.value)::bigint AS actual
  FROM targets_target t JOIN actuals_dailyfact d
    ON d.period_id = t.period_id AND d.metric_id = t.metric_id AND d.person_id = t.person_id
  WHERE t.book = 'person' AND t.id = ANY(%(targets)s) GROUP BY t.id
  UNION ALL
  SELECT t.id, sum(d.value)::bigint
  FROM targets_target t JOIN actuals_dailyfact d
    ON d.period_id = t.period_id AND d.metric_id = t.metric_id AND d.territory_id = t.territory_id
  WHERE t.book = 'territory' AND t.id = ANY(%(targets)s) GROUP BY t.id) a ON a.id = t.id
WHERE t.id = ANY(%(targets)s) ORDER BY t.id
ON CONFLICT (target_id) DO UPDATE SET
  org_path = excluded.org_path, region = excluded.region, version = excluded.version, base = excluded.base,
  stretch = excluded.stretch, spec_id = excluded.spec_id, first_day = excluded.first_day, last_day = excluded.last_day,
  active_days = excluded.active_days, period_days = excluded.period_days, original_base = excluded.original_base,
  actual = excluded.actual
"""


def rebuild_scorecards(targets: Sequence[int]) -> None:
    """Scorecard rows of the given targets, from their current version and Σ daily facts. Scope: the targets."""
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD, {"targets": list(targets)})


_AS_OF = """
WITH known AS (
  SELECT metric_id, person_id, territory_id, value FROM actuals_dailyfact
  WHERE period_id = %(period)s AND day <= %(day)s AND batch_id <= %(batch)s
  UNION ALL
  SELECT metric_id, person_id, territory_id, value FROM actuals_dailyfacthistory
  WHERE period_id = %(period)s AND day <= %(day)s AND batch_id <= %(batch)s AND replaced_by_id > %(batch)s)
SELECT 'person', metric_id, person_id, sum(value)::bigint FROM known WHERE person_id IS NOT NULL GROUP BY 2, 3
UNION ALL
SELECT 'territory', metric_id, territory_id, sum(value)::bigint FROM known WHERE territory_id IS NOT NULL GROUP BY 2, 3
"""


def actuals_as_of(*, period: int, day: date, batch: int) -> dict[tuple[str, int, int], int]:
    """(book, metric, holder) → Σ value of business days up to `day`, as known when `batch` was the newest batch.

    Scope: one period, all holders (an evaluation sees everything).
    """
    with connection.cursor() as cursor:
        cursor.execute(_AS_OF, {"period": period, "day": day, "batch": batch})
        return {(book, metric, holder): value for book, metric, holder, value in cursor.fetchall()}


_SCORECARD_DIFFERENCES = """
SELECT s.target_id, s.book, s.metric_id, s.period_id, s.person_id, s.territory_id, s.actual, coalesce(x.total, 0)
FROM actuals_scorecard s LEFT JOIN (
  SELECT 'person' AS book, period_id, metric_id, person_id AS holder, sum(value)::bigint AS total
  FROM actuals_dailyfact GROUP BY 2, 3, 4
  UNION ALL
  SELECT 'territory', period_id, metric_id, territory_id, sum(value)::bigint FROM actuals_dailyfact GROUP BY 2, 3, 4) x
  ON x.book = s.book AND x.period_id = s.period_id AND x.metric_id = s.metric_id
 AND x.holder = coalesce(s.person_id, s.territory_id)
WHERE s.actual <> coalesce(x.total, 0) ORDER BY s.target_id
"""


def scorecard_differences() -> list[tuple[Any, ...]]:
    """Scorecard rows that are not Σ daily facts of their holder. Scope: all (the doctor)."""
    with connection.cursor() as cursor:
        cursor.execute(_SCORECARD_DIFFERENCES)
        return list(cursor.fetchall())


def daily_sums() -> dict[tuple[int, date], int]:
    """(metric, day) → Σ persons + unassigned. Scope: all (the doctor)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT metric_id, day, sum(value)::bigint FROM actuals_dailyfact GROUP BY 1, 2")
        return {(metric, day): value for metric, day, value in cursor.fetchall()}


def holders_totals() -> list[tuple[int, int, int, int, int]]:
    """(period, metric, territory, person, Σ value), 0 for none: what targets can be derived from. Scope: all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT period_id, metric_id, coalesce(territory_id, 0), coalesce(person_id, 0), sum(value)::bigint "
            "FROM actuals_dailyfact GROUP BY 1, 2, 3, 4"
        )
        return list(cursor.fetchall())


def reach_feeds(stream: str, reach: dict[str, date]) -> None:
    """Move how far a stream's data reach; never backwards. Scope: one stream."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO actuals_feed AS f (stream, org_path, data_as_of) VALUES (%s, %s, %s) "
            "ON CONFLICT (stream, org_path) DO UPDATE SET data_as_of = greatest(f.data_as_of, excluded.data_as_of)",
            [(stream, path, day) for path, day in sorted(reach.items())],
        )


@contextmanager
def undone() -> Iterator[None]:
    """Do the work inside and take every trace of it out of the database again: a dry run."""
    from django.db import transaction

    with transaction.atomic():
        mark = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(mark)


def worker_is_heard() -> bool:
    """Whether a background worker gave a sign of life in the last minute, by the clock it writes with. Scope: none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - interval '60 seconds')"
        )
        return bool(cursor.fetchone()[0])
