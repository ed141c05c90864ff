"""Refused rows that are corrected on the page and sent again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from hangbiao.engines.journal.services import record
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals.arrivals import corrected_rows
from hangbiao.rooms.actuals.errors import NothingToSend
from hangbiao.rooms.actuals.mapping import mapping_from
from hangbiao.rooms.actuals.models import Batch, Quarantine
from hangbiao.rooms.actuals.refused_file import fitted, open_rows
from hangbiao.rooms.actuals.report import FileReport
from hangbiao.rooms.actuals.services import import_arrival

NAMED_LINES = 4
AT_ONCE = 5_000


def is_open(row: Quarantine) -> bool:
    """Whether a refused row still waits: not sent again, or what it was sent with has been undone since."""
    return row.resolved_by is None or not row.resolved_by.counts


@transaction.atomic
def send_again(*, batch: int, corrected: dict[int, Sequence[str]], at: datetime, actor: str) -> FileReport:
    """Book refused rows as somebody corrected them: row number → cells, in the order of the file's columns.

    They become a batch of their own; each quarantine row stays and says by which batch, when and by whom it was
    resolved. Where every row is refused again nothing changes and the report says why. A row that was resolved in the
    meantime is left alone; NothingToSend if all were.
    """
    found = Quarantine.objects.select_for_update(of=("self",)).select_related("resolved_by")
    rows = [r for r in found.filter(batch=batch, pk__in=corrected).order_by("line") if is_open(r)]
    if not rows:
        raise NothingToSend(_("这些行已经重新发送过，没有重复入账。"))
    origin = Batch.objects.select_related("mapping").get(pk=batch)
    mapping = mapping_from(origin.mapping.text, origin.mapping.code)
    lines = [row.line for row in rows]
    listed = ",".join(map(str, lines[:NAMED_LINES])) + ("…" if len(lines) > NAMED_LINES else "")
    cells = [fitted(corrected[row.pk], len(origin.header)) for row in rows]
    arrival = corrected_rows(
        f"{origin.file_name}:{listed}", f"batch {origin.pk}", origin.header, lines, cells
    )
    with acting(system_scope("refused rows are sent again")):
        mark = transaction.savepoint()
        report = import_arrival(arrival, mapping, origin.mapping.text, at=at, actor=actor)
        if report.status == "refused" or report.quarantined == len(rows):
            transaction.savepoint_rollback(mark)
            report.batch = None
            return report
        transaction.savepoint_commit(mark)
    for row, sent in zip(rows, cells, strict=True):
        row.sent, row.resolved_by_id, row.resolved_at, row.resolved_actor = sent, report.batch, at, actor
    Quarantine.objects.bulk_update(rows, ["sent", "resolved_by", "resolved_at", "resolved_actor"])
    data = {"batch": origin.pk, "into": report.batch, "rows": len(rows), "lines": lines[:50]}
    record(stream="actuals", kind="actuals.rows_corrected", at=at, actor=actor, data=data)
    return report


def same_mistake(row: Quarantine) -> "list[Quarantine]":
    """The open rows of the batch that were refused for the same value in the same column."""
    if not row.column or row.column not in row.batch.header:
        return [row]
    alike = open_rows(row.batch_id).filter(column=row.column, value=row.value, code=row.code)
    return list(alike.select_related("batch")[:AT_ONCE])


def same_mistakes(batch: int) -> dict[tuple[str, str, str], int]:
    """How many open rows of a batch were refused for the same value in the same column."""
    counted = open_rows(batch).order_by().values_list("column", "value", "code").annotate(n=Count("id"))
    return {(column, value, code): n for column, value, code, n in counted.filter(n__gt=1)[:1000]}


def with_value(rows: Sequence[Quarantine], column: str, value: str) -> dict[int, Sequence[str]]:
    """The rows with one column changed."""
    corrected: dict[int, Sequence[str]] = {}
    for row in rows:
        place = row.batch.header.index(column)
        cells = fitted(row.raw, len(row.batch.header))
        corrected[row.pk] = [*cells[:place], value, *cells[place + 1 :]]
    return corrected
