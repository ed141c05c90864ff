"""Files of keys said so by having no day; now they say it in words."""

from django.db import migrations


def say_so(apps, editor):
    alias = editor.connection.alias
    files = apps.get_model("actuals", "LandedFile").objects.using(alias)
    files.filter(day=None, holds="lines").update(holds="keys")
    texts = apps.get_model("actuals", "MappingText").objects.using(alias)
    newest = {}
    for pk, code in texts.order_by("id").values_list("pk", "code"):
        newest[code] = pk
    texts.filter(pk__in=newest.values()).update(offered=True)


class Migration(migrations.Migration):
    dependencies = [("actuals", "0005_claims_and_uploads")]

    operations = [migrations.RunPython(say_so, migrations.RunPython.noop)]
