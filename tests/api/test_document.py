"""The OpenAPI document alone must be enough to write a client."""

from typing import Any

import pytest
from django.test import Client

PROMISED = {
    ("post", "/auth/codes"), ("post", "/auth/tokens"), ("post", "/volunteers"), ("get", "/me"),
    ("get", "/activities"), ("get", "/activities/{activity_id}"), ("post", "/activities"),
    ("post", "/activities/{activity_id}/shifts"), ("post", "/activities/{activity_id}/submit"),
    ("post", "/activities/{activity_id}/publish"), ("post", "/shifts/{shift_id}/sign-ups"),
    ("delete", "/shifts/{shift_id}/sign-ups"), ("post", "/scans"), ("get", "/shifts/{shift_id}/code"),
    ("get", "/me/code"), ("get", "/me/visits"), ("get", "/me/balances"), ("get", "/me/transfers"),
    ("get", "/offers"), ("post", "/redemptions"), ("post", "/redemptions/{redemption_id}/fulfill"),
    ("post", "/shifts/{shift_id}/confirm"), ("get", "/shifts/{shift_id}/roster"),
}  # fmt: skip

PUBLIC = {
    ("post", "/auth/codes"), ("post", "/auth/tokens"), ("get", "/consents"),
    ("get", "/activities"), ("post", "/activities/near"), ("get", "/activities/{activity_id}"),
    ("get", "/activities/{activity_id}/booths"), ("get", "/programs"), ("get", "/programs/{program_id}"),
    ("get", "/stations"), ("get", "/stations/{station_id}"),
    ("get", "/organizations"), ("get", "/organizations/{organization_id}"),
    ("get", "/offers"), ("get", "/offers/{offer_id}"), ("get", "/merchants/{merchant_id}"),
}  # fmt: skip


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path.removeprefix("/api/v1")): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_no_promised_endpoint_disappears(document: dict[str, Any]) -> None:
    assert PROMISED - set(operations(document)) == set()


def test_every_change_says_how_to_send_it_twice(document: dict[str, Any]) -> None:
    silent = [
        key
        for key, operation in operations(document).items()
        if key[0] == "post"
        and "Idempotency-Key" not in {parameter["name"] for parameter in operation.get("parameters", [])}
    ]
    assert silent == []


def test_every_refusal_is_documented_as_a_problem(document: dict[str, Any]) -> None:
    for key, operation in operations(document).items():
        refusals = {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}
        assert refusals, key
        for status, answer in refusals.items():
            assert list(answer["content"]) == ["application/problem+json"], (key, status)


def test_every_endpoint_has_a_summary_and_says_who_may(document: dict[str, Any]) -> None:
    for key, operation in operations(document).items():
        assert operation["summary"], key
        assert bool(operation.get("security")) == (key not in PUBLIC), key


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/me", 401, "kernel.sign_in_needed"),
        ("/api/v1/activities/018f0000-0000-7000-8000-000000000000", 404, "activities.activity_missing"),
        ("/api/v1/activities?cursor=nonsense", 422, "foundation.cursor_unreadable"),
        ("/api/v1/activities?limit=0", 422, "kernel.invalid"),
        ("/api/v1/nothing", 404, "kernel.missing"),
    ],
)
def test_a_refusal_is_a_problem(client: Client, path: str, status: int, code: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (status, "application/problem+json")
    body = answer.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:shanshi:problem:{code}")
    assert body["title"]


@pytest.mark.django_db
def test_a_body_that_is_no_json_is_a_problem(client: Client) -> None:
    answer = client.post("/api/v1/auth/codes", b"{", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (400, "application/problem+json")


@pytest.mark.django_db
def test_a_wrong_method_is_a_problem(client: Client) -> None:
    answer = client.put("/api/v1/me")
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (405, "application/problem+json")
