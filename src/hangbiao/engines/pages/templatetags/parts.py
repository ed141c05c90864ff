"""The design system's parts as template tags (registered as builtins). `/styleguide/` shows every one in every state."""

import uuid
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hangbiao.engines.pages import fields, parts, progress
from hangbiao.engines.pages.markup import drawn
from hangbiao.engines.pages.once import FIELD
from hangbiao.engines.pages.tables import Table

register = template.Library()
register.simple_tag(parts.steps, name="steps")
register.simple_tag(parts.timeline, name="timeline")
register.simple_tag(parts.tile_grid, name="tile_grid")
register.simple_tag(parts.empty_state, name="empty_state")
register.simple_tag(parts.loading, name="loading")
register.simple_tag(parts.failed, name="failed")
register.simple_tag(parts.banner, name="banner")
register.simple_tag(fields.field, name="field")


@register.simple_tag(takes_context=True)
def data_table(context: Any, table: Table) -> SafeString:
    """A data table with its filters, its choice of columns and its pages."""
    return render_to_string("pages/parts/table.html", {"t": table}, context.get("request"))


@register.simple_tag(takes_context=True)
def job_row(context: Any, work: progress.Work) -> SafeString:
    """Long work: how far it is, what is left, cancel."""
    return progress.job_row(work, context.get("request"))


@register.simple_tag
def once() -> SafeString:
    """The key by which a form acts once, however often it is sent."""
    return drawn(f'<input type="hidden" name="{FIELD}" value="{uuid.uuid4()}">')
