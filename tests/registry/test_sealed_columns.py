"""Every sealed value opens in its own table, column and row alone, and with its own person's key alone."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.db import models as fields

from shanshi.foundation import crypto
from shanshi.registry import models
from shanshi.registry.queries import people
from tests.cast import Cast
from tests.registry.mailbox import give_address

# Column -> the column by which its row is named in the associated data.
SEALED = {
    ("person", "phone"): "holder_id",
    ("person", "email"): "holder_id",
    ("volunteer", "real_name"): "holder_id",
    ("volunteer", "id_number"): "holder_id",
    ("volunteer", "birth_on"): "holder_id",
    ("volunteer", "sex"): "holder_id",
    ("volunteer", "party_member"): "holder_id",
    ("guardian", "name"): "pk",
    ("guardian", "phone"): "pk",
}
# Bytes that are no sealed text of a person: hashes, indexes, salts, wrapped keys.
OTHER_BYTES = {
    "bearertoken.token_hash", "claim.index", "guardian.phone_index", "person.data_key", "person.stamp",
    "phonecode.code_hash", "phonecode.salt",
}  # fmt: skip


def test_every_column_of_bytes_is_known() -> None:
    columns = {
        f"{model._meta.model_name}.{field.name}"
        for model in apps.get_app_config("registry").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, fields.BinaryField)
    }
    assert columns == OTHER_BYTES | {f"{table}.{column}" for table, column in SEALED}


@pytest.mark.django_db
def test_a_value_copied_anywhere_else_does_not_open(cast: Cast) -> None:
    for who in (cast.lin, cast.mei, cast.wu):
        give_address(who, cast.at)
    values: list[tuple[bytes, str, bytes]] = []
    for (table, column), name in SEALED.items():
        for row in apps.get_model("registry", table).objects.order_by("pk"):
            person = models.Person.objects.get(holder_id=row.holder_id)
            key = people.data_key_of(person.holder_id, person.data_key or b"")
            sealed: Any = getattr(row, column)
            values.append((bytes(sealed), people.where(table, column, getattr(row, name)), key))
    assert len({where for _, where, _ in values}) == len(values) == 3 * 7 + 2
    keys = {key for _, _, key in values}
    assert len(keys) == 3, "one key for each person"

    opened = []
    for (sealed, own, own_key), (_, place, _), key in product(values, values, keys):
        try:
            crypto.unseal(key, sealed, place)
        except crypto.KeysUnreadable:
            continue
        assert (place, key) == (own, own_key)
        opened.append(place)
    assert sorted(opened) == sorted(where for _, where, _ in values)
