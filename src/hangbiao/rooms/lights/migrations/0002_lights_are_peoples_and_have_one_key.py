"""Lights belong to people; the territory book is lit by its sums. One key instead of a number and three indexes.

What a territory's own rows said stands in the units' sums and can be computed again from the run's inputs.
"""

import django.db.models
from django.db import migrations

ONE_KEY = """
DELETE FROM lights_light WHERE book = 'territory';
ALTER TABLE lights_light DROP CONSTRAINT lights_light_pkey, DROP COLUMN id, DROP COLUMN book, DROP COLUMN territory_id;
ALTER TABLE lights_light DROP CONSTRAINT light_once_per_run;
ALTER TABLE lights_light ADD PRIMARY KEY (run_id, target_id)
"""


class Migration(migrations.Migration):
    dependencies = [("lights", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL("DROP INDEX lights_ligh_person__884237_idx; DROP INDEX lights_ligh_run_id_58f40d_idx"),
                migrations.RunSQL(ONE_KEY),
            ],
            state_operations=[
                migrations.RemoveConstraint("light", "light_once_per_run"),
                migrations.RemoveIndex("light", "lights_ligh_person__884237_idx"),
                migrations.RemoveIndex("light", "lights_ligh_run_id_58f40d_idx"),
                migrations.RemoveField("light", "book"),
                migrations.RemoveField("light", "id"),
                migrations.RemoveField("light", "territory"),
                migrations.AddField(
                    "light",
                    "pk",
                    django.db.models.CompositePrimaryKey(
                        "run_id", "target_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
    ]
