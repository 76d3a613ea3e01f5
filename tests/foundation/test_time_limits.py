"""A request that waits too long in the database is told to come back, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from django.test import Client

from shanshi.activities.models import SignUp
from tests.portal.world import World, let_in

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def blocked() -> Iterator[None]:
    """Somebody holds the table of sign-ups; the application waits as little as the web server lets it."""
    about = connection.get_connection_params()
    known = {name: about[name] for name in ("dbname", "user", "password", "host", "port") if about.get(name)}
    with psycopg.connect(**known) as somebody, connection.cursor() as cursor:
        somebody.execute("LOCK TABLE activities_signup IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET lock_timeout = '50ms'")
        yield
        somebody.rollback()
        cursor.execute("SET lock_timeout = 0")


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "请稍候"), ("en", "One moment, please")])
def test_what_waits_too_long_changes_nothing_and_can_be_sent_again(
    cast, at, language: str, word: str
) -> None:  # type: ignore[no-untyped-def]
    world = World(cast, at)
    (shift_id,) = world.shifts(world.library())
    client = Client(raise_request_exception=False)
    let_in(client, cast.lin, at)
    client.cookies["language"] = language

    def page():  # type: ignore[no-untyped-def]
        return client.post(f"/shifts/{shift_id}/sign-up")

    def program():  # type: ignore[no-untyped-def]
        return client.post(
            f"/api/v1/shifts/{shift_id}/sign-ups",
            "{}",
            content_type="application/json",
            headers={"Idempotency-Key": "k"},
        )

    with blocked():
        shown, told = page(), program()
    assert (shown.status_code, shown.headers["Retry-After"], word in shown.content.decode()) == (
        503,
        "5",
        True,
    )
    assert (told.status_code, told.json()["code"]) == (503, "foundation.not_ready")
    assert "lock" not in shown.content.decode() + told.content.decode()
    assert SignUp.objects.count() == 0

    assert program().status_code == 201
    assert SignUp.objects.count() == 1
