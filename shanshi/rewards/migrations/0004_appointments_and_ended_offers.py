"""Appointments are counted by shift, and offers end when somebody ends them."""

import django.db.models.deletion
import shanshi.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rewards', '0003_seats_of_services'),
    ]

    operations = [
        migrations.CreateModel(
            name='Seats',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('shift_id', models.UUIDField()),
                ('seats', models.IntegerField()),
                ('taken', models.IntegerField(db_default=0, default=0)),
            ],
            options={
                'verbose_name_plural': 'seats',
            },
        ),
        migrations.AddField(
            model_name='offer',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='offer',
            name='ended_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['merchant', 'shift_id'], name='appointment_by_merchant'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='offer_is_ended_by_somebody'),
        ),
        migrations.AddField(
            model_name='seats',
            name='offer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rewards.offer'),
        ),
        migrations.AddConstraint(
            model_name='seats',
            constraint=models.UniqueConstraint(fields=('offer', 'shift_id'), name='seats_are_counted_once'),
        ),
        migrations.AddConstraint(
            model_name='seats',
            constraint=models.CheckConstraint(condition=models.Q(('taken__gte', 0), ('taken__lte', models.F('seats'))), name='seats_are_taken_within_their_number'),
        ),
    ]
