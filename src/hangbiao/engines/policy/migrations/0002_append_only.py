"""A policy that was in force stays readable: values are added, never changed."""

from django.db import migrations

from hangbiao.engines.journal.sql import append_only, no_longer_append_only


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial"), ("journal", "0003_guards")]
    operations = [migrations.RunSQL(append_only("policy_value"), no_longer_append_only("policy_value"))]
