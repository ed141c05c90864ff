"""Set-based statements of the targets room. Scope: all run under the system scope of a publication."""

from collections.abc import Iterable, Sequence

from django.db import connection


def insert_curve_days(curve: int, days: Iterable[tuple[str, int]]) -> None:
    """COPY a curve's days. Scope: none, curves name no person."""
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY targets_curveday (curve_id, day, num) FROM STDIN") as copy,
    ):
        for day, num in days:
            copy.write_row((curve, day, num))


def point_at_latest(targets: Sequence[int]) -> None:
    """Move `current` of the given targets to their highest version. Scope: the target ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE targets_target t SET current = v.number
            FROM (SELECT target_id, max(number) AS number FROM targets_version
                  WHERE target_id = ANY(%(targets)s) GROUP BY target_id) v
            WHERE v.target_id = t.id AND t.current <> v.number
            """,
            {"targets": list(targets)},
        )
