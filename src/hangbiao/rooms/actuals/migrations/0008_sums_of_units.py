"""Sums of units by day. What was booked before is summed here once; every booking keeps its own days from now on."""

import django.db.models.deletion
from django.db import migrations, models

SUM = """
INSERT INTO actuals_unitday (period_id, metric_id, day, org_path, value)
SELECT t.period_id, t.metric_id, t.day, above.path, sum(t.value)::bigint
FROM (SELECT period_id, metric_id, day, org_path, sum(value) AS value FROM actuals_dailyfact
      WHERE territory_id IS NOT NULL GROUP BY 1, 2, 3, 4) t
CROSS JOIN LATERAL (SELECT string_to_array(trim(BOTH '/' FROM t.org_path), '/') AS steps) s
CROSS JOIN LATERAL (SELECT '/' || array_to_string(s.steps[1:n], '/') || '/' AS path
                    FROM generate_series(1, cardinality(s.steps)) n) above
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


class Migration(migrations.Migration):
    dependencies = [
        ("actuals", "0007_partitions_behind_the_wall"),
        ("calendar", "0001_initial"),
        ("targets", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "period_id",
                        "metric_id",
                        "day",
                        "org_path",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("org_path", models.CharField(db_collation="C", max_length=200)),
                ("value", models.BigIntegerField()),
                (
                    "metric",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="targets.metric",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendar.fiscalperiod",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.RunSQL(SUM, migrations.RunSQL.noop),
    ]
