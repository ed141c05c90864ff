"""Set-based statements of the flows. Scope: each names the cases, accounts or days it touches; all run for the system."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

_OPEN = """
    INSERT INTO flows_case (definition_id, flow, subject_id, org_path, level, facts, step, triggered_at, due_on, opened_at,
                            outcome)
    SELECT %(definition)s, %(flow)s, s.subject, s.path, s.level, s.facts, '', %(triggered_at)s, %(due_on)s, %(at)s, ''
    FROM unnest(%(subjects)s::bigint[], %(paths)s::text[], %(levels)s::smallint[], %(facts)s::jsonb[])
         AS s(subject, path, level, facts)
    ORDER BY s.subject
    ON CONFLICT (flow, subject_id) WHERE closed_at IS NULL DO NOTHING
    RETURNING id, subject_id
"""
_RAISE = """
    UPDATE flows_case c SET level = s.level, facts = c.facts || s.facts
    FROM unnest(%(subjects)s::bigint[], %(levels)s::smallint[], %(facts)s::jsonb[]) AS s(subject, level, facts)
    WHERE c.flow = %(flow)s AND c.closed_at IS NULL AND c.subject_id = s.subject AND c.level < s.level
      AND NOT c.id = ANY(%(fresh)s::bigint[])
    RETURNING c.id
"""
_GIVE = """
    INSERT INTO flows_task (case_id, step, round, part, role, assignee_id, principal_id, org_path, subject_id, state,
                            due_on, given_at, reminded, decision, answer)
    SELECT c.id, t.step, t.round, %(part)s, t.role, t.assignee, t.principal, c.org_path, c.subject_id, 'open', t.due_on,
           %(at)s, 0, '', '{}'
    FROM unnest(%(cases)s::bigint[], %(steps)s::text[], %(rounds)s::smallint[], %(roles)s::text[], %(assignees)s::bigint[],
                %(principals)s::bigint[], %(due)s::date[]) AS t(case_id, step, round, role, assignee, principal, due_on)
    JOIN flows_case c ON c.id = t.case_id
    ON CONFLICT (case_id, step, round, part, assignee_id) DO NOTHING
    RETURNING id
"""


def open_cases(
    rows: Sequence[tuple[int, str, int, dict[str, Any]]], *, definition: int, flow: str,
    triggered_at: datetime, due_on: date, at: datetime,
) -> tuple[list[tuple[int, int]], list[int]]:  # fmt: skip
    """(subject, path, level, facts) → new cases as (case, subject), and open ones that became more serious.

    A unique key with DO NOTHING, because an anti-join on the table that is being filled grows with every row.
    """
    given: dict[str, Any] = {
        "definition": definition, "flow": flow, "triggered_at": triggered_at, "due_on": due_on, "at": at,
        "subjects": [row[0] for row in rows], "paths": [row[1] for row in rows], "levels": [row[2] for row in rows],
        "facts": [json.dumps(row[3]) for row in rows],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, given)
        fresh = list(cursor.fetchall())
        cursor.execute(_RAISE, given | {"fresh": [case for case, _subject in fresh]})
        return fresh, [case for (case,) in cursor.fetchall()]


def stand_at(cases: Sequence[int], step: str) -> None:
    """The cases are in this step now. Scope: the cases."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE flows_case SET step = %s WHERE id = ANY(%s)", [step, list(cases)])


GIVEN = tuple[int, str, int, str, int | None, int | None, date]


def give_tasks(rows: Sequence[GIVEN], *, part: str, at: datetime) -> list[int]:
    """(case, step, round, role, assignee, principal, due) → the tasks. Scope: the cases named."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    names = ("cases", "steps", "rounds", "roles", "assignees", "principals", "due")
    with connection.cursor() as cursor:
        given = {name: list(column) for name, column in zip(names, columns, strict=True)}
        cursor.execute(_GIVE, given | {"part": part, "at": at})
        return [task for (task,) in cursor.fetchall()]


def settle(principals: Sequence[int], actors: Sequence[int]) -> list[tuple[int, int]]:
    """Open tasks of these principals go to who acts for them now; gives (task, account). Scope: the principals.

    A task stays where it is if the other one already has one of that step: nobody decides twice. Of two that would go to
    the same one, the first goes.
    """
    if not principals:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE flows_task t SET assignee_id = m.actor
            FROM (SELECT DISTINCT ON (t.case_id, t.step, t.round, t.part, a.actor) t.id, a.actor
                  FROM flows_task t
                  JOIN unnest(%(principals)s::bigint[], %(actors)s::bigint[]) AS a(principal, actor)
                    ON t.principal_id = a.principal
                  WHERE t.state = 'open' AND t.assignee_id <> a.actor
                    AND NOT EXISTS (SELECT FROM flows_task o WHERE o.case_id = t.case_id AND o.step = t.step
                                    AND o.round = t.round AND o.part = t.part AND o.assignee_id = a.actor)
                  ORDER BY t.case_id, t.step, t.round, t.part, a.actor, t.id) m
            WHERE t.id = m.id
            RETURNING t.id, t.assignee_id
            """,
            {"principals": list(principals), "actors": list(actors)},
        )
        return list(cursor.fetchall())


def remind(wanted: Sequence[tuple[date, int, int]], *, given_before: datetime) -> list[int]:
    """Open tasks due on a day, of a definition, not reminded for its working day n yet. Scope: open tasks.

    What was given only today needs no reminder today.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE flows_task t SET reminded = r.n
            FROM unnest(%(due)s::date[], %(definitions)s::bigint[], %(n)s::smallint[]) AS r(due_on, definition, n), flows_case c
            WHERE t.state = 'open' AND t.due_on = r.due_on AND c.id = t.case_id AND c.definition_id = r.definition
              AND t.reminded < r.n AND t.given_at < %(given_before)s
            RETURNING t.id
            """,
            {
                "due": [row[0] for row in wanted], "definitions": [row[1] for row in wanted], "n": [row[2] for row in wanted],
                "given_before": given_before,
            },
        )  # fmt: skip
        return [task for (task,) in cursor.fetchall()]


def due_days() -> list[date]:
    """The days on which open tasks are due, one step through the index for each. Scope: open tasks."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE days AS (
                SELECT min(due_on) AS day FROM flows_task WHERE state = 'open'
                UNION ALL
                SELECT (SELECT min(due_on) FROM flows_task WHERE state = 'open' AND due_on > days.day) FROM days
                WHERE days.day IS NOT NULL)
            SELECT day FROM days WHERE day IS NOT NULL
            """
        )
        return [day for (day,) in cursor.fetchall()]


def displaced() -> list[int]:
    """The principals whose open tasks lie with somebody else. Scope: open tasks, those in the index of that name."""
    with connection.cursor() as cursor:
        cursor.execute(  # in the very words of the index's condition, or the planner would not know it
            "SELECT DISTINCT principal_id FROM flows_task WHERE principal_id IS NOT NULL AND state = 'open' AND NOT"
            " (assignee_id = principal_id AND assignee_id IS NOT NULL AND principal_id IS NOT NULL)"
        )
        return [principal for (principal,) in cursor.fetchall()]


def overdue(day: date) -> list[tuple[int, int | None]]:
    """(task, assignee) of open tasks due before `day` that nobody above has heard of. Scope: open tasks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, assignee_id FROM flows_task WHERE state = 'open' AND due_on < %s AND escalated_at IS NULL"
            " ORDER BY id FOR UPDATE",
            [day],
        )
        return list(cursor.fetchall())


def escalate(tasks: Sequence[int], above: Sequence[int | None], at: datetime) -> None:
    """The tasks are known to the manager above from now on. Scope: the tasks."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE flows_task t SET escalated_at = %(at)s, escalated_to_id = e.above
            FROM unnest(%(tasks)s::bigint[], %(above)s::bigint[]) AS e(task, above) WHERE t.id = e.task
            """,
            {"tasks": list(tasks), "above": list(above), "at": at},
        )


def move_deadlines(cases: Sequence[tuple[int, date]], tasks: Sequence[tuple[int, date]]) -> None:
    """(case, day) and (task, day): due on that day from now on. Scope: the cases and tasks named."""
    with connection.cursor() as cursor:
        for table, rows in (("flows_case", cases), ("flows_task", tasks)):
            cursor.execute(
                f"UPDATE {table} t SET due_on = m.day FROM unnest(%s::bigint[], %s::date[]) AS m(id, day) WHERE t.id = m.id",
                [[row[0] for row in rows], [row[1] for row in rows]],
            )
