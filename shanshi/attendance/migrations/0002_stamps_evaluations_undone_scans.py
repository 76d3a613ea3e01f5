"""Stamps of booths, evaluations, and scans taken back at the door."""

import shanshi.kernel.ids
from django.db import migrations, models

from shanshi.foundation.distribution import DistributeBy


class Migration(migrations.Migration):

    dependencies = [
        ('attendance', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('holder_id', models.UUIDField()),
                ('visit_id', models.UUIDField()),
                ('activity_id', models.UUIDField()),
                ('giver', models.TextField(choices=[('volunteer', 'volunteer')])),
                ('score', models.SmallIntegerField()),
                ('words', models.TextField(blank=True, default='')),
                ('given_at', models.DateTimeField()),
                ('given_by', models.UUIDField()),
            ],
            options={
                'indexes': [models.Index(fields=['activity_id', 'giver'], name='evaluation_by_activity')],
                'constraints': [models.UniqueConstraint(fields=('holder_id', 'visit_id', 'giver'), name='evaluation_is_given_once'), models.CheckConstraint(condition=models.Q(('score__range', (1, 5))), name='evaluation_is_1_to_5'), models.CheckConstraint(condition=models.Q(('giver__in', ['volunteer'])), name='evaluation_giver_is_known')],
            },
        ),
        migrations.CreateModel(
            name='ScanUndone',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('holder_id', models.UUIDField()),
                ('scan_id', models.UUIDField()),
                ('visit_id', models.UUIDField()),
                ('shift_id', models.UUIDField()),
                ('undone_at', models.DateTimeField()),
                ('undone_by', models.UUIDField()),
            ],
            options={
                'indexes': [models.Index(fields=['shift_id', 'undone_at'], name='scan_undone_by_shift')],
                'constraints': [models.UniqueConstraint(fields=('holder_id', 'scan_id'), name='scan_is_undone_once')],
            },
        ),
        migrations.CreateModel(
            name='Stamp',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('holder_id', models.UUIDField()),
                ('visit_id', models.UUIDField()),
                ('activity_id', models.UUIDField()),
                ('booth_id', models.UUIDField()),
                ('stamped_at', models.DateTimeField()),
                ('stamped_by', models.UUIDField()),
                ('source', models.TextField(default='platform')),
            ],
            options={
                'indexes': [models.Index(fields=['activity_id', 'booth_id'], name='stamp_by_booth')],
                'constraints': [models.UniqueConstraint(fields=('holder_id', 'visit_id', 'booth_id'), name='stamp_is_one_a_booth')],
            },
        ),
        DistributeBy("attendance_scanundone", "holder_id"),
        DistributeBy("attendance_stamp", "holder_id"),
        DistributeBy("attendance_evaluation", "holder_id"),
    ]
