"""A guardian's pages: the minors, consents in their place, a child's shifts, and the end."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from shanshi.activities import operations as activities
from shanshi.activities import queries as shifts
from shanshi.activities.rules.sign_ups import GuardianConsentMissing
from shanshi.foundation import outbox
from shanshi.ledger import queries as ledger
from shanshi.portal import operations
from shanshi.registry import operations as registry
from shanshi.registry import queries
from shanshi.registry.operations import WardRegistration
from shanshi.registry.rules import Purpose
from tests.cast import MEI, MRS_ZHAO, id_number
from tests.portal.words import main_of
from tests.portal.world import let_in

pytestmark = pytest.mark.django_db
BAO_ID = id_number("330102", date(2009, 6, 1))
TEXTS = {"terms": "terms@2015-01-01", "minors": "minors@2015-01-01"}


@pytest.fixture
def zhao(world, at):
    """Mrs Zhao, who signed in with the phone that proved her consent for Mei."""
    _ = world.cast.mei
    return queries.actor_of(registry.person_of_phone(MRS_ZHAO.phone, at=at), at)


@pytest.fixture
def bao(zhao, at):
    """Nine years old, without a phone; registered by Mrs Zhao."""
    typed = WardRegistration("沈小宝", BAO_ID, "mother", MRS_ZHAO.name, consents=tuple(TEXTS.values()))
    return registry.register_ward(typed, by=zhao, at=at)


def page_of(holder_id) -> str:
    return f"/me/wards/{holder_id}"


def test_a_guardian_finds_her_minors_masked(world, reader, zhao):
    page = reader(zhao).get("/me/wards")
    assert "沈*" in main_of(page)
    assert page_of(world.cast.mei.holder_id) in page.content.decode()
    assert "My children" in main_of(reader(zhao).get("/me"))
    assert "No child yet" in main_of(reader(world.cast.lin).get("/me/wards"))


def test_she_sees_hours_what_is_ahead_visits_and_consents(world, reader, zhao):
    mei = world.cast.mei
    world.served(mei)
    (shift_id,) = world.shifts(world.library(world.shift(days=2)))
    world.sign_up(mei, shift_id)
    words = main_of(reader(zhao).get(page_of(mei.holder_id)))
    for said in ("Verified hours 2 h", "图书馆文明引导", "You are in", "A child volunteers", "沈*"):
        assert said in words
    for hidden in (MEI.name, MEI.phone, MEI.id_number):
        assert hidden not in words


@pytest.mark.parametrize(("language", "words"), [("en", "Comes with an adult"), ("zh-hans", "须成人陪同")])
def test_the_roster_names_the_child_whom_an_adult_brings_and_nobodys_age(
    world, reader, zhao, bao, at, language, words
):
    (shift_id,) = world.shifts(world.library(world.shift(days=2)))
    world.sign_up(world.cast.mei, shift_id)
    activities.sign_up(shift_id, holder_id=bao.holder_id, by=zhao, at=at)
    roster = reader(world.cast.wu, language).get(f"/lead/shifts/{shift_id}")
    said = main_of(roster)
    assert said.count(words) == 1
    assert f"沈* {words} {bao.number}" in said
    for hidden in ("2009", "9 years", "9岁", "沈小宝"):
        assert hidden not in said


@pytest.mark.parametrize(
    "tail", ["", "/code", "/code.json", "/find", "/data", "/data.json", "/data.xlsx", "/erase"]
)
def test_nobody_else_sees_a_minor(world, reader, bao, tail):
    for other in (world.cast.lin, world.cast.wu, world.cast.mei):
        assert reader(other).get(page_of(bao.holder_id) + tail).status_code == 404
    assert reader().get(page_of(bao.holder_id) + tail).status_code == 302


def test_withdrawing_ends_what_is_ahead_at_once_and_leaves_only_the_way_back(world, reader, zhao, at):
    mei = world.cast.mei
    world.served(mei)
    (shift_id,) = world.shifts(world.library(world.shift(days=2)))
    world.sign_up(mei, shift_id)
    guardian, page = reader(zhao), page_of(mei.holder_id)

    words = main_of(guardian.post(f"{page}/consents/minors/withdraw", follow=True))

    assert "You have withdrawn your consent" in words
    for hidden in ("Verified hours", "图书馆文明引导", "Who looked"):
        assert hidden not in words
    assert shifts.sign_up(shift_id, mei.volunteer()) is None
    with pytest.raises(GuardianConsentMissing):
        activities.sign_up(shift_id, holder_id=mei.volunteer(), by=mei, at=at)
    for tail in ("/data", "/data.json", "/data.xlsx", "/find"):
        assert guardian.get(page + tail).status_code == 404
    assert guardian.post(f"{page}/consents/location/agree", {"version": "x"}).status_code == 404

    guardian.post(f"{page}/consents/minors/agree", {"version": "minors@2015-01-01"})
    activities.sign_up(shift_id, holder_id=mei.volunteer(), by=mei, at=at)
    assert "Verified hours 2 h" in main_of(guardian.get(page))


def test_a_minor_who_agreed_to_messages_is_told(world, zhao, at):
    mei = world.cast.mei
    version = "notices@2015-01-01"
    operations.agree(mei.volunteer(), Purpose.NOTICES, text_version=version, by=mei, at=at)
    before = len(outbox.messages(phone=MEI.phone))
    operations.withdraw(mei.volunteer(), Purpose.MINORS, by=zhao, at=at)
    registry.deliver(at=at)
    assert len(outbox.messages(phone=MEI.phone)) == before + 1


def test_a_guardian_decides_everything_for_a_child_and_only_volunteering_for_a_teenager(
    world, reader, zhao, bao
):
    guardian = reader(zhao)
    sent = {"version": "location@2015-01-01"}
    guardian.post(f"{page_of(bao.holder_id)}/consents/location/agree", sent)
    assert queries.consented([bao.holder_id], Purpose.LOCATION)
    mei = world.cast.mei
    done = guardian.post(f"{page_of(mei.holder_id)}/consents/location/agree", sent, follow=True)
    assert "This consent is the guardian's" in main_of(done) or "consent" in main_of(done)
    assert not queries.consented([mei.volunteer()], Purpose.LOCATION)
    assert "Decided by your child alone." in main_of(guardian.get(page_of(mei.holder_id)))


def test_a_child_is_registered_signed_up_and_checked_in_by_its_guardian(world, reader, zhao, at):
    (shift_id,) = world.shifts(library := world.library(world.shift(days=2)))
    guardian = reader(zhao)
    sent = {
        "real_name": "沈小宝",
        "id_number": BAO_ID,
        "relation": "mother",
        "guardian_name": MRS_ZHAO.name,
        "agree_terms": "on",
        "agree_minors": "on",
        **TEXTS,
    }
    words = main_of(guardian.post("/me/wards/new", sent, follow=True))
    assert "The child's volunteer number is HZ" in words
    assert "Comes accompanied" in words
    bao = next(ward for ward in queries.wards(zhao.known(), at=at) if ward.is_child)
    page = page_of(bao.holder_id)
    assert f"{page}/activities/{library}" in guardian.get(f"{page}/find").content.decode()
    assert f"{page}/shifts/{shift_id}" in guardian.get(f"{page}/activities/{library}").content.decode()

    assert "You are in" in main_of(guardian.post(f"{page}/shifts/{shift_id}", follow=True))
    assert shifts.sign_up(shift_id, bao.holder_id) is not None
    assert guardian.get(f"{page}/code.json").json()["code"].startswith("P1")

    guardian.post(f"{page}/shifts/{shift_id}/leave")
    assert shifts.sign_up(shift_id, bao.holder_id) is None


@pytest.mark.parametrize("missing", ["agree_terms", "agree_minors", "terms", "minors", "guardian_name"])
def test_a_child_is_not_registered_without_every_part(reader, zhao, at, missing):
    sent = {
        "real_name": "沈小宝", "id_number": BAO_ID, "relation": "mother", "guardian_name": MRS_ZHAO.name,
        "agree_terms": "on", "agree_minors": "on", **TEXTS,
    }  # fmt: skip
    del sent[missing]
    assert reader(zhao).post("/me/wards/new", sent).status_code == 422
    assert len(queries.wards(zhao.known(), at=at)) == 1


def test_nobody_acts_in_the_place_of_a_minor_who_signs_in(world, reader, zhao):
    mei = page_of(world.cast.mei.holder_id)
    (shift_id,) = world.shifts(world.library(world.shift(days=2)))
    for tail in ("/find", "/code", "/code.json"):
        assert reader(zhao).get(mei + tail).status_code == 403
    assert reader(zhao).post(f"{mei}/shifts/{shift_id}").status_code == 403
    assert shifts.sign_up(shift_id, world.cast.mei.volunteer()) is None


def test_the_copy_of_a_childs_data_marks_everything_as_sensitive(reader, zhao, bao):
    held = json.loads(reader(zhao).get(f"{page_of(bao.holder_id)}/data.json").content)
    assert held["sensitive"] == ["*"]
    assert held["registry"]["volunteer"]["real_name"] == "沈小宝"
    words = main_of(reader(zhao).get(f"{page_of(bao.holder_id)}/data"))
    assert "Volunteer number" in words
    assert "Consents (sensitive)" in words


def test_a_guardian_proves_who_she_is_before_a_childs_copy_is_clear(reader, zhao, bao, at):
    guardian, page = let_in(reader(), zhao, at, second_factor=False), page_of(bao.holder_id)
    assert "沈小宝" not in guardian.get(f"{page}/data").content.decode()
    for tail in ("json", "xlsx"):
        asked = guardian.get(f"{page}/data.{tail}")["Location"]
        assert asked == f"/account/confirm?next={page.replace('/', '%2F')}%2Fdata"
    assert "沈小宝" in reader(zhao).get(f"{page}/data").content.decode()


def test_a_guardian_ends_a_childs_account_with_a_fresh_code(world, reader, zhao, bao, at):
    guardian = let_in(reader(), zhao, at, second_factor=False)
    page = page_of(bao.holder_id)
    wrong = guardian.post(f"{page}/erase", {"step": "erase", "code": "000000"})
    assert "The code is wrong" in main_of(wrong)
    guardian.post(f"{page}/erase", {"step": "code"})
    code = re.findall(r"\d{6}", outbox.messages(phone=MRS_ZHAO.phone)[0].text)[0]
    done = guardian.post(f"{page}/erase", {"step": "erase", "code": code}, follow=True)
    assert "The account is erased." in done.content.decode()
    assert queries.volunteers([bao.holder_id]) == {}
    assert [ward.holder_id for ward in queries.wards(zhao.known(), at=at)] == [world.cast.mei.holder_id]
    assert ledger.verify().is_right


def test_a_guardians_page_costs_the_same_however_much_there_is(
    world, reader, zhao, django_assert_max_num_queries
):
    world.served(world.cast.mei)
    client = reader(zhao)
    with django_assert_max_num_queries(30):
        client.get(page_of(world.cast.mei.holder_id))
    with django_assert_max_num_queries(16):
        client.get("/me/wards")
