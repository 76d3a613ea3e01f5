"""Migrations of django-allauth's tables, as this house must make them.

A person's key in the database is (holder_id, id), so that no foreign key can point at the id alone. Allauth's own
migrations would make one; here the state is as allauth writes it, and the column in the database stands
without the constraint. A test compares both with the installed allauth.
"""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models


def detached(create: migrations.CreateModel) -> migrations.SeparateDatabaseAndState:
    """Return the operation that makes a table whose columns for persons carry no foreign key."""

    def free(field: models.Field[object, object]) -> models.Field[object, object]:
        _, _, args, facts = field.deconstruct()
        if not isinstance(field, models.ForeignKey) or facts["to"] != settings.AUTH_USER_MODEL.lower():
            return field
        return models.ForeignKey(*args, **{**facts, "db_constraint": False})

    bare = migrations.CreateModel(
        create.name, [(name, free(field)) for name, field in create.fields], create.options, create.bases
    )
    return migrations.SeparateDatabaseAndState(database_operations=[bare], state_operations=[create])
