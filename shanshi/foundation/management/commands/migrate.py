"""Django's migrate, and then the privileges of the application's role."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from shanshi.foundation.distribution import grant


class Command(migrate.Command):
    """Migrate as the owner, then grant. Every way to migrate goes through here, tests included."""

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        grant(connections[options["database"]])
