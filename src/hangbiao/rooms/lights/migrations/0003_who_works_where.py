from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('lights', '0002_lights_are_peoples_and_have_one_key')]

    operations = [
        migrations.AddField(
            model_name='run',
            name='works',
            field=models.JSONField(
                help_text='person → territory that day; written by the first projection', null=True
            ),
        ),
    ]
