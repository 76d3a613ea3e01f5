"""Allauth's tables: as allauth writes them, but for the foreign key that a distributed table cannot have."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.management import call_command
from django.db import connection

# Each migration of allauth's own that ours stands for. A new one: read it, and write ours.
STANDS_FOR = {"account": "0009", "mfa": "0003", "socialaccount": "0006"}


@pytest.mark.django_db
def test_our_migrations_say_what_allauths_models_are() -> None:
    call_command("makemigrations", *STANDS_FOR, check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("app", STANDS_FOR)
def test_allauth_has_no_migration_that_ours_do_not_know(app: str) -> None:
    folder = Path(str(import_module(f"allauth.{app}.migrations").__file__)).parent
    last = max(path.name[:4] for path in folder.glob("[0-9]*.py"))
    assert last == STANDS_FOR[app]


@pytest.mark.django_db
@pytest.mark.parametrize("model", [EmailAddress, Authenticator, SocialAccount], ids=lambda m: m.__name__)
def test_no_foreign_key_of_theirs_points_at_persons(model) -> None:  # type: ignore[no-untyped-def]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass"
            " AND confrelid = 'registry_person'::regclass",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (0,)
    assert not model._meta.get_field("user").remote_field.model._meta.abstract
