"""A guardian's loss: another one is named, and a number that changed hands opens no child."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shanshi.kernel.errors import Missing
from shanshi.portal.operations import erase
from shanshi.registry import access, models, operations, queries, rules
from shanshi.registry.operations import GuardianConsent, Registration, WardRegistration
from tests.cast import MEI, MRS_ZHAO, Person, id_number
from tests.registry.browsers import latest_code

pytestmark = pytest.mark.django_db

TEXT = "minors@2015-01-01"
FATHER = Person("沈大山", "15400000071", "330102", MEI.birth_on)
BAO_ID = id_number("330102", MEI.birth_on.replace(year=2009))


@pytest.fixture
def zhao(cast, at):
    """Mrs Zhao, who signed in with the phone that proved her consent for Mei."""
    _ = cast.mei
    return queries.actor_of(operations.person_of_phone(MRS_ZHAO.phone, at=at), at)


@pytest.fixture
def bao(zhao, at):
    """Her younger child, without a phone."""
    typed = WardRegistration("沈小宝", BAO_ID, "mother", MRS_ZHAO.name, consents=("terms@2015-01-01", TEXT))
    return operations.register_ward(typed, by=zhao, at=at)


def hand_over(holder_id, zhao, at, phone=FATHER.phone, text=TEXT, **changes):
    operations.send_guardian_code(phone, at=at, asked_by="zhao")
    given = {"name": FATHER.name, "phone": phone, "relation": "father", "code": latest_code(phone)}
    guardian = GuardianConsent(**given | {"asked_by": "zhao"} | changes)
    operations.name_guardian(holder_id, guardian, text_version=text, by=zhao, at=at, real_at=at)


def test_the_only_way_to_a_child_is_not_erased_away(zhao, bao, at):
    with pytest.raises(rules.GuardsChild):
        erase(zhao.known(), by=zhao, at=at)
    assert queries.phone_of(zhao.known()) == MRS_ZHAO.phone
    erase(bao.person_id, by=zhao, at=at)
    assert erase(zhao.known(), by=zhao, at=at) is True


def test_another_guardian_takes_the_place_and_the_former_sees_nothing(zhao, bao, at):
    later = at + timedelta(days=1)
    hand_over(bao.holder_id, zhao, later)
    assert bao.holder_id not in {ward.holder_id for ward in queries.wards(zhao.known(), at=later)}
    with pytest.raises(Missing):
        access.ward_to_guard(zhao, bao.holder_id, at=later, is_open=False)
    standing, former = models.Guardian.objects.filter(holder_id=bao.holder_id).order_by("withdrawn_at")[::-1]
    assert (former.withdrawn_at, standing.withdrawn_at) == (later, None)
    assert queries.standings(bao.holder_id, at=later)[rules.Purpose.MINORS].given_at == later
    assert queries.volunteer(bao.holder_id).has_guardian_consent
    assert erase(zhao.known(), by=zhao, at=later) is True

    father = queries.actor_of(operations.person_of_phone(FATHER.phone, at=later), later)
    (ward,) = queries.wards(father.known(), at=later)
    assert (ward.holder_id, ward.relation) == (bao.holder_id, "father")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"phone": MRS_ZHAO.phone}, rules.NextGuardianPhone),
        ({"phone": MEI.phone}, rules.NextGuardianPhone),
        ({"code": "000000x"}, rules.CodeWrong),
        ({"asked_by": "somebody else"}, rules.CodeWrong),
        ({"relation": "cat"}, rules.GuardianNeeded),
        ({"name": "1"}, rules.NameInvalid),
        ({"text": "minors@1999-01-01"}, rules.ConsentTextOld),
    ],
)
def test_another_guardian_is_named_only_with_every_part(cast, zhao, at, changes, refusal):
    mei = cast.mei.volunteer()
    with pytest.raises(refusal):
        hand_over(mei, zhao, at, **changes)
    (row,) = models.Guardian.objects.filter(holder_id=mei)
    assert row.withdrawn_at is None
    assert len(queries.wards(zhao.known(), at=at)) == 1


def test_a_minor_does_not_become_the_next_guardian(cast, zhao, bao, at):
    with pytest.raises(rules.GuardianIsMinor):
        hand_over(bao.holder_id, zhao, at, phone=MEI.phone)
    assert len(queries.wards(zhao.known(), at=at)) == 2


def test_nobody_names_a_guardian_for_somebody_elses_child(cast, bao, at):
    with pytest.raises(Missing):
        hand_over(bao.holder_id, cast.lin, at)


def test_whose_phone_is_newer_than_the_consent_first_says_who_the_child_is(cast, at):
    mei, later = cast.mei.volunteer(), at + timedelta(days=400)
    heir = queries.actor_of(operations.person_of_phone(MRS_ZHAO.phone, at=later), later)
    assert queries.wards(heir.known(), at=later) == []
    assert queries.unconfirmed_wards(heir.known(), at=later) == [mei]
    assert queries.held_about(heir.known())["guardian_of"] == []
    for is_open in (True, False):
        with pytest.raises(rules.WardUnconfirmed):
            access.ward_to_guard(heir, mei, at=later, is_open=is_open)
    number = queries.volunteer(mei).number
    for said, year in ((MEI.name, 2005), (number, 2003), ("沈兰", 2004), ("", 2004)):
        with pytest.raises(rules.WardNotKnown):
            operations.confirm_ward(mei, said=said, birth_year=year, by=heir, at=later)
    assert queries.wards(heir.known(), at=later) == []

    operations.confirm_ward(mei, said=number.lower(), birth_year=2004, by=heir, at=later)
    (ward,) = queries.wards(heir.known(), at=later)
    assert (ward.holder_id, queries.unconfirmed_wards(heir.known(), at=later)) == (mei, [])
    with pytest.raises(Missing):
        operations.confirm_ward(mei, said=MEI.name, birth_year=2004, by=heir, at=later)


def test_an_old_account_that_moves_to_a_guardians_former_number_is_not_the_guardian(cast, at):
    lin, mei, later = cast.lin, cast.mei.volunteer(), at + timedelta(days=400)
    number = MRS_ZHAO.phone
    operations.send_proof_code(number, rules.CodePurpose.NEW_PHONE, at=later, asked_by=str(lin.known()))
    operations.change_phone(
        lin.known(), number, new_code=latest_code(number), old_code=None, by=lin, at=later, real_at=later
    )
    assert queries.wards(lin.known(), at=later) == []
    assert queries.unconfirmed_wards(lin.known(), at=later) == [mei]


def test_who_is_no_guardian_does_not_take_the_child_to_the_next_number(cast, at):
    mei, later, new = cast.mei.volunteer(), at + timedelta(days=400), "15400000072"
    heir = queries.actor_of(operations.person_of_phone(MRS_ZHAO.phone, at=later), later)
    operations.send_proof_code(new, rules.CodePurpose.NEW_PHONE, at=later, asked_by=str(heir.known()))
    operations.change_phone(
        heir.known(), new, new_code=latest_code(new), old_code=None, by=heir, at=later, real_at=later
    )
    assert queries.unconfirmed_wards(heir.known(), at=later) == []
    assert queries.held_about(cast.mei.known())["guardians"][0]["phone"] == MRS_ZHAO.phone
    assert queries.volunteer(mei).has_guardian_consent


def test_a_stranger_does_not_use_up_the_tries_of_a_guardians_code(at):
    operations.send_guardian_code(MRS_ZHAO.phone, at=at, asked_by="the minor")
    code = latest_code(MRS_ZHAO.phone)
    operations.send_guardian_code(MRS_ZHAO.phone, at=at, asked_by="a stranger")
    spend = operations.proofs.spend_code
    for _ in range(6):
        with pytest.raises(rules.CodeWrong):
            spend(MRS_ZHAO.phone, "x", rules.CodePurpose.GUARDIAN, at=at, asked_by="a stranger")
    spend(MRS_ZHAO.phone, code, rules.CodePurpose.GUARDIAN, at=at, asked_by="the minor")


def test_a_guardian_of_a_case_who_had_the_phone_before_is_known(cast, at):
    """Both are loaded at once, each with the moment at which they registered."""
    loaded, before = at + timedelta(days=300), at - timedelta(minutes=5)
    given = GuardianConsent(MRS_ZHAO.name, MRS_ZHAO.phone, "mother")
    rows = [
        Registration(
            None, who.phone, who.name, who.id_number, who.division, guardian=guardian, registered_at=when
        )
        for who, guardian, when in ((MRS_ZHAO, None, before), (MEI, given, at))
    ]
    zhao, mei = operations.register_many(rows, by=cast.loader, at=loaded, source="case")
    (ward,) = queries.wards(zhao.person_id, at=loaded)
    assert ward.holder_id == mei.holder_id
