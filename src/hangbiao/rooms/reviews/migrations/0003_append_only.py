"""What was written, proposed or sent stays as it was: versions, times and files are added."""

from django.db import migrations

from hangbiao.engines.journal.sql import append_only, no_longer_append_only

TABLES = ("reviews_analysis", "reviews_evidence", "reviews_meeting")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_meetings_and_evidence"), ("journal", "0003_guards")]
    operations = [migrations.RunSQL(append_only(table), no_longer_append_only(table)) for table in TABLES]
