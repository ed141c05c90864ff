"""The scorecard gets what an evaluation used to look up in the versions: structure, the rows there are, then the promise."""

from django.db import migrations, models

FILL = """
UPDATE actuals_scorecard s
SET active_days = v.active_days, period_days = v.period_days,
    original_base = first.base, region = '/' || split_part(s.org_path, '/', 2) || '/' || split_part(s.org_path, '/', 3) || '/'
FROM targets_version v, targets_version first
WHERE v.target_id = s.target_id AND v.number = s.version AND first.target_id = s.target_id AND first.number = 1
"""


class Migration(migrations.Migration):
    dependencies = [("actuals", "0002_partitions_and_history"), ("targets", "0001_initial")]

    operations = [
        migrations.AddField("scorecard", "active_days", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("scorecard", "period_days", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("scorecard", "original_base", models.BigIntegerField(null=True)),
        migrations.AddField(
            "scorecard",
            "region",
            models.CharField(
                max_length=200,
                db_collation="C",
                null=True,
                help_text="the path as far as a feed tells regions apart",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("scorecard", "active_days", models.PositiveSmallIntegerField()),
        migrations.AlterField("scorecard", "period_days", models.PositiveSmallIntegerField()),
        migrations.AlterField(
            "scorecard",
            "original_base",
            models.BigIntegerField(help_text="of the first version: the target as it was first agreed"),
        ),
        migrations.AlterField(
            "scorecard",
            "region",
            models.CharField(
                max_length=200, db_collation="C", help_text="the path as far as a feed tells regions apart"
            ),
        ),
    ]
