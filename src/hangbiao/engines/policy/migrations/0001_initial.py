from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Value',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100)),
                ('path', models.CharField(blank=True, max_length=200)),
                ('valid_from', models.DateField()),
                ('value', models.JSONField()),
                ('unit', models.CharField(blank=True, max_length=32)),
                ('source', models.TextField()),
                ('approver', models.CharField(max_length=100)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'valid_from', 'recorded_at'], name='policy_value_in_force')],
            },
        ),
    ]
