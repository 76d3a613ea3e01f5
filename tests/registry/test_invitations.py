"""Whoever somebody else made a member is invited: nothing of theirs opens before they accept."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from shanshi.foundation.actor import Role
from shanshi.kernel.errors import Missing
from shanshi.portal.access import people_to_look_at
from shanshi.portal.rules import NotAmongThem
from shanshi.registry import models, operations, queries, rules
from shanshi.registry.rules import Belonging

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(cast):
    """Wu also manages the station."""
    return cast.with_role(cast.wu, Role.MANAGER, f"organization:{cast.station}")


@pytest.fixture
def invite(cast, manager):
    """The manager puts Lin's number on a list; returns how many were invited."""
    number = queries.volunteer(cast.lin.volunteer()).number

    def added(at, team_id=None) -> int:
        listed = [Belonging(2, number, cast.lin.volunteer(), team_id)]
        return operations.add_members(cast.station, listed, by=manager, at=at)

    return added


def test_nobody_is_unmasked_by_being_put_on_a_list(cast, manager, invite, at):
    team = operations.create_team(cast.station, "文明一队", by=cast.loader, at=at)
    assert (invite(at), invite(at, team)) == (1, 1)
    number = queries.volunteer(cast.lin.volunteer()).number
    for place in (f"organization:{cast.station}", f"team:{team}"):
        with pytest.raises(NotAmongThem):
            people_to_look_at(manager, place, [number], purpose="roster", at=at)
    assert queries.members(cast.station) == queries.memberships(cast.lin.volunteer()) == []

    for one in queries.invitations(cast.lin.volunteer()):
        operations.accept_invitation(one.id, holder_id=cast.lin.volunteer(), by=cast.lin, at=at)
    for place in (f"organization:{cast.station}", f"team:{team}"):
        found, _ = people_to_look_at(manager, place, [number], purpose="roster", at=at)
        assert found == [cast.lin.holder_id]


def test_who_joins_alone_or_by_a_case_is_a_member_and_who_is_joined_is_invited(cast, at):
    lin, mei = cast.lin.volunteer(), cast.mei.volunteer()
    operations.join(lin, cast.station, by=cast.wu, at=at)
    operations.join(mei, cast.station, by=cast.loader, at=at, source="case")
    assert queries.members(cast.station) == [mei]
    operations.join(lin, cast.station, by=cast.lin, at=at)
    assert set(queries.members(cast.station)) == {lin, mei}
    assert queries.invitations(lin) == []
    assert models.Membership.objects.count() == 2


def test_who_declines_is_not_asked_again_for_thirty_days(cast, invite, at):
    lin = cast.lin.volunteer()
    assert invite(at) == 1
    (one,) = queries.invitations(lin)
    for _ in range(2):
        operations.decline_invitation(one.id, holder_id=lin, by=cast.lin, at=at)
    assert queries.invitations(lin) == []
    with pytest.raises(Missing):
        operations.accept_invitation(one.id, holder_id=lin, by=cast.lin, at=at)
    assert invite(at + rules.ASKED_AGAIN_AFTER - timedelta(seconds=1)) == 0
    assert queries.invitations(lin) == []
    assert invite(at + rules.ASKED_AGAIN_AFTER) == 1
    assert len(queries.invitations(lin)) == 1


def test_accepting_twice_is_accepting_once_and_a_member_does_not_decline(cast, invite, at):
    lin = cast.lin.volunteer()
    invite(at)
    (one,) = queries.invitations(lin)
    for _ in range(2):
        operations.accept_invitation(one.id, holder_id=lin, by=cast.lin, at=at)
    with pytest.raises(Missing):
        operations.decline_invitation(one.id, holder_id=lin, by=cast.lin, at=at)
    assert queries.members(cast.station) == [lin]


def test_nobody_answers_for_somebody_else(cast, invite, at):
    invite(at)
    (one,) = queries.invitations(cast.lin.volunteer())
    for invitation_id, holder_id in ((one.id, cast.mei.volunteer()), (uuid4(), cast.lin.volunteer())):
        for answer in (operations.accept_invitation, operations.decline_invitation):
            with pytest.raises(Missing):
                answer(invitation_id, holder_id=holder_id, by=cast.mei, at=at)
    assert queries.invitations(cast.lin.volunteer()) == [one]


def test_the_copy_shows_an_invitation_and_erasing_deletes_it(cast, invite, at):
    invite(at)
    (shown,) = queries.held_about(cast.lin.known())["memberships"]
    assert (shown["joined_at"], shown["accepted_at"]) == (at, None)
    operations.forget(cast.lin.known(), by=cast.lin, at=at)
    assert not models.Membership.objects.exists()
