"""Everybody asks for everybody else's things by their ids: nobody sees Lin's, and nobody changes them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from shanshi.attendance import queries as doors_of_shifts
from shanshi.foundation import clock
from tests.attack.city import City
from tests.attack.conftest import undone
from tests.attack.doors import Operation, Page, operations, pages, sample
from tests.attack.keys import ask_code, code_of
from tests.attack.size import TIMES
from tests.attack.visits import browser
from tests.cast import LIN

pytestmark = pytest.mark.django_db

OTHERS = ("visitor", "stranger", "minor", "other_leader", "other_manager", "other_cashier", "bank_clerk")
if TIMES > 1:
    OTHERS = (*OTHERS, "other_reviewer", "other_division_staff", "other_bank_clerk")
SOME_OTHERS = ("stranger", "other_leader")
HERS = ("person_id", "holder_id", "visit_id", "redemption_id", "token_id", "session_id", "invitation_id")
THEIRS = (*HERS, "activity_id", "shift_id", "offer_id", "merchant_id", "organization_id")
# Any volunteer may take a place or a piece here, which changes what is left of them.
FOR_EVERY_VOLUNTEER = {
    "portal:sign-up", "portal:withdraw", "portal:accept", "portal:check-in", "portal:redeem", "portal:pay",
    "portal:pay-at", "POST /shifts/{shift_id}/sign-ups", "DELETE /shifts/{shift_id}/sign-ups",
    "POST /shifts/{shift_id}/sign-ups/accept", "POST /scans", "POST /redemptions",
    "POST /redemptions/at-till",
}  # fmt: skip
# Rows that say what was tried, not what is so.
TRACES = {"attendance_failedscan", "foundation_try", "django_session"}
ITSELF = {"registry:sign_out", "set_language", "design:appearance", "portal:appearance"}


def marks(city: City) -> tuple[str, ...]:
    """Return what tells that an answer is about Lin."""
    things = city.things
    return (
        LIN.name, LIN.phone, LIN.id_number, f"{LIN.name[:1]}*", "154****0001", things["number"],
        things["person_id"],
        things["holder_id"], city.code, city.digits,
    )  # fmt: skip


def told(city: City, address: str, answer: Any) -> list[str]:
    """Return what an answer tells about Lin that did not stand in the address already."""
    if address == "/design/gallery":
        return []  # its samples have her name
    text = answer.getvalue().decode(errors="replace")
    return [mark for mark in marks(city) if mark in text and mark not in address]


def rows_about(city: City, names: Iterable[str]) -> dict[str, str]:
    """Return a fingerprint for each table of its rows that name some of the things."""
    wanted = "|".join(city.things[name] for name in names)
    tables = sorted({model._meta.db_table for model in apps.get_models()} - TRACES)
    all_rows = "md5(string_agg(t::text, '|' ORDER BY t::text))"
    parts = [f"SELECT '{table}', {all_rows} FROM \"{table}\" t WHERE t::text ~ %s" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [wanted] * len(tables))
        return dict(cursor.fetchall())


def asked(city: City, role: str, operation: Operation) -> Any:
    """Return what an operation answers somebody, at Lin's things and with her ids in the body."""
    body = "" if operation.body is None else json.dumps(sample(operation.body, city.things))
    token = city.tokens.get(role)
    return Client().generic(
        operation.method.upper(),
        operation.at(city.things),
        body,
        "application/json",
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )


def test_every_parameter_of_a_door_is_a_thing_that_is_really_there(city: City) -> None:
    known = set(city.things)
    for one in (*pages(), *operations()):
        assert set(one.parameters) <= known, f"{one.name}: add it to City.things in tests/attack/city.py"


def test_the_fingerprint_sees_a_change(city: City) -> None:
    before = rows_about(city, HERS)
    assert {"registry_person", "attendance_visit", "rewards_redemption", "foundation_session"} <= {
        table for table, found in before.items() if found
    }
    with undone(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rewards_redemption SET voided_at = fulfilled_at, reserved_at = now() WHERE id = %s",
            [city.things["redemption_id"]],
        )
        assert rows_about(city, HERS) != before


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.name)
def test_no_operation_shows_or_changes_what_is_somebody_elses(operation: Operation, city: City) -> None:
    names = HERS if operation.name in FOR_EVERY_VOLUNTEER else THEIRS
    before = rows_about(city, names)
    with undone():
        for role in OTHERS if operation.parameters or operation.body else SOME_OTHERS:
            answer = asked(city, role, operation)
            assert told(city, operation.at(city.things), answer) == [], role
        assert operation.method == "get" or rows_about(city, names) == before


@pytest.mark.parametrize("page", pages(), ids=lambda one: one.name)
def test_no_page_shows_or_changes_what_is_somebody_elses(page: Page, city: City) -> None:
    names, address = HERS if page.name in FOR_EVERY_VOLUNTEER else THEIRS, page.at(city.things)
    before = rows_about(city, names)
    with undone():
        for role in OTHERS if page.parameters else SOME_OTHERS:
            client = browser(city, role)
            answers = [client.get(address)]
            if page.name not in ITSELF:
                answers.append(client.post(address, {**city.things, "reason": "x"}))
            for answer in answers:
                assert told(city, address, answer) == [], role
        assert rows_about(city, names) == before


def test_the_code_of_a_redemption_is_taken_at_its_own_till_alone(city: City) -> None:
    till = str(city.other_merchant)
    before = rows_about(city, HERS)
    for code in (city.code, city.digits):
        for path, body in {
            f"/api/v1/merchants/{till}/redemptions/fulfill": {"code": code},
            f"/api/v1/redemptions/{city.things['redemption_id']}/fulfill": {"code": code},
        }.items():
            answer = Client().post(
                path,
                body,
                "application/json",
                headers={"Authorization": f"Bearer {city.tokens['other_cashier']}"},
            )
            assert answer.status_code in {403, 404, 409, 422}, path
        browser(city, "other_cashier").post(f"/till/{till}/take", {"code": code})
    assert rows_about(city, HERS) == before


def test_the_personal_code_of_lin_checks_nobody_else_in(city: City) -> None:
    code = doors_of_shifts.personal_code(
        city.people["volunteer"].volunteer(), city.things["number"], clock.real_now()
    ).code
    body = {"code": code, "device": "x", "nonce": "n1", "shift": city.things["shift_id"]}
    before = rows_about(city, HERS)
    for role in ("stranger", "other_leader", "other_cashier", "minor", "auditor"):
        headers = {"Authorization": f"Bearer {city.tokens[role]}"}
        answer = Client().post("/api/v1/scans", body, "application/json", headers=headers)
        assert answer.status_code in {403, 404, 409, 422}, role
    assert rows_about(city, HERS) == before


def test_the_body_of_another_plans_no_activity_and_is_given_none(city: City) -> None:
    headers = {"Authorization": f"Bearer {city.tokens['other_leader']}"}
    said = {"title": "x", "division_code": "330102"}
    for organizers in ([str(city.cast.station)], [str(city.cast.league)], [city.things["merchant_id"]]):
        answer = Client().post(
            "/api/v1/activities", said | {"organizers": organizers}, "application/json", headers=headers
        )
        assert answer.status_code == 403
    own = Client().post(
        "/api/v1/activities",
        said | {"organizers": [str(city.other_station)]},
        "application/json",
        headers=headers,
    )
    assert own.status_code == 201
    answer = Client().put(
        f"/api/v1/activities/{own.json()['id']}",
        said | {"organizers": [str(city.cast.station)]},
        "application/json",
        headers=headers,
    )
    assert answer.status_code == 403


def test_a_code_of_one_phone_proves_no_other(city: City) -> None:
    client = Client()
    ask_code(client, "15400000098")
    code = code_of("15400000098")
    answer = client.post("/sign-in/code", {"phone": LIN.phone, "code": code})
    assert answer.status_code in {409, 422}
    other = Client()
    ask_code(other, LIN.phone)
    assert client.post("/sign-in/code", {"phone": LIN.phone, "code": code_of(LIN.phone)}).status_code != 302
