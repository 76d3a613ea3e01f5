import shanshi.kernel.ids
from django.db import migrations, models

from shanshi.foundation.distribution import DistributeBy


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('holder_id', models.UUIDField()),
                ('person_id', models.UUIDField(db_index=True, null=True)),
                ('data', models.BinaryField()),
                ('device', models.TextField(blank=True, default='')),
                ('made_at', models.DateTimeField()),
                ('seen_on', models.DateField()),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('subject', models.TextField()),
                ('facts', models.JSONField()),
                ('reason', models.TextField()),
                ('proposed_at', models.DateTimeField()),
                ('proposed_by', models.UUIDField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.UUIDField(null=True)),
                ('verdict', models.TextField(blank=True, choices=[('', ''), ('approved', 'approved'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='')),
                ('decision_reason', models.TextField(blank=True, default='')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'proposed_at'], name='proposal_by_kind')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('kind', 'subject'), name='proposal_stands_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('verdict', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('verdict', ''), _negated=True)), _connector='OR'), name='proposal_decided_at_by_and_how'), models.CheckConstraint(condition=models.Q(('decided_by', None), ('verdict', 'withdrawn'), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='proposal_needs_a_second_person')],
            },
        ),
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('ran_at', models.DateTimeField()),
                ('data_class', models.TextField()),
                ('kept_days', models.IntegerField(null=True)),
                ('removed', models.IntegerField()),
                ('oldest_left_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['-ran_at', 'data_class'], name='retention_run_by_time')],
            },
        ),
        DistributeBy('foundation_session', 'holder_id'),
    ]
