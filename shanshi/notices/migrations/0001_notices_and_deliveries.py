"""What people were told, and what became of each message."""

import django.contrib.postgres.fields
import shanshi.kernel.ids
from django.db import migrations, models

from shanshi.foundation.distribution import DistributeBy


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('holder_id', models.UUIDField()),
                ('notice_id', models.UUIDField()),
                ('channel', models.TextField(choices=[('sms', 'sms'), ('email', 'email')])),
                ('to_guardian', models.BooleanField(default=False)),
                ('state', models.TextField(choices=[('waiting', 'waiting'), ('sending', 'sending'), ('sent', 'sent'), ('refused', 'refused'), ('failed', 'failed'), ('unknown', 'unknown'), ('dropped', 'dropped')], default='waiting')),
                ('made_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('is_urgent', models.BooleanField(default=False)),
                ('tries', models.SmallIntegerField(default=0)),
                ('failure', models.TextField(blank=True, default='')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='delivery_due'), models.Index(condition=models.Q(('state', 'sending')), fields=['taken_at'], name='delivery_under_way'), models.Index(fields=['made_at'], name='delivery_by_age')],
                'constraints': [models.UniqueConstraint(fields=('holder_id', 'notice_id', 'channel', 'to_guardian'), name='delivery_is_made_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['waiting', 'sending'])), models.Q(('ended_at__isnull', False), models.Q(('state__in', ['waiting', 'sending']), _negated=True)), _connector='OR'), name='delivery_ends_in_a_state')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('holder_id', models.UUIDField()),
                ('key', models.TextField()),
                ('template', models.TextField()),
                ('title', models.TextField(blank=True, default='')),
                ('text', models.TextField()),
                ('facts', models.JSONField(default=dict)),
                ('url', models.TextField(blank=True, default='')),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('is_urgent', models.BooleanField(default=False)),
                ('until', models.DateTimeField(null=True)),
                ('about_holder_id', models.UUIDField(null=True)),
                ('made_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('spread_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['holder_id', '-made_at', '-id'], name='notice_by_holder'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['holder_id'], name='notice_unread'), models.Index(condition=models.Q(('spread_at__isnull', True)), fields=['made_at'], name='notice_to_spread'), models.Index(fields=['made_at'], name='notice_by_age'), models.Index(condition=models.Q(('about_holder_id__isnull', False)), fields=['about_holder_id'], name='notice_copies')],
                'constraints': [models.UniqueConstraint(fields=('holder_id', 'key'), name='notice_tells_once'), models.CheckConstraint(condition=models.Q(('about_holder_id__isnull', True), models.Q(('about_holder_id', models.F('holder_id')), _negated=True), _connector='OR'), name='notice_about_another_is_a_copy')],
            },
        ),
        DistributeBy("notices_notice", "holder_id"),
        DistributeBy("notices_delivery", "holder_id"),
    ]
