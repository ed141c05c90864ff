from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('journal', '0001_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.TextField()),
                ('n', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('actor', models.TextField()),
                ('kind', models.TextField()),
                ('data', models.JSONField()),
                ('prev', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'at'], name='journal_entry_kind_at')],
                'constraints': [models.UniqueConstraint(fields=('stream', 'n'), name='journal_entry_number'), models.UniqueConstraint(fields=('stream', 'prev'), name='journal_entry_no_fork'), models.UniqueConstraint(fields=('hash',), name='journal_entry_hash'), models.CheckConstraint(condition=models.Q(('n__gte', 1)), name='journal_entry_counts_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Head',
            fields=[
                ('stream', models.TextField(primary_key=True, serialize=False)),
                ('n', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('n__gte', 0)), name='journal_head_counts')],
            },
        ),
    ]
