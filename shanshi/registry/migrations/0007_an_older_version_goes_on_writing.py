"""Columns that this version has added keep a default in the database.

Without one, an older version that still serves while the tables change could write no person, no look and no
role any more: it does not know the columns, and they may not be empty.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes defaults alone: no row is touched, and no table is locked for longer than a moment."""

    dependencies = [
        ("registry", "0006_invitations_and_known_guardians"),
    ]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="password",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="identitylook",
            name="capacity",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="identitylook",
            name="note",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="rolegrant",
            name="lineage",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
    ]
