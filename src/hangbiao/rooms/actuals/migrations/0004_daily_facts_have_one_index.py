"""One index of the daily facts serves both booking and a person's days; keeping a second one was most of a day's booking.

A person's days are asked for day by day (`day IN (…)`), which any PostgreSQL answers from this index.
"""

from django.db import migrations, models

ONE = """
DROP INDEX daily_fact_by_person;
DROP INDEX daily_fact_once;
CREATE UNIQUE INDEX daily_fact_once ON actuals_dailyfact
  (period_id, metric_id, day, person_id, territory_id) NULLS NOT DISTINCT
"""
TWO = """
DROP INDEX daily_fact_once;
CREATE UNIQUE INDEX daily_fact_once ON actuals_dailyfact
  (period_id, metric_id, day, territory_id, person_id) NULLS NOT DISTINCT;
CREATE INDEX daily_fact_by_person ON actuals_dailyfact (person_id, metric_id, day)
"""


class Migration(migrations.Migration):
    dependencies = [("actuals", "0003_scorecard_carries_what_judging_asks")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ONE, TWO)],
            state_operations=[
                migrations.RemoveConstraint("dailyfact", "daily_fact_once"),
                migrations.RemoveIndex("dailyfact", "daily_fact_by_person"),
                migrations.AddConstraint(
                    "dailyfact",
                    models.UniqueConstraint(
                        fields=("period", "metric", "day", "person", "territory"),
                        nulls_distinct=False,
                        name="daily_fact_once",
                    ),
                ),
            ],
        ),
    ]
