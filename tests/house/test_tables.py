"""What cannot be migrated later: keys of big tables, and what the application may not change."""

import pytest
from django.apps import apps
from django.db import connection

from shanshi.foundation.distribution import tables
from shanshi.foundation.models import Table

OURS = [model for model in apps.get_models() if model.__module__.startswith("shanshi.")]
BIG = sorted((model for model in tables() if model.distributed_by), key=lambda model: model._meta.db_table)
COLUMNS = {"holder_id", "activity_id"}


def column(model: type[Table]) -> str:
    return str(model.distributed_by)


def test_every_table_says_whether_it_is_big() -> None:
    assert [model.__name__ for model in OURS if not issubclass(model, Table)] == []
    # An activity's own id is the column by which its shifts are spread.
    assert {column(model) for model in BIG} - {"id"} <= COLUMNS
    assert [model.__name__ for model in BIG if column(model) == "id"] == ["Activity"]


@pytest.mark.django_db
@pytest.mark.parametrize("model", BIG, ids=lambda model: model._meta.db_table)
def test_every_key_of_a_big_table_contains_its_column(model: type[Table]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.indexrelid::regclass::text,
                   array_agg(a.attname::text ORDER BY k.ordinality)
            FROM pg_index i
            CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, ordinality)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = %s::regclass AND (i.indisunique OR i.indisexclusion)
            GROUP BY 1
            """,
            [model._meta.db_table],
        )
        keys = dict(cursor.fetchall())
        assert keys, "a table without a key"
        assert [name for name, columns in keys.items() if column(model) not in columns] == []
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confrelid = %s::regclass"
            " AND NOT %s = ANY (SELECT attname FROM pg_attribute"
            " WHERE attrelid = confrelid AND attnum = ANY (confkey))",
            [model._meta.db_table, column(model)],
        )
        assert cursor.fetchall() == [], "a foreign key points at a big table without its column"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model",
    [model for model in OURS if issubclass(model, Table) and model.append_only],
    ids=lambda m: m.__name__,
)
def test_the_application_may_not_change_what_is_written_once(model: type[Table]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("shanshi_app",)
        cursor.execute(
            "SELECT p, has_table_privilege('shanshi_app', %s, p)"
            " FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE']) p",
            [model._meta.db_table],
        )
        assert dict(cursor.fetchall()) == {
            "SELECT": True,
            "INSERT": True,
            "UPDATE": False,
            "DELETE": False,
            "TRUNCATE": False,
        }


def test_a_room_with_personal_data_tells_and_forgets() -> None:
    """A table that names a holder or a person holds personal data: its room offers held_about and forget."""
    from importlib import import_module

    rooms = {
        model._meta.app_label
        for model in OURS
        if {field.column for field in model._meta.concrete_fields} & {"holder_id", "person_id"}
    } - {"foundation", "ledger"}
    missing = [
        room
        for room in sorted(rooms)
        if not hasattr(import_module(f"shanshi.{room}.queries"), "held_about")
        or not hasattr(import_module(f"shanshi.{room}.operations"), "forget")
    ]
    # The foundation keeps only hashes that expire; the ledger's books never lose a row: see its README.
    assert missing == []


def test_a_moment_and_its_person_are_recorded_together() -> None:
    """A column x_by has its x_at in the same table."""
    wrong = []
    for model in OURS:
        columns = {field.column for field in model._meta.concrete_fields}
        wrong += [
            f"{model.__name__}.{name}"
            for name in columns
            if name.endswith("_by")
            and not {name[:-3] + "_at", name[:-3] + "_on", name[:-3] + "_from"} & columns
        ]
    assert wrong == []
