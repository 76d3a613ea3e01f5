"""Guardians who consented before now get the index by which they find their minors."""

from django.db import migrations

from shanshi.foundation import crypto

BATCH = 1000


def index(apps, schema_editor):
    Guardian = apps.get_model("registry", "Guardian")
    Person = apps.get_model("registry", "Person")
    while rows := list(Guardian.objects.filter(phone_index=None).order_by("pk")[:BATCH]):
        keys = dict(
            Person.objects.filter(holder_id__in={row.holder_id for row in rows}).values_list(
                "holder_id", "data_key"
            )
        )
        for row in rows:
            wrapped = keys.get(row.holder_id)
            if wrapped is None:
                raise RuntimeError(f"guardian {row.pk} has no minor whose key would open the phone")
            key = crypto.unwrap(bytes(wrapped), f"person|{row.holder_id}")
            phone = crypto.unseal(key, bytes(row.phone), f"guardian|phone|{row.pk}")
            row.phone_index = crypto.blind_index("guardian_phone", phone)
        Guardian.objects.bulk_update(rows, ["phone_index"])


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0002_passwords_guardians_looks"),
    ]

    operations = [migrations.RunPython(index, migrations.RunPython.noop)]
