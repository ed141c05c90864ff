"""What was tried, and what a template once said, can be added to and never changed."""

from django.db import migrations

from hangbiao.engines.journal.sql import append_only, no_longer_append_only

TABLES = ("notify_attempt", "notify_template")


class Migration(migrations.Migration):
    dependencies = [("notify", "0001_messages"), ("journal", "0003_guards")]

    operations = [migrations.RunSQL(append_only(table), no_longer_append_only(table)) for table in TABLES]
