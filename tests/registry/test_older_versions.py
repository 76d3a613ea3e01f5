"""An older version goes on serving while this one changes the tables: what it writes is still taken."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

# Columns that the version before does not know, and what stands in its rows there.
ADDED = {
    ("registry_person", "password"): "",
    ("registry_identitylook", "capacity"): "",
    ("registry_identitylook", "note"): "",
    ("registry_rolegrant", "lineage"): [],
}


@pytest.mark.parametrize(("table", "column"), ADDED)
def test_what_the_version_before_does_not_know_has_a_value_of_its_own(table: str, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_default, is_nullable FROM information_schema.columns"
            " WHERE table_name = %s AND column_name = %s",
            [table, column],
        )
        default, is_nullable = cursor.fetchone()
        assert (default is not None, is_nullable) == (True, "NO")
        cursor.execute(f"SELECT {default}")
        assert cursor.fetchone() == (ADDED[table, column],)


def test_a_person_of_the_version_before_can_be_read_by_this_one() -> None:
    person = apps.get_model("registry", "person")
    unknown = {column for table, column in ADDED if table == "registry_person"}
    known = [field.column for field in person._meta.concrete_fields if field.column not in unknown]
    values = {
        "data_key": "'x'::bytea",
        "id": "gen_random_uuid()",
        "holder_id": "gen_random_uuid()",
        "made_at": "now()",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = 'registry_person' AND is_nullable = 'NO' AND column_default IS NULL"
        )
        for name, kind in cursor.fetchall():
            values.setdefault(name, {"bytea": "'x'::bytea", "boolean": "false"}.get(kind, "''"))
        assert set(values) <= set(known)
        columns, given = ", ".join(values), ", ".join(values.values())
        cursor.execute(f"INSERT INTO registry_person ({columns}) VALUES ({given}) RETURNING id")
        (made,) = cursor.fetchone()
    assert person.objects.get(pk=made).password == ""
