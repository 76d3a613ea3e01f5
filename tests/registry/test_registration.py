"""Who is registered, who is not, and what a refusal gives away: nothing."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import pytest

from shanshi.foundation.actor import VISITOR, Actor
from shanshi.kernel.errors import Missing, SignInNeeded
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.registry import models, operations, queries, rules
from shanshi.registry.operations import GuardianConsent, Registration, RowRefused
from tests.cast import LIN, MEI, MRS_ZHAO, STRANGER, Person, id_number

pytestmark = pytest.mark.django_db
TERMS = ("terms@2015-01-01",)


def nobody_was_written() -> bool:
    tables = (models.Volunteer, models.Guardian, models.Consent)
    kinds = (rules.ClaimKind.ID_NUMBER, rules.ClaimKind.VOLUNTEER_NUMBER)
    return not any(table.objects.exists() for table in tables) and not models.Claim.objects.filter(
        kind__in=kinds
    )


@pytest.fixture
def consent(at, code_of):
    """Mrs Zhao agrees: the code that she received."""

    def agree(**changes) -> GuardianConsent:
        operations.send_guardian_code(MRS_ZHAO.phone, at=at)
        given = {
            "name": MRS_ZHAO.name,
            "phone": MRS_ZHAO.phone,
            "relation": "mother",
            "code": code_of(MRS_ZHAO.phone),
        }
        return GuardianConsent(**{**given, **changes})

    return agree


def test_lin_registers_and_is_known_by_a_number(prove, typed, at):
    person_id = prove(LIN)
    facts = operations.register(
        typed(LIN, person_id=person_id, phone=None, consents=TERMS), by=Actor(person_id), at=at
    )
    assert rules.checked_number(facts.number) == facts.number
    assert queries.by_number(facts.number) == facts.holder_id
    assert queries.volunteer(facts.holder_id) == facts
    assert (facts.masked_name, facts.birth_on, facts.sex) == ("林*", LIN.birth_on, "female")
    assert (facts.residence_code, facts.registered_at, facts.is_party_member) == ("330103", at, False)
    assert facts.holder_id not in {facts.person_id, person_id}
    assert queries.consented([facts.holder_id], rules.Purpose.TERMS) == {facts.holder_id}


def test_what_lin_sees_of_herself_is_masked(cast):
    own = queries.own(cast.lin.known())
    assert (own.masked_phone, own.masked_id_number) == ("154****0001", rules.masked_id_number(LIN.id_number))
    assert own.volunteer is not None
    assert own.volunteer.masked_name == "林*"


def test_without_agreeing_to_the_terms_nobody_registers(prove, typed, at):
    person_id = prove(LIN)
    for consents in ((), ("terms@1999-01-01",)):
        with pytest.raises(rules.ConsentNeeded):
            operations.register(
                typed(LIN, person_id=person_id, phone=None, consents=consents), by=Actor(person_id), at=at
            )
    assert nobody_was_written()


def test_a_visitor_registers_nobody(typed, at):
    with pytest.raises(SignInNeeded):
        operations.register(typed(LIN), by=VISITOR, at=at)
    assert nobody_was_written()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"real_name": ""}, rules.NameInvalid),
        ({"real_name": "Lin 3"}, rules.NameInvalid),
        ({"id_number": "33010319900517000"}, rules.IdNumberLength),
        ({"id_number": LIN.id_number[:-1] + "9"}, rules.IdNumberCheckDigit),
        ({"residence_code": "3301"}, rules.DivisionCodeInvalid),
        ({"phone": "123"}, rules.PhoneInvalid),
    ],
)
def test_what_is_not_well_formed_is_refused(cast, typed, at, changes, refusal):
    with pytest.raises(refusal):
        operations.register(typed(LIN, **changes), by=cast.loader, at=at)
    assert nobody_was_written()


def test_mei_registers_with_her_guardians_consent(cast, typed, at, consent):
    facts = operations.register(typed(MEI, guardian=consent()), by=cast.loader, at=at)
    assert facts.has_guardian_consent
    (guardian,) = queries.held_about(facts.person_id)["guardians"]
    assert (guardian["name"], guardian["phone"], guardian["relation"]) == (
        MRS_ZHAO.name,
        MRS_ZHAO.phone,
        "mother",
    )


def test_mei_without_a_guardian_is_told_what_is_needed(cast, typed, at):
    with pytest.raises(rules.GuardianNeeded) as refusal:
        operations.register(typed(MEI), by=cast.loader, at=at)
    assert refusal.value.facts == {"adult_age": 18}
    assert nobody_was_written()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"code": "000000"}, rules.CodeWrong),
        ({"code": None}, rules.CodeWrong),
        ({"phone": STRANGER.phone}, rules.CodeWrong),
        ({"phone": MEI.phone}, rules.GuardianIsSelf),
        ({"phone": "1"}, rules.PhoneInvalid),
        ({"name": ""}, rules.NameInvalid),
        ({"relation": "neighbour"}, rules.GuardianNeeded),
    ],
)
def test_a_guardians_consent_that_is_none_is_refused(cast, typed, at, consent, changes, refusal):
    given = consent()
    if changes == {"code": "000000"} and given.code == "000000":
        changes = {"code": "000001"}
    with pytest.raises(refusal):
        operations.register(
            typed(MEI, guardian=GuardianConsent(**{**vars_of(given), **changes})), by=cast.loader, at=at
        )
    assert nobody_was_written()


def vars_of(consent: GuardianConsent) -> dict[str, str | None]:
    return {name: getattr(consent, name) for name in ("name", "phone", "relation", "code")}


def test_a_sign_in_code_of_the_guardian_is_no_consent(cast, typed, at, code_of):
    operations.send_code(MRS_ZHAO.phone, at=at)
    given = GuardianConsent(MRS_ZHAO.name, MRS_ZHAO.phone, "mother", code_of(MRS_ZHAO.phone))
    with pytest.raises(rules.CodeWrong):
        operations.register(typed(MEI, guardian=given), by=cast.loader, at=at)
    assert nobody_was_written()


def test_a_child_of_thirteen_is_shown_the_way_through_school_or_guardian(cast, typed, at, consent):
    child = Person("赵小宝", "15400000077", "330102", date(2005, 3, 21))
    with pytest.raises(rules.TooYoung) as refusal:
        operations.register(typed(child, guardian=consent()), by=cast.loader, at=at)
    assert "school" in refusal.value.way
    assert nobody_was_written()


def test_who_turns_eighteen_today_needs_no_guardian(cast, typed, at):
    grown = Person("孙成", "15400000078", "330102", date(2001, 3, 20))
    assert not operations.register(typed(grown), by=cast.loader, at=at).has_guardian_consent


def test_the_birthday_is_the_citys_not_greenwichs(cast, typed):
    grown = Person("孙成", "15400000078", "330102", date(2001, 3, 20))
    just_after_midnight = datetime(2019, 3, 20, 0, 1, tzinfo=CITY_ZONE)
    operations.register(typed(grown), by=cast.loader, at=just_after_midnight)


def test_a_known_id_number_and_an_unconfirmed_one_get_the_same_answer(cast, typed, at):
    _ = cast.lin
    known = typed(LIN, phone="15400000088", real_name="钱陌")
    unconfirmed = typed(LIN, phone="15400000089", id_number="11010519491231002X")
    answers = []
    for one in (known, unconfirmed):
        with pytest.raises(rules.CannotRegister) as refusal:
            operations.register(one, by=cast.loader, at=at)
        answers.append((refusal.value.code, str(refusal.value), refusal.value.way, refusal.value.facts))
    assert answers[0] == answers[1]
    assert models.Volunteer.objects.count() == 1


def test_nobody_registers_twice(cast, typed, at):
    lin = cast.lin
    again = typed(LIN, person_id=lin.person_id, consents=TERMS, id_number=STRANGER.id_number)
    with pytest.raises(rules.AlreadyRegistered):
        operations.register(again, by=lin, at=at)
    assert models.Volunteer.objects.count() == 1


def test_a_party_member_is_one_for_the_rooms_that_may_know(cast, typed, at):
    facts = operations.register(typed(LIN, party_member=True), by=cast.loader, at=at)
    assert queries.volunteers([facts.holder_id])[facts.holder_id].is_party_member


def test_many_volunteers_come_in_one_query(cast, django_assert_num_queries):
    people = [cast.lin, cast.wu, cast.stranger]
    with django_assert_num_queries(1):
        found = queries.volunteers([one.volunteer() for one in people])
    assert [found[one.volunteer()].masked_name for one in people] == ["林*", "吴**", "钱*"]


def test_nobody_is_nobody(cast):
    from uuid import uuid4

    assert queries.volunteers([uuid4()]) == {}
    assert queries.by_number("HZ00000000000") is None
    assert queries.by_number("nonsense") is None
    with pytest.raises(Missing):
        queries.volunteer(uuid4())


def rows(count: int) -> list[Registration]:
    first = date(1950, 1, 1)
    return [
        Registration(
            person_id=None,
            phone=f"1541{place:07d}",
            real_name="林小满",
            id_number=id_number("330103", first + timedelta(days=place)),
            residence_code="330103",
        )
        for place in range(count)
    ]


def test_two_thousand_people_register_within_seconds(cast, at):
    started = time.perf_counter()
    found = operations.register_many(rows(2000), by=cast.loader, at=at, source="case")
    seconds = time.perf_counter() - started
    assert len({one.number for one in found}) == 2000
    assert [one.birth_on for one in found[:2]] == [date(1950, 1, 1), date(1950, 1, 2)]
    assert set(models.Volunteer.objects.values_list("source", flat=True)) == {"case"}
    # Measured 1.3 s on two cores; far above that, it is no longer set-based.
    assert seconds < 30


def test_a_batch_may_carry_its_own_dates_and_consents_on_paper(cast, typed, at):
    earlier = datetime(2018, 2, 1, 10, tzinfo=CITY_ZONE)
    guardian = GuardianConsent(MRS_ZHAO.name, MRS_ZHAO.phone, "mother")
    batch = [
        typed(LIN, registered_at=earlier),
        typed(MEI, registered_at=earlier, guardian=guardian, phone=None),
    ]
    lin, mei = operations.register_many(batch, by=cast.loader, at=at, source="case")
    assert (lin.registered_at, mei.registered_at) == (earlier, earlier)
    assert mei.has_guardian_consent
    assert queries.own(mei.person_id).masked_phone is None


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"id_number": id_number("330103", date(1950, 1, 1))}, rules.CannotRegister),
        ({"phone": "15410000000"}, rules.CannotRegister),
        ({"id_number": "11010519491231002X"}, rules.CannotRegister),
        ({"real_name": "9"}, rules.NameInvalid),
        ({"id_number": id_number("330103", date(2010, 1, 1))}, rules.TooYoung),
    ],
)
def test_one_wrong_row_stops_the_batch_and_says_which(cast, typed, at, wrong, refusal):
    batch = [*rows(3), typed(LIN, **wrong), typed(STRANGER)]
    with pytest.raises(RowRefused) as refused:
        operations.register_many(batch, by=cast.loader, at=at, source="case")
    assert isinstance(refused.value.refusal, refusal)
    assert refused.value.refusal.says == refused.value.says
    assert refused.value.row in {0, 3}
    assert nobody_was_written()
    assert not models.Person.objects.exists()


def test_consent_is_as_easily_withdrawn_as_given(cast, at):
    lin = cast.lin
    purpose = rules.Purpose.RED_POINTS
    for _ in range(2):
        operations.give_consent(lin.volunteer(), purpose, text_version="red_points@2015-01-01", by=lin, at=at)
    assert queries.consented([lin.volunteer(), cast.wu.volunteer()], purpose) == {lin.holder_id}
    for _ in range(2):
        operations.withdraw_consent(lin.volunteer(), purpose, by=lin, at=at)
    assert queries.consented([lin.volunteer()], purpose) == frozenset()
    operations.give_consent(lin.volunteer(), purpose, text_version="red_points@2015-01-01", by=lin, at=at)
    assert models.Consent.objects.filter(purpose=purpose).count() == 2


def test_an_unknown_purpose_is_refused(cast, at):
    with pytest.raises(rules.ConsentTextUnknown):
        operations.give_consent(cast.lin.volunteer(), "everything", text_version="1", by=cast.lin, at=at)
