"""How names and numbers are read, and who may register at which age."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanshi.policies import queries as policies
from shanshi.registry import rules
from tests.cast import LIN, MEI, id_number

DAY = date(2019, 3, 20)
VALUES = policies.in_force("registration", DAY).values


@pytest.mark.parametrize(
    "text",
    ["15400000001", " 154 0000 0001 ", "+86 154-0000-0001", "008615400000001", "１５４０００００００１"],
)
def test_a_phone_is_read_as_people_type_it(text):
    assert rules.checked_phone(text) == "15400000001"


@pytest.mark.parametrize(
    "text",
    ["", "1540000000", "154000000011", "05718888888", "12400000001", "154O0000001", "١٥٤٠٠٠٠٠٠٠١", "a" * 30],
)
def test_what_is_no_mobile_number_is_refused(text):
    with pytest.raises(rules.PhoneInvalid):
        rules.checked_phone(text)


@pytest.mark.parametrize(
    "text", ["林晓", "欧阳娜娜", "阿卜杜拉·买买提", "Anne-Marie O’Neill", "  林 晓 ", "玥喆"]
)
def test_a_name_is_a_name(text):
    assert rules.checked_name(text) == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["", "  ", "·", "林晓1", "<b>林</b>", "林晓😀", "林\x00晓", "林" * 51, "林;晓"]
)
def test_what_is_no_name_is_refused(text):
    with pytest.raises(rules.NameInvalid):
        rules.checked_name(text)


def test_an_id_number_says_when_and_where_and_which_sex():
    facts = rules.id_facts(LIN.id_number.lower().replace("1990", " 1990"), on=DAY)
    assert facts == rules.IdFacts(LIN.id_number, date(1990, 5, 17), rules.Sex.FEMALE, "330103")


def test_an_odd_order_number_is_a_mans():
    from stdnum.cn import ric

    head = "33010319900517001"
    assert rules.id_facts(head + ric.calc_check_digit(head + "0"), on=DAY).sex == rules.Sex.MALE


@given(st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place, change):
    digits = LIN.id_number
    old = 10 if digits[place] == "X" else int(digits[place])
    wrong = digits[:place] + str((old + change) % 10) + digits[place + 1 :]
    if wrong != digits:
        with pytest.raises(rules.IdNumberInvalid):
            rules.id_facts(wrong, on=DAY)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", rules.IdNumberLength),
        (LIN.id_number[:-1], rules.IdNumberLength),
        (LIN.id_number + "1", rules.IdNumberLength),
        ("A" + LIN.id_number[1:], rules.IdNumberLength),
        ("330103900517001", rules.IdNumberLength),
        (id_number("330103", date(1899, 12, 31)), rules.IdNumberBirthDate),
        (id_number("330103", date(2019, 3, 21)), rules.IdNumberBirthDate),
    ],
)
def test_an_id_number_that_is_none_says_what_is_wrong(text, refusal):
    with pytest.raises(refusal):
        rules.id_facts(text, on=DAY)


def test_a_birth_date_that_does_not_exist_is_refused_although_the_check_digit_fits():
    from stdnum.cn import ric

    head = "33010320190229000"
    with pytest.raises(rules.IdNumberBirthDate):
        rules.id_facts(head + ric.calc_check_digit(head + "0"), on=DAY)


def test_who_is_born_today_may_have_an_id_number():
    assert rules.id_facts(id_number("330103", DAY), on=DAY).birth_on == DAY


@pytest.mark.parametrize(
    ("birth_on", "day", "age"),
    [
        (date(2001, 3, 20), DAY, 18),
        (date(2001, 3, 21), DAY, 17),
        (date(2004, 2, 29), date(2019, 2, 28), 14),
        (date(2004, 2, 29), date(2019, 3, 1), 15),
        (MEI.birth_on, DAY, 15),
    ],
)
def test_age_counts_full_years(birth_on, day, age):
    assert rules.age_on(birth_on, day) == age


@pytest.mark.parametrize(
    ("age", "has_guardian", "refusal"),
    [
        (18, False, None),
        (17, True, None),
        (17, False, rules.GuardianNeeded),
        (14, True, None),
        (14, False, rules.GuardianNeeded),
        (13, True, rules.TooYoung),
        (0, False, rules.TooYoung),
    ],
)
def test_who_may_register_at_which_age(age, has_guardian, refusal):
    if refusal is None:
        rules.check_age(age, has_guardian=has_guardian, values=VALUES)
    else:
        with pytest.raises(refusal):
            rules.check_age(age, has_guardian=has_guardian, values=VALUES)


@given(st.integers(0, 150), st.booleans())
def test_the_decision_that_can_be_tried_is_the_one_that_is_taken(age, has_guardian):
    decision = rules.decide_registration({"age": age, "guardian_consents": has_guardian}, VALUES)
    refused = ()
    try:
        rules.check_age(age, has_guardian=has_guardian, values=VALUES)
    except (rules.TooYoung, rules.GuardianNeeded) as refusal:
        refused = (refusal.code,)
    assert decision.codes == refused
    assert decision.outcome["may_register"] is not bool(refused)


@given(st.integers(0, 10**rules.NUMBER_DIGITS - 1), st.integers(2, 12), st.integers(1, 9))
def test_a_mistyped_volunteer_number_is_found(digits, place, change):
    number = rules.volunteer_number("HZ", digits)
    assert rules.checked_number(f" {number.lower()} ") == number
    wrong = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]
    assert rules.checked_number(wrong) is None


def test_masks_show_the_ends_only():
    assert rules.masked_name("林晓") == "林*"
    assert rules.masked_name("林") == "林*"
    assert rules.masked_id_number(LIN.id_number) == "330***********0001"
    assert rules.masked_phone(LIN.phone) == "154****0001"


@pytest.mark.parametrize(
    "place",
    [
        "",
        "town",
        "city ",
        "division:33",
        "division:330102001001",
        "organization:1",
        "shift:",
        "merchant:x",
        "city:1",
    ],
)
def test_a_role_is_not_held_nowhere(place):
    with pytest.raises(rules.RoleInvalid):
        rules.check_place_name(place)
