"""The design system's parts as template tags (registered as builtins). `/styleguide/` shows every one in every state."""

import uuid
from typing import Any

from django import template
from django.utils.safestring import SafeString

from hangbiao.engines.pages import fields, parts, progress
from hangbiao.engines.pages.markup import drawn
from hangbiao.engines.pages.once import FIELD
from hangbiao.engines.pages.tables import Table, draw

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
    """A data table with its filters, its choice of columns, its files and its pages."""
    return draw(context.get("request"), table)


@register.simple_tag(takes_context=True)
def table_files(context: Any, table: Table) -> SafeString:
    """Only the files of a table, for lists that are drawn in another way."""
    return draw(context.get("request"), table, "files")


@register.simple_tag(takes_context=True)
def job_row(context: Any, work: progress.Work) -> SafeString:
    """Long work: how far it is, what is left, cancel."""
    return progress.job_row(work, context.get("request"))


@register.simple_tag
def once() -> SafeString:
    """The key by which a form acts once, however often it is sent."""
    return drawn(f'<input type="hidden" name="{FIELD}" value="{uuid.uuid4()}">')
