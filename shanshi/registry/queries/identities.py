"""Identities in the clear. Only operations.look asks here, which writes down who looked, at what and why."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from shanshi.foundation import crypto, statements
from shanshi.registry.queries import people
from shanshi.registry.rules import IdentityField

_SEALED = """
    SELECT v.holder_id, p.data_key, v.real_name, p.phone, v.id_number, v.birth_on
    FROM registry_volunteer v JOIN registry_person p ON p.holder_id = v.holder_id
    WHERE v.holder_id = ANY(%s::uuid[]) AND v.erased_at IS NULL AND p.erased_at IS NULL
"""
_COLUMNS = {
    IdentityField.REAL_NAME: (2, "volunteer"),
    IdentityField.PHONE: (3, "person"),
    IdentityField.ID_NUMBER: (4, "volunteer"),
    IdentityField.BIRTH_ON: (5, "volunteer"),
}


def identities(
    holder_ids: Collection[UUID], fields: Collection[IdentityField]
) -> dict[UUID, dict[IdentityField, str]]:
    """Return fields of volunteers in the clear; left out: unknown and erased people, and what is not there.

    Birth dates come as YYYY-MM-DD.
    """
    found: dict[UUID, dict[IdentityField, str]] = {}
    for row in statements.rows(_SEALED, [list(holder_ids)]):
        holder_id = row[0]
        key = people.data_key_of(holder_id, row[1])
        found[holder_id] = {
            field: crypto.unseal(key, bytes(row[place]), people.where(table, field.value, holder_id))
            for field, (place, table) in _COLUMNS.items()
            if field in fields and row[place] is not None
        }
    return found
