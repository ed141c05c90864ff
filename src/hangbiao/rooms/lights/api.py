"""Evaluations, lights with their reasons, attainments and flips for programs."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from ninja import Field, Path, Query, Router, Schema

from hangbiao.core.payout import policy_called
from hangbiao.core.quantity import major
from hangbiao.engines.api import cursors
from hangbiao.engines.api.access import needs
from hangbiao.engines.api.asked import Asked
from hangbiao.engines.api.cursors import LARGEST, Asking, Page
from hangbiao.engines.api.errors import NothingYet, NotThere
from hangbiao.engines.api.scopes import READ_LIGHTS
from hangbiao.engines.api.words import lazily as _
from hangbiao.rooms.calendar.selectors import period_called, period_on
from hangbiao.rooms.lights import selectors
from hangbiao.rooms.lights.wording import because
from hangbiao.rooms.people.selectors import unit_called

router = Router(tags=["lights"], auth=needs(READ_LIGHTS))


class RunOut(Schema):
    """One evaluation: official ones are fixed at a checkpoint and never change."""

    id: int
    kind: str = Field(description=_("checkpoint 是正式评估，preview 是预览"))
    period: str
    as_of: date
    at: datetime
    facts_as_of: int = Field(description=_("评估时已知的最新批次"))
    basis: str = Field(description=_("亮灯依据：pace（对今日应达）或 cumulative（对全期目标）"))
    digest: str


class LightOut(Schema):
    target: int
    holder: str
    name: str
    org_path: str
    metric: str
    light: str = Field(description=_("green、yellow、red 或 grey"))
    grey_reason: str
    state: str
    because: str = Field(description=_("为什么是这盏灯，一句话"))


class AttainmentOut(Schema):
    """Amounts in the metric's unit as text; ratios as text with six decimals, empty where nothing is expected."""

    target: int
    version: int
    holder: str
    name: str
    org_path: str
    metric: str
    unit: str
    base: str
    stretch: str | None
    actual: str
    plan_to_date: str
    pace: str = Field(description=_("实际 ÷ 今日应达"))
    attainment: str = Field(description=_("实际 ÷ 基准"))
    score: str | None
    score_policy: str
    light: str


class LightsPage(Schema):
    run: RunOut
    items: list[LightOut]
    next: str


class AttainmentsPage(Schema):
    run: RunOut
    items: list[AttainmentOut]
    next: str


class FlipOut(Schema):
    id: int
    target: int
    person: str
    metric: str
    org_path: str
    before: str
    after: str


class FlipsPage(Schema):
    items: list[FlipOut]
    next: str


class LightsAsked(Page):
    period: str = Field("", max_length=10, description=_("期间编号，例如 2026Q4；留空取今天所在的期间"))
    kind: Literal["preview", "official"] = Field("preview", description=_("preview 是最近一次评估，official 是最近一个检查点"))
    metric: str = Field("", max_length=40)
    unit: str = Field("", max_length=40, description=_("单位编号：该单位及其下级"))
    person: str = Field("", max_length=40, description=_("人员编号"))
    light: str = Field("", pattern="^(red|yellow|green|grey|)$")


class RunsAsked(Asking):
    period: str = Field("", max_length=10)


@router.get("/evaluations", response=list[RunOut], operation_id="evaluations", summary=_("评估：正式和预览"))
def evaluations(request: Asked, asked: Query[RunsAsked]) -> list[RunOut]:
    period = period_called(asked.period) if asked.period else period_on(request.viewer.on)
    return [_run(run) for run in selectors.runs_of(period.pk)] if period else []


@router.get("/lights", response=LightsPage, operation_id="lights", summary=_("亮灯，每盏带原因"))
def lights(request: Asked, asked: Query[LightsAsked]) -> LightsPage:
    run, shown, following = _listed(request, asked, "lights")
    return LightsPage(run=_run(run), items=[_light(run, one) for one in shown], next=following)


@router.get("/attainments", response=AttainmentsPage, operation_id="attainments", summary=_("完成情况和得分"))
def attainments(request: Asked, asked: Query[LightsAsked]) -> AttainmentsPage:
    run, shown, following = _listed(request, asked, "attainments")
    return AttainmentsPage(run=_run(run), items=[_attainment(run, one) for one in shown], next=following)


@router.get("/evaluations/{run}/flips", response=FlipsPage, operation_id="flips", summary=_("一次正式评估里变了的灯"))
def flips(request: Asked, run: Path[int], asked: Query[Page]) -> FlipsPage:
    if not 0 < run <= LARGEST or not selectors.run_called(run):
        raise NotThere(run=run)
    found = selectors.flips_after(run, cursors.position(asked, "flips", run), asked.limit + 1)
    shown, following = cursors.cut(found, asked, lambda f: f.pk, "flips", run)
    rows = [
        FlipOut(
            id=f.pk, target=f.target_id, person=f.person.code if f.person else "", metric=f.metric.code,
            org_path=f.org_path, before=f.before, after=f.after,
        )
        for f in shown
    ]  # fmt: skip
    return FlipsPage(items=rows, next=following)


def _listed(request: Asked, asked: LightsAsked, what: str) -> tuple[Any, list[Any], str]:
    """The run that is asked for and a page of its rows."""
    period = period_called(asked.period) if asked.period else period_on(request.viewer.on)
    run = selectors.run_for(period.pk, official=asked.kind == "official") if period else None
    if run is None:
        raise NothingYet(period=asked.period)
    unit = unit_called(asked.unit) if asked.unit else None
    filters = asked.dict(exclude={"cursor", "limit"})
    listed = (what, run.pk, tuple(sorted(filters.items())))
    after = cursors.position(asked, *listed)
    found: list[Any] = []
    if not asked.unit or unit:
        found = selectors.lights_after(
            run.pk, after, asked.limit + 1, path=unit.path if unit else "", metric=asked.metric,
            person=asked.person, light=asked.light,
        )  # fmt: skip
    shown, following = cursors.cut(found, asked, lambda light: light.target_id, *listed)
    return run, list(shown), following


def _run(run: Any) -> RunOut:
    return RunOut(
        id=run.pk, kind=run.kind, period=run.period.code, as_of=run.as_of, at=run.at, facts_as_of=run.facts_as_of,
        basis=run.policy["light.basis"], digest=run.digest,
    )  # fmt: skip


def _light(run: Any, light: Any) -> LightOut:
    holder = light.person
    return LightOut(
        target=light.target_id, holder=holder.code if holder else "", name=holder.name if holder else "",
        org_path=light.org_path, metric=light.metric.code, light=light.light, grey_reason=light.grey_reason,
        state=light.state, because=because(light, run.policy),
    )  # fmt: skip


def _attainment(run: Any, light: Any) -> AttainmentOut:
    places, holder = light.metric.decimals, light.person
    plan = Decimal(light.base) * light.plan_num / light.plan_den
    policy = policy_called(run.policy["score.policy"])
    score = policy.score(light.actual, light.base, light.stretch)
    return AttainmentOut(
        target=light.target_id, version=light.version, holder=holder.code if holder else "",
        name=holder.name if holder else "", org_path=light.org_path, metric=light.metric.code, unit=light.metric.unit,
        base=str(major(light.base, places)), stretch=None if light.stretch is None else str(major(light.stretch, places)),
        actual=str(major(light.actual, places)), plan_to_date=_round(plan.scaleb(-places), places),
        pace=_ratio(Decimal(light.actual), plan), attainment=_ratio(Decimal(light.actual), Decimal(light.base)),
        score=None if score is None else _round(Decimal(score.numerator) / score.denominator, 2),
        score_policy=policy.name, light=light.light,
    )  # fmt: skip


def _ratio(part: Decimal, whole: Decimal) -> str:
    return _round(part / whole, 6) if whole > 0 else ""


def _round(value: Decimal, places: int) -> str:
    return str(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
