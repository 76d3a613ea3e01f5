from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='consent',
            name='withdrawn_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='guardian',
            name='phone_index',
            field=models.BinaryField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='identitylook',
            name='capacity',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='person',
            name='password',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='rolegrant',
            name='role',
            field=models.TextField(choices=[('city_staff', 'city_staff'), ('division_staff', 'division_staff'), ('reviewer', 'reviewer'), ('manager', 'manager'), ('leader', 'leader'), ('cashier', 'cashier'), ('bank_clerk', 'bank_clerk'), ('auditor', 'auditor')]),
        ),
    ]
