"""An activity can be given in the name of a team of its leading organization."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("activities", "0001_initial"),
        ("registry", "0003_guardians_are_found_by_phone"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="team",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.team"
            ),
        ),
    ]
