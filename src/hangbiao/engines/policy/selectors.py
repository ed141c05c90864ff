"""What was in force on a day, as it was known at an instant."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from hangbiao.engines.policy.catalogue import parameter_called
from hangbiao.engines.policy.models import Value


def value_of(key: str, on: date, path: str = "", known_at: datetime | None = None) -> Any:
    """The value of `key` on day `on` at `path`, else the catalogue's default."""
    return policy_on([key], on, known_at=known_at, path=path)[key]


def policy_on(
    keys: Iterable[str], on: date, known_at: datetime | None = None, path: str = ""
) -> dict[str, Any]:
    """Values of several keys, one query. JSON as the table keeps it: shares and amounts are text.

    The nearest place above `path` wins, then the later `valid_from`, then the later recording. With `known_at` rows
    recorded afterwards do not exist, so an old evaluation finds the policy it used.
    """
    wanted = {key: parameter_called(key).default for key in keys}
    rows = Value.objects.filter(key__in=wanted, valid_from__lte=on, path__in=_above(path))
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    in_force = rows.order_by("valid_from", "recorded_at", "pk").values_list("key", "path", "value")
    nearest_last = sorted(
        in_force, key=lambda row: len(row[1])
    )  # stable: of one place the later row stays later
    return wanted | {key: value for key, _path, value in nearest_last}


def history_of(key: str, path: str = "") -> Sequence[Value]:
    """All values `key` ever had at exactly this place, in the order they were recorded."""
    return list(Value.objects.filter(Q(key=key) & Q(path=path)).order_by("recorded_at", "pk"))


def _above(path: str) -> list[str]:
    """'/C/R01/' → ['', '/C/', '/C/R01/']."""
    parts = [part for part in path.split("/") if part]
    return [""] + ["/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]
