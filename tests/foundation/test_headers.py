"""What every answer says to the browser about itself."""

import pytest

from shanshi.foundation.headers import permissions
from tests.portal.world import let_in

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "media-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "Shanshi",
}
PATHS = ["/api/v1/me", "/api/v1/openapi.json", "/nowhere", "/terms", "/static/design/seal.svg"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_policies(client, path):
    headers = client.get(path).headers
    assert {part.strip() for part in headers["Content-Security-Policy"].split(";")} == POLICY
    assert {name: headers[name] for name in EVERYWHERE} == EVERYWHERE


@pytest.mark.django_db
def test_only_pages_with_a_camera_may_use_it(client, cast, at):
    let_in(client, cast.lin, at)
    assert "camera=(), geolocation=()" in client.get("/me").headers["Permissions-Policy"]
    assert "camera=(self), geolocation=(self)" in client.get("/check-in").headers["Permissions-Policy"]
    assert "camera=(self), geolocation=()" in client.get("/pay").headers["Permissions-Policy"]


def test_no_page_may_use_the_microphone():
    assert "microphone=()" in permissions(frozenset({"camera", "geolocation", "microphone"})).split(", ")


@pytest.mark.django_db
def test_no_page_may_be_framed(client):
    assert client.get("/terms").headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_every_cookie_stays_on_this_site_and_out_of_reach_of_scripts(client, cast, at, settings):
    let_in(client, cast.lin, at)
    client.get("/check-in")
    client.post("/i18n/setlang/", {"language": "en"})
    client.cookies.pop(settings.SESSION_COOKIE_NAME)  # made by the test itself
    client.post("/sign-in/code", {"phone": "x"})
    ours = {name: (one["samesite"], bool(one["httponly"])) for name, one in client.cookies.items()}
    assert {"scanner", "csrftoken", "language"} <= ours.keys()
    assert {name: flags for name, flags in ours.items() if flags != ("Lax", True)} == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "kept"),
    [("/api/v1/me", "no-store"), ("/api/v1/nothing", "no-store"), ("/nowhere", "private, no-cache")],
)
def test_no_machine_between_keeps_what_was_for_one_person(client, path, kept):
    assert client.get(path).headers["Cache-Control"] == kept


def test_what_everybody_gets_alike_may_be_kept(client):
    assert "public" in client.get("/static/design/codes.css").headers["Cache-Control"]
