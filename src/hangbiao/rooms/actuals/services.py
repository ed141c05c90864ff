"""Everything that brings facts in: one file, a whole mapping folder, rows sent again; and the sweep."""

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from django.conf import settings
from django.db import DataError, transaction
from django.utils.translation import gettext as _

from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.rooms.actuals import booking, masters, returned, sql
from hangbiao.rooms.actuals.arrivals import Arrival, a_file
from hangbiao.rooms.actuals.errors import FileRefused, MappingRefused
from hangbiao.rooms.actuals.events import BatchAccepted
from hangbiao.rooms.actuals.ledger import landing as landed
from hangbiao.rooms.actuals.ledger.stage import Stage, opened
from hangbiao.rooms.actuals.mapping import (
    Definition,
    Mapping,
    definitions_from,
    definitions_text,
    digest,
    load_all,
    load_folder,
    load_mapping,
    mapping_from,
)
from hangbiao.rooms.actuals.models import Batch, MappingText
from hangbiao.rooms.actuals.recredit import during
from hangbiao.rooms.actuals.refused_file import keep_refused
from hangbiao.rooms.actuals.report import FileReport, FolderReport
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.facts import Organisation, organisation
from hangbiao.rooms.targets import services as targets
from hangbiao.rooms.targets.rows import MetricRow

DEFINITIONS = "metrics"
Progress = Callable[[str], None]
Told = Callable[[str, int], None]


@dataclass(slots=True)
class Run:
    """What holds for all files of one run."""

    at: datetime
    actor: str
    landing: landed.Landing
    scratch: Stage
    company: str = ""
    own_territories: bool = False
    watcher: Told | None = None
    refused_to: Path | None = None  # where a strict file's refused rows are written
    _who: Organisation | None = None

    def who(self) -> Organisation:
        """The organisation, read again after master data came in."""
        if self._who is None:
            self._who = organisation()
        return self._who

    def organisation_changed(self) -> None:
        self._who = None

    def told(self, phase: str, rows: int) -> None:
        """How far the file is; whoever watches may raise, and nothing of the file is booked."""
        if self.watcher:
            self.watcher(phase, rows)


def import_folder(
    folder: Path,
    data_dir: Path,
    *,
    at: datetime,
    actor: str,
    dry_run: bool = False,
    only: Collection[str] | None = None,
    progress: Progress | None = None,
    refused_to: Path | None = None,
) -> FolderReport:
    """Run all mappings of a folder in their order over the files they name, each file in a transaction of its own.

    Files that came before are passed over. `only` limits the run to the given file names. A dry run does everything
    and undoes it: nothing is booked and no file stays. Refuses (MappingRefused) unusable mappings before any file.
    """
    whole, mappings = load_folder(folder), load_all(folder)
    _must_be_there(data_dir)
    report = FolderReport(dry_run)
    own = not any(m.stream == "territories" for _path, m, _text in mappings)
    with _run(at, actor, dry_run, whole.company, own) as run:
        run.refused_to = refused_to
        adopt_definitions(whole.metrics, run)
        for _path, mapping, text in mappings:
            for path in _files(mapping, data_dir, only, report):
                if progress:
                    progress(path.name if path else mapping.title or mapping.mapping)
                report.files.append(_import(a_file(path) if path else None, mapping, text, run))
    return report


def import_file(
    mapping_path: Path, path: Path, *, at: datetime, actor: str, dry_run: bool = False
) -> FileReport:
    """Import one file through one mapping, with the definitions beside the mapping or those known already."""
    mapping, text = load_mapping(mapping_path)
    whole = load_folder(mapping_path.parent)
    with _run(at, actor, dry_run, whole.company, False) as run:
        if whole.metrics:
            adopt_definitions(whole.metrics, run)
        return _import(a_file(path), mapping, text, run)


def import_arrival(
    arrival: Arrival,
    mapping: Mapping,
    text: str,
    *,
    at: datetime,
    actor: str,
    dry_run: bool = False,
    told: Told | None = None,
) -> FileReport:
    """Import what came through a page through a mapping that is kept already; `told(phase, rows)` hears how far it is."""
    with _run(at, actor, dry_run, "", False) as run:
        run.watcher = told
        return _import(arrival, mapping, text, run)


def import_mapping(
    mapping_path: Path,
    data_dir: Path,
    *,
    at: datetime,
    actor: str,
    dry_run: bool = False,
    refused_to: Path | None = None,
) -> FolderReport:
    """Import every file that one mapping names; `refused_to` is where the refused rows of a strict file are written."""
    mapping, text = load_mapping(mapping_path)
    whole = load_folder(mapping_path.parent)
    _must_be_there(data_dir)
    report = FolderReport(dry_run)
    with _run(at, actor, dry_run, whole.company, False) as run:
        run.refused_to = refused_to
        if whole.metrics:
            adopt_definitions(whole.metrics, run)
        for path in _files(mapping, data_dir, None, report):
            report.files.append(_import(a_file(path) if path else None, mapping, text, run))
    return report


def _must_be_there(data_dir: Path) -> None:
    if not data_dir.is_dir():
        raise MappingRefused(str(data_dir), [_("没有这个数据目录")])


@contextmanager
def _run(at: datetime, actor: str, dry: bool, company: str, own_territories: bool) -> Iterator[Run]:
    with opened() as scratch, ExitStack() as stack:
        target = landed.real()
        if dry:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hangbiao-dry-"))
            stack.enter_context(sql.undone())
            target = landed.Landing(Path(folder), dry=True)
        run = Run(at, actor, target, scratch, company, own_territories)
        stack.enter_context(during(run))
        yield run


def _files(
    mapping: Mapping, data_dir: Path, only: Collection[str] | None, report: FolderReport
) -> Iterator[Path | None]:
    if mapping.derive:
        yield None
        return
    found = sorted(p for p in data_dir.glob(mapping.files) if p.is_file())
    if not found:
        report.notices.append(
            _("映射 %(mapping)s：数据目录里没有 %(files)s。")
            % {"mapping": mapping.mapping, "files": mapping.files}
        )
    yield from (p for p in found if only is None or p.name in only)


@transaction.atomic
def adopt_definitions(definitions: list[Definition], run: Run) -> None:
    """Make the metrics known and keep how they are counted. A changed definition recounts every landed day."""
    if not definitions:
        return
    rows = [
        MetricRow(
            metric=d.metric,
            name=d.name,
            name_en=d.name_en,
            unit=d.unit,
            decimals=d.decimals,
            direction=d.direction,
        )
        for d in definitions
    ]
    text = definitions_text(definitions)
    newest = MappingText.objects.filter(code=DEFINITIONS).last()
    if newest and newest.text == text:
        return
    refused = targets.upsert_metrics(rows, at=run.at, actor=run.actor)
    if refused:
        raise MappingRefused("metrics.yaml", [f"{r.reason}{r.remedy}" for r in refused])
    MappingText.objects.filter(code=DEFINITIONS, digest=digest(text)).update(code=f"{DEFINITIONS} (earlier)")
    kept = MappingText.objects.create(code=DEFINITIONS, digest=digest(text), text=text, recorded_at=run.at)
    if newest:
        sql.one_import_at_a_time()
        batch = Batch.objects.create(
            stream=DEFINITIONS,
            mapping=kept,
            file_name="metrics.yaml",
            sha256=digest(text),
            recorded_at=run.at,
        )
        batch.daily_changed = booking.recount(batch, definitions, at=run.at, actor=run.actor)
        batch.save()


def current_definitions() -> list[Definition]:
    """How metrics are counted now."""
    newest = MappingText.objects.filter(code=DEFINITIONS).last()
    return definitions_from(newest.text) if newest else []


def _import(arrival: Arrival | None, mapping: Mapping, text: str, run: Run) -> FileReport:
    """One file, one transaction. Whatever refuses the file leaves no trace but the report."""
    report = FileReport(arrival.name if arrival else mapping.mapping, mapping.mapping, mapping.stream)
    try:
        with transaction.atomic():
            sql.one_import_at_a_time()
            if arrival is None:
                _derive(mapping, report, run)
            else:
                _book(arrival, mapping, text, report, run)
    except FileRefused as refused:
        report.refuse_file(refused.code, refused.facts)
    except (duckdb.OutOfRangeException, duckdb.ConversionException, DataError):
        report.refuse_file("sum_too_large", {})
    return report


def _book(arrival: Arrival, mapping: Mapping, text: str, report: FileReport, run: Run) -> None:
    content = arrival.digest()
    kept = keep_mapping(mapping.mapping, text, at=run.at)
    before = Batch.objects.filter(sha256=content, mapping=kept, counts=True, undoes=None).first()
    if before:
        report.status, report.batch = "already", before.pk
        return
    if not masters.company_exists() and mapping.stream != "units":
        people.ensure_company(name=run.company or _("公司"), at=run.at, actor=run.actor)
    batch = Batch.objects.create(
        stream=mapping.stream, mapping=kept, file_name=arrival.name[-255:], sha256=content, recorded_at=run.at,
        actor=run.actor,
    )  # fmt: skip
    booking.book(
        arrival.opened(mapping), mapping, batch, report, current_definitions(), run, business_day(run.at)
    )
    if set(batch.header) & returned.BATCH:
        returned.settle(arrival.opened(mapping), batch, at=run.at, actor=run.actor)
    _close(batch, report, mapping, run)


def business_day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def keep_mapping(code: str, text: str, *, at: datetime, saved_by: str = "") -> MappingText:
    """Keep a mapping's text, once, and let the page offer it as the present state of that mapping."""
    kept, _made = MappingText.objects.get_or_create(
        code=code, digest=digest(text), defaults={"text": text, "recorded_at": at, "saved_by": saved_by}
    )
    if not kept.offered:
        MappingText.objects.filter(code=code, offered=True).update(offered=False)
        MappingText.objects.filter(pk=kept.pk).update(offered=True)
        kept.offered = True
    return kept


@transaction.atomic
def save_mapping(*, code: str, text: str, at: datetime, actor: str) -> MappingText:
    """Keep a mapping that somebody made on the page, under its digest; the page offers this state from now on."""
    mapping_from(text, code)
    kept = keep_mapping(code, text, at=at, saved_by=actor)
    data = {"mapping": code, "digest": kept.digest}
    record(stream="actuals", kind="actuals.mapping_saved", at=at, actor=actor, data=data)
    return kept


def _close(batch: Batch, report: FileReport, mapping: Mapping, run: Run) -> None:
    """Counts on the batch, one line in the journal, the event."""
    if mapping.strict and report.quarantined:
        if not run.landing.dry:
            report.refused_file = str(keep_refused(batch, run.refused_to))
        raise FileRefused("strict", count=report.quarantined)
    counts = {
        name: getattr(report, name)
        for name in (
            "rows_read", "booked", "unchanged", "superseded", "left_out", "quarantined", "suspected", "repeated", "daily_changed",
        )
    }  # fmt: skip
    for name, count in counts.items():
        setattr(batch, name, count)
    batch.first_day, batch.last_day = report.first_day, report.last_day
    batch.save()
    report.batch = batch.pk
    data = {
        "batch": batch.pk, "stream": batch.stream, "file": batch.file_name, "sha256": batch.sha256,
        "mapping": batch.mapping.digest, "merkle_root": batch.merkle_root, **counts,
    }  # fmt: skip
    record(stream="actuals", kind="actuals.batch_accepted", at=run.at, actor=run.actor, data=data)
    tell(BatchAccepted(batch.pk, batch.stream, batch.first_day, batch.last_day), at=run.at, actor=run.actor)


def _derive(mapping: Mapping, report: FileReport, run: Run) -> None:
    if mapping.derive is None:
        return
    rows = masters.derived_targets(mapping.derive.previous_period_actual)
    refused = targets.publish_targets(rows, at=run.at, actor=run.actor)
    report.rows_read, report.booked = len(rows), len(rows) - len(refused)
    report.notices += [f"{r.reason}{r.remedy}" for r in refused[:20]]
    if not rows:
        report.notices.append(_("没有前一期间的实际数，所以没有推算出任何目标。"))


@transaction.atomic
def sweep_landing(*, at: datetime, actor: str) -> list[str]:
    """Remove landed files that no committed import registered. Waits for a running import."""
    sql.one_import_at_a_time()
    gone = landed.sweep(landed.real())
    if gone:
        record(stream="actuals", kind="actuals.landing_swept", at=at, actor=actor, data={"files": len(gone)})
    return gone
