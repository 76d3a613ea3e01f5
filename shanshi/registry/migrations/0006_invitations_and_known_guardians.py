"""Memberships that somebody else writes wait for their owner; a guardian's number may change hands."""

from django.db import migrations, models

# Whoever is a member by now stays one. What an older version writes beside this one waits for its owner.
_ACCEPTED = "UPDATE registry_membership SET accepted_at = joined_at WHERE accepted_at IS NULL"


class Migration(migrations.Migration):
    """Forward only: the columns may be empty, so that an older version goes on writing beside this one."""

    dependencies = [
        ("registry", "0005_guardians_consent_as_consents"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="accepted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="guardian",
            name="known_as",
            field=models.UUIDField(null=True),
        ),
        migrations.RunSQL(_ACCEPTED, migrations.RunSQL.noop),
    ]
