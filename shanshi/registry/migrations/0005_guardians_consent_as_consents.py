"""A guardian's consent is a consent like the others, with its text: those that stand get their row."""

from __future__ import annotations

from django.db import migrations

_GIVEN = """
    INSERT INTO registry_consent
        (id, holder_id, purpose, text_version, given_at, given_by, withdrawn_at, withdrawn_by, source)
    SELECT gen_random_uuid(), g.holder_id, 'minors', 'minors@2015-01-01', g.consented_at, v.person_id,
           g.withdrawn_at, NULL, g.source
    FROM registry_guardian g JOIN registry_volunteer v ON v.holder_id = g.holder_id
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """Forward only: taking the rows away would take consents away."""

    dependencies = [("registry", "0004_roles_have_lineages_and_looks_notes")]
    operations = [migrations.RunSQL(_GIVEN, migrations.RunSQL.noop)]
