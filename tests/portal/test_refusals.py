"""Whoever may not, is told so: every address of the portal, tried by a visitor and by the Stranger."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from shanshi.kernel.ids import id_of
from shanshi.portal.urls import urlpatterns

pytestmark = pytest.mark.django_db
STANDS_FOR = {"uuid": str(id_of("nothing")), "slug": "hours", "str": "M1AAAA"}
PATHS = sorted(
    "/" + re.sub(r"<(\w+):\w+>", lambda found: STANDS_FOR[found.group(1)], str(pattern.pattern))
    for pattern in urlpatterns
)
# Asked by POST so that no address holds what is asked; they change nothing of anybody.
ASKED_BY_ANYBODY = {"/appearance", "/find/near"}
STAFF = [path for path in PATHS if path.startswith(("/lead", "/review", "/till"))]


@pytest.mark.parametrize("path", [path for path in PATHS if path not in ASKED_BY_ANYBODY])
def test_a_visitor_changes_nothing_and_is_asked_to_sign_in(reader, path):
    page = reader().post(path)
    assert page.status_code in {302, 404, 405}, page.status_code
    if page.status_code == 302:
        assert page["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("path", STAFF)
def test_the_stranger_opens_and_changes_nothing_of_staff(world, reader, path):
    stranger = reader(world.cast.stranger)
    for answer in (stranger.get(path), stranger.post(path)):
        assert answer.status_code in {403, 404, 405}, (answer.request["REQUEST_METHOD"], answer.status_code)


@pytest.mark.parametrize("path", PATHS)
def test_no_address_breaks_on_strange_answers(world, reader, path):
    strange = {
        "code": "\u202e\x00'\"<script>",
        "redemption": "1",
        "offer": "x",
        "after": "\x00",
        "q": "\x00%",
    }
    lin = reader(world.cast.lin)
    for answer in (lin.get(path, strange), lin.post(path, strange)):
        assert answer.status_code < 500, answer.status_code


def test_a_form_from_elsewhere_is_refused(world):
    (shift_id,) = world.shifts(world.library())
    page = Client(enforce_csrf_checks=True).post(f"/shifts/{shift_id}/sign-up")
    assert page.status_code == 403
