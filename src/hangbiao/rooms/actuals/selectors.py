"""Read how far the data reach, what was refused, and whether the books agree."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from hangbiao.engines.policy.selectors import value_of
from hangbiao.engines.workdays.selectors import calendar
from hangbiao.rooms.actuals import sql
from hangbiao.rooms.actuals.booking import UNDATED, counted_metrics
from hangbiao.rooms.actuals.ledger import daily, landing, stage
from hangbiao.rooms.actuals.ledger import sql as ledger
from hangbiao.rooms.actuals.mapping import Definition
from hangbiao.rooms.actuals.models import Batch, Feed, LandedFile, Quarantine
from hangbiao.rooms.actuals.services import current_definitions

actuals_as_of = sql.actuals_as_of


def newest_batch() -> int:
    """The number that says what is known now: `facts_as_of` of an evaluation."""
    newest = Batch.objects.order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def data_as_of(metric: str) -> dict[str, date]:
    """Place in the organisation → newest business day that any of the metric's streams reach there."""
    return data_as_of_all([metric])[metric]


def data_as_of_all(metrics: Iterable[str]) -> dict[str, dict[str, date]]:
    """The same of several metrics, read at once."""
    streams = {metric: {daily.TOTALS} for metric in metrics}
    for one in current_definitions():
        if one.stream and one.metric in streams:
            streams[one.metric].add(one.stream)
    reach: dict[str, dict[str, date]] = {metric: {} for metric in streams}
    feeds = Feed.objects.filter(stream__in=set().union(*streams.values()))
    for place, stream, day in feeds.values_list("org_path", "stream", "data_as_of"):
        for metric in (m for m, own in streams.items() if stream in own):
            reach[metric][place] = max(day, reach[metric].get(place, day))
    return reach


@dataclass(frozen=True, slots=True)
class Difference:
    """Two books that should agree and do not."""

    what: str
    expected: int
    found: int

    def __str__(self) -> str:
        return _("%(what)s：应为 %(expected)s，实为 %(found)s。") % {
            "what": self.what, "expected": self.expected, "found": self.found}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A registered landed file that is gone, or is not what was registered."""

    path: str
    gone: bool

    def __str__(self) -> str:
        if self.gone:
            return _("已登记的落地文件 %(path)s 不见了。请从备份恢复。") % {"path": self.path}
        said = _("落地文件 %(path)s 的内容与登记时的 SHA-256 不符，已被改动。请从备份恢复。")
        return said % {"path": self.path}


def differences() -> list[Difference | Spoilt]:
    """Scorecard and sums of units against Σ daily facts; Σ persons + unassigned against the landed ledger per metric and day.

    An empty list means that the books agree. Missing or altered landed files are findings as well; they are left out
    of the ledger's side, so that what else is wrong can still be said.
    """
    spoilt = list(_landed_files())
    return [*_scorecard(), *_units(), *spoilt, *_ledger({one.path for one in spoilt})]


def _scorecard() -> Iterator[Difference]:
    for target, book, metric, period, person, territory, actual, total in sql.scorecard_differences():
        what = _("目标 %(target)s（%(book)s %(holder)s，指标 %(metric)s，期间 %(period)s）的积分卡") % {
            "target": target, "book": book, "holder": person or territory, "metric": metric, "period": period,
        }  # fmt: skip
        yield Difference(what, total, actual)


def _units() -> Iterator[Difference]:
    for period, metric, day, path, kept, total in sql.unit_differences():
        what = _("单位 %(path)s 在 %(day)s 的合计（指标 %(metric)s，期间 %(period)s）") % {
            "path": path, "day": day, "metric": metric, "period": period,
        }  # fmt: skip
        yield Difference(what, total, kept)


def _landed_files() -> Iterator[Spoilt]:
    for path, digest in LandedFile.objects.values_list("path", "sha256").iterator():
        place = landing.place_of(path)
        if not place.is_file():
            yield Spoilt(path, gone=True)
        elif landing.digest_of(place) != digest:
            yield Spoilt(path, gone=False)


def _ledger(spoilt: Collection[str]) -> Iterator[Difference]:
    booked = sql.daily_sums()
    said: dict[tuple[int, date], int] = {}
    days = landing.landed_days(UNDATED)
    with stage.opened() as scratch:
        for counted in counted_metrics(current_definitions()):
            for stream in {counted.definition.stream or daily.TOTALS, daily.TOTALS}:
                for day, value in _ledger_days(scratch, stream, counted.definition, days, spoilt):
                    said[counted.pk, day] = said.get((counted.pk, day), 0) + int(value)
    for metric, day in sorted(booked.keys() | said.keys()):
        if booked.get((metric, day), 0) != said.get((metric, day), 0):
            what = _("指标 %(metric)s 在 %(day)s 的每日数之和（对照原始行）") % {"metric": metric, "day": day}
            yield Difference(what, said.get((metric, day), 0), booked.get((metric, day), 0))


def _ledger_days(
    scratch: stage.Stage,
    stream: str,
    definition: Definition,
    days: Sequence[date],
    spoilt: Collection[str],
) -> Iterator[tuple[date, int]]:
    landed = landing.files_of_days([stream], days).get(stream, {})
    for files in daily.groups(landed):
        paths = [landing.place_of(f.path) for f in files if f.path not in spoilt]
        if paths:
            own = None if stream == daily.TOTALS else definition
            source = ledger.latest(paths)
            found = scratch.duck.execute(
                ledger.ledger_days(source, own, definition.metric, definition.decimals)
            )
            yield from [(day, value) for day, value in found.fetchall() if value is not None]


def batches_before(before: int, limit: int, *, stream: str = "", named: str = "") -> list[Batch]:
    """Batches, the newest first, from below `before` on (0: from the newest); `named` is how their names begin."""
    found = Batch.objects.filter(file_name__startswith=named).exclude(stream="metrics")
    found = found.filter(pk__lt=before) if before else found
    found = found.filter(stream=stream) if stream else found
    return list(found.select_related("mapping").order_by("-pk")[:limit])


def batch_called(batch: int, *, named: str = "") -> Batch | None:
    return Batch.objects.filter(pk=batch, file_name__startswith=named).select_related("mapping").first()


def refused_of(batch: int, after: int = 0, limit: int = 100) -> list[Quarantine]:
    """A batch's refused rows in order of their lines, from behind line `after` on."""
    return list(Quarantine.objects.filter(batch=batch, line__gt=after).order_by("line", "pk")[:limit])


def mappings_of(stream: str) -> list[str]:
    """Codes of the mappings through which files of a stream came in, in order."""
    wanted = Batch.objects.filter(stream=stream).exclude(mapping__code__startswith="api-")
    return sorted(set(wanted.order_by().values_list("mapping__code", flat=True)))


RECENT = timedelta(days=30)
A_HOLIDAY_AGO = timedelta(days=60)


def batches_with_open_rows(at: datetime) -> list[Batch]:
    """Batches of the last thirty days with rows that were refused or look booked twice, the newest first."""
    wanted = Q(quarantined__gt=0) | Q(suspected__gt=0)
    return list(Batch.objects.filter(wanted, recorded_at__gt=at - RECENT, recorded_at__lte=at).order_by("-pk"))


def late_before(on: date) -> date:
    """Data that do not reach this day are late on `on`, by the policy of that day."""
    within = int(value_of("light.late_after_workdays", on))
    return calendar(start=on - A_HOLIDAY_AGO, end=on).earliest_within(on, within)
