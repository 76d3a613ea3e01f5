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
