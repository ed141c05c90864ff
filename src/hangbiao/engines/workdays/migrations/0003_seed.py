"""Version 1, the calendar as delivered: published days from chinesecalendar, later ones provisional."""

from datetime import UTC, datetime

from django.db import migrations

THROUGH = 2030
DELIVERED = datetime(2026, 1, 1, tzinfo=UTC)  # nobody's deed, hence no journal line


def fill(apps, schema_editor):
    from hangbiao.engines.workdays.sources import FIRST_YEAR, days_of, digest_of

    Version, Day = apps.get_model("workdays", "Version"), apps.get_model("workdays", "Day")
    alias = schema_editor.connection.alias
    if Version.objects.using(alias).exists():
        return
    rows = [row for year in range(FIRST_YEAR, THROUGH + 1) for row in days_of(year)]
    state = {row.day: (row.is_work, row.provisional) for row in rows}
    version = Version.objects.using(alias).create(
        number=1, at=DELIVERED, reason="delivered", digest=digest_of(state), first=min(state), last=max(state)
    )
    Day.objects.using(alias).bulk_create(
        [
            Day(version=version, day=r.day, is_work=r.is_work, name=r.name, source=r.source, provisional=r.provisional)
            for r in rows
        ],
        batch_size=2000,
    )


class Migration(migrations.Migration):
    dependencies = [("workdays", "0002_append_only")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
