"""The room's tables: batches, and what only files show whole, refused rows and suspects."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hangbiao.engines.pages.dates import day
from hangbiao.engines.pages.tables import Column, Row, Table, asked_of, files_of, shown_columns
from hangbiao.rooms.actuals import history, suspicions, wording
from hangbiao.rooms.actuals.models import Batch, Suspect
from hangbiao.rooms.actuals.pages import marks

ROWS, AT_A_TIME = 30, 200


def batches(request: HttpRequest) -> Table:
    """Every batch, the newest first."""
    columns = _columns()
    asked = asked_of(request.GET, "batches", columns)
    wanted = {"stream": asked.chosen.get("stream", ""), "q": asked.q}
    found, total = history.batches(first=(asked.page - 1) * ROWS, count=ROWS, **wanted)

    def whole() -> Iterator[Row]:
        for first in range(0, total, AT_A_TIME):
            yield from (_batch(told) for told in history.batches(first=first, count=AT_A_TIME, **wanted)[0])

    return Table(
        "batches", _("批次"), columns, [_batch(told) for told in found], total, asked, request.GET,
        shown_columns(request, "batches", columns), page_rows=ROWS, empty=_("还没有导入过文件。"), whole=whole,
    )  # fmt: skip


def _columns() -> list[Column]:
    streams = [(s, wording.stream(s)) for s in history.streams_used()]
    return [
        Column("file", _("文件"), sortable=False, needed=True),
        Column("batch", _("批次"), numeric=True, sortable=False, needed=True),
        Column("stream", _("数据流"), sortable=False, choices=streams),
        Column("days", _("业务日期"), sortable=False),
        Column("new", _("新入账"), numeric=True, sortable=False),
        Column("set", _("更正"), numeric=True, sortable=False),
        Column("same", _("无变化"), numeric=True, sortable=False),
        Column("refused", _("隔离"), numeric=True, sortable=False),
        Column("effect", _("影响"), numeric=True, sortable=False),
        Column("who", _("谁"), sortable=False),
        Column("at", _("何时"), sortable=False),
    ]


def _batch(told: history.Told) -> Row:
    batch = told.batch
    exact = {
        "batch": batch.pk, "new": told.new, "set": batch.superseded, "same": batch.unchanged,
        "refused": batch.quarantined, "at": timezone.localtime(batch.recorded_at),
    }  # fmt: skip
    return Row(marks.cells_of(told), href=reverse("actuals:batch", args=[batch.pk]), exact=exact)


def refused(request: HttpRequest, batch: Batch, count: int) -> Table:
    """All refused rows of a batch, each with its reason, what became of it, and the row as it came."""
    columns = [
        Column("line", _("行")), Column("column", _("列")), Column("value", _("读到的值")), Column("reason", _("原因")),
        Column("state", _("状态")), *(Column(f"cell-{n}", name) for n, name in enumerate(batch.header)),
    ]  # fmt: skip

    def whole() -> Iterator[Row]:
        for first in range(0, count, AT_A_TIME):
            rows, _count = history.refused_rows(batch.pk, first=first, count=AT_A_TIME)
            for one in map(marks.refused, rows):
                said = {
                    "line": one.row.line, "column": one.row.column, "value": one.row.value, "reason": one.said,
                    "state": _("等待改正") if one.waits else _("已处理"),
                }  # fmt: skip
                yield Row(said | {f"cell-{n}": cell for n, (_name, cell, _wrong) in enumerate(one.cells)})

    caption = _("被隔离的行，批次 %(n)s") % {"n": batch.pk}
    return files_of(request, name="refused", caption=caption, columns=columns, total=count, whole=whole)


def suspects(request: HttpRequest, waiting: Sequence[Suspect]) -> Table:
    """Suspected duplicates, those that wait and then all that were decided."""
    columns = [
        Column("day", _("业务日期")), Column("outlet", _("网点")), Column("sku", _("产品")), Column("quantity", _("数量")),
        Column("net_amount", _("金额")), Column("lines", _("行")), Column("batch", _("批次")), Column("state", _("状态")),
        Column("reversal", _("冲销批次")), Column("decided", _("判断时间")),
    ]  # fmt: skip
    decided = suspicions.how_many_decided()

    def whole() -> Iterator[Row]:
        yield from map(_suspect, waiting)
        yield from map(_suspect, suspicions.decided(decided))

    total = len(waiting) + decided
    return files_of(request, name="suspects", caption=_("疑似重复的行"), columns=columns, total=total, whole=whole)


def _suspect(one: Suspect) -> Row:
    state = {"": _("等待判断"), suspicions.BOTH: _("是两笔"), suspicions.DUPLICATE: _("已冲销")}[one.verdict]
    shared = {key: str(one.what.get(key, "")) for key in ("outlet", "sku", "quantity", "net_amount")}
    return Row(
        shared | {
            "day": day(one.day), "lines": "；".join(map(str, one.lines)), "batch": one.batch_id, "state": state,
            "reversal": one.reversal_id,
        },
        exact={"day": one.day, "decided": timezone.localtime(one.decided_at) if one.decided_at else ""},
    )  # fmt: skip
