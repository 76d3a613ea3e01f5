"""Requests that come twice, pages of lists, limits of tries."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from shanshi.foundation import limits, paging, retention
from shanshi.foundation.actor import Actor
from shanshi.foundation.idempotency import IdempotencyMiddleware
from shanshi.foundation.models import AuditEntry, IdempotentRequest, OutboxMessage, Try
from shanshi.kernel.errors import TooMany
from shanshi.kernel.ids import id_of

LIN = Actor(person_id=id_of("lin"))
NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


class Door:
    """A door that makes one entry each time it is really opened."""

    def __init__(self, status: int = 201) -> None:
        self.opened = 0
        self.status = status

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.opened += 1
        AuditEntry.objects.create(verb="x", thing="y", by=id_of("lin"), happened_at=NOON)
        return HttpResponse(f"answer {self.opened}", status=self.status)


def send(
    door: Door, key: str | None, body: str = "{}", actor: Actor = LIN, path: str = "/api/v1/x"
) -> HttpResponse:
    headers = {} if key is None else {"Idempotency-Key": key}
    request = RequestFactory().post(path, body, content_type="application/json", headers=headers)
    request.actor = actor
    return IdempotencyMiddleware(door)(request)


@pytest.mark.django_db
def test_a_request_sent_twice_is_done_once_and_answered_twice() -> None:
    door = Door()
    first, second = send(door, "k1"), send(door, "k1")

    assert (first.status_code, first.content) == (second.status_code, second.content) == (201, b"answer 1")
    assert second["Idempotency-Replayed"] == "true"
    assert (door.opened, AuditEntry.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused_and_nothing_happens() -> None:
    door = Door()
    send(door, "k1")
    other = send(door, "k1", body='{"more": 1}')

    assert other.status_code == 409
    assert b"foundation.idempotency_key_reused" in other.content
    assert door.opened == 1


@pytest.mark.django_db
def test_a_key_is_its_senders_own() -> None:
    door = Door()
    send(door, "k1")
    send(door, "k1", actor=Actor(person_id=id_of("mei")))
    assert door.opened == 2


@pytest.mark.django_db
@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_request_that_was_not_decided_may_be_sent_again(status: int) -> None:
    door = Door(status)
    send(door, "k1")
    send(door, "k1")
    assert door.opened == 2
    assert IdempotentRequest.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_must_be_usable(key: str) -> None:
    door = Door()
    assert send(door, key).status_code == 422
    assert door.opened == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_are_done_once(together) -> None:  # type: ignore[no-untyped-def]
    door = Door()
    answers = together(lambda: send(door, "k1"), lambda: send(door, "k1"), lambda: send(door, "k1"))

    assert [answer.content for answer in answers] == [b"answer 1"] * 3
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_old_answers_are_forgotten() -> None:
    send(Door(), "k1")
    made_at = IdempotentRequest.objects.get().made_at
    kept = retention.SWEEPS["repeated_requests"]
    assert kept.take(made_at, at=NOON, most=9) == 0
    assert kept.take(made_at + timedelta(seconds=1), at=NOON, most=9) == 1


def message(minute: int) -> OutboxMessage:
    return OutboxMessage.objects.create(
        phone="1", text=str(minute), made_at=NOON + timedelta(minutes=minute // 2)
    )


@pytest.mark.django_db
def test_pages_show_every_row_once_though_rows_are_added_meanwhile() -> None:
    for number in range(7):
        message(number)
    seen, cursor = [], None
    while True:
        rows, cursor = paging.page(
            OutboxMessage.objects.all(), order=("-made_at", "id"), cursor=cursor, limit=3
        )
        seen += [row.text for row in rows]
        message(20 + len(seen))
        if cursor is None:
            break
    assert sorted(seen) == sorted(str(number) for number in range(7))
    assert seen[0] == "6"


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "WzEsMl0", "bnVsbA", "W3sidCI6MX0sMV0"])
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(paging.CursorUnreadable):
        paging.page(OutboxMessage.objects.all(), order=("-made_at", "id"), cursor=cursor, limit=3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "made_at",
    [
        {"t": "2026-01-01T12:00:00"},
        {"t": "0001-01-01T00:00:00+23:00"},
        {"t": "9999-12-31T23:59:59-23:00"},
        {"t": "x"},
        2**70,
    ],
)
def test_a_cursor_that_somebody_made_up_is_refused(made_at: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([made_at, {"u": str(uuid4())}]).encode()).decode()
    with pytest.raises(paging.CursorUnreadable):
        paging.page(OutboxMessage.objects.all(), order=("-made_at", "id"), cursor=cursor, limit=3)


@pytest.mark.parametrize("depth", [200, 5_000])
def test_a_cursor_of_endless_depth_is_refused(depth: int) -> None:
    cursor = base64.urlsafe_b64encode(b"[" * depth).decode()
    with pytest.raises(paging.CursorUnreadable):
        paging.page(OutboxMessage.objects.all(), order=("-made_at", "id"), cursor=cursor, limit=3)


@pytest.mark.django_db
def test_tries_are_counted_per_person_and_window(settings) -> None:  # type: ignore[no-untyped-def]
    settings.SHANSHI_LIMITS = {"knock": (2, 60)}
    limits.spend("knock", "lin", at=NOON)
    limits.spend("knock", "lin", at=NOON)
    with pytest.raises(TooMany) as caught:
        limits.spend("knock", "lin", at=NOON + timedelta(seconds=20))
    assert caught.value.facts == {"wait_seconds": 40}

    limits.spend("knock", "mei", at=NOON)
    limits.spend("knock", "lin", at=NOON + timedelta(seconds=60))
    assert not Try.objects.filter(holder_id=uuid4()).exists()


@pytest.mark.django_db
def test_the_trail_of_staff_cannot_be_rewritten() -> None:
    from django.db import ProgrammingError, transaction

    AuditEntry.objects.create(verb="x", thing="y", by=id_of("lin"), happened_at=NOON)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditEntry.objects.update(verb="z")
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb FROM foundation_auditentry")
        assert cursor.fetchall() == [("x",)]


@pytest.mark.django_db
def test_counts_of_past_windows_are_forgotten(settings) -> None:  # type: ignore[no-untyped-def]
    settings.SHANSHI_LIMITS = {"knock": (2, 60)}
    limits.spend("knock", "lin", at=NOON)
    kept = retention.SWEEPS["tries"]
    assert kept.take(NOON + timedelta(seconds=30), at=NOON, most=9) == 0
    assert kept.take(NOON + timedelta(seconds=61), at=NOON, most=9) == 1
