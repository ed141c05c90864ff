
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_mail_and_directory_ids'),
    ]

    operations = [
        migrations.CreateModel(
            name='Deputy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('reason', models.CharField(max_length=200)),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stands_in', to='people.person')),
                ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputies', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('principal', 'deputy', 'valid_from'), name='deputy_begins_once'), models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='deputy_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('principal', models.F('deputy')), _negated=True), name='deputy_is_somebody_else')],
            },
        ),
    ]
