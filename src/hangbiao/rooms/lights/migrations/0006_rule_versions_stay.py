"""A published rule stays as it was published: versions are added, never changed."""

from django.db import migrations

from hangbiao.engines.journal.sql import append_only, no_longer_append_only


class Migration(migrations.Migration):
    dependencies = [("lights", "0005_rules"), ("journal", "0003_guards")]
    operations = [
        migrations.RunSQL(append_only("lights_ruleversion"), no_longer_append_only("lights_ruleversion")),
    ]
