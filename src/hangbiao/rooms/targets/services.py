"""Everything that changes a target. Set-based: one call publishes the rows of a file and leaves one journal line."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from hangbiao.core.errors import RuleError
from hangbiao.core.merkle import tree_hash
from hangbiao.core.phasing import Liability, Part, Phasing
from hangbiao.core.quantity import minor
from hangbiao.engines.journal.digests import canonical
from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.engines.workdays.selectors import calendar as work_calendar
from hangbiao.rooms.calendar.facts import OpenPeriod, open_periods
from hangbiao.rooms.people.facts import Place, organisation
from hangbiao.rooms.people.rows import RowRefusal
from hangbiao.rooms.targets import sql
from hangbiao.rooms.targets.curves import spec_rows
from hangbiao.rooms.targets.events import VersionAdopted
from hangbiao.rooms.targets.liability import person_drafts, shape_of
from hangbiao.rooms.targets.models import Book, Metric, PhasingSpec, Target, Version
from hangbiao.rooms.targets.refusals import said
from hangbiao.rooms.targets.rows import MetricRow, TargetRow


@dataclass(frozen=True, slots=True)
class Draft:
    """A version about to be adopted, if it differs from the current one."""

    book: str
    metric: int
    period: OpenPeriod
    holder: int
    org_path: str
    base: int
    stretch: int | None
    liability: Liability
    active_days: int
    period_days: int
    source: str
    reason: str = ""


@dataclass(slots=True)
class _Plannable:
    """Working days per period, once for each phasing that can be drawn over it."""

    known: dict[tuple[Phasing, int], int] = field(default_factory=dict)

    def days(self, phasing: Phasing, period: OpenPeriod) -> int:
        """Raises the rule's error where this phasing cannot be drawn over the period."""
        asked = (phasing, period.pk)
        if asked not in self.known:
            calendar = work_calendar(start=period.start, end=period.end)
            Liability((Part.whole(1, phasing, period.start, period.end),)).curve(calendar)
            self.known[asked] = calendar.count_working_days(period.start, period.end)
        return self.known[asked]


@transaction.atomic
def upsert_metrics(rows: Sequence[MetricRow], *, at: datetime, actor: str) -> list[RowRefusal]:
    """Make metrics known. Unit, decimals and direction are fixed once a metric exists."""
    refused: list[RowRefusal] = []
    for position, row in enumerate(rows):
        found = Metric.objects.filter(code=row.metric).first()
        if found and (found.unit, found.decimals, found.direction) != (row.unit, row.decimals, row.direction):
            reason = _("指标 %(metric)s 已有数据，单位、小数位和方向不能再改。") % {"metric": row.metric}
            refused.append(RowRefusal(position, "unit", row.unit, reason, _("请用新的指标编号。")))
            continue
        Metric.objects.update_or_create(
            code=row.metric,
            defaults={
                "name": row.name,
                "name_en": row.name_en,
                "unit": row.unit,
                "decimals": row.decimals,
                "direction": row.direction,
                "position": found.position if found else Metric.objects.count(),
            },
        )
    data = {"metrics": [r.metric for r in rows], "refused": len(refused)}
    record(stream="targets", kind="targets.metrics_booked", at=at, actor=actor, data=data)
    return refused


@transaction.atomic
def publish_targets(
    rows: Sequence[TargetRow], *, at: datetime, actor: str, source: str = ""
) -> list[RowRefusal]:
    """Adopt the targets of a file: a new version per territory whose numbers changed, and the people's after them.

    Refuses a row with an unknown metric or one where less is better, an unknown territory, a period without calendar, a
    stretch below base, a negative base, or more decimals than the metric has. An unchanged row changes nothing.
    """
    metrics = {m.code: m for m in Metric.objects.all()}
    places = organisation().territories
    periods = open_periods()
    plannable = _Plannable()
    refused: list[RowRefusal] = []
    drafts: dict[tuple[int, int, int], Draft] = {}
    for index, row in enumerate(rows):
        draft = _draft_of(index, row, metrics, places, periods, plannable, source)
        if isinstance(draft, RowRefusal):
            refused.append(draft)
        else:
            drafts[draft.metric, draft.period.pk, draft.holder] = draft
    _adopt(drafts.values(), at=at, actor=actor)
    for period in {d.period.pk: d.period for d in drafts.values()}.values():
        derive_person_targets(period=period, at=at, actor=actor)
    return refused


def _draft_of(
    index: int,
    row: TargetRow,
    metrics: dict[str, Metric],
    places: Mapping[str, Place],
    periods: Sequence[OpenPeriod],
    plannable: _Plannable,
    source: str,
) -> Draft | RowRefusal:
    def no(column: str, value: object, reason: str, remedy: str) -> RowRefusal:
        return RowRefusal(index, column, str(value or ""), reason, remedy)

    metric = metrics.get(row.metric)
    place = places.get(row.territory or row.person)
    period = next(
        (p for p in periods if p.code == row.period or (row.day and p.start <= row.day <= p.end)), None
    )
    if metric is None:
        return no("metric", row.metric, _("没有这个指标。"), _("请先在 metrics.yaml 中定义它，或改正编号。"))
    if metric.direction != "higher":
        reason = _("越低越好的指标还不能设目标，因为还不能为它亮灯。")
        return no("metric", row.metric, reason, _("请改用越高越好的指标，例如用有货天数代替缺货天数。"))
    if place is None:
        column = "territory" if row.territory else "person"
        return no(column, getattr(row, column), _("没有这个片区。"), _("请先导入片区，或改正编号。"))
    if period is None:
        return no(
            "period", row.period or row.day, _("没有这个期间的日历。"), _("请先开启该期间，或改正期间编号。")
        )
    if row.base < 0:
        return no("base", row.base, _("基准目标不能是负数。"), _("请改正数值。"))
    if row.stretch is not None and row.stretch < row.base:
        return no(
            "stretch", row.stretch, _("挑战目标低于基准目标。"), _("挑战目标至少等于基准目标，请改正。")
        )
    column = "base"
    try:
        base = minor(row.base, metric.decimals)
        column = "stretch"
        stretch = None if row.stretch is None else minor(row.stretch, metric.decimals)
        column = "phasing"
        phasing = Phasing.parse(row.phasing)
        part = Part.whole(base, phasing, period.start, period.end)
        days = plannable.days(phasing, period)
    except RuleError as error:
        return no(column, getattr(row, column), *said(error))
    return Draft(
        Book.TERRITORY, metric.pk, period, place.pk, place.unit_path, base, stretch,
        Liability((part,)), days, days, source or _("导入"),
    )  # fmt: skip


@transaction.atomic
def derive_person_targets(*, period: OpenPeriod, at: datetime, actor: str) -> int:
    """Give every person the liability of the days they worked a territory; a changed one becomes a new version."""
    versions = {
        (v.target.metric_id, v.target.territory_id or 0): v
        for v in Version.objects.filter(target__period_id=period.pk, target__book=Book.TERRITORY).order_by("number")
        .select_related("target", "spec")
    }  # fmt: skip
    calendar = work_calendar(start=period.start, end=period.end)
    days = calendar.count_working_days(period.start, period.end)
    drafts = [
        Draft(
            Book.PERSON, d.metric, period, d.person, d.org_path, d.base, d.stretch,
            d.liability, d.active_days, days, _("片区目标"), d.reason,
        )
        for d in person_drafts(period, versions, organisation(), calendar)
    ]  # fmt: skip
    answering = {(d.metric, d.holder) for d in drafts}
    return _adopt([*drafts, *_given_up(period, answering)], at=at, actor=actor)


def _given_up(period: OpenPeriod, answering: Collection[tuple[int, int]]) -> Iterator[Draft]:
    """Whoever had a target and, as is known now, answers for no day of the period: nothing is asked of them any more."""
    current = Version.objects.filter(
        target__period_id=period.pk, target__book=Book.PERSON, number=F("target__current")
    ).exclude(base=0, active_days=0)
    holders = {
        pk: (metric, person)
        for pk, metric, person in current.values_list("pk", "target__metric_id", "target__person_id")
        if (metric, person) not in answering
    }
    for version in Version.objects.filter(pk__in=holders).select_related("spec"):
        metric, person = holders[version.pk]
        yield Draft(
            Book.PERSON, metric, period, person, version.org_path, 0, None if version.stretch is None else 0,
            shape_of(version), 0, version.period_days, _("片区目标"), _("本期没有应负责的工作日"),
        )  # fmt: skip


def _adopt(drafts: Iterable[Draft], *, at: datetime, actor: str) -> int:
    """Write the next version of each target that changed, move the pointers, tell the rooms above."""
    drafts = list(drafts)
    if not drafts:
        return 0
    periods = {d.period.pk for d in drafts}
    column = "person_id" if drafts[0].book == Book.PERSON else "territory_id"
    have = {
        (t.metric_id, t.period_id, getattr(t, column)): t
        for t in Target.objects.filter(period_id__in=periods, book=drafts[0].book)
    }
    missing = [d for d in drafts if (d.metric, d.period.pk, d.holder) not in have]
    made = Target.objects.bulk_create(
        Target(
            book=d.book, metric_id=d.metric, period_id=d.period.pk, org_path=d.org_path, **{column: d.holder}
        )
        for d in missing
    )
    have |= {(t.metric_id, t.period_id, getattr(t, column)): t for t in made}
    current = {
        v.target_id: v
        for v in Version.objects.filter(target__in=[t.pk for t in have.values()])
        .order_by("number")
        .select_related("spec")
    }
    versions = []
    specs = spec_rows([d.liability for d in drafts])
    for draft, spec in zip(drafts, specs, strict=True):
        target = have[draft.metric, draft.period.pk, draft.holder]
        version = _next_version(draft, spec, target, current.get(target.pk), at)
        if version:
            versions.append(version)
    if not versions:
        return 0
    Version.objects.bulk_create(versions)
    changed = tuple(sorted(v.target_id for v in versions))
    sql.point_at_latest(changed)
    leaves = [canonical([v.target_id, v.number, v.base, v.stretch, v.spec_id]).encode() for v in versions]
    data = {"book": drafts[0].book, "versions": len(versions), "root": tree_hash(leaves).hex()}
    record(stream="targets", kind="targets.versions_adopted", at=at, actor=actor, data=data)
    for period in periods:
        of_period = tuple(sorted(v.target_id for v in versions if v.target.period_id == period))
        tell(VersionAdopted(period=period, targets=of_period), at=at, actor=actor)
    return len(versions)


def _next_version(
    draft: Draft, spec: PhasingSpec, target: Target, current: Version | None, at: datetime
) -> Version | None:
    asked = (draft.base, draft.stretch, spec.pk, draft.org_path)
    if current and (current.base, current.stretch, current.spec_id, current.org_path) == asked:
        return None
    return Version(
        target=target,
        number=current.number + 1 if current else 1,
        base=draft.base,
        stretch=draft.stretch,
        spec=spec,
        first_day=draft.liability.first_day,
        last_day=draft.liability.last_day,
        active_days=draft.active_days,
        period_days=draft.period_days,
        org_path=draft.org_path,
        person_id=draft.holder if draft.book == Book.PERSON else None,
        source=draft.source,
        reason=draft.reason,
        recorded_at=at,
    )
