"""What lighting a day costs, against a loop through the ORM, a pandas script, and the bare scan of the same facts."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from benchmarks.company import AT, LAST_FACT, as_parquet, build
from benchmarks.machine import cpu_of, medians, say, scratch

HERE = Path(__file__).parent
NEXT_DAY = LAST_FACT + timedelta(days=1)
A_SECOND = 90_000  # lights that take more than a few ticks of the clock
SMALL, LARGE, HUGE = 300, 30_000, 1_000_000


def needs() -> str:
    return (
        ""
        if Path("/proc/self/stat").exists()
        else "the database's CPU time is read from /proc, which is not there"
    )


def figures(long: bool) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    with scratch("evaluate_small"):
        period = build(SMALL)
        pieces = {
            "ours": _judge_and_write(),
            "whole": lambda: cpu_of(_evaluate),
            "orm": lambda: cpu_of(lambda: _naive(period)),
        }
        cpu = medians(pieces)
        say(", ".join(f"{name} {value:.4f} s CPU" for name, value in cpu.items()))
        found["evaluate_orm_ratio_300"] = cpu["orm"] / cpu["ours"]
        found["evaluate_whole_orm_ratio_300"] = cpu["orm"] / cpu["whole"]
    found |= _large(LARGE, "30k")
    if long:
        found["evaluate_scan_ratio_1m"] = _large(HUGE, "1m")["evaluate_scan_ratio_1m"]
    return found


def _large(people: int, name: str) -> dict[str, float | None]:
    with scratch(f"evaluate_{name}") as folder:
        build(people)
        facts, targets = as_parquet(folder)
        pieces = {"ours": _judge_and_write(), "scan": lambda: _scan(facts)}
        if people <= LARGE:
            pieces |= {
                "pandas": lambda: _pandas(facts, targets),
                "written": _written_alone(),
                "upkeep": _upkeep,
            }
        cpu = medians(pieces)
        say(f"{people} people, CPU s: " + ", ".join(f"{k} {v:.3f}" for k, v in cpu.items()))
    found: dict[str, float | None] = {f"evaluate_scan_ratio_{name}": cpu["ours"] / cpu["scan"]}
    if "pandas" in cpu:
        found[f"evaluate_pandas_ratio_{name}"] = cpu["pandas"] / cpu["ours"]
        found[f"evaluate_pandas_written_ratio_{name}"] = cpu["pandas"] / cpu["written"]
        found[f"evaluate_with_upkeep_scan_ratio_{name}"] = cpu["upkeep"] / cpu["scan"]
    return found


def _judge_and_write() -> Callable[[], float]:
    """The evaluation proper: every light judged and its row written; roll-up and set-up are not in it."""
    from django.db import transaction

    from hangbiao.rooms.lights import services, sql
    from hangbiao.rooms.lights.models import Light, Run

    _evaluate()
    run = Run.objects.latest("pk")
    facts = services.named_inputs(run)
    Light.objects.filter(run=run).delete()
    times = max(1, A_SECOND // run.rows)  # /proc counts in hundredths of a second: a small company is lit many times

    def once() -> None:
        with transaction.atomic():
            sql.light_people(facts)
            transaction.set_rollback(True)

    return lambda: cpu_of(lambda: [once() for _ in range(times)]) / times


def _written_alone() -> Callable[[], float]:
    """Rows like a run's inserted into the same table with nothing to judge: what no kept evaluation can do without."""
    from django.db import connection, transaction

    from hangbiao.rooms.lights.models import Run

    def once() -> float:
        _evaluate()
        run = Run.objects.latest("pk")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE judged ON COMMIT DROP AS SELECT * FROM lights_light WHERE run_id = %s",
                [run.pk],
            )
            cursor.execute("UPDATE judged SET run_id = run_id + 1")
            spent = cpu_of(lambda: cursor.execute("INSERT INTO lights_light SELECT * FROM judged"))
            transaction.set_rollback(True)
        return spent

    return once


def _evaluate(day: date = LAST_FACT) -> None:
    from hangbiao.rooms.lights.services import evaluate

    evaluate(as_of=day, at=AT, actor="system:bench", kind="preview")


def _naive(period: int) -> None:
    """One aggregate query per person and metric, a light object each: the first thing one writes."""
    from django.db.models import Sum

    from hangbiao.rooms.actuals.models import DailyFact
    from hangbiao.rooms.targets.models import Target

    share = Fraction(59, 61)
    for target in Target.objects.filter(period_id=period, book="person"):
        facts = DailyFact.objects.filter(
            person_id=target.person_id, metric_id=target.metric_id, day__lte=LAST_FACT
        )
        actual = facts.aggregate(total=Sum("value"))["total"] or 0
        base = target.versions.get(number=target.current).base
        _light = (
            "red"
            if actual < base * share / 2
            else "yellow"
            if actual < base * share * Fraction(7, 10)
            else "green"
        )


def _scan(facts: Path) -> float:
    import duckdb

    with duckdb.connect() as duck:
        begun = time.process_time()
        duck.execute(
            f"SELECT person, metric, sum(value) FROM '{facts}' WHERE day <= DATE '{LAST_FACT}' GROUP BY 1, 2"
        ).fetchall()
        return time.process_time() - begun


def _pandas(facts: Path, targets: Path) -> float:
    command = [sys.executable, str(HERE / "baselines" / "pandas_evaluation.py"), str(facts), str(targets)]
    done = subprocess.run(
        [*command, LAST_FACT.isoformat(), "0.967"], check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[0])


def _upkeep() -> float:
    """The next day of everybody through the real upsert, scorecard included, and the evaluation of that day."""
    from django.db import connection, transaction

    from hangbiao.rooms.actuals import sql
    from hangbiao.rooms.actuals.models import Batch

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT period_id, metric_id, %s::date, territory_id, person_id, org_path, value"
            " FROM actuals_dailyfact WHERE day = %s",
            [NEXT_DAY, LAST_FACT],
        )
        rows = cursor.fetchall()

    def booked_and_lit() -> None:
        with transaction.atomic():
            sql.book_daily(
                rows, batch=Batch.objects.latest("pk").pk, at=AT, metrics=sorted({r[1] for r in rows}),
                periods=sorted({r[0] for r in rows}), days=[NEXT_DAY],
            )  # fmt: skip
        _evaluate(NEXT_DAY)

    spent = cpu_of(booked_and_lit)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM actuals_dailyfact WHERE day = %s", [NEXT_DAY])
    return spent
