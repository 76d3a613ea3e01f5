"""Partners, divisions and teams of programs; booths, templates, series; where an activity is."""

import django.db.models.deletion
import shanshi.kernel.ids
from django.db import migrations, models

from shanshi.foundation.distribution import DistributeBy


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0002_team_of_an_activity'),
        ('registry', '0008_preferences_and_email'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Booth',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('says', models.TextField(blank=True, default='')),
                ('rank', models.SmallIntegerField()),
                ('source', models.TextField(default='platform')),
            ],
        ),
        migrations.CreateModel(
            name='CalendarKey',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('holder_id', models.UUIDField()),
                ('key_hash', models.BinaryField()),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ProgramDivision',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('division_code', models.TextField()),
                ('rank', models.SmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='ProgramPartner',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('rank', models.SmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='ProgramTeam',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('formed_on', models.DateField(null=True)),
                ('rank', models.SmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='RosterMessage',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('shift_id', models.UUIDField()),
                ('text', models.TextField()),
                ('people', models.IntegerField()),
                ('sent_at', models.DateTimeField()),
                ('sent_by', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('rule', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('created_by', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.UUIDField(default=shanshi.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('draft', models.JSONField()),
                ('shifts', models.JSONField(default=list)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.UUIDField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('removed_by', models.UUIDField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='activity',
            name='bring',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='activity',
            name='latitude',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='activity',
            name='longitude',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='shift',
            name='series_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='activity_is_on_earth'),
        ),
        migrations.AddField(
            model_name='booth',
            name='activity',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='booths', to='activities.activity'),
        ),
        migrations.AddField(
            model_name='booth',
            name='organization',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organization'),
        ),
        migrations.AddConstraint(
            model_name='calendarkey',
            constraint=models.UniqueConstraint(fields=('holder_id',), name='calendar_key_is_one_per_holder'),
        ),
        migrations.AddField(
            model_name='programdivision',
            name='program',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='divisions', to='activities.program'),
        ),
        migrations.AddField(
            model_name='programpartner',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organization'),
        ),
        migrations.AddField(
            model_name='programpartner',
            name='program',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partners', to='activities.program'),
        ),
        migrations.AddField(
            model_name='programteam',
            name='paired_with',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organization'),
        ),
        migrations.AddField(
            model_name='programteam',
            name='program',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='teams', to='activities.program'),
        ),
        migrations.AddField(
            model_name='programteam',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.team'),
        ),
        migrations.AddField(
            model_name='rostermessage',
            name='activity',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='activities.activity'),
        ),
        migrations.AddField(
            model_name='series',
            name='activity',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='series', to='activities.activity'),
        ),
        migrations.AddField(
            model_name='template',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.organization'),
        ),
        migrations.AddConstraint(
            model_name='booth',
            constraint=models.UniqueConstraint(fields=('activity', 'name'), name='booth_name_is_one_in_an_activity'),
        ),
        migrations.AddConstraint(
            model_name='booth',
            constraint=models.UniqueConstraint(fields=('activity', 'rank'), name='booth_rank_is_one'),
        ),
        migrations.AddConstraint(
            model_name='booth',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='booth_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='programdivision',
            constraint=models.UniqueConstraint(fields=('program', 'division_code'), name='program_division_is_named_once'),
        ),
        migrations.AddConstraint(
            model_name='programdivision',
            constraint=models.UniqueConstraint(fields=('program', 'rank'), name='program_division_rank_is_one'),
        ),
        migrations.AddConstraint(
            model_name='programpartner',
            constraint=models.UniqueConstraint(fields=('program', 'organization'), name='program_partner_is_named_once'),
        ),
        migrations.AddConstraint(
            model_name='programpartner',
            constraint=models.UniqueConstraint(fields=('program', 'rank'), name='program_partner_rank_is_one'),
        ),
        migrations.AddConstraint(
            model_name='programteam',
            constraint=models.UniqueConstraint(fields=('program', 'team'), name='program_team_is_named_once'),
        ),
        migrations.AddConstraint(
            model_name='programteam',
            constraint=models.UniqueConstraint(fields=('program', 'rank'), name='program_team_rank_is_one'),
        ),
        migrations.AddIndex(
            model_name='rostermessage',
            index=models.Index(fields=['activity', 'shift_id', '-sent_at'], name='roster_message_by_shift'),
        ),
        migrations.AddConstraint(
            model_name='rostermessage',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='roster_message_says_something'),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.CheckConstraint(condition=models.Q(('rule', ''), _negated=True), name='series_has_a_rule'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('organization', 'name'), name='template_name_is_one_in_an_organization'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('removed_at__isnull', True), ('removed_by__isnull', True)), models.Q(('removed_at__isnull', False), ('removed_by__isnull', False)), _connector='OR'), name='template_removed_has_time_and_person'),
        ),
        DistributeBy("activities_booth", "activity_id"),
        DistributeBy("activities_series", "activity_id"),
        DistributeBy("activities_rostermessage", "activity_id"),
        DistributeBy("activities_calendarkey", "holder_id"),
        *[
            migrations.RunSQL(
                f"ALTER TABLE activities_{table} ADD CONSTRAINT {table}_belongs_to_an_activity"
                " FOREIGN KEY (activity_id) REFERENCES activities_activity (id)",
                f"ALTER TABLE activities_{table} DROP CONSTRAINT {table}_belongs_to_an_activity",
            )
            for table in ("booth", "series", "rostermessage")
        ],
        # Activities that are there already: where their volunteers check in first, else their venue.
        migrations.RunSQL(
            """
            UPDATE activities_activity a SET latitude = p.latitude, longitude = p.longitude
            FROM (SELECT DISTINCT ON (activity_id) activity_id, latitude, longitude
                  FROM activities_position ORDER BY activity_id, id) p
            WHERE p.activity_id = a.id
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            UPDATE activities_activity a SET latitude = v.latitude, longitude = v.longitude
            FROM places_venue v WHERE a.latitude IS NULL AND v.id = a.venue_id
            """,
            migrations.RunSQL.noop,
        ),
    ]
