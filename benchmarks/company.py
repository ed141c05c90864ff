"""A company of any size straight in the tables: people, targets of three metrics, 91 days of facts.

For measuring evaluation alone; how facts come in is measured by the group `ingest`.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

AT = datetime(2026, 12, 30, 1, 0, tzinfo=UTC)
START, END = date(2026, 10, 1), date(2026, 12, 31)
LAST_FACT = START + timedelta(days=90)
METRICS = ("sales", "visits", "new_outlets")
TEAM = 8

# A day after the other, as bookings write them: what a person did lies scattered over the table.
FACTS = """
INSERT INTO actuals_dailyfact
  (period_id, metric_id, day, territory_id, person_id, org_path, value, revision, batch_id, recorded_at)
SELECT %(period)s, m.id, %(day)s, t.id, p.id, u.path, 1000 + (p.id * 7919 + %(n)s * 104729 + m.id * 31) %% 9000, 1,
       %(batch)s, %(at)s
FROM people_person p
JOIN people_territory t ON t.code = p.code JOIN people_unit u ON u.id = t.unit_id
CROSS JOIN targets_metric m
ORDER BY p.id, m.id
"""
TARGETS = """
INSERT INTO targets_target (book, metric_id, period_id, person_id, territory_id, org_path, current)
SELECT b.book, m.id, %(period)s, CASE b.book WHEN 'person' THEN p.id END, CASE b.book WHEN 'territory' THEN t.id END,
       u.path, 1
FROM people_person p JOIN people_territory t ON t.code = p.code JOIN people_unit u ON u.id = t.unit_id
CROSS JOIN targets_metric m CROSS JOIN (VALUES ('person'), ('territory')) b(book)
"""
VERSIONS = """
INSERT INTO targets_version (target_id, number, base, stretch, spec_id, first_day, last_day, active_days, period_days,
    org_path, person_id, source, reason, recorded_at)
SELECT id, 1, (400000 + id %% 200000) * (CASE WHEN id %% 10 = 0 THEN 5 WHEN id %% 10 < 3 THEN 3 ELSE 2 END) / 2,
       1700000, %(spec)s, %(start)s, %(end)s, 61, 61, org_path, person_id, 'bench', '', %(at)s
FROM targets_target
"""


def build(people: int) -> int:
    """Fill the scratch database; gives the period."""
    from django.db import connection

    from hangbiao.core.phasing import Liability, Part, Phasing
    from hangbiao.rooms.actuals import sql as actuals
    from hangbiao.rooms.actuals.models import Batch, Feed, MappingText
    from hangbiao.rooms.calendar.models import FiscalPeriod
    from hangbiao.rooms.calendar.services import ensure_periods
    from hangbiao.rooms.people import services as rooms_people
    from hangbiao.rooms.people.models import Person, Territory, Unit
    from hangbiao.rooms.targets.curves import spec_rows
    from hangbiao.rooms.targets.models import Metric, Target

    ensure_periods(first=START, last=END, at=AT, actor="system:bench")
    period = FiscalPeriod.objects.get(code="2026Q4")
    company = rooms_people.ensure_company(name="bench", at=AT, actor="system:bench")
    teams = [
        Unit(
            code=f"T{n}",
            name=f"T{n}",
            kind="team",
            parent=company,
            path=f"/C/R{n % 18}/T{n}/",
            valid_from=START,
        )
        for n in range(max(1, people // TEAM))
    ]
    Unit.objects.bulk_create(teams)
    Person.objects.bulk_create(Person(code=f"P{n}", name=f"P{n}") for n in range(people))
    Territory.objects.bulk_create(
        Territory(code=f"P{n}", name=f"P{n}", unit=teams[n % len(teams)], valid_from=START)
        for n in range(people)
    )
    for position, code in enumerate(METRICS):
        Metric.objects.create(code=code, name=code, unit="CNY", position=position)
    (spec,) = spec_rows([Liability((Part.whole(1, Phasing.parse("months:30/30/40"), START, END),))])
    mapping = MappingText.objects.create(code="bench", digest="0" * 64, text="", recorded_at=AT)
    batch = Batch.objects.create(
        stream="order_lines",
        mapping=mapping,
        file_name="bench",
        sha256="0" * 64,
        recorded_at=AT,
        merkle_root="0" * 64,
    )
    Feed.objects.create(stream="daily_totals", org_path="/C/", data_as_of=LAST_FACT)
    actuals.open_partition(period.pk)
    given = {
        "period": period.pk, "batch": batch.pk, "at": AT, "start": START, "end": END, "spec": spec.pk,
    }  # fmt: skip
    analyse("people_person", "people_territory", "people_unit", "targets_metric")
    days = [START + timedelta(days=n) for n in range((LAST_FACT - START).days + 1)]
    with connection.cursor() as cursor:
        for n, day in enumerate(days, 1):
            cursor.execute(FACTS, {**given, "day": day, "n": n})
    analyse("actuals_dailyfact")
    for statement, table in ((TARGETS, "targets_target"), (VERSIONS, "targets_version")):
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
        analyse(table)
    actuals.sum_units(periods=[period.pk], metrics=list(Metric.objects.values_list("pk", flat=True)), days=days)
    analyse("actuals_unitday")
    actuals.rebuild_scorecards(list(Target.objects.values_list("pk", flat=True)))
    analyse("actuals_scorecard")
    return period.pk


def analyse(*tables: str) -> None:
    """Fresh tables have no statistics, and autovacuum comes too late for a benchmark."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {table}")


def as_parquet(folder: Path) -> tuple[Path, Path]:
    """The same facts and targets as Parquet files, for the baselines."""
    import duckdb
    from django.db import connection

    facts, targets = folder / "facts.parquet", folder / "targets.parquet"
    text = folder / "facts.csv"
    with connection.cursor() as cursor:
        with (
            text.open("wb") as out,
            cursor.copy(
                "COPY (SELECT person_id, metric_id, day, value FROM actuals_dailyfact) TO STDOUT WITH (FORMAT csv)"
            ) as copy,
        ):
            for block in copy:
                out.write(block)
        duck = duckdb.connect()
        duck.execute(
            f"COPY (SELECT * FROM read_csv('{text}', header=false, columns={{'person': 'BIGINT', 'metric': 'BIGINT',"
            f" 'day': 'DATE', 'value': 'BIGINT'}})) TO '{facts}' (FORMAT parquet)"
        )
        cursor.execute("SELECT person_id, metric_id, base FROM actuals_scorecard WHERE book = 'person'")
        duck.execute("CREATE TABLE t (person BIGINT, metric BIGINT, base BIGINT)")
        rows = cursor.fetchall()
        text.write_text("".join(f"{p},{m},{b}\n" for p, m, b in rows))
        duck.execute(f"COPY t FROM '{text}' (HEADER false)")
        duck.execute(f"COPY t TO '{targets}' (FORMAT parquet)")
    text.unlink()
    return facts, targets
