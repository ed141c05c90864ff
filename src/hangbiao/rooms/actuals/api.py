"""Streams, pushing rows, and what became of batches, for programs."""

import hashlib
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Field, Header, Path, Query, Router, Schema
from pydantic import ConfigDict, StrictBool, StrictInt

from hangbiao.engines.api import cursors
from hangbiao.engines.api.access import needs
from hangbiao.engines.api.answers import once
from hangbiao.engines.api.asked import Asked
from hangbiao.engines.api.cursors import LARGEST, Page
from hangbiao.engines.api.errors import NotThere
from hangbiao.engines.api.problems import Problem
from hangbiao.engines.api.scopes import PUSH_ACTUALS, READ_BATCHES
from hangbiao.engines.api.words import lazily as _
from hangbiao.engines.scope.context import system_scope
from hangbiao.rooms.actuals import pushing, selectors
from hangbiao.rooms.actuals.pushing import Pushed

router = Router(tags=["actuals"], auth=needs(READ_BATCHES))
MOST_ROWS = 5_000
Cell = Annotated[str, Field(max_length=400)] | StrictBool | StrictInt | None


class StreamFieldOut(Schema):
    name: str
    kind: str = Field(description=_("text、number、date、person、territory 等"))
    required: bool


class StreamOut(Schema):
    stream: str
    fields: list[StreamFieldOut]
    key: list[str] = Field(description=_("哪些字段合起来是一行的身份；同一身份再来就是更正"))
    mappings: list[str] = Field(description=_("可以在推送时使用的映射"))


class Rows(Schema):
    """Rows of one stream. Numbers with a fraction travel as text, so that nothing is rounded on the way."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "rows": [
                        {"day": "2026-11-25", "metric": "sales", "rep": "P000", "territory": "A000", "value": "1280.50"}
                    ]
                }
            ]
        },
    )

    mapping: str = Field("", max_length=80, description=_("映射编号；留空表示用数据流自己的字段名"))
    rows: list[dict[Annotated[str, Field(max_length=80)], Cell]] = Field(
        min_length=1, max_length=MOST_ROWS, description=_("每行一个对象，小数写成文字")
    )


class RowRefusedOut(Schema):
    row: int = Field(description=_("第几行，从 0 数起"))
    column: str
    value: str
    code: str
    reason: str
    remedy: str


class PushedOut(Schema):
    """What became of the rows: 200 if all were booked or known, 207 if some were refused."""

    batch: int | None = Field(description=_("批次编号；一行也没有入账时为空"))
    status: str = Field(description=_("booked 已入账，already 内容早已入账，refused 全部被拒"))
    rows: int
    booked: int
    superseded: int = Field(description=_("其中更正了以前的行"))
    unchanged: int
    quarantined: int
    suspected: int = Field(description=_("疑似重复"))
    daily_changed: int = Field(description=_("变动的每日数"))
    refused: list[RowRefusedOut]
    notices: list[str]


class BatchOut(Schema):
    id: int
    stream: str
    name: str
    mapping: str
    recorded_at: datetime
    rows_read: int
    booked: int
    superseded: int
    unchanged: int
    quarantined: int
    suspected: int
    first_day: date | None
    last_day: date | None


class BatchesPage(Schema):
    items: list[BatchOut]
    next: str


class RefusedOut(Schema):
    line: int
    column: str
    value: str
    code: str
    reason: str
    remedy: str


class RefusedPage(Schema):
    items: list[RefusedOut]
    next: str


class BatchesAsked(Page):
    stream: str = Field("", max_length=40)


@router.get(
    "/streams", response=list[StreamOut], operation_id="streams", summary=_("可以推送的数据流"), auth=needs(PUSH_ACTUALS)
)
def streams(request: Asked) -> list[StreamOut]:
    return [
        StreamOut(
            stream=one.name, key=list(one.key), mappings=selectors.mappings_of(one.name),
            fields=[StreamFieldOut(name=f.name, kind=f.kind, required=f.required) for f in one.fields],
        )
        for one in pushing.pushable()
    ]  # fmt: skip


@router.post(
    "/streams/{stream}/rows",
    response={200: PushedOut, 207: PushedOut, 413: Problem},
    operation_id="push_rows",
    summary=_("推送行：成为一个批次，逐行说明被拒的原因"),
    auth=needs(PUSH_ACTUALS),
)
def push_rows(
    request: Asked,
    stream: Path[Annotated[str, Field(max_length=40)]],
    rows: Rows,
    idempotency_key: Annotated[str, Header(..., min_length=1, max_length=200, pattern=r"^[!-~]+$", alias="Idempotency-Key")],
) -> HttpResponse:
    if stream not in {one.name for one in pushing.pushable()}:
        raise NotThere(stream=stream)

    def book() -> tuple[int, Schema]:
        within = request.viewer.scope if request.key else system_scope("an administrator brings data in")
        why = f"push by {_holder(request)}: {within.reason}"
        name = _named(request) + hashlib.sha256(idempotency_key.encode()).hexdigest()[:16]
        pushed = pushing.push_rows(
            stream, rows.rows, mapping=rows.mapping, name=name, within=within, why=why, at=request.at,
            actor=_holder(request),
        )  # fmt: skip
        return (207 if pushed.refused else 200), _pushed(pushed, len(rows.rows))

    return once(request, idempotency_key, book)


@router.get("/batches", response=BatchesPage, operation_id="batches", summary=_("批次"))
def batches(request: Asked, asked: Query[BatchesAsked]) -> BatchesPage:
    before = cursors.position(asked, "batches", asked.stream)
    found = selectors.batches_before(before, asked.limit + 1, stream=asked.stream, named=_named(request))
    shown, following = cursors.cut(found, asked, lambda b: b.pk, "batches", asked.stream)
    return BatchesPage(items=[_batch(b) for b in shown], next=following)


@router.get("/batches/{batch}", response=BatchOut, operation_id="batch", summary=_("一个批次的状态"))
def batch(request: Asked, batch: Path[int]) -> BatchOut:
    return _batch(_there(request, batch))


@router.get("/batches/{batch}/refused", response=RefusedPage, operation_id="batch_refused", summary=_("一个批次里被拒的行"))
def refused(request: Asked, batch: Path[int], asked: Query[Page]) -> RefusedPage:
    _there(request, batch)
    found = selectors.refused_of(batch, cursors.position(asked, "refused", batch), asked.limit + 1)
    shown, following = cursors.cut(found, asked, lambda q: q.line, "refused", batch)
    rows = [
        RefusedOut(line=q.line, column=q.column, value=q.value, code=q.code, reason=q.reason, remedy=q.remedy)
        for q in shown
    ]
    return RefusedPage(items=rows, next=following)


def _holder(request: Asked) -> str:
    return request.key.actor if request.key else request.user.actor


def _named(request: Asked) -> str:
    """How the batches of a key are called; an administrator sees all of them."""
    return f"api-{request.key.prefix}-" if request.key else ""


def _there(request: Asked, batch: int) -> Any:
    found = selectors.batch_called(batch, named=_named(request)) if 0 < batch <= LARGEST else None
    if found is None:
        raise NotThere(batch=batch)
    return found


def _batch(one: Any) -> BatchOut:
    return BatchOut(
        id=one.pk, stream=one.stream, name=one.file_name, mapping=one.mapping.code, recorded_at=one.recorded_at,
        rows_read=one.rows_read, booked=one.booked, superseded=one.superseded, unchanged=one.unchanged,
        quarantined=one.quarantined, suspected=one.suspected, first_day=one.first_day, last_day=one.last_day,
    )  # fmt: skip


def _pushed(pushed: Pushed, rows: int) -> PushedOut:
    report = pushed.report
    return PushedOut(
        batch=report.batch, status=report.status, rows=rows, booked=report.booked, superseded=report.superseded,
        unchanged=report.unchanged, quarantined=len(pushed.refused), suspected=report.suspected,
        daily_changed=report.daily_changed, notices=report.notices,
        refused=[
            RowRefusedOut(
                row=r.row, column=r.column, value=r.value, code=r.code, reason=r.reason, remedy=r.remedy
            )
            for r in pushed.refused
        ],
    )  # fmt: skip
