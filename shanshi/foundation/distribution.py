"""Keys and privileges that cannot be migrated later.

A big table's key in the database is (column, id), the column being the one by which a distributed
PostgreSQL would spread it; Django's key stays the id alone. Append-only tables are a promise of the
database: the application's role may insert into them and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper

from shanshi.foundation.models import Table

APP_ROLE = "shanshi_app"


class DistributeBy(migrations.RunSQL):
    """Give a big table the key (column, id), with a plain index on id for questions by id alone.

    Use it in the migration that creates the table. No foreign key may point at the id of such a table.
    """

    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column
        super().__init__(
            sql=[
                f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey"',
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_pkey" PRIMARY KEY ("{column}", "id")',
                f'CREATE INDEX "{table}_by_id" ON "{table}" ("id")',
            ],
            reverse_sql=[
                f'DROP INDEX "{table}_by_id"',
                f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey"',
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_pkey" PRIMARY KEY ("id")',
            ],
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        return (self.__class__.__qualname__, [self.table, self.column], {})


def tables() -> Iterable[type[Table]]:
    """Return every table of the house, in no order."""
    return (model for model in apps.get_models() if issubclass(model, Table))


def grant(connection: BaseDatabaseWrapper) -> None:
    """Give the application's role what it needs and take from it what it must not have.

    connection  the owner's; may be called again and again
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APP_ROLE}")
        for model in tables():
            if model.append_only:
                cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{model._meta.db_table}" FROM {APP_ROLE}')
