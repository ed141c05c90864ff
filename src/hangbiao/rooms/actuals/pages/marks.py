"""How batches, refused rows and suspects are written on a page."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hangbiao.engines.pages import numbers
from hangbiao.engines.pages.dates import day, moment, span
from hangbiao.rooms.actuals import corrections, history, wording
from hangbiao.rooms.actuals.models import Batch, Quarantine, Suspect
from hangbiao.rooms.actuals.sentences import joined, sentence


def kind(name: str) -> str:
    """What a batch is."""
    return {
        history.FILE: _("文件"), history.CORRECTION: _("更正的行"), history.REVERSAL: _("冲销"),
        history.UNDOING: _("撤销"), history.DEFINITION: _("指标定义"),
        history.CREDIT: _("重新归属"),
    }[name]  # fmt: skip


def cells_of(told: history.Told) -> dict[str, Any]:
    """A batch as cells of the table."""
    batch = told.batch
    return {
        "batch": f"{batch.pk}", "file": named(told), "stream": wording.stream(batch.stream), "days": days(batch),
        "new": count(told.new), "set": count(batch.superseded), "same": count(batch.unchanged),
        "refused": waits(told), "effect": effects(told.effect), "who": told.who,
        "at": moment(timezone.localtime(batch.recorded_at)),
    }  # fmt: skip


def days(batch: Batch) -> str:
    """The business days that a batch touched."""
    if not batch.first_day or not batch.last_day:
        return "–"
    return day(batch.first_day) if batch.first_day == batch.last_day else span(batch.first_day, batch.last_day)


def count(number: int) -> str:
    return numbers.grouped(number) if number else "–"


def named(told: history.Told) -> SafeString:
    """File name, with what is special about the batch."""
    tags = []
    if told.kind != history.FILE:
        tags.append(kind(told.kind))
    if not told.batch.counts:
        tags.append(_("已撤销"))
    drawn = format_html_join("", ' <em class="tag">{}</em>', ((tag,) for tag in tags))
    return format_html("{}{}", told.batch.file_name, drawn)


def waits(told: history.Told) -> SafeString | str:
    if not told.batch.quarantined:
        return "–"
    if not told.open_rows:
        return numbers.grouped(told.batch.quarantined)
    return format_html('<b class="to-do">{}</b>', _("%(n)s 待处理") % {"n": numbers.grouped(told.open_rows)})


def effects(moved: Any) -> str:
    """Money and counts by which the books moved, each with its sign."""
    said = [f"{numbers.name_of(metric)} {signed(minor, metric)}" for metric, minor in moved if minor]
    return wording.listed(said) or "–"


def signed(minor: int, metric: Any) -> str:
    said = numbers.amount(minor, metric.unit, metric.decimals)
    return said if said.startswith(numbers.MINUS) or minor <= 0 else f"+{said}"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A refused row with its sentence in the reader's language."""

    row: Quarantine
    reason: str
    said: str
    waits: bool
    alike: int
    cells: list[tuple[str, str, bool]]


def refused(
    row: Quarantine, *, sent: list[str] | None = None, again: tuple[str, str, str] | None = None,
    alike: dict[tuple[str, str, str], int] | None = None,
) -> RefusedRow:  # fmt: skip
    """`sent` are cells that somebody tried; `again` is the column, reason and remedy of the new refusal; `alike` counts
    the rows with the same mistake."""
    reason, remedy = row.reason, row.remedy
    if row.facts is not None:
        reason, remedy = sentence(row.code, row.facts)
    column = row.column
    if again:
        column, reason, remedy = again
    waits = corrections.is_open(row)
    header = row.batch.header
    values = [*(sent or row.sent or row.raw), *[""] * len(header)][: len(header)]
    cells = [(name, value, name == column) for name, value in zip(header, values, strict=True)]
    same = (alike or {}).get((row.column, row.value, row.code), 0) if waits and row.column in header else 0
    return RefusedRow(row, reason, joined(reason, remedy), waits, same, cells)


def suspects_of(batch: Batch) -> list[Suspect]:
    """The first of them."""
    return list(batch.suspects.order_by("id")[:5])
