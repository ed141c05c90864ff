"""Reading what the engine keeps: chosen columns, faults."""

from typing import Any

from django.db.models import Q, QuerySet

from hangbiao.engines.pages.models import Fault, TableChoice


def columns_chosen(account: Any, table: str) -> list[str] | None:
    """The columns somebody chose for a table; None while they chose nothing."""
    if not getattr(account, "is_authenticated", False):
        return None
    found = TableChoice.objects.filter(account_id=account.pk, table=table).values_list("columns", flat=True).first()
    return None if found is None else list(found)


def faults(number: str = "") -> QuerySet[Fault]:
    """What broke, the newest first; by the beginning of its number."""
    found = Fault.objects.select_related("account")
    wanted = number.strip().upper()
    return found.filter(Q(number__startswith=wanted)) if wanted else found


def fault_numbered(number: str) -> Fault | None:
    return Fault.objects.select_related("account").filter(number=number.strip().upper()).first()
