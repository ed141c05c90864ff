
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='post',
            name='role',
            field=models.CharField(choices=[('rep', 'Rep'), ('supervisor', 'Supervisor'), ('region_manager', 'Region Manager'), ('hrbp', 'Hrbp'), ('executive', 'Executive'), ('administrator', 'Administrator'), ('auditor', 'Auditor'), ('integrator', 'Integrator')], max_length=20),
        ),
    ]
