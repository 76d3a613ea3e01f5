"""Ground of all tests: one embedded server, the application's own role, a fixed clock, and the cast."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import close_old_connections, connection, connections

from shanshi.foundation import clock
from shanshi.foundation.postgres import test_cluster
from tests.cast import Cast
from tests.hangzhou import hangzhou_city, hangzhou_database

__all__ = ["hangzhou_city", "hangzhou_database"]  # fixtures for all

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2019, 3, 20, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def _server() -> Iterator[None]:
    with test_cluster().in_use():
        yield


@pytest.fixture(scope="session")
def django_db_setup(_server: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the test database as its owner; then every connection takes the application's role."""
    options = connection.settings_dict["OPTIONS"]
    with django_db_blocker.unblock():
        options["options"] = "-c role=shanshi_app"
        connection.close()
    yield
    with django_db_blocker.unblock():
        options.pop("options")
        connection.close()


@pytest.fixture(autouse=True)
def _as_the_application(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that commit are emptied by the owner, since the application may not empty what is append-only."""
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    if not (commits or marker or "db" in request.fixturenames):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE shanshi_app")
    yield
    if commits:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")


@pytest.fixture
def as_owner(db: None) -> Callable[[str], None]:
    """Run SQL as the owner of the tables, as somebody with the database's password could."""

    def run(sql: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            cursor.execute(sql, values)
            cursor.execute("SET ROLE shanshi_app")

    return run


@pytest.fixture
def at() -> datetime:
    """The morning on which the stories begin: Wednesday 20 March 2019, 9:00 in Hangzhou."""
    return MORNING


@pytest.fixture(autouse=True)
def the_clock(at: datetime, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The doors' clock stands still at `at`; call the fixture to move it."""

    def move(moment: datetime) -> None:
        monkeypatch.setattr(clock, "source", lambda: moment)

    move(at)
    return move


@pytest.fixture
def cast(db: None, at: datetime) -> Cast:
    """The people whom every story is about, each made when first named."""
    return Cast(at)


@pytest.fixture
def together() -> Callable[..., list[Any]]:
    """Do several things at the same moment, each on its own connection; returns answers or exceptions."""

    def run(*things: Callable[[], Any]) -> list[Any]:
        gate = threading.Barrier(len(things))
        answers: list[Any] = [None] * len(things)

        def one(place: int, thing: Callable[[], Any]) -> None:
            close_old_connections()
            try:
                connection.ensure_connection()
                gate.wait(timeout=30)
                answers[place] = thing()
            except Exception as error:  # noqa: BLE001 - the test looks at what came
                answers[place] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(things)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return answers

    return run
