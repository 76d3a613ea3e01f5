"""In a real browser nothing on any page is against the page's own policies: the console stays silent."""

from __future__ import annotations

import pytest

from shanshi.foundation.actor import Role
from tests.browser.conftest import Phone
from tests.portal.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERYBODY = ("/", "/find", "/streets", "/policies", "/terms", "/sign-in", "/design/gallery")
VOLUNTEER = ("/me", "/me/code", "/check-in", "/pay", "/me/visits", "/me/transfers", "/account/security")
AGAINST = ("Content Security Policy", "Permissions policy")


def test_no_page_is_against_its_own_policies(phone: Phone, world: World) -> None:
    shift = world.shifts(world.library())[0]
    visitor, lin = phone(), phone(world.cast.lin)
    wu = phone(world.cast.with_role(world.cast.wu, Role.MANAGER, f"organization:{world.cast.station}"))
    for holder, paths in (
        (visitor, EVERYBODY),
        (lin, VOLUNTEER),
        (wu, (f"/lead/shifts/{shift}/door", "/lead", f"/organizations/{world.cast.station}/members")),
    ):
        page = holder.open(paths[0])
        for path in paths[1:]:
            page.goto(f"{holder.address}{path}")
            page.wait_for_load_state("networkidle")
        assert [
            said for said in holder.complaints if "Content Security" in said or "Permissions" in said
        ] == []


def test_a_script_that_somebody_smuggled_in_does_not_run(phone: Phone, world: World) -> None:
    holder = phone(world.cast.lin)
    page = holder.open("/me")
    page.evaluate(
        "() => { const made = document.createElement('div');"
        ' made.innerHTML = \'<img src="x:" onerror="window.harmed = 1"><p style="color:red">x</p>\';'
        " document.body.append(made); const script = document.createElement('script');"
        " script.textContent = 'window.harmed = 1'; document.body.append(script); }"
    )
    page.wait_for_timeout(100)
    assert page.evaluate("() => window.harmed") is None
    assert sum("Content Security Policy" in said for said in holder.complaints) >= 2
    holder.complaints.clear()
