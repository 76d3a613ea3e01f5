"""How a person wants the pages, and an address for e-mail."""

import shanshi.kernel.ids
from django.db import migrations, models

from shanshi.foundation.distribution import DistributeBy


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0007_an_older_version_goes_on_writing'),
    ]

    operations = [
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('holder_id', models.UUIDField()),
                ('theme', models.TextField(blank=True, default='')),
                ('is_elder', models.BooleanField(default=False)),
                ('language', models.TextField(blank=True, default='')),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='person',
            name='person_erased_has_no_key',
        ),
        migrations.AddField(
            model_name='person',
            name='email',
            field=models.BinaryField(null=True),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('data_key__isnull', False), ('erased_at__isnull', True)), models.Q(('data_key__isnull', True), ('email__isnull', True), ('erased_at__isnull', False), ('phone__isnull', True)), _connector='OR'), name='person_erased_has_no_key'),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.UniqueConstraint(fields=('holder_id',), name='preference_is_one_per_person'),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.CheckConstraint(condition=models.Q(('theme__in', ['', 'light', 'dark'])), name='preference_theme_is_known'),
        ),
        DistributeBy("registry_preference", "holder_id"),
    ]
