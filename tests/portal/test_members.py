"""The members of an organization: masked, for whoever keeps them. Their lists: tests/imports."""

from __future__ import annotations

import pytest
from django.test import Client

from shanshi.foundation.actor import Actor, Role
from shanshi.registry import models, operations, queries
from tests.portal.world import let_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(cast) -> Actor:  # type: ignore[no-untyped-def]
    """Wu also manages the station."""
    return cast.with_role(cast.wu, Role.MANAGER, f"organization:{cast.station}")  # type: ignore[no-any-return]


@pytest.fixture
def desk(client: Client, cast, at, manager) -> Client:  # type: ignore[no-untyped-def]
    """The manager's browser, in English."""
    let_in(client, manager, at)
    client.cookies["language"] = "en"
    return client


def number(actor: Actor) -> str:
    return queries.volunteer(actor.volunteer()).number


def page(cast, end: str = "") -> str:  # type: ignore[no-untyped-def]
    return f"/organizations/{cast.station}/members{end}"


def test_lists_have_pages_of_their_own_and_the_old_address_leads_there(desk: Client, cast) -> None:  # type: ignore[no-untyped-def]
    lists = f"/organizations/{cast.station}/lists/people/members"
    assert f'href="{lists}"' in desk.get(page(cast)).content.decode()
    answer = desk.get(page(cast, "/template"))
    assert (answer.status_code, answer["Location"]) == (301, f"{lists}/template")


def test_the_members_are_shown_masked(desk: Client, cast, at) -> None:  # type: ignore[no-untyped-def]
    operations.join(cast.lin.volunteer(), cast.station, by=cast.wu, at=at)
    text = desk.get(page(cast)).content.decode()
    assert number(cast.lin) in text
    assert queries.volunteer(cast.lin.volunteer()).masked_name in text
    assert "林晓" not in text
    assert "Has not answered yet" in text


def test_another_organization_is_none_of_the_managers_business(desk: Client, cast) -> None:  # type: ignore[no-untyped-def]
    before = models.Membership.objects.count()
    for end in ("", "/template"):
        assert desk.get(f"/organizations/{cast.league}/members{end}").status_code == 403
    assert models.Membership.objects.count() == before


def test_a_manager_finds_the_members_from_the_desk(desk: Client, cast) -> None:  # type: ignore[no-untyped-def]
    assert f'href="{page(cast)}"' in desk.get("/lead").content.decode()
