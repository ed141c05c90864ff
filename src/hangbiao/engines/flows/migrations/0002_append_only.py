"""A published flow stays as it is: running cases go through it."""

from django.db import migrations

from hangbiao.engines.journal.sql import append_only, no_longer_append_only


class Migration(migrations.Migration):
    dependencies = [("flows", "0001_initial"), ("journal", "0003_guards")]
    operations = [migrations.RunSQL(append_only("flows_definition"), no_longer_append_only("flows_definition"))]
