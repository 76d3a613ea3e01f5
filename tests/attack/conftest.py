"""One city for a whole module, and whatever an attack did to it is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from shanshi.foundation import clock, limits
from tests.attack.city import NOON, City
from tests.conftest import MORNING

Undone = Callable[[], AbstractContextManager[None]]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    """The city, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE shanshi_app")
        yield City.built(MORNING)
        transaction.set_rollback(True)
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture
def at() -> datetime:
    """The doors' time during the attacks: Lin's coins are hers, and her next shift is this afternoon."""
    return NOON


@pytest.fixture(autouse=True)
def _a_window_of_tries_begins_with_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    # Else a window could end in the middle of counting, once in some hundred runs.
    monkeypatch.setattr(limits, "windows_from_s", int(clock.real_now().timestamp()))
