"""Metrics, targets and their versions for programs. Amounts are texts in the metric's own unit: nothing is rounded."""

from datetime import date, datetime

from ninja import Field, Path, Query, Router, Schema

from hangbiao.core.quantity import major
from hangbiao.engines.api import cursors
from hangbiao.engines.api.access import needs
from hangbiao.engines.api.asked import Asked
from hangbiao.engines.api.cursors import LARGEST, Page
from hangbiao.engines.api.errors import NotThere
from hangbiao.engines.api.scopes import READ_TARGETS
from hangbiao.engines.api.words import lazily as _
from hangbiao.rooms.targets import selectors

router = Router(tags=["targets"], auth=needs(READ_TARGETS))


class MetricOut(Schema):
    code: str
    name: str
    name_en: str
    unit: str = Field(description=_("单位，例如 CNY"))
    decimals: int
    direction: str = Field(description=_("higher 越高越好，lower 越低越好"))


class TargetOut(Schema):
    id: int
    book: str = Field(description=_("person 是人员账，territory 是片区账"))
    metric: str
    period: str
    holder: str = Field(description=_("人员或片区的编号"))
    name: str
    org_path: str
    version: int = Field(description=_("现行版本"))
    base: str
    stretch: str | None


class TargetsPage(Schema):
    items: list[TargetOut]
    next: str


class VersionOut(Schema):
    number: int
    base: str
    stretch: str | None
    first_day: date
    last_day: date
    active_days: int
    period_days: int
    source: str
    reason: str
    recorded_at: datetime


class TargetsAsked(Page):
    period: str = Field("", max_length=10)
    metric: str = Field("", max_length=40)
    unit: str = Field("", max_length=40, description=_("单位编号：该单位及其下级"))
    person: str = Field("", max_length=40, description=_("人员编号"))
    book: str = Field("", pattern="^(person|territory|)$")


@router.get("/metrics", response=list[MetricOut], operation_id="metrics", summary=_("指标"), auth=needs(""))
def metrics(request: Asked) -> list[MetricOut]:
    return [
        MetricOut(code=m.code, name=m.name, name_en=m.name_en, unit=m.unit, decimals=m.decimals, direction=m.direction)
        for m in selectors.metrics()
    ]  # fmt: skip


@router.get("/targets", response=TargetsPage, operation_id="targets", summary=_("目标"))
def targets(request: Asked, asked: Query[TargetsAsked]) -> TargetsPage:
    wanted = {name: getattr(asked, name) for name in ("period", "metric", "unit", "person", "book")}
    filters = tuple(sorted(wanted.items()))
    after = cursors.position(asked, "targets", filters)
    found = selectors.targets_after(after, asked.limit + 1, **wanted)
    shown, following = cursors.cut(found, asked, lambda row: row.target.pk, "targets", filters)
    return TargetsPage(items=[_target(row) for row in shown], next=following)


@router.get(
    "/targets/{target}/versions", response=list[VersionOut], operation_id="target_versions", summary=_("目标的各个版本")
)
def versions(request: Asked, target: Path[int]) -> list[VersionOut]:
    found = selectors.versions_of(target) if 0 < target <= LARGEST else []
    if not found:
        raise NotThere(target=target)
    places = selectors.decimals_of(target)
    return [
        VersionOut(
            number=v.number, base=str(major(v.base, places)),
            stretch=None if v.stretch is None else str(major(v.stretch, places)), first_day=v.first_day,
            last_day=v.last_day, active_days=v.active_days, period_days=v.period_days, source=v.source,
            reason=v.reason, recorded_at=v.recorded_at,
        )
        for v in found
    ]  # fmt: skip


def _target(row: selectors.Agreed) -> TargetOut:
    target, version, places = row.target, row.version, row.target.metric.decimals
    holder = target.person or target.territory
    return TargetOut(
        id=target.pk, book=target.book, metric=target.metric.code, period=target.period.code,
        holder=holder.code if holder else "", name=holder.name if holder else "", org_path=target.org_path,
        version=target.current, base=str(major(version.base, places)),
        stretch=None if version.stretch is None else str(major(version.stretch, places)),
    )  # fmt: skip
