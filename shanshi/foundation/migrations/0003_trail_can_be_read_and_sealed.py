"""The trail of staff is read by time, person and verb, and can be followed by a sealer; proposals lapse."""

from django.db import migrations, models

import shanshi.foundation.models


class Migration(migrations.Migration):

    dependencies = [
        ("foundation", "0002_sessions_proposals_retention"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="xid",
            field=shanshi.foundation.models.TransactionId(
                db_default=shanshi.foundation.models.CurrentTransaction()
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="verdict",
            field=models.TextField(
                blank=True,
                choices=[(v, v) for v in ("", "approved", "refused", "withdrawn", "expired")],
                default="",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["-happened_at", "-id"], name="audit_by_time"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["by", "-happened_at", "-id"], name="audit_by_person"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["verb", "-happened_at", "-id"], name="audit_by_verb"),
        ),
    ]
