"""Batches and ledger numbers in templates ({% load actuals %})."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from hangbiao.engines.pages import numbers
from hangbiao.rooms.actuals.history import Told
from hangbiao.rooms.actuals.pages import marks

register = template.Library()


@register.filter
def batch_name(told: Told) -> SafeString:
    return marks.named(told)


@register.filter
def batch_refused(told: Told) -> SafeString | str:
    return marks.waits(told)


@register.filter
def batch_effect(told: Told) -> str:
    return marks.effects(told.effect)


@register.filter
def new_rows(report: dict[str, Any]) -> int:
    """Rows that are new, corrections apart."""
    return int(report.get("booked", 0)) - int(report.get("superseded", 0))


@register.filter
def ledger_number(text: str) -> str:
    """A number of the ledger, whole ten-thousandths, as people write it."""
    if text in {"None", ""}:
        return "–"
    number = Decimal(text).scaleb(-4)
    places = max(0, -int(number.normalize().as_tuple().exponent))
    return numbers.grouped(number, places)
