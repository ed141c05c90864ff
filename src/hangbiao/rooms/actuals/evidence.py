"""What stands behind a figure: facts by day as they were known at some batch, and the raw lines of one day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml
from django.db.models import Q, QuerySet, Sum
from django.utils.timezone import localtime

from hangbiao.engines.scope.context import Scope
from hangbiao.rooms.actuals.ledger import landing, lines
from hangbiao.rooms.actuals.ledger.lines import Tally
from hangbiao.rooms.actuals.mapping import Definition, Mapping
from hangbiao.rooms.actuals.models import Batch, DailyFact, DailyFactHistory, LandedFile, MappingText, UnitDay
from hangbiao.rooms.actuals.series import days_between
from hangbiao.rooms.actuals.services import current_definitions
from hangbiao.rooms.actuals.streams import STREAMS

LINES_A_PAGE = 50
QUIET = {"side", "crs", "lat", "lng", "metric"}  # what the mapping fixed, or nobody reads


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose facts: one person's, or the territory book's below a path."""

    person: int | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """A day's value that was replaced, and when."""

    value: int
    until: datetime


@dataclass(frozen=True, slots=True)
class DayValue:
    """A business day: what it came to as known then, what as known now, and the values that were replaced."""

    day: date
    then: int
    now: int
    revisions: Sequence[Revision] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A raw line as a page shows it: where it stands in which file, what was read, what became of it."""

    file: str
    number: int
    recorded_at: datetime
    value: int
    read: Sequence[tuple[str, str]]
    late: bool
    after: bool
    correction: bool
    older: bool
    replaced_at: datetime | None
    moved: bool
    counts_then: bool
    counts_now: bool
    restored: bool = False  # an undoing brought it back
    undone: bool = False  # an undoing took it away

    @property
    def is_return(self) -> bool:
        return self.value < 0


@dataclass(frozen=True, slots=True)
class LinesOfDay:
    """One page of a day's lines. `missing` files are registered but not on this machine; `landed` tells if any are."""

    lines: Sequence[Told]
    sum: Tally
    page: int
    pages: int
    landed: bool
    missing: int

    @property
    def before(self) -> int:
        return self.page - 1

    @property
    def after(self) -> int:
        return self.page + 1


def batch_at(at: datetime) -> int:
    """The newest batch recorded by an instant; 0 before the first."""
    newest = Batch.objects.filter(recorded_at__lte=at).order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def days_of(
    holder: Holder, period: int, metric: int, since: date, until: date, *, then: int, now: int
) -> list[DayValue]:
    """The holder's days from `since` to `until` as known when `then`, and when `now`, was the newest batch. Read in scope."""
    current, history = (
        _facts(model.objects.all(), holder, period, metric, since, until) for model in (DailyFact, DailyFactHistory)
    )
    found: dict[date, list[int]] = {}
    if holder.person is None:
        stirred = _days_stirred(min(then, now), since, until)
        current = current.filter(day__in=stirred)
        found = _settled(holder, period, metric, sorted(set(days_between(since, until)) - stirred))
    for rows, known in ((current, _present), (history, _past)):
        sums = rows.values("day").annotate(
            known_then=Sum("value", filter=known(then), default=0),
            known_now=Sum("value", filter=known(now), default=0),
        )
        for day, value_then, value_now in sums.values_list("day", "known_then", "known_now"):
            both = found.setdefault(day, [0, 0])
            both[0] += int(value_then)
            both[1] += int(value_now)
    replaced = _revisions(history, now) if holder.person is not None else {}
    rows_of_days = (
        DayValue(day, a, b, tuple(replaced.get(day, ()))) for day, (a, b) in sorted(found.items())
    )
    return [row for row in rows_of_days if row.then or row.now or row.revisions]


def _days_stirred(after: int, since: date, until: date) -> set[date]:
    """Days that a batch later than `after` may have changed: what was known then must be added up from their facts."""
    later = Batch.objects.filter(pk__gt=after, daily_changed__gt=0).values_list("first_day", "last_day")
    days: set[date] = set()
    for first, last in later:  # a new definition of a metric names no days: it changes any
        days.update(days_between(max(first or since, since), min(last or until, until)))
    return days


def _settled(holder: Holder, period: int, metric: int, days: Sequence[date]) -> dict[date, list[int]]:
    """Sums of a unit on days that nothing changed since: millions of facts are added up there already."""
    rows = UnitDay.objects.filter(period_id=period, metric_id=metric, org_path=holder.path, day__in=days)
    return {day: [int(value), int(value)] for day, value in rows.values_list("day", "value")}


def _facts(
    rows: QuerySet[Any], holder: Holder, period: int, metric: int, since: date, until: date
) -> QuerySet[Any]:
    rows = rows.filter(period_id=period, metric_id=metric).order_by()
    if holder.person is not None:
        return rows.filter(person_id=holder.person, day__in=days_between(since, until))
    rows = rows.filter(day__lte=until)
    return rows.filter(org_path__startswith=holder.path, territory__isnull=False)


def _present(batch: int) -> Q:
    return Q(batch_id__lte=batch)


def _past(batch: int) -> Q:
    return Q(batch_id__lte=batch, replaced_by_id__gt=batch)


def _revisions(history: QuerySet[Any], now: int) -> dict[date, list[Revision]]:
    found: dict[date, list[Revision]] = {}
    rows = history.filter(batch_id__lte=now, replaced_by_id__lte=now).order_by("day", "revision")
    for day, value, until in rows.values_list("day", "value", "replaced_by__recorded_at"):
        found.setdefault(day, []).append(Revision(value, until))
    return found


def lines_behind(
    holder: Holder, metric: Any, day: date, *, then: int, now: int, scope: Scope, page: int = 1
) -> LinesOfDay:
    """The landed lines of a day behind the holder's figure, as far as `scope` covers them, one page of them."""
    definition = _definition(metric)
    streams = [s for s in dict.fromkeys([definition.stream, lines.TOTALS]) if s]
    landed = landing.files_of_days(streams, [day])
    whose = lines.Whose(
        holder.person, holder.path, scope.everything, scope.paths, scope.person_id
    )
    whole, missing = Tally(), 0
    shown: list[Told] = []
    start = (page - 1) * LINES_A_PAGE
    with lines.opened() as duck:
        for stream in streams:
            files = [f for f in landed.get(stream, {}).get(day, []) if f.batch_id <= now]
            here = [p for p in (landing.place_of(f.path) for f in files) if p.is_file()]
            missing += len(files) - len(here)
            if not here:
                continue
            part = lines.gather(duck, stream, here, whose, definition, then)
            room = LINES_A_PAGE - len(shown)
            if room and start < whole.lines + part.lines:
                offset = max(start - whole.lines, 0)
                shown += _told(stream, lines.page_of(duck, stream, room, offset), files, then)
            whole += part
    pages = max(-(-whole.lines // LINES_A_PAGE), 1)
    return LinesOfDay(shown, whole, page, pages, any(landed.values()), missing)


def _definition(metric: Any) -> Definition:
    """How the metric is counted; one without a definition can only come as daily totals."""
    known = {d.metric: d for d in current_definitions()}
    return known.get(metric.code) or Definition(
        metric=metric.code, name=metric.name, unit=metric.unit, decimals=metric.decimals
    )


def _told(stream: str, page: Sequence[lines.Line], files: Sequence[LandedFile], then: int) -> list[Told]:
    named = {b for n in page for b in (n.batch, n.origin, n.replaced_by) if b} | {f.batch_id for f in files}
    of = Batch.objects.in_bulk(named)
    names = _columns(stream, {b.mapping_id for b in of.values()})
    first = min((_day(of[f.batch_id]) for f in files if f.batch_id in of), default=None)
    return [_told_one(one, of, names, stream, first, then) for one in page]


def _told_one(
    one: lines.Line,
    of: dict[int, Batch],
    names: dict[int, dict[str, str]],
    stream: str,
    first: date | None,
    then: int,
) -> Told:
    """`late`: came in after what was known then, or on a later day than the first lines of its business day."""
    batch = of[one.batch]
    after = one.batch > then
    behind = first is not None and _day(batch) > first
    replaced = of.get(one.replaced_by) if one.replaced_by else None
    return Told(
        file=of[one.origin].file_name,
        number=one.number,
        recorded_at=batch.recorded_at,
        value=one.value,
        read=_read(stream, one.fields, names[of[one.origin].mapping_id]),
        late=one.op == "new" and (after or behind),
        after=after,
        correction=one.op == "set" and not batch.undoes_id,
        restored=bool(batch.undoes_id),
        undone=bool(replaced and replaced.undoes_id),
        older=one.op == "old",
        replaced_at=replaced.recorded_at if replaced else None,
        moved=one.moved and not (replaced and replaced.undoes_id),
        counts_then=one.counts_then,
        counts_now=one.counts_now,
    )


def _day(batch: Batch) -> date:
    return localtime(batch.recorded_at).date()


def _columns(stream: str, mappings: Iterable[int]) -> dict[int, dict[str, str]]:
    """Mapping → field → what the file calls its column."""
    rows = MappingText.objects.filter(pk__in=set(mappings)).values_list("pk", "digest", "text")
    return {pk: _names(digest, text, stream) for pk, digest, text in rows}


@lru_cache(maxsize=256)
def _names(_digest: str, text: str, stream: str) -> dict[str, str]:
    raw = yaml.safe_load(text) if text else None
    if not isinstance(raw, dict) or raw.get("stream") != stream:
        return {}
    return {name: c.source for name, c in Mapping.model_validate(raw).columns.items() if c.source}


def _read(stream: str, fields: dict[str, Any], names: dict[str, str]) -> list[tuple[str, str]]:
    kinds = {f.name: f.kind for f in STREAMS[stream].fields}
    return [
        (names.get(name, name), _said(value, kinds[name]))
        for name, value in fields.items()
        if value not in (None, "") and name not in QUIET
    ]


def _said(value: Any, kind: str) -> str:
    if kind == "number":
        exact = Decimal(value).scaleb(-lines.SCALE).normalize()
        return f"{exact:f}"
    return str(value)
