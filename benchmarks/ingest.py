"""What bringing facts in costs: one day of 30 000 people, and 20 million raw lines summed day by day."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from benchmarks.machine import cpu_of, medians, peak_mb, say, scratch

PEOPLE = 30_000
DAY = date(2026, 12, 31)  # the one day of the quarter that benchmarks.company leaves free
LINES, DAYS = 20_000_000, 91
START = date(2026, 10, 1)


def needs() -> str:
    return (
        ""
        if Path("/proc/self/stat").exists()
        else "the database's CPU time is read from /proc, which is not there"
    )


def figures(long: bool) -> dict[str, float | None]:
    return _one_day() | _raw_lines(LINES if not long else 2 * LINES)


def _one_day() -> dict[str, float | None]:
    from benchmarks.company import build

    with scratch("ingest") as folder:
        build(PEOPLE)
        first, corrected = _land_a_day(folder, "new", 0), _land_a_day(folder, "set", 100)
        changed: list[int] = []

        def booked(*files: object) -> Callable[[], float]:
            return lambda: cpu_of(lambda: changed.append(_book(files)))

        def fresh() -> float:
            _forget()
            return booked(first)()

        cpu = medians({"first": fresh, "replay": booked(first), "corrected": booked(first, corrected)})
    say(
        f"one day of {PEOPLE} people × 3 metrics, CPU s: " + ", ".join(f"{k} {v:.2f}" for k, v in cpu.items())
    )
    say(f"rows changed by each: {changed}")
    return {
        "day_booked_30k_cpu_s": cpu["corrected"],
        "replay_ratio": cpu["replay"] / cpu["first"],
        "replay_rows_changed": max(changed[1::3]),
    }


def _land_a_day(folder: Path, op: str, more: int) -> object:
    """A Parquet file as an import of daily totals lands it; corrections add to every value."""
    import duckdb
    from django.db import connection

    from hangbiao.rooms.actuals.models import LandedFile

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id, p.id, u.path FROM people_territory t JOIN people_person p ON p.code = t.code "
            "JOIN people_unit u ON u.id = t.unit_id"
        )
        holders = cursor.fetchall()
    path = folder / f"{op}.parquet"
    text = folder / f"{op}.csv"
    text.write_text("".join(f"{t},{p},{path_}\n" for t, p, path_ in holders))
    with duckdb.connect() as duck:
        duck.execute(
            f"""
            COPY (SELECT '{op}' AS op, 1::BIGINT AS source_line, DATE '{DAY}' AS day, {more + 1}::BIGINT AS rank,
                         {more + 1}::BIGINT AS batch, p AS person_id, t AS territory_id, o AS org_path,
                         CAST(md5(m || p) AS UUID) AS key, CAST(md5(m || p || {more}) AS UUID) AS hash, m AS metric,
                         (1000 + (p * 7919 + {more}) % 9000)::BIGINT * 10000 AS value
                  FROM read_csv('{text}', header = false, columns = {{'t': 'BIGINT', 'p': 'BIGINT', 'o': 'VARCHAR'}}),
                       (VALUES ('sales'), ('visits'), ('new_outlets')) AS metrics(m))
            TO '{path}' (FORMAT parquet)"""
        )
    return LandedFile(
        stream="daily_totals",
        day=DAY,
        path=str(path),
        rows=3 * PEOPLE,
        corrections=3 * PEOPLE if op == "set" else 0,
    )


def _book(files: tuple[object, ...]) -> int:
    """Landed Parquet to committed daily facts, history and scorecard. Gives the rows changed."""
    from django.db import transaction

    from benchmarks.company import AT
    from hangbiao.rooms.actuals import sql
    from hangbiao.rooms.actuals.booking import counted_metrics, open_periods
    from hangbiao.rooms.actuals.ledger import daily, stage
    from hangbiao.rooms.actuals.models import Batch

    with transaction.atomic(), stage.opened() as scratch_space:
        counted = counted_metrics([])
        period_of = open_periods([DAY], AT, "system:bench")
        daily.sum_landed(scratch_space, {"daily_totals": {DAY: list(files)}}, counted)  # type: ignore[dict-item]
        rows = ((period_of[row[1]], *row) for row in daily.summed(scratch_space))
        booked = sql.book_daily(
            rows, batch=Batch.objects.latest("pk").pk, at=AT, metrics=[c.pk for c in counted],
            periods=sorted(set(period_of.values())), days=[DAY],
        )  # fmt: skip
    return booked.changed


def _forget() -> None:
    """Make the day new again, and tidy up behind it as autovacuum would."""
    from django.db import connections

    from hangbiao.rooms.actuals.models import DailyFact

    DailyFact.objects.filter(day=DAY).delete()
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE actuals_dailyfact")
        cursor.execute("VACUUM ANALYZE actuals_scorecard")


def _raw_lines(lines: int) -> dict[str, float | None]:
    with tempfile.TemporaryDirectory(prefix="hangbiao-bench-raw-") as folder:
        _land_lines(Path(folder), lines)
        peak: list[float] = []

        def ours() -> float:
            command = [sys.executable, "-W", "ignore", "-m", "benchmarks.ingest", folder]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            cpu, megabytes = map(float, done.stdout.split()[-2:])
            peak.append(megabytes)
            return cpu

        cpu = medians({"ours": ours, "scan": lambda: _scan(folder)})
    say(
        f"{lines} lines, CPU s: day by day {cpu['ours']:.2f}, scan {cpu['scan']:.2f}; peak {max(peak):.0f} MB"
    )
    return {"raw_daily_scan_ratio": cpu["ours"] / cpu["scan"], "raw_daily_peak_mb": max(peak)}


def _land_lines(folder: Path, lines: int) -> None:
    """Order lines as they land, a file a day; every fifth day has a late file that corrects one line in a hundred."""
    import duckdb

    duck = duckdb.connect()
    duck.execute("SET memory_limit = '1GB'")
    a_day = lines // DAYS
    for n in range(DAYS):
        day = START + timedelta(days=n)
        wanted = [("new", 1, 1)] + ([("set", 2, 100)] if n % 5 == 0 else [])
        for op, rank, every in wanted:
            duck.execute(
                f"""
                COPY (SELECT '{op}' AS op, i AS source_line, DATE '{day}' AS day, {rank}::BIGINT AS rank,
                             {rank}::BIGINT AS batch, i % {PEOPLE} AS person_id, i % {PEOPLE} AS territory_id,
                             '/C/R' || i % 18 || '/T' || i % 3750 || '/' AS org_path,
                             CAST(md5('{day}' || i) AS UUID) AS key, CAST(md5('h{day}' || i || {rank}) AS UUID) AS hash,
                             'O' || i AS "order", '1' AS line, (i * 7919 % 2000000 * 100)::BIGINT AS net_amount,
                             'K' || i % 90000 AS outlet, 'S' || i % 300 AS sku, 'G' || i % 12 AS sku_group,
                             (i % 24 * 10000)::BIGINT AS quantity,
                             CASE WHEN i % 3 = 0 THEN 'sell_out' ELSE 'sell_in' END AS side
                      FROM range(0, {a_day}, {every}) AS t(i))
                TO '{folder}/{day}-{rank}.parquet' (FORMAT parquet, COMPRESSION zstd)"""
            )
    duck.close()


def _scan(folder: str) -> float:
    import duckdb

    with duckdb.connect() as duck:
        duck.execute("SET threads = 2")
        began = time.process_time()
        duck.execute(
            f"SELECT person_id, side, sum(net_amount) FROM '{folder}/*.parquet' WHERE day <= DATE '{DAY}' GROUP BY 1, 2"
        ).fetchall()
        return time.process_time() - began


def _sum_in_a_process(folder: Path) -> None:
    """Prints CPU seconds and peak memory in MB of summing every landed file of a folder day by day."""
    import os

    os.environ.setdefault("DATABASE_URL", "postgresql:///none")
    os.environ["DJANGO_SETTINGS_MODULE"] = "hangbiao.site.settings"
    import django

    django.setup()
    from hangbiao.rooms.actuals.ledger import daily, stage
    from hangbiao.rooms.actuals.mapping import Definition
    from hangbiao.rooms.actuals.models import LandedFile

    by_day: dict[date, list[LandedFile]] = {}
    for path in sorted(folder.glob("*.parquet")):
        day, corrections = date.fromisoformat(path.stem[:10]), path.stem.endswith("-2")
        rows = LINES // DAYS
        by_day.setdefault(day, []).append(LandedFile(path=str(path), rows=rows, corrections=int(corrections)))
    sales = Definition.model_validate(
        {"metric": "sales", "name": "sales", "unit": "CNY", "decimals": 2, "from": "order_lines",
         "measure": "net_amount", "where": {"side": "sell_in"}}
    )  # fmt: skip
    began = time.process_time()
    rows = 0
    with stage.opened() as space:
        for day, files in by_day.items():
            daily.sum_landed(space, {"order_lines": {day: files}}, [daily.Counted(1, sales)])
            rows += sum(1 for _ in daily.summed(space))
    cpu = time.process_time() - began
    assert rows > 0
    print(cpu, peak_mb())


if __name__ == "__main__":
    _sum_in_a_process(Path(sys.argv[1]))
