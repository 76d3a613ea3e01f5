"""Invitations and guardians on the pages: answering, confirming a child, naming the next guardian."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shanshi.foundation import clock, outbox
from shanshi.registry import operations as registry
from shanshi.registry import queries
from shanshi.registry.operations import WardRegistration
from tests.cast import MEI, MRS_ZHAO, id_number
from tests.portal.words import main_of
from tests.registry.browsers import latest_code

pytestmark = pytest.mark.django_db
BAO_ID = id_number("330102", date(2009, 6, 1))
TEXTS = ("terms@2015-01-01", "minors@2015-01-01")
FATHER = "15400000071"


@pytest.fixture
def zhao(world, at):
    """Mrs Zhao, who signed in with the phone that proved her consent for Mei."""
    _ = world.cast.mei
    return queries.actor_of(registry.person_of_phone(MRS_ZHAO.phone, at=at), at)


@pytest.fixture
def bao(zhao, at):
    """Nine years old, without a phone; registered by Mrs Zhao."""
    typed = WardRegistration("沈小宝", BAO_ID, "mother", MRS_ZHAO.name, consents=TEXTS)
    return registry.register_ward(typed, by=zhao, at=at)


def test_an_invitation_stands_on_ones_own_page_and_is_answered_there(world, reader, at):
    cast, lin = world.cast, world.cast.lin.volunteer()
    registry.join(lin, cast.station, by=cast.wu, at=at)
    (one,) = queries.invitations(lin)
    client = reader(cast.lin)
    assert "You are invited to become a member" in main_of(client.get("/me"))
    assert reader(cast.stranger).post(f"/me/invitations/{one.id}/accept").status_code == 404
    assert queries.members(cast.station) == []

    done = client.post(f"/me/invitations/{one.id}/accept", follow=True)
    assert "Accepted: a member from now on." in done.content.decode()
    assert "You are invited" not in main_of(done)
    assert queries.members(cast.station) == [lin]


def test_an_invitation_is_declined_on_the_page_and_by_a_program(world, reader, at):
    cast, lin = world.cast, world.cast.lin.volunteer()
    team = registry.create_team(cast.station, "文明一队", by=cast.loader, at=at)
    registry.join(lin, cast.station, by=cast.wu, at=at)
    registry.join(lin, cast.station, team_id=team, by=cast.wu, at=at)
    first, second = queries.invitations(lin)
    token = registry.issue_token(cast.lin.known(), label="x", at=clock.real_now()).token
    by_program = {"authorization": f"Bearer {token}"}
    client = reader(cast.lin)
    assert "Declined." in client.post(f"/me/invitations/{first.id}/decline", follow=True).content.decode()
    assert [one.id for one in queries.invitations(lin)] == [second.id]
    listed = client.get("/api/v1/me/invitations", headers=by_program).json()
    assert [(one["id"], one["team"]) for one in listed] == [(str(second.id), "")]
    for status in (204, 404):
        answer = client.delete(f"/api/v1/me/invitations/{second.id}", headers=by_program)
        assert answer.status_code == status
    assert queries.invitations(lin) == []
    assert queries.members(cast.station) == []


def test_a_guardian_answers_for_a_child_who_does_not_sign_in(world, reader, zhao, bao, at):
    station = world.cast.station
    registry.join(bao.holder_id, station, by=world.cast.wu, at=at)
    (one,) = queries.invitations(bao.holder_id)
    page = f"/me/wards/{bao.holder_id}"
    assert "The child is invited to become a member" in main_of(reader(zhao).get(page))
    assert reader(world.cast.lin).post(f"{page}/invitations/{one.id}/accept").status_code == 404
    reader(zhao).post(f"{page}/invitations/{one.id}/accept")
    assert queries.members(station) == [bao.holder_id]


def test_whose_phone_came_later_says_once_who_the_child_is(world, reader, at):
    mei = world.cast.mei.volunteer()
    heir = queries.actor_of(registry.person_of_phone(MRS_ZHAO.phone, at=at + timedelta(seconds=1)), at)
    client, page = reader(heir), f"/me/wards/{mei}"
    words = main_of(client.get("/me/wards"))
    assert "A child to confirm" in words
    assert "沈" not in words
    for tail in ("", "/data", "/erase", "/guardian"):
        answer = client.get(page + tail)
        assert answer.status_code == 403
        assert "沈" not in answer.content.decode()
    wrong = client.post(f"{page}/confirm", {"said": MEI.name, "birth_year": "2003"})
    assert (wrong.status_code, "This does not fit the child." in main_of(wrong)) == (409, True)
    done = client.post(f"{page}/confirm", {"said": MEI.name, "birth_year": "2004"}, follow=True)
    assert "沈*" in main_of(done)
    assert client.get(f"{page}/confirm")["Location"] == page


def test_the_tries_to_say_who_the_child_is_are_counted(world, reader, at):
    mei = world.cast.mei.volunteer()
    heir = queries.actor_of(registry.person_of_phone(MRS_ZHAO.phone, at=at + timedelta(seconds=1)), at)
    client = reader(heir)
    sent = {"said": "沈兰", "birth_year": "2004"}
    answers = [client.post(f"/me/wards/{mei}/confirm", sent).status_code for _ in range(6)]
    assert answers == [409] * 5 + [429]
    assert queries.wards(heir.known(), at=at) == []


def test_a_guardian_hands_a_child_over_and_then_erases_the_own_account(reader, zhao, bao, at):
    client, page = reader(zhao), f"/me/wards/{bao.holder_id}"
    refused = client.get("/me/privacy/erase")
    assert refused.status_code == 409
    assert f'href="{page}/guardian"' in refused.content.decode()
    assert client.post("/me/privacy/erase", {"step": "erase"}).status_code == 409

    assert "Name another guardian" in main_of(client.get(page))
    sent = {
        "guardian_name": "沈大山", "relation": "father", "guardian_phone": FATHER, "version": TEXTS[1],
    }  # fmt: skip
    assert "We sent a code to 154****0071" in main_of(
        client.post(f"{page}/guardian", sent | {"step": "code"})
    )
    assert len(outbox.messages(phone=FATHER)) == 1
    wrong = client.post(f"{page}/guardian", sent | {"step": "name", "code": "12345x"})
    assert "The code is wrong" in main_of(wrong)
    done = client.post(f"{page}/guardian", sent | {"step": "name", "code": latest_code(FATHER)}, follow=True)
    assert "The next guardian has taken over." in done.content.decode()
    assert client.get(page).status_code == 404
    assert client.get("/me/privacy/erase").status_code == 200
    assert len(queries.wards(zhao.known(), at=at)) == 1
