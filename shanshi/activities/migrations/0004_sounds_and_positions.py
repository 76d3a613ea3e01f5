"""Activities are found by the sounds of their words too, and by where they are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("activities", "0003_programs_booths_series_templates"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="find_sounds",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["latitude", "longitude"], name="activity_by_position"),
        ),
    ]
