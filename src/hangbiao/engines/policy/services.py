"""Setting policy: a new dated row, never an edit."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from hangbiao.engines.journal.services import record
from hangbiao.engines.policy.catalogue import checked, parameter_called
from hangbiao.engines.policy.errors import Unexplained
from hangbiao.engines.policy.models import Value


@transaction.atomic
def set_value(
    *,
    key: str,
    value: Any,
    valid_from: date,
    source: str,
    approver: str,
    actor: str,
    at: datetime,
    path: str = "",
) -> Value:
    """From `valid_from` on, `key` is `value` at `path` and below.

    Refuses UnknownParameter, BadValue, and Unexplained without source or approver. What was recorded before stays:
    a correction for the same day is a later row.
    """
    parameter = parameter_called(key)
    if not source.strip() or not approver.strip():
        raise Unexplained(key=key)
    row = Value.objects.create(
        key=key,
        path=path,
        valid_from=valid_from,
        value=checked(parameter, value),
        unit=parameter.unit,
        source=source,
        approver=approver,
        recorded_at=at,
    )
    facts = {"key": key, "path": path, "valid_from": valid_from.isoformat(), "value": row.value}
    record(
        stream="policy",
        kind="policy.value_set",
        at=at,
        actor=actor,
        data=facts | {"source": source, "approver": approver},
    )
    return row
