"""A role knows the places above its own, so that one question lists all below; a look says why in words."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

# Roles at bodies take the body's lineage. The others stand at their own place, as far as is known here.
_ROLES_AT_BODIES = """
    UPDATE registry_rolegrant AS held SET lineage = body.lineage
    FROM registry_organization AS body WHERE held.place = 'organization:' || body.id
"""
_OTHER_ROLES = "UPDATE registry_rolegrant SET lineage = ARRAY[place] WHERE lineage = '{}'"


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0003_guardians_are_found_by_phone"),
    ]

    operations = [
        migrations.AddField(
            model_name="identitylook",
            name="note",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="lineage",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), default=list, size=None
            ),
        ),
        migrations.RunSQL([_ROLES_AT_BODIES, _OTHER_ROLES], migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="identitylook",
            index=models.Index(fields=["looked_by", "-looked_at", "-id"], name="identity_look_by_looker"),
        ),
        migrations.AddIndex(
            model_name="identitylook",
            index=models.Index(fields=["-looked_at", "-id"], name="identity_look_by_time"),
        ),
        migrations.AddIndex(
            model_name="rolegrant",
            index=models.Index(fields=["-given_at", "-id"], name="role_by_giving"),
        ),
        migrations.AddIndex(
            model_name="rolegrant",
            index=django.contrib.postgres.indexes.GinIndex(fields=["lineage"], name="role_by_lineage"),
        ),
    ]
