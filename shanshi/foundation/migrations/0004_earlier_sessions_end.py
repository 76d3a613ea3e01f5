"""Sessions of the earlier engine are of no use any more, and their keys lay open in the table."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("foundation", "0003_trail_can_be_read_and_sealed"),
    ]

    operations = [migrations.RunSQL("DROP TABLE IF EXISTS django_session", migrations.RunSQL.noop)]
