"""What was done stays written: rows are added, never changed."""

from django.db import migrations

from hangbiao.engines.journal.sql import append_only, no_longer_append_only


class Migration(migrations.Migration):
    dependencies = [("schedules", "0001_turns"), ("journal", "0003_guards")]
    operations = [
        migrations.RunSQL(append_only("schedules_turn"), no_longer_append_only("schedules_turn")),
    ]
