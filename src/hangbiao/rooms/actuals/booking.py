"""Book one file: read, refuse, land, sum the touched days, move the scorecard. Runs inside the import's transaction."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from hangbiao.rooms.actuals import masters, sql
from hangbiao.rooms.actuals.convert import EMPTY_NUMBER
from hangbiao.rooms.actuals.credit import Credit
from hangbiao.rooms.actuals.errors import FileRefused, Refused
from hangbiao.rooms.actuals.frames import Frame, Known, RefusedRow, drop, frames, shown, texts, undisturbed
from hangbiao.rooms.actuals.ledger import daily, landing, stage
from hangbiao.rooms.actuals.ledger.daily import Counted
from hangbiao.rooms.actuals.mapping import Definition, Mapping
from hangbiao.rooms.actuals.models import Batch, Quarantine, Scorecard, Suspect
from hangbiao.rooms.actuals.reading import Table
from hangbiao.rooms.actuals.report import FileReport
from hangbiao.rooms.actuals.sentences import sentence
from hangbiao.rooms.actuals.streams import STREAMS, Stream
from hangbiao.rooms.calendar import selectors as calendar
from hangbiao.rooms.calendar import services as calendar_services
from hangbiao.rooms.people import services as people
from hangbiao.rooms.people.facts import Organisation
from hangbiao.rooms.targets import selectors as targets

UNDATED = date(
    1900, 1, 1
)  # rows without a business day, such as outlets known since ever; no period holds them
SCALE = 4


class Running(Protocol):
    """What booking needs to know of the run."""

    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def landing(self) -> landing.Landing: ...
    @property
    def company(self) -> str: ...
    @property
    def own_territories(self) -> bool: ...
    @property
    def scratch(self) -> stage.Stage: ...
    def who(self) -> Organisation: ...
    def organisation_changed(self) -> None: ...
    def told(self, phase: str, rows: int) -> None: ...


def book(
    table: Table,
    mapping: Mapping,
    batch: Batch,
    report: FileReport,
    definitions: Sequence[Definition],
    run: Running,
    today: date,
) -> None:
    """Book an opened file into `batch` and say in `report` what became of every row."""
    stream = STREAMS[mapping.stream]
    batch.header = [h[:200] for h in table.header[:400]]
    if table.rows:
        run.told("total", table.rows)
    if stream.facts:
        _book_facts(table, stream, mapping, batch, report, definitions, run, today)
    else:
        _book_master(table, mapping, batch, report, run, today)
    if report.rows_read == 0:
        report.notices.append(" ".join(sentence("only_header", {})))
    if report.booked == 0 and report.rows_read:
        report.notices.append(_why_nothing(report))


def _why_nothing(report: FileReport) -> str:
    if report.unchanged:
        return _("没有新的内容：所有行都已入账。")
    if report.left_out == report.rows_read:
        return _("没有一行符合映射的 where 条件，所以什么也没有入账。")
    return _("没有一行可以入账，原因见上。")


def _book_master(
    table: Table, mapping: Mapping, batch: Batch, report: FileReport, run: Running, today: date
) -> None:
    known = Known({}, {}, {}, {}, today)
    for frame in frames(table, mapping, known):
        _count(frame, report)
        run.told("read", report.rows_read)
        _quarantine(frame.refused, batch, report)
        if (
            mapping.stream == "units"
            and not masters.company_exists()
            and "company" not in frame.columns["kind"]
        ):
            people.ensure_company(name=run.company or _("公司"), at=run.at, actor=run.actor)
        _quarantine(masters.book_frame(frame, mapping, at=run.at, actor=run.actor), batch, report)
        if mapping.stream == "people" and run.own_territories:
            masters.own_territories(frame, at=run.at, actor=run.actor)
        report.booked += len(frame.lines)
    run.organisation_changed()


def _book_facts(
    table: Table,
    stream: Stream,
    mapping: Mapping,
    batch: Batch,
    report: FileReport,
    definitions: Sequence[Definition],
    run: Running,
    today: date,
) -> None:
    counted, scratch = counted_metrics(definitions), run.scratch
    scratch.begin(stream)
    _stage_rows(scratch, table, stream, mapping, batch, report, counted, run, today)
    run.told("compare", report.rows_read)
    verdict = scratch.judge(stream, batch.pk, landing.key_files(stream.name))
    batch.merkle_root = verdict.root
    reach = scratch.reach(mapping.feed == "by_region", today, UNDATED)
    batch.reach = {place: day.isoformat() for place, day in sorted(reach.items())}
    sql.reach_feeds(stream.name, reach)
    run.told("book", report.rows_read)
    landing.land(scratch, stream, batch, verdict, run.landing)
    _say(verdict, report)
    days = [d for d in verdict.days if d != UNDATED]
    if days:
        report.first_day, report.last_day = min(days), max(days)
        mine = daily.touched_metrics(stream.name, counted)
        report.daily_changed = sum_days(scratch, days, mine, batch, report, run.at, run.actor)
        if stream.name == "order_lines":
            _note_suspects(scratch, days, batch, report)
    scratch.clear()


def _say(verdict: stage.Verdict, report: FileReport) -> None:
    report.booked, report.superseded = verdict.new + verdict.superseded + verdict.late, verdict.superseded
    report.unchanged, report.repeated = verdict.unchanged, verdict.repeated
    if verdict.repeated:
        lines = "、".join(map(str, verdict.repeated_lines))
        report.notices.append(
            _("同一个键在文件里出现多次：%(n)s 行被后面的行取代（第 %(lines)s 行等）。")
            % {"n": verdict.repeated, "lines": lines}
        )


def counted_metrics(definitions: Sequence[Definition]) -> list[Counted]:
    """The definitions with the metrics' numbers; metrics without a definition can come as daily totals only."""
    by_code = {d.metric: d for d in definitions}
    return [
        Counted(
            m.pk,
            by_code.get(m.code) or Definition(metric=m.code, name=m.name, unit=m.unit, decimals=m.decimals),
        )
        for m in targets.metrics()
    ]


def _stage_rows(
    scratch: stage.Stage,
    table: Table,
    stream: Stream,
    mapping: Mapping,
    batch: Batch,
    report: FileReport,
    counted: Sequence[Counted],
    run: Running,
    today: date,
) -> None:
    who = run.who()
    places: dict[str, int] = {}
    for one in counted:
        d = one.definition
        if d.stream == stream.name and d.measure != "count":
            if (column := mapping.columns.get(d.measure)) and column.unit not in {"", d.unit}:
                raise FileRefused(
                    "mixed_units", column=d.measure, unit=column.unit, metric=d.metric, want=d.unit
                )
            places[d.measure] = min(places.get(d.measure, SCALE), d.decimals)
    known = Known(who.people, who.territories, {c.definition.metric: c.pk for c in counted}, places, today)
    credit = Credit(who)
    steps = {c.definition.metric: 10 ** (SCALE - c.definition.decimals) for c in counted}
    for frame in undisturbed(frames(table, mapping, known)):
        _count(frame, report)
        run.told("read", report.rows_read)
        if stream.name == daily.TOTALS:
            frame.refused += _too_precise(frame, mapping, steps)
        _quarantine(frame.refused, batch, report)
        rows = len(frame.lines)
        nothing: list[Any] = [None] * rows
        asked = (frame.columns.get(name, nothing) for name in ("rep", "territory", "day"))
        owners = list(map(credit.of, *asked)) if rows else []
        scratch.add(stream, mapping.key_fields, frame.lines, frame.columns, owners, UNDATED)


def _too_precise(frame: Frame, mapping: Mapping, steps: dict[str, int]) -> list[RefusedRow]:
    """Totals with more decimals than their metric has; dropped from the frame and returned."""
    bad: list[RefusedRow] = []
    rows: set[int] = set()
    for n, (metric, value) in enumerate(zip(frame.columns["metric"], frame.columns["value"], strict=True)):
        if value != EMPTY_NUMBER and value % steps[metric]:
            why = Refused("too_precise", {"places": SCALE + 1 - len(str(steps[metric]))})
            column = mapping.columns["value"].source or "value"
            text = shown(f"{value / 10**SCALE}")
            bad.append(RefusedRow(frame.lines[n], column, text, why, texts(frame.raw[n])))
            rows.add(n)
    if rows:
        drop(frame, rows)
    return bad


def _count(frame: Frame, report: FileReport) -> None:
    report.rows_read += len(frame.lines) + len(frame.refused) + frame.left_out
    report.left_out += frame.left_out


def _quarantine(refused: list[RefusedRow], batch: Batch, report: FileReport) -> None:
    """Keep refused rows with their reasons."""
    report.refuse_rows(refused)
    rows = []
    for row in refused:
        reason, remedy = sentence(row.why.code, row.why.facts)
        rows.append(
            Quarantine(
                batch=batch, line=row.line, column=row.column[:200], value=row.value[:200], code=row.why.code,
                reason=reason[:400], remedy=remedy[:400], facts=_plain(row.why.facts), raw=[c.replace("\0", "") for c in row.raw],
            )
        )  # fmt: skip
    Quarantine.objects.bulk_create(rows, batch_size=2_000)


def _plain(facts: dict[str, object]) -> dict[str, object]:
    """Facts as JSON keeps them."""
    return {
        k: list(v) if isinstance(v, list | tuple) else v if isinstance(v, int) else str(v)
        for k, v in facts.items()
    }


def sum_days(
    scratch: stage.Stage,
    days: Sequence[date],
    counted: Sequence[Counted],
    batch: Batch,
    report: FileReport,
    at: datetime,
    actor: str,
) -> int:
    """Daily facts of the touched days from all landed lines; gives how many changed."""
    period_of = open_periods(days, at, actor)
    periods = sorted(set(period_of.values()))
    rows = ((period_of[row[1]], *row) for row in daily.recompute(scratch, days, counted))
    booked = sql.book_daily(
        rows, batch=batch.pk, at=at, metrics=[c.pk for c in counted], periods=periods, days=days
    )
    by_number = {c.pk: c.definition.metric for c in counted}
    effect = dict(batch.effect or {})
    for metric, moved in booked.effect.items():
        effect[by_number[metric]] = effect.get(by_number[metric], 0) + moved
    batch.effect = report.effect = effect
    measured = list(by_number)
    waiting = set(
        Scorecard.objects.filter(period__in=periods, metric__in=measured).values_list("period", flat=True)
    )
    without = sorted({p for p in periods if p not in waiting})
    if without and measured:
        codes = "、".join(p.code for p in calendar.periods_until(max(days)) if p.pk in without)
        report.notices.append(
            _("期间 %(periods)s 还没有目标：数据已入账，但暂时没有可以对照的目标。") % {"periods": codes}
        )
    return booked.changed


def open_periods(days: Sequence[date], at: datetime, actor: str) -> dict[date, int]:
    """Day → its period, opened where it was not, with a partition for its facts."""
    found: dict[date, int] = {}
    spans: list[tuple[date, date, int]] = []
    for day in sorted(days):
        if not spans or day > spans[-1][1]:
            period = calendar.period_on(day)
            if period is None:
                calendar_services.ensure_periods(first=day, last=day, at=at, actor=actor)
                period = calendar.period_on(day)
            if period is None:
                raise LookupError(f"no period holds {day}")
            sql.open_partition(period.pk)
            spans.append((period.start, period.end, period.pk))
        found[day] = spans[-1][2]
    return found


def _note_suspects(scratch: stage.Stage, days: Sequence[date], batch: Batch, report: FileReport) -> None:
    found = daily.suspects(scratch, batch.pk, days)
    report.suspected = len(found)
    rows = []
    for day, outlet, sku, quantity, amount, times, lines in found:
        what = {
            "outlet": outlet,
            "sku": sku,
            "quantity": str(quantity),
            "net_amount": str(amount),
            "times": times,
        }
        rows.append(Suspect(batch=batch, day=day, what=what, lines=lines))
    Suspect.objects.bulk_create(rows)


def recount(batch: Batch, definitions: Sequence[Definition], *, at: datetime, actor: str) -> int:
    """Sum every landed day anew, after the definitions of metrics changed."""
    days = landing.landed_days(UNDATED)
    changed = 0
    report = FileReport(batch.file_name, "", batch.stream)
    with stage.opened() as scratch:
        for piece in _pieces(days, 92):
            changed += sum_days(scratch, piece, counted_metrics(definitions), batch, report, at, actor)
    return changed


def _pieces(days: Sequence[date], size: int) -> Iterator[Sequence[date]]:
    for n in range(0, len(days), size):
        yield days[n : n + size]
