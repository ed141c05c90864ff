"""Set-based passes of the lights room. Each names its scope argument: the run, and through it one period.

`core.lights.light_for` is the definition; `tests/rooms/test_lights_sql_agrees_with_the_core.py` keeps the two equal.
Two sources of the same card: the scorecard (the present, fast) and the named inputs (any past run).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DataError, connection, transaction

from hangbiao.engines.scope.sql import copied

# A card: one target beside its actual. `region` is what a feed reaches, a unit's path cut after its second step.
_CARD_NOW = """
    SELECT s.target_id, s.version, s.metric_id, s.person_id, s.territory_id, s.org_path, s.region, s.base,
           s.original_base, s.stretch, s.spec_id, s.active_days, s.period_days, s.actual{less} AS actual
    FROM actuals_scorecard s {later}
    WHERE s.period_id = %(period)s AND s.book = '{book}'
"""
_LATER = """
    LEFT JOIN (SELECT metric_id, {book}_id, sum(value) AS value FROM actuals_dailyfact
               WHERE period_id = %(period)s AND metric_id = ANY(%(metrics)s) AND day > %(as_of)s GROUP BY 1, 2) later
           ON later.metric_id = s.metric_id AND later.{book}_id = s.{book}_id
"""
_CARD_THEN = """
    SELECT v.target_id, v.number AS version, t.metric_id, t.person_id, t.territory_id, v.org_path,
           '/' || split_part(v.org_path, '/', 2) || '/' || split_part(v.org_path, '/', 3) || '/' AS region,
           v.base, first.base AS original_base, v.stretch, v.spec_id, v.active_days, v.period_days,
           coalesce(known.value, 0)::bigint AS actual
    FROM (SELECT DISTINCT ON (v.target_id) v.* FROM targets_version v JOIN targets_target t ON t.id = v.target_id
          WHERE t.period_id = %(period)s AND v.recorded_at <= %(targets_known_at)s
          ORDER BY v.target_id, v.number DESC) v
    JOIN targets_target t ON t.id = v.target_id AND t.book = '{book}'
    JOIN targets_version first ON first.target_id = v.target_id AND first.number = 1
    LEFT JOIN (
        SELECT metric_id, {book}_id, sum(value) AS value FROM (
            SELECT metric_id, {book}_id, value FROM actuals_dailyfact
            WHERE period_id = %(period)s AND day <= %(as_of)s AND batch_id <= %(facts_as_of)s
            UNION ALL
            SELECT metric_id, {book}_id, value FROM actuals_dailyfacthistory
            WHERE period_id = %(period)s AND day <= %(as_of)s AND batch_id <= %(facts_as_of)s
              AND replaced_by_id > %(facts_as_of)s) every
        GROUP BY 1, 2) known ON known.metric_id = t.metric_id AND known.{book}_id = t.{book}_id
"""
# OFFSET 0 keeps the planner from working a judgement out again for every column that mentions it.
_JUDGED = """
    plan AS MATERIALIZED (
        SELECT c.spec_id, d.num, c.den, d.num <= 0 OR d.num * %(share_den)s < c.den * %(share_num)s AS early,
               ({share} * %(red_den)s)::{whole} AS red_share, ({plan} * %(red_num)s)::{whole} AS red_plan,
               ({share} * %(yellow_den)s)::{whole} AS yellow_share, ({plan} * %(yellow_num)s)::{whole} AS yellow_plan
        FROM targets_curve c JOIN targets_curveday d ON d.curve_id = c.id AND d.day = %(as_of)s
        WHERE c.calendar_version = %(calendar_version)s),
    grey AS (
        SELECT card.*, plan.num, plan.den, red_share, red_plan, yellow_share, yellow_plan, {reached} AS data_as_of, CASE
            WHEN card.person_id = ANY(%(away)s) THEN 'on_leave'
            WHEN card.active_days * %(active_den)s < card.period_days * %(active_num)s THEN 'not_rated'
            WHEN card.base <= 0 THEN 'no_target'
            WHEN {reached} IS NULL THEN 'no_data'
            WHEN {reached} < %(late_before)s THEN 'feed_late'
            WHEN plan.early THEN 'too_early'
            ELSE '' END AS reason
        FROM card
        JOIN plan ON plan.spec_id = card.spec_id
        {feeds}
        OFFSET 0)
"""
_FEEDS = {
    "regional": """LEFT JOIN unnest(%(regional_metric)s::bigint[], %(regional_path)s::text[], %(regional_reached)s::date[])
        AS regional(metric_id, path, reached) ON regional.metric_id = card.metric_id AND regional.path = card.region""",
    "whole": """LEFT JOIN unnest(%(whole_metric)s::bigint[], %(whole_reached)s::date[]) AS whole(metric_id, reached)
        ON whole.metric_id = card.metric_id""",
}
_LIGHT = """
    INSERT INTO lights_light (run_id, target_id, version, metric_id, person_id, org_path, base, stretch, actual,
        plan_num, plan_den, light, grey_reason, data_as_of, state, confirmed, confirmed_before)
    WITH card AS ({card}), {judged},
    lit AS (
        SELECT grey.*, CASE
            WHEN reason <> '' THEN 'grey'
            WHEN actual * red_share < base * red_plan THEN 'red'
            WHEN actual * yellow_share < base * yellow_plan THEN 'yellow'
            ELSE 'green' END AS light
        FROM grey OFFSET 0)
    SELECT %(run)s, lit.target_id, lit.version, lit.metric_id, lit.person_id, lit.org_path, lit.base, lit.stretch,
           lit.actual, lit.num, lit.den, lit.light, lit.reason, lit.data_as_of, {state}
    FROM lit {before}
"""
_FLIPS = """
    WITH flipped AS (
    INSERT INTO lights_flip (run_id, target_id, metric_id, person_id, org_path, before, after)
    SELECT l.run_id, l.target_id, l.metric_id, l.person_id, l.org_path, coalesce(o.light, ''), l.light
    FROM lights_light l LEFT JOIN lights_light o ON o.run_id = %(previous)s AND o.target_id = l.target_id
    WHERE l.run_id = %(run)s AND l.light IS DISTINCT FROM o.light
      AND NOT (o.light IS NULL AND l.light IN ('green', 'grey'))
    ORDER BY l.target_id RETURNING id, target_id, metric_id, person_id, before, after)
    SELECT f.id, f.target_id, m.code, coalesce(p.code, ''), f.before, f.after
    FROM flipped f JOIN targets_metric m ON m.id = f.metric_id LEFT JOIN people_person p ON p.id = f.person_id
    ORDER BY f.target_id
"""
# A border is a product on either side. Eight bytes hold it nearly always, and PostgreSQL says so when they do not.
_WHOLE, _ANY_LENGTH = "bigint", "numeric"
_SHARES = {"pace": {"share": "c.den", "plan": "d.num"}, "cumulative": {"share": "1", "plan": "1"}}
_BEFORE = "LEFT JOIN lights_light o ON o.run_id = %(previous)s AND o.target_id = lit.target_id"
_NOTHING_BEFORE = "CROSS JOIN (SELECT '' AS confirmed, '' AS confirmed_before) o"
STATE = {
    True: """
           CASE WHEN lit.light = 'green' AND o.confirmed IN ('yellow', 'red') THEN 'recovering'
                WHEN lit.light = 'green' THEN 'normal' ELSE lit.light END,
           CASE WHEN lit.light <> 'grey' THEN lit.light ELSE coalesce(o.confirmed, '') END,
           CASE WHEN lit.light <> 'grey' THEN coalesce(o.confirmed, '') ELSE coalesce(o.confirmed_before, '') END""",
    False: """
           CASE WHEN lit.light = 'grey' THEN 'grey'
                WHEN (lit.light = 'red' AND o.confirmed IS DISTINCT FROM 'red')
                  OR (lit.light = 'yellow' AND coalesce(o.confirmed, '') NOT IN ('yellow', 'red')) THEN 'pending'
                WHEN o.confirmed IN ('yellow', 'red') THEN o.confirmed
                WHEN o.confirmed_before IN ('yellow', 'red') THEN 'recovering'
                ELSE 'normal' END,
           coalesce(o.confirmed, ''), coalesce(o.confirmed_before, '')""",
}
_UNIT_SUMS = """
    WITH card AS ({card}), {judged}
    SELECT grey.metric_id, grey.org_path, grey.den, sum(grey.actual), sum(grey.base),
           sum(coalesce(grey.stretch, grey.base)), sum(grey.base * grey.num), sum(grey.original_base),
           count(*) FILTER (WHERE grey.reason = ''), max(grey.reason)
    FROM grey
    GROUP BY 1, 2, 3
"""
_CARDS = """
    WITH card AS ({card})
    SELECT card.target_id, card.person_id, card.territory_id, card.org_path, card.base, card.stretch, card.actual,
           d.num, c.den, card.version, card.metric_id
    FROM card
    JOIN targets_curve c ON c.spec_id = card.spec_id AND c.calendar_version = %(calendar_version)s
    JOIN targets_curveday d ON d.curve_id = c.id AND d.day = %(as_of)s
    WHERE card.metric_id = ANY(%(metrics)s)
"""
_UNASSIGNED = """
    SELECT f.metric_id, f.org_path, sum(f.value)::bigint
    FROM (SELECT metric_id, {book}_id, org_path, value FROM actuals_dailyfact
          WHERE period_id = %(period)s AND day <= %(as_of)s AND batch_id <= %(facts_as_of)s
          UNION ALL
          SELECT metric_id, {book}_id, org_path, value FROM actuals_dailyfacthistory
          WHERE period_id = %(period)s AND day <= %(as_of)s AND batch_id <= %(facts_as_of)s
            AND replaced_by_id > %(facts_as_of)s) f
    LEFT JOIN (SELECT DISTINCT t.metric_id, t.{book}_id AS holder FROM targets_target t
               JOIN targets_version v ON v.target_id = t.id AND v.number = 1 AND v.recorded_at <= %(targets_known_at)s
               WHERE t.period_id = %(period)s AND t.book = '{book}') held
           ON held.metric_id = f.metric_id AND held.holder = f.{book}_id
    WHERE held.holder IS NULL AND f.metric_id = ANY(%(metrics)s)
    GROUP BY 1, 2 HAVING sum(f.value) <> 0 ORDER BY 1, 2
"""


def light_people(facts: dict[str, Any], *, past: bool = False) -> int:
    """Judge everybody's own targets of a period and write the lights. Scope: `period`. Returns how many.

    From the scorecard (the present, fast), or, for a `past` run, from its named inputs only: the same lights.
    """
    try:
        with transaction.atomic():
            return _light_people(facts, past=past, whole=_WHOLE)
    except DataError:
        return _light_people(facts, past=past, whole=_ANY_LENGTH)


def _light_people(facts: dict[str, Any], *, past: bool, whole: str) -> int:
    statement = _LIGHT.format(
        card=_card(facts, "person", past=past), judged=_judged(facts, whole), state=STATE[facts["official"]],
        before=_NOTHING_BEFORE if facts["previous"] is None else _BEFORE,
    )  # fmt: skip
    return int(_pass(statement, facts).rowcount)


def unit_sums(facts: dict[str, Any], *, past: bool = False) -> list[tuple[Any, ...]]:
    """Σ per metric, team path and curve denominator over the territory book: actual, base, stretch, base × plan, first
    base, how many are not grey, a grey reason. Scope: `period`."""
    statement = _UNIT_SUMS.format(card=_card(facts, "territory", past=past), judged=_judged(facts, _ANY_LENGTH))
    return list(_pass(statement, facts).fetchall())


def cards(facts: dict[str, Any], book: str) -> list[tuple[Any, ...]]:
    """(target, person, territory, path, base, stretch, actual, plan numerator, denominator, version, metric) of one book's
    targets by the end of `as_of`, as the run's named inputs have them. Scope: `period`, `metrics`."""
    return list(_pass(_CARDS.format(card=_CARD_THEN.format(book=book)), facts).fetchall())


def _card(facts: dict[str, Any], book: str, *, past: bool) -> str:
    if past:
        return _CARD_THEN.format(book=book)
    if not _has_later_facts(facts):
        return _CARD_NOW.format(book=book, later="", less="")
    return _CARD_NOW.format(book=book, later=_LATER.format(book=book), less=" - coalesce(later.value, 0)::bigint")


def _judged(facts: dict[str, Any], whole: str) -> str:
    """Only the kinds of feeds there are: each join that is not there is one look-up less per target."""
    kinds = [kind for kind in _FEEDS if facts[f"{kind}_metric"]]
    reached = f"greatest({', '.join(f'{kind}.reached' for kind in kinds)})" if kinds else "NULL::date"
    feeds = " ".join(_FEEDS[kind] for kind in kinds)
    return _JUDGED.format(reached=reached, feeds=feeds, whole=whole, **_SHARES[facts["basis"]])


def _has_later_facts(facts: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM actuals_dailyfact WHERE period_id = %(period)s"
            " AND metric_id = ANY(%(metrics)s) AND day > %(as_of)s)",
            facts,
        )
        return bool(cursor.fetchone()[0])


def _pass(statement: str, facts: dict[str, Any]) -> Any:
    """A set-based statement. Fresh tables have no statistics, and a nested loop over everybody would never end; every
    join here is a hash, which wants memory."""
    cursor = connection.cursor()
    cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'")
    cursor.execute(statement, facts)
    with connection.cursor() as after:
        after.execute("SET LOCAL enable_nestloop = on; SET LOCAL work_mem = DEFAULT")
    return cursor


def people_counts(run: int) -> list[tuple[Any, ...]]:
    """(metric, team path, green, yellow, red, grey): how many people stand where. Scope: the run."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT metric_id, org_path, count(*) FILTER (WHERE light = 'green'), count(*) FILTER (WHERE light = 'yellow'),
                   count(*) FILTER (WHERE light = 'red'), count(*) FILTER (WHERE light = 'grey')
            FROM lights_light WHERE run_id = %(run)s GROUP BY 1, 2
            """,
            {"run": run},
        )
        return list(cursor.fetchall())


UNIT_COLUMNS = (
    "run_id", "metric_id", "org_path", "base", "original_base", "stretch", "actual", "plan", "plan_num", "plan_den",
    "light", "grey_reason", "people", "green", "yellow", "red", "grey",
)  # fmt: skip


def write_unit_lights(rows: Iterable[Sequence[Any]]) -> None:
    """COPY the lights of units, in the order of UNIT_COLUMNS. Scope: the run named in each row."""
    with copied("lights_unitlight", UNIT_COLUMNS) as write:
        for row in rows:
            write(row)


def write_flips(run: int, previous: int | None) -> list[tuple[int, int, str, str, str, str]]:
    """Official person lights that differ from the checkpoint before (a first green is no flip), as (flip, target, metric,
    person, before, after). Scope: the run."""
    return list(_pass(_FLIPS, {"run": run, "previous": previous}).fetchall())


def light_rows(run: int) -> list[str]:
    """Every result row of a run as text without its own key, in a fixed order: what the digest covers. Scope: the run."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT concat_ws('|', target_id, version, base, stretch, actual, plan_num, plan_den, light, grey_reason,
                             state, confirmed, confirmed_before, data_as_of, 'rule ' || rule_id)
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


def forget_units(run: int) -> None:
    """The units' lights are about to be written again, with other counts of people. Scope: the run."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM lights_unitlight WHERE run_id = %(run)s", {"run": run})


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


# The daily facts of a territory's metric, as they are now, or as they were when batch `known` was the newest.
_FACTS_NOW = """
    SELECT territory_id, period_id, day, value FROM actuals_dailyfact
    WHERE metric_id = %(metric)s AND period_id = ANY(%(periods)s::bigint[]) AND territory_id IS NOT NULL
"""
_FACTS_THEN = f"""
    {_FACTS_NOW} AND batch_id <= %(known)s
    UNION ALL
    {_FACTS_NOW.replace("actuals_dailyfact", "actuals_dailyfacthistory")}
      AND batch_id <= %(known)s AND replaced_by_id > %(known)s
"""


def _sold(statement: str, known: int | None, asked: dict[str, Any]) -> list[Any]:
    """`known` None asks for the present: one scan, no history."""
    with connection.cursor() as cursor:
        facts = _FACTS_NOW if known is None else _FACTS_THEN
        cursor.execute(statement.format(facts=facts), asked | {"known": known})
        return list(cursor.fetchall())


def sold_by_then(
    metric: int, cuts: list[tuple[int, Any, Any]], known: int | None
) -> list[tuple[int, int, int, int, int]]:
    """(territory, period, whole, up to the first cut, up to the second) for (period, cut, earlier cut). Scope: metric."""
    return _sold(
        """
        SELECT f.territory_id, f.period_id, sum(f.value)::bigint,
               coalesce(sum(f.value) FILTER (WHERE f.day <= c.cut), 0)::bigint,
               coalesce(sum(f.value) FILTER (WHERE f.day <= c.earlier), 0)::bigint
        FROM ({facts}) f
        JOIN unnest(%(periods)s::bigint[], %(cut)s::date[], %(earlier)s::date[]) AS c(period_id, cut, earlier)
          ON c.period_id = f.period_id
        GROUP BY 1, 2
        """,
        known,
        {
            "metric": metric,
            "periods": [c[0] for c in cuts],
            "cut": [c[1] for c in cuts],
            "earlier": [c[2] for c in cuts],
        },
    )


def sold_by_day(metric: int, period: int, known: int | None) -> list[tuple[Any, int]]:
    """(day, value) of one period, all territories together. Scope: metric and period."""
    statement = "SELECT day, sum(value)::bigint FROM ({facts}) f GROUP BY 1"
    return _sold(statement, known, {"metric": metric, "periods": [period]})


def sold_by_week(metric: int, periods: list[int], known: int | None) -> list[tuple[int, Any, int]]:
    """(territory, Monday of the week, value) of the given periods. Scope: metric and periods."""
    statement = """
        SELECT territory_id, date_trunc('week', day)::date, sum(value)::bigint FROM ({facts}) f GROUP BY 1, 2
    """
    return _sold(statement, known, {"metric": metric, "periods": periods})


def unassigned(facts: dict[str, Any], book: str) -> list[tuple[int, str, int]]:
    """(metric, unit path, value) of what counts for no holder with a target in the period, by the end of `as_of`, as the
    run's named inputs have it. Scope: `period`, `metrics`."""
    return list(_pass(_UNASSIGNED.format(book=book), facts).fetchall())
