"""A rule over everybody it is for, in one pass. Each statement names its run; the rule's scope is part of it.

`core.rulings` is the definition; `tests/rooms/test_rules_agree_with_the_core.py` keeps the two equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from hangbiao.rooms.lights.sql import STATE

# What was known to the run: facts as they were when its newest batch was the newest.
_FACTS = """
    (SELECT metric_id, person_id, period_id, day, value FROM actuals_dailyfact
     WHERE period_id = ANY(%(periods)s::bigint[]) AND person_id IS NOT NULL AND batch_id <= %(facts_as_of)s
     UNION ALL
     SELECT metric_id, person_id, period_id, day, value FROM actuals_dailyfacthistory
     WHERE period_id = ANY(%(periods)s::bigint[]) AND person_id IS NOT NULL AND batch_id <= %(facts_as_of)s
       AND replaced_by_id > %(facts_as_of)s)
"""
_RECENT = """
    LEFT JOIN (SELECT person_id, sum(value) AS value FROM {facts} f
               WHERE metric_id = %({code}_metric)s AND day > %(as_of)s::date - %({code}_days)s AND day <= %(as_of)s
               GROUP BY 1) {code} ON {code}.person_id = l.person_id
"""
# No row is no visit only where the data have come; elsewhere nothing is known.
_RECENT_VALUE = """
    CASE WHEN EXISTS (SELECT FROM unnest(%({code}_paths)s::text[]) AS reached(path) WHERE starts_with(l.org_path, reached.path))
         THEN coalesce({code}.value, 0) END
"""
_CHANGE = """
    LEFT JOIN (SELECT metric_id, person_id, sum(value) AS value FROM {facts} f
               WHERE period_id = %(period_before)s AND day <= %(day_before)s GROUP BY 1, 2) earlier
           ON earlier.person_id = l.person_id AND earlier.metric_id = l.metric_id
"""
_ENDS = """
    LEFT JOIN lights_projection ends ON ends.run_id = l.run_id AND ends.target_id = l.target_id
    LEFT JOIN lights_projection ends_before ON ends_before.run_id = %(previous)s AND ends_before.target_id = l.target_id
"""
# Closed weeks with something due in them, and of those how many in a row, up to the last, were below the yellow border.
_WEEKS = """
    LEFT JOIN (
        SELECT target_id, count(*) FILTER (WHERE below AND number > last_good) AS weeks
        FROM (SELECT target_id, number, below,
                     coalesce(max(number) FILTER (WHERE NOT below) OVER (PARTITION BY target_id), 0) AS last_good
              FROM (SELECT v.target_id, w.number,
                           coalesce(sold.value, 0) * c.den * %(yellow_den)s
                               < v.base::numeric * (till.num - coalesce(since.num, 0)) * %(yellow_num)s AS below
                    FROM lights_light v_of
                    JOIN targets_version v ON v.target_id = v_of.target_id AND v.number = v_of.version
                    JOIN targets_curve c ON c.spec_id = v.spec_id AND c.calendar_version = %(calendar_version)s
                    CROSS JOIN unnest(%(week_numbers)s::int[], %(week_starts)s::date[], %(week_ends)s::date[])
                        AS w(number, first, last)
                    JOIN targets_curveday till ON till.curve_id = c.id AND till.day = w.last
                    LEFT JOIN targets_curveday since ON since.curve_id = c.id AND since.day = w.first - 1
                    LEFT JOIN (SELECT metric_id, person_id, w.number, sum(value) AS value
                               FROM {facts} f
                               JOIN unnest(%(week_numbers)s::int[], %(week_starts)s::date[], %(week_ends)s::date[])
                                   AS w(number, first, last) ON f.day BETWEEN w.first AND w.last
                               GROUP BY 1, 2, 3) sold
                           ON sold.metric_id = v_of.metric_id AND sold.person_id = v_of.person_id AND sold.number = w.number
                    WHERE v_of.run_id = %(run)s AND till.num > coalesce(since.num, 0)) each_week) marked
        GROUP BY 1) streak ON streak.target_id = l.target_id
"""
_MINE = """
    mine AS (
        SELECT l.target_id, l.person_id, l.metric_id, l.org_path, l.base, l.actual, l.plan_num AS num, l.plan_den AS den,
               l.light AS stood, l.grey_reason AS grey_before, l.data_as_of, coalesce(o.confirmed, '') AS was,
               o.confirmed AS o_confirmed, o.confirmed_before AS o_confirmed_before,
               l.actual::numeric * l.plan_den AS earned, l.base::numeric * l.plan_num AS expected, {columns}
        FROM lights_light l
        LEFT JOIN lights_light o ON o.run_id = %(previous)s AND o.target_id = l.target_id
        {joins}
        WHERE l.run_id = %(run)s AND {scope}
        OFFSET 0)
"""
_LIT = """
    judged AS (
        SELECT mine.*, CASE
                   WHEN grey_before NOT IN ('', 'too_early') THEN grey_before
                   WHEN num <= 0 OR num * %(share_den)s < den * %(share_num)s OR {too_early} THEN 'too_early'
                   ELSE '' END AS reason,
               {holds} AS holds, {achieved} AS achieved, {asked} AS asked, {counts} AS counts,
               CASE WHEN was = 'red' THEN %(red_back_num)s ELSE %(red_num)s END::numeric AS red_num,
               CASE WHEN was = 'red' THEN %(red_back_den)s ELSE %(red_den)s END::numeric AS red_den,
               CASE WHEN was IN ('yellow', 'red') THEN %(yellow_back_num)s ELSE %(yellow_num)s END::numeric AS yellow_num,
               CASE WHEN was IN ('yellow', 'red') THEN %(yellow_back_den)s ELSE %(yellow_den)s END::numeric AS yellow_den
        FROM mine OFFSET 0),
    banded AS (
        SELECT judged.*, CASE
                   WHEN reason <> '' THEN 'grey'
                   WHEN counts AND achieved * red_den < asked * red_num THEN 'red'
                   WHEN counts AND achieved * yellow_den < asked * yellow_num THEN 'yellow'
                   ELSE 'green' END AS band
        FROM judged OFFSET 0),
    lit AS (
        SELECT banded.*, CASE
                   WHEN band = 'grey' THEN 'grey'
                   {effect}
                   END AS light
        FROM banded OFFSET 0)
"""
_EFFECTS = {
    "": "ELSE band",
    "narrow": "WHEN holds THEN band ELSE 'green'",
    "yellow": "WHEN holds AND band = 'green' THEN 'yellow' ELSE band",
    "red": "WHEN holds THEN 'red' ELSE band",
}
_BASES = {
    "pace": {"achieved": "earned", "asked": "expected", "counts": "true", "too_early": "false"},
    "cumulative": {"achieved": "actual::numeric", "asked": "base::numeric", "counts": "true", "too_early": "false"},
    "landing": {
        "achieved": "point::numeric",
        "asked": "base::numeric",
        "counts": "(coalesce(permille <= %(most_permille)s, false)"
        " OR coalesce(point_before::numeric * %(yellow_den)s < base::numeric * %(yellow_num)s, false))",
        "too_early": "(point IS NULL OR %(week)s < %(from_week)s)",
    },
}
# The probability is known of one border only. With another one the projected end itself counts.
_BASES["landing_plain"] = _BASES["landing"] | {"counts": "true"}
_WRITE = """
    WITH {mine}, {lit},
    stated (target_id, light, reason, state, confirmed, confirmed_before) AS (
        SELECT lit.target_id, lit.light, lit.reason, {state}
        FROM lit CROSS JOIN LATERAL (SELECT lit.o_confirmed AS confirmed, lit.o_confirmed_before AS confirmed_before) o)
    UPDATE lights_light SET light = stated.light, grey_reason = stated.reason, state = stated.state,
           confirmed = stated.confirmed, confirmed_before = stated.confirmed_before, rule_id = %(rule)s
    FROM stated WHERE lights_light.run_id = %(run)s AND lights_light.target_id = stated.target_id
"""
_COUNT = "WITH {mine}, {lit} SELECT stood, light, count(*) FROM lit GROUP BY 1, 2"
_OTHERS = """
    WITH {mine}, {lit}
    SELECT lit.target_id, lit.person_id, lit.org_path, stood, light FROM lit
    WHERE stood <> light AND lit.org_path LIKE ANY(%(inside)s::text[]) ORDER BY lit.org_path, lit.target_id LIMIT %(most)s
"""
_ROW = "WITH {mine}, {lit} SELECT {asked_for} FROM lit WHERE person_id = %(person)s LIMIT 1"
ROW = ("base", "actual", "num", "den", "stood", "light", "reason", "was", "achieved", "asked")


@dataclass(frozen=True, slots=True)
class Pass:
    """What differs from rule to rule: columns and joins of the names it uses, its condition, and its parameters."""

    basis: str
    effect: str
    holds: str
    columns: Mapping[str, str]
    joins: str
    scope: str
    asked: Mapping[str, Any]

    def statement(self, template: str, **more: str) -> str:
        """The whole statement."""
        columns = ", ".join(f"{sql} AS {name}" for name, sql in self.columns.items()) or "1 AS one"
        mine = _MINE.format(columns=columns, joins=self.joins, scope=self.scope)
        effect = _EFFECTS[self.effect if self.holds != "NULL::boolean" else ""]
        return template.format(mine=mine, lit=_LIT.format(holds=self.holds, effect=effect, **_BASES[self.basis]), **more)


def recent(code: str) -> tuple[str, str]:
    """(column, join) of the sum over the last days."""
    return _RECENT_VALUE.format(code=code), _RECENT.format(code=code, facts=_FACTS)


def joins_for(*, change: bool, ends: bool, weeks: bool) -> str:
    """Only what the rule asks for."""
    wanted = [(change, _CHANGE), (ends, _ENDS), (weeks, _WEEKS)]
    return " ".join(join.format(facts=_FACTS) for needed, join in wanted if needed)


def write(one: Pass, *, rule: int, official: bool) -> int:
    """Light everybody the rule is for, whom no narrower rule has lit. Gives how many. Scope: the run."""
    return int(_run(one.statement(_WRITE, state=STATE[official]), {**one.asked, "rule": rule}).rowcount)


def counts(one: Pass) -> list[tuple[str, str, int]]:
    """(light as it stands, light by the rule, how many). Scope: the run."""
    return list(_run(one.statement(_COUNT), one.asked).fetchall())


def others(one: Pass, inside: list[str], most: int) -> list[tuple[int, int, str, str, str]]:
    """(target, person, path, light as it stands, by the rule) of those whom the rule would light differently. Scope: the run
    and the places `inside`."""
    asked = {**one.asked, "inside": [f"{path}%" for path in inside], "most": most}
    return list(_run(one.statement(_OTHERS), asked).fetchall())


def row_of(one: Pass, person: int) -> dict[str, Any] | None:
    """Everything the rule looked at for one person. Scope: the run and the person."""
    names = [*ROW, *one.columns]
    found = _run(one.statement(_ROW, asked_for=", ".join(names)), {**one.asked, "person": person}).fetchone()
    return dict(zip(names, found, strict=True)) if found else None


def _run(statement: str, asked: Mapping[str, Any]) -> Any:
    cursor = connection.cursor()
    cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'")
    cursor.execute(statement, dict(asked))
    with connection.cursor() as after:
        after.execute("SET LOCAL enable_nestloop = on; SET LOCAL work_mem = DEFAULT")
    return cursor
