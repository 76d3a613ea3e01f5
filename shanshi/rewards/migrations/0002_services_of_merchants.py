"""Merchants give volunteer service: activities of theirs, and appointments for them."""

import django.db.models.deletion
import shanshi.kernel.ids
from django.db import migrations, models

from shanshi.foundation.distribution import DistributeBy


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0008_preferences_and_email'),
        ('rewards', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('holder_id', models.UUIDField()),
                ('shift_id', models.UUIDField()),
                ('state', models.TextField(choices=[('made', 'made'), ('cancelled', 'cancelled'), ('served', 'served')])),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.UUIDField(null=True)),
                ('source', models.TextField(default='platform')),
            ],
        ),
        migrations.AddField(
            model_name='merchant',
            name='organization',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organization'),
        ),
        migrations.AddField(
            model_name='offer',
            name='activity_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='offer',
            name='field',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='offer',
            name='is_for_residents',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='redemption',
            name='is_settled',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('activity_id__isnull', True), ('kind__in', ['service', 'lesson']), _connector='OR'), name='offer_of_an_activity_is_a_service'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='merchant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rewards.merchant'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='offer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rewards.offer'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['shift_id', 'offer'], name='appointment_by_shift'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['holder_id', '-made_at'], name='appointment_by_holder'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'made')), fields=('holder_id', 'offer', 'shift_id'), name='appointment_is_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('state', 'made')), models.Q(models.Q(('state', 'made'), _negated=True), ('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='appointment_ended_exactly_when_not_made'),
        ),
        DistributeBy("rewards_appointment", "holder_id"),
    ]
