import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Version',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('reason', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('first', models.DateField()),
                ('last', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Day',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('is_work', models.BooleanField()),
                ('name', models.CharField(blank=True, max_length=100)),
                ('source', models.CharField(max_length=100)),
                ('provisional', models.BooleanField(default=False)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='workdays.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'version'), name='workdays_day_once_a_version')],
            },
        ),
    ]
