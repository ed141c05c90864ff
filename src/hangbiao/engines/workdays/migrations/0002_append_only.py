"""An old version of the calendar answers as it did: rows are added, never changed."""

from django.db import migrations

from hangbiao.engines.journal.sql import append_only, no_longer_append_only


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial"), ("journal", "0003_guards")]
    operations = [
        migrations.RunSQL(append_only("workdays_version"), no_longer_append_only("workdays_version")),
        migrations.RunSQL(append_only("workdays_day"), no_longer_append_only("workdays_day")),
    ]
