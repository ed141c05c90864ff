"""What was kept stays: rows are added, never changed and never deleted."""

from django.db import migrations

from hangbiao.engines.journal.sql import append_only, no_longer_append_only


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("journal", "0003_guards")]
    operations = [migrations.RunSQL(append_only("files_storedfile"), no_longer_append_only("files_storedfile"))]
