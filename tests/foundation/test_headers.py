"""What every answer says to the browser about itself."""

import pytest

POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/openapi.json", "/nowhere"])
def test_every_answer_carries_the_content_security_policy(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]
    assert {part.strip() for part in policy.split(";")} >= POLICY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "kept"),
    [("/api/v1/me", "no-store"), ("/api/v1/nothing", "no-store"), ("/nowhere", "private, no-cache")],
)
def test_no_machine_between_keeps_what_was_for_one_person(client, path, kept):
    assert client.get(path).headers["Cache-Control"] == kept


def test_what_everybody_gets_alike_may_be_kept(client):
    assert "public" in client.get("/static/design/codes.css").headers["Cache-Control"]
