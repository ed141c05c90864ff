"""Set-based passes of the lights room. Each names its scope argument: the run, and through it one period.

`core.lights.light_for` is the definition; `tests/rooms/test_lights_sql_agrees_with_the_core.py` keeps the two equal.
Two sources of the same card: the scorecard (the present, fast) and the named inputs (any past run).
"""

from typing import Any

from django.db import connection

CARD_NOW = """
    SELECT s.target_id, s.version, s.book, s.metric_id, s.person_id, s.territory_id, s.org_path, s.base, s.stretch,
           s.spec_id, s.actual - coalesce(p.later, t.later, 0) AS actual
    FROM actuals_scorecard s
    LEFT JOIN later_person p ON s.book = 'person' AND p.metric_id = s.metric_id AND p.person_id = s.person_id
    LEFT JOIN later_territory t
           ON s.book = 'territory' AND t.metric_id = s.metric_id AND t.territory_id = s.territory_id
    WHERE s.period_id = %(period)s
"""
LATER = """
    later AS MATERIALIZED (SELECT metric_id, person_id, territory_id, value FROM actuals_dailyfact
              WHERE period_id = %(period)s AND metric_id = ANY(%(metrics)s) AND day > %(as_of)s),
    later_person AS (SELECT metric_id, person_id, sum(value) AS later FROM later GROUP BY 1, 2),
    later_territory AS (SELECT metric_id, territory_id, sum(value) AS later FROM later GROUP BY 1, 2),
"""
CARD_THEN = """
    SELECT v.target_id, v.number AS version, t.book, t.metric_id, t.person_id, t.territory_id, v.org_path,
           v.base, v.stretch, v.spec_id, coalesce(p.value, q.value, 0) AS actual
    FROM (SELECT DISTINCT ON (v.target_id) v.* FROM targets_version v JOIN targets_target t ON t.id = v.target_id
          WHERE t.period_id = %(period)s AND v.recorded_at <= %(targets_known_at)s
          ORDER BY v.target_id, v.number DESC) v
    JOIN targets_target t ON t.id = v.target_id
    LEFT JOIN known_person p ON t.book = 'person' AND p.metric_id = t.metric_id AND p.person_id = t.person_id
    LEFT JOIN known_territory q
           ON t.book = 'territory' AND q.metric_id = t.metric_id AND q.territory_id = t.territory_id
"""
KNOWN = """
    known AS MATERIALIZED (
        SELECT metric_id, person_id, territory_id, value FROM actuals_dailyfact
        WHERE period_id = %(period)s AND day <= %(as_of)s AND batch_id <= %(facts_as_of)s
        UNION ALL
        SELECT metric_id, person_id, territory_id, value FROM actuals_dailyfacthistory
        WHERE period_id = %(period)s AND day <= %(as_of)s AND batch_id <= %(facts_as_of)s
          AND replaced_by_id > %(facts_as_of)s),
    known_person AS (SELECT metric_id, person_id, sum(value) AS value FROM known GROUP BY 1, 2),
    known_territory AS (SELECT metric_id, territory_id, sum(value) AS value FROM known GROUP BY 1, 2),
"""
JUDGE = """
    INSERT INTO lights_light (run_id, target_id, version, book, metric_id, person_id, territory_id, org_path,
        base, stretch, actual, plan_num, plan_den, light, grey_reason, data_as_of, state, confirmed, confirmed_before)
    WITH {facts}
    feeds AS (SELECT m.key::bigint AS metric_id, r.key AS org_path, r.value::date AS data_as_of
              FROM jsonb_each(%(feeds)s::jsonb) m, jsonb_each_text(m.value) r),
    away AS (SELECT value::bigint AS person_id FROM jsonb_array_elements_text(%(away)s::jsonb)),
    card AS ({card}),
    grey AS MATERIALIZED (
        SELECT card.*, d.num, c.den, greatest(f.data_as_of, r.data_as_of) AS data_as_of, CASE
            WHEN away.person_id IS NOT NULL THEN 'on_leave'
            WHEN v.active_days * %(active_den)s < v.period_days * %(active_num)s THEN 'not_rated'
            WHEN card.base <= 0 THEN 'no_target'
            WHEN f.data_as_of IS NULL AND r.data_as_of IS NULL THEN 'no_data'
            WHEN greatest(f.data_as_of, r.data_as_of) < %(late_before)s THEN 'feed_late'
            WHEN d.num <= 0 OR d.num * %(share_den)s < c.den * %(share_num)s THEN 'too_early'
            ELSE '' END AS reason
        FROM card
        JOIN targets_version v ON v.target_id = card.target_id AND v.number = card.version
        JOIN targets_curve c ON c.spec_id = card.spec_id AND c.calendar_version = %(calendar_version)s
        JOIN targets_curveday d ON d.curve_id = c.id AND d.day = %(as_of)s
        LEFT JOIN away ON card.book = 'person' AND away.person_id = card.person_id
        LEFT JOIN feeds f ON f.metric_id = card.metric_id
             AND f.org_path = '/' || split_part(card.org_path, '/', 2) || '/' || split_part(card.org_path, '/', 3) || '/'
        LEFT JOIN feeds r ON r.metric_id = card.metric_id AND r.org_path = '/' || split_part(card.org_path, '/', 2) || '/'),
    lit AS MATERIALIZED (
        SELECT grey.*, CASE
            WHEN reason <> '' THEN 'grey'
            WHEN actual * e.share * %(red_den)s < base * e.plan * %(red_num)s THEN 'red'
            WHEN actual * e.share * %(yellow_den)s < base * e.plan * %(yellow_num)s THEN 'yellow'
            ELSE 'green' END AS light
        FROM grey, LATERAL (SELECT CASE WHEN %(basis)s = 'pace' THEN den ELSE 1 END AS share,
                                   CASE WHEN %(basis)s = 'pace' THEN num ELSE 1 END AS plan) e)
    SELECT %(run)s, lit.target_id, lit.version, lit.book, lit.metric_id, lit.person_id, lit.territory_id, lit.org_path,
           lit.base, lit.stretch, lit.actual, lit.num, lit.den, lit.light, lit.reason, lit.data_as_of,
           CASE
               WHEN lit.light = 'grey' THEN 'grey'
               WHEN lit.light = 'green' AND %(official)s AND o.confirmed IN ('yellow', 'red') THEN 'recovering'
               WHEN lit.light = 'green' AND %(official)s THEN 'normal'
               WHEN %(official)s THEN lit.light
               WHEN (lit.light = 'red' AND o.confirmed IS DISTINCT FROM 'red')
                 OR (lit.light = 'yellow' AND coalesce(o.confirmed, '') NOT IN ('yellow', 'red')) THEN 'pending'
               WHEN o.confirmed IN ('yellow', 'red') THEN o.confirmed
               WHEN o.confirmed_before IN ('yellow', 'red') THEN 'recovering'
               ELSE 'normal' END,
           CASE WHEN %(official)s AND lit.light <> 'grey' THEN lit.light ELSE coalesce(o.confirmed, '') END,
           CASE WHEN %(official)s AND lit.light <> 'grey' THEN coalesce(o.confirmed, '')
                ELSE coalesce(o.confirmed_before, '') END
    FROM lit LEFT JOIN lights_light o ON o.run_id = %(previous)s AND o.target_id = lit.target_id
"""


def light_the_present(facts: dict[str, Any]) -> int:
    """Judge a period from its scorecard. Scope: `period`. Returns the number of lights written."""
    return _judge(JUDGE.format(facts=LATER, card=CARD_NOW), facts)


def light_the_past(facts: dict[str, Any]) -> int:
    """Judge a period from its named inputs only. Scope: `period`. Returns the number of lights written."""
    return _judge(JUDGE.format(facts=KNOWN, card=CARD_THEN), facts)


def _judge(statement: str, facts: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        # Fresh tables have no statistics, and a nested loop over everybody would never end; every join here is a hash.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statement, facts)
        lit = int(cursor.rowcount)
        cursor.execute("SET LOCAL enable_nestloop = on")
        return lit


def unit_sums(run: int) -> list[tuple[Any, ...]]:
    """Σ per metric, team path and curve denominator over the territory book, reasons included. Scope: the run."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.metric_id, l.org_path, l.plan_den, sum(l.actual), sum(l.base), sum(coalesce(l.stretch, l.base)),
                   sum(l.base * l.plan_num), sum(v1.base), count(*) FILTER (WHERE l.light <> 'grey'),
                   max(l.grey_reason)
            FROM lights_light l JOIN targets_version v1 ON v1.target_id = l.target_id AND v1.number = 1
            WHERE l.run_id = %(run)s AND l.book = 'territory'
            GROUP BY 1, 2, 3
            """,
            {"run": run},
        )
        return list(cursor.fetchall())


def people_counts(run: int) -> list[tuple[Any, ...]]:
    """People per metric, team path and light. Scope: the run."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT metric_id, org_path, light, count(*) FROM lights_light
            WHERE run_id = %(run)s AND book = 'person' GROUP BY 1, 2, 3
            """,
            {"run": run},
        )
        return list(cursor.fetchall())


def write_flips(run: int, previous: int | None) -> list[int]:
    """Official person lights that differ from the checkpoint before (a first green is no flip). Scope: the run."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lights_flip (run_id, target_id, metric_id, person_id, org_path, before, after)
            SELECT l.run_id, l.target_id, l.metric_id, l.person_id, l.org_path, coalesce(o.light, ''), l.light
            FROM lights_light l LEFT JOIN lights_light o ON o.run_id = %(previous)s AND o.target_id = l.target_id
            WHERE l.run_id = %(run)s AND l.book = 'person' AND l.light IS DISTINCT FROM o.light
              AND NOT (o.light IS NULL AND l.light IN ('green', 'grey'))
            ORDER BY l.target_id RETURNING id
            """,
            {"run": run, "previous": previous},
        )
        return [row[0] for row in cursor.fetchall()]


def light_rows(run: int) -> list[str]:
    """Every result row of a run as text without its own key, in a fixed order: what the digest covers. Scope: the run."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT concat_ws('|', target_id, version, base, stretch, actual, plan_num, plan_den, light, grey_reason,
                             state, confirmed, confirmed_before, data_as_of)
            FROM lights_light WHERE run_id = %(run)s ORDER BY target_id
            """,
            {"run": run},
        )
        rows = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            """
            SELECT concat_ws('|', metric_id, org_path, base, original_base, stretch, actual, plan_num, plan_den, light,
                             grey_reason, people, green, yellow, red, grey)
            FROM lights_unitlight WHERE run_id = %(run)s ORDER BY metric_id, org_path
            """,
            {"run": run},
        )
        return rows + [row[0] for row in cursor.fetchall()]


def sweep_previews(period: int, keep: int) -> None:
    """Delete the results of older previews: a preview is replaced, only checkpoints are kept. Scope: `period`."""
    with connection.cursor() as cursor:
        for table in ("lights_light", "lights_unitlight", "lights_projection"):
            cursor.execute(
                f"DELETE FROM {table} WHERE run_id IN (SELECT id FROM lights_run WHERE period_id = %(period)s"
                " AND kind = 'preview' AND id <> %(keep)s)",
                {"period": period, "keep": keep},
            )
        cursor.execute(
            "DELETE FROM lights_run WHERE period_id = %(period)s AND kind = 'preview' AND id <> %(keep)s",
            {"period": period, "keep": keep},
        )


def sold_by_then(metric: int, cuts: list[tuple[int, Any, Any]]) -> list[tuple[int, int, int, int, int]]:
    """(territory, period, whole, up to the first cut, up to the second) for (period, cut, earlier cut). Scope: metric."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT f.territory_id, f.period_id, sum(f.value)::bigint,
                   coalesce(sum(f.value) FILTER (WHERE f.day <= c.cut), 0)::bigint,
                   coalesce(sum(f.value) FILTER (WHERE f.day <= c.earlier), 0)::bigint
            FROM actuals_dailyfact f
            JOIN unnest(%(periods)s::bigint[], %(cut)s::date[], %(earlier)s::date[]) AS c(period_id, cut, earlier)
              ON c.period_id = f.period_id
            WHERE f.metric_id = %(metric)s AND f.period_id = ANY(%(periods)s::bigint[]) AND f.territory_id IS NOT NULL
            GROUP BY 1, 2
            """,
            {
                "metric": metric,
                "periods": [c[0] for c in cuts],
                "cut": [c[1] for c in cuts],
                "earlier": [c[2] for c in cuts],
            },
        )
        return list(cursor.fetchall())


def sold_by_day(metric: int, period: int) -> list[tuple[Any, int]]:
    """(day, value) of one period, all territories together. Scope: metric and period."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT day, sum(value)::bigint FROM actuals_dailyfact
            WHERE metric_id = %(metric)s AND period_id = %(period)s AND territory_id IS NOT NULL GROUP BY 1
            """,
            {"metric": metric, "period": period},
        )
        return list(cursor.fetchall())


def sold_by_week(metric: int, periods: list[int]) -> list[tuple[int, Any, int]]:
    """(territory, Monday of the week, value) of the given periods. Scope: metric and periods."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT territory_id, date_trunc('week', day)::date, sum(value)::bigint FROM actuals_dailyfact
            WHERE metric_id = %(metric)s AND period_id = ANY(%(periods)s::bigint[]) AND territory_id IS NOT NULL
            GROUP BY 1, 2
            """,
            {"metric": metric, "periods": periods},
        )
        return list(cursor.fetchall())


def standing_on(run: int, metric: int, cut: Any) -> list[tuple[int, int, int, Any, Any]]:
    """(target, actual by the end of `cut`, base, plan numerator, denominator) of a run's targets. Scope: run, metric."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH since AS (SELECT f.person_id, f.territory_id, f.value FROM actuals_dailyfact f
                           JOIN lights_run r ON r.id = %(run)s AND f.period_id = r.period_id
                           WHERE f.metric_id = %(metric)s AND f.day > %(cut)s AND f.day <= r.as_of),
            people AS (SELECT person_id, sum(value) AS sold FROM since GROUP BY 1),
            places AS (SELECT territory_id, sum(value) AS sold FROM since GROUP BY 1)
            SELECT l.target_id, (l.actual - coalesce(p.sold, t.sold, 0))::bigint, l.base, d.num, c.den
            FROM lights_light l JOIN lights_run r ON r.id = l.run_id
            JOIN targets_version v ON v.target_id = l.target_id AND v.number = l.version
            JOIN targets_curve c ON c.spec_id = v.spec_id AND c.calendar_version = r.calendar_version
            JOIN targets_curveday d ON d.curve_id = c.id AND d.day = %(cut)s
            LEFT JOIN people p ON l.book = 'person' AND p.person_id = l.person_id
            LEFT JOIN places t ON l.book = 'territory' AND t.territory_id = l.territory_id
            WHERE l.run_id = %(run)s AND l.metric_id = %(metric)s
            """,
            {"run": run, "metric": metric, "cut": cut},
        )
        return list(cursor.fetchall())
