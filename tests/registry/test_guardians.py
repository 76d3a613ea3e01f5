"""Guardians: found by their phone, registering children, withdrawing, and the birthday that ends it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation

from shanshi.foundation import outbox
from shanshi.foundation.actor import VISITOR
from shanshi.kernel.errors import Forbidden, Missing, SignInNeeded
from shanshi.registry import access, models, operations, queries, rules
from shanshi.registry.operations import WardRegistration
from tests.cast import MEI, MRS_ZHAO, Person, id_number

pytestmark = pytest.mark.django_db

TEXTS = ("terms@2015-01-01", "minors@2015-01-01")
BAO = Person("沈小宝", "", "330102", date(2009, 6, 1))
MEIS_ADULT_DAY = date(2022, 1, 9)


@pytest.fixture
def zhao(cast, at):
    """Mrs Zhao, who signed in with the phone that proved her consent for Mei."""
    _ = cast.mei
    person_id = operations.person_of_phone(MRS_ZHAO.phone, at=at)
    return queries.actor_of(person_id, at)


def child(person: Person = BAO, **changes) -> WardRegistration:
    given = {
        "real_name": person.name,
        "id_number": person.id_number,
        "relation": "mother",
        "guardian_name": MRS_ZHAO.name,
        "consents": TEXTS,
    }
    return WardRegistration(**{**given, **changes})


def test_a_guardian_finds_the_minor_by_her_phone(cast, zhao, at):
    (ward,) = queries.wards(zhao.known(), at=at)
    assert (ward.holder_id, ward.masked_name, ward.age) == (cast.mei.holder_id, "沈*", 15)
    assert (ward.is_open, ward.is_child, ward.is_accompanied, ward.signs_in) == (True, False, False, True)
    assert queries.wards(cast.lin.known(), at=at) == []
    with pytest.raises(Missing):
        access.ward_to_guard(cast.lin, cast.mei.volunteer(), at=at)
    with pytest.raises(SignInNeeded):
        access.ward_to_guard(VISITOR, cast.mei.volunteer(), at=at)


@pytest.mark.parametrize(
    ("day", "sees"),
    [(date(2022, 1, 8), True), (date(2022, 1, 9), False), (date(2030, 1, 1), False)],
)
def test_from_the_eighteenth_birthday_a_guardian_sees_nothing(cast, zhao, at, day, sees):
    assert rules.guardian_sees(MEI.birth_on, day) is sees
    moment = at.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=1)
    assert bool(queries.wards(zhao.known(), at=moment)) is sees


def test_born_on_a_leap_day_one_is_of_age_on_the_first_of_march():
    assert rules.guardian_sees(date(2004, 2, 29), date(2022, 2, 28))
    assert not rules.guardian_sees(date(2004, 2, 29), date(2022, 3, 1))


def test_withdrawn_consent_leaves_only_the_way_back(cast, zhao, at):
    mei = cast.mei.volunteer()
    assert operations.withdraw_guardian(mei, by=zhao, at=at) is True
    assert operations.withdraw_guardian(mei, by=zhao, at=at) is False
    assert not queries.volunteer(mei).has_guardian_consent
    (ward,) = queries.wards(zhao.known(), at=at)
    assert not ward.is_open
    with pytest.raises(Missing):
        access.ward_to_guard(zhao, mei, at=at)
    assert access.ward_to_guard(zhao, mei, at=at, is_open=False).withdrawn_at == at

    later = at + timedelta(days=1)
    with pytest.raises(rules.ConsentTextOld):
        operations.agree_again(mei, text_version="minors@1999-01-01", by=zhao, at=later)
    for _ in range(2):
        operations.agree_again(mei, text_version="minors@2015-01-01", by=zhao, at=later)
    assert queries.volunteer(mei).has_guardian_consent
    (ward,) = queries.wards(zhao.known(), at=later)
    assert ward.consented_at == later
    rows = models.Guardian.objects.filter(holder_id=mei).order_by("consented_at")
    assert [row.withdrawn_at for row in rows] == [at, None]
    assert [one["phone"] for one in queries.held_about(cast.mei.known())["guardians"]] == [MRS_ZHAO.phone] * 2


def test_a_stranger_cannot_agree_for_somebody_elses_child(cast, zhao, at):
    operations.withdraw_guardian(cast.mei.volunteer(), by=zhao, at=at)
    with pytest.raises(Missing):
        operations.agree_again(cast.mei.volunteer(), text_version="minors@2015-01-01", by=cast.lin, at=at)
    assert not queries.volunteer(cast.mei.volunteer()).has_guardian_consent


def test_who_is_replaced_by_another_guardian_sees_nothing_more(cast, zhao, at):
    mei = cast.mei.volunteer()
    operations.withdraw_guardian(mei, by=zhao, at=at)
    row = models.Guardian.objects.get(holder_id=mei)
    models.Guardian.objects.create(
        holder_id=mei,
        name=row.name,
        phone=row.phone,
        relation="father",
        consented_at=at,
        phone_index=b"other",
    )
    assert queries.wards(zhao.known(), at=at) == []


def test_a_guardian_registers_a_child_below_14_who_does_not_sign_in(cast, zhao, at):
    facts = operations.register_ward(child(), by=zhao, at=at)
    assert (facts.masked_name, facts.has_guardian_consent) == ("沈*", True)
    wards = {ward.holder_id: ward for ward in queries.wards(zhao.known(), at=at)}
    ward = wards[facts.holder_id]
    assert (ward.age, ward.is_child, ward.is_accompanied, ward.signs_in) == (9, True, True, False)
    assert queries.own(facts.person_id).masked_phone is None
    assert access.ward_to_guard(zhao, facts.holder_id, at=at, acts=True) == ward
    with pytest.raises(Forbidden):
        access.ward_to_guard(zhao, cast.mei.volunteer(), at=at, acts=True)
    given = queries.standings(facts.holder_id, at=at)
    assert [purpose for purpose, one in given.items() if one.is_given] == ["terms", "minors"]
    assert models.Consent.objects.filter(holder_id=facts.holder_id, given_by=zhao.person_id).count() == 2


def test_a_childs_name_shows_its_first_character_and_not_its_length(zhao, at):
    assert rules.masked_child_name("欧阳小小宝") == "欧*"
    facts = operations.register_ward(child(real_name="沈小小宝"), by=zhao, at=at)
    assert facts.masked_name == "沈*"


CASES = [
    ({"consents": ("terms@2015-01-01",)}, rules.ConsentNeeded),
    ({"consents": ()}, rules.ConsentNeeded),
    ({"real_name": "9"}, rules.NameInvalid),
    ({"id_number": "1"}, rules.IdNumberInvalid),
    ({"guardian_name": ""}, rules.NameInvalid),
    ({"relation": "neighbour"}, rules.GuardianNeeded),
    ({"id_number": id_number("330102", date(1990, 1, 1))}, rules.NotAMinor),
    ({"id_number": MEI.id_number}, rules.CannotRegister),
]


@pytest.mark.parametrize(("changes", "refusal"), CASES)
def test_a_child_is_not_registered(zhao, at, changes, refusal):
    before = models.Person.objects.count()
    with pytest.raises(refusal):
        operations.register_ward(child(**changes), by=zhao, at=at)
    assert models.Person.objects.count() == before
    assert len(queries.wards(zhao.known(), at=at)) == 1


def test_a_minor_is_nobodys_guardian_and_a_visitor_registers_nobody(cast, at):
    with pytest.raises(rules.GuardianIsMinor):
        operations.register_ward(child(), by=cast.mei, at=at)
    with pytest.raises(SignInNeeded):
        operations.register_ward(child(), by=VISITOR, at=at)


def test_a_guardian_who_is_a_volunteer_is_known_by_her_own_name(cast, at):
    lin = cast.lin
    facts = operations.register_ward(child(guardian_name=None), by=lin, at=at)
    (guardian,) = queries.held_about(facts.person_id)["guardians"]
    assert (guardian["name"], guardian["relation"]) == ("林晓", "mother")


def test_a_guardian_who_moves_to_another_phone_keeps_the_children(zhao, at, code_of):
    new = "15400000078"
    operations.send_proof_code(new, rules.CodePurpose.NEW_PHONE, at=at, asked_by=str(zhao.known()))
    operations.send_own_code(zhao.known(), rules.CodePurpose.OLD_PHONE, at=at)
    with translation.override("en"):
        operations.change_phone(
            zhao.known(),
            new,
            new_code=code_of(new),
            old_code=code_of(MRS_ZHAO.phone),
            by=zhao,
            at=at,
            real_at=at,
        )
    (ward,) = queries.wards(zhao.known(), at=at)
    assert ward.is_open
    assert queries.held_about(ward.person_id)["guardians"][0]["phone"] == new
    assert "moved to another phone" in outbox.messages(phone=MRS_ZHAO.phone)[0].text


def test_the_copy_of_a_guardian_names_the_children(cast, zhao):
    (child_of,) = queries.held_about(zhao.known())["guardian_of"]
    assert (child_of["minor"], child_of["relation"]) == ("沈*", "mother")


@pytest.mark.parametrize(
    ("field", "age", "sensitive"),
    [("id_number", 30, True), ("number", 30, False), ("number", 13, True), ("number", 14, False)],
)
def test_below_14_every_datum_is_sensitive(field, age, sensitive):
    assert rules.is_sensitive(field, age) is sensitive
