"""Two at the same moment, on two connections."""

from __future__ import annotations

import pytest
from allauth.socialaccount.models import SocialAccount

from shanshi.foundation.actor import system
from shanshi.registry import models, operations, rules
from shanshi.registry.operations.links import link_identity
from shanshi.registry.rules.links import IdentityLinked, IdentityTaken
from tests.cast import LIN, STRANGER

pytestmark = pytest.mark.django_db(transaction=True)
BY = system("tests.races")


def test_one_id_number_is_registered_once(typed, at, together):
    def from_phone(phone):
        return lambda: operations.register(typed(LIN, phone=phone), by=BY, at=at)

    answers = together(*(from_phone(f"1540000010{place}") for place in range(4)))
    refused = [one for one in answers if isinstance(one, rules.CannotRegister)]
    assert (len(refused), models.Volunteer.objects.count()) == (3, 1)


def test_one_phone_makes_one_person(at, together):
    answers = together(*[lambda: operations.person_of_phone(LIN.phone, at=at)] * 4)
    assert len(set(answers)) == 1
    assert models.Person.objects.count() == 1


def test_one_person_registers_once_even_with_two_id_numbers(typed, at, together):
    answers = together(
        lambda: operations.register(typed(LIN), by=BY, at=at),
        lambda: operations.register(typed(LIN, id_number=STRANGER.id_number), by=BY, at=at),
    )
    assert sorted(type(one).__name__ for one in answers) == ["AlreadyRegistered", "VolunteerFacts"]
    assert models.Claim.objects.filter(kind="id_number").count() == 1


def test_one_code_lets_one_in(at, code_of, together):
    operations.send_code(LIN.phone, at=at)
    code = code_of(LIN.phone)
    answers = together(*[lambda: operations.prove_phone(LIN.phone, code, at=at)] * 4)
    assert sum(isinstance(one, rules.CodeWrong) for one in answers) == 3


def test_many_guesses_at_once_have_five_tries(at, code_of, together):
    operations.send_code(LIN.phone, at=at)
    code = code_of(LIN.phone)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    answers = together(*[lambda: operations.prove_phone(LIN.phone, wrong, at=at)] * 8)
    assert all(isinstance(one, rules.CodeWrong) for one in answers)
    with pytest.raises(rules.CodeWrong):
        operations.prove_phone(LIN.phone, code, at=at)
    assert models.PhoneCode.objects.get().tries_left == 0


def test_two_batches_with_the_same_people_in_other_orders_do_not_wait_for_each_other_for_ever(
    typed, at, together
):
    batch = [typed(LIN), typed(STRANGER)]
    answers = together(
        lambda: operations.register_many(batch, by=BY, at=at, source="case"),
        lambda: operations.register_many(batch[::-1], by=BY, at=at, source="case"),
    )
    assert sorted(type(one).__name__ for one in answers) == ["RowRefused", "list"]
    assert models.Volunteer.objects.count() == 2


def test_one_identity_is_linked_to_one_account_and_one_account_to_one_identity(at, together):
    people = [operations.person_of_phone(f"1540000010{place}", at=at) for place in range(3)]
    answers = together(*(lambda who=who: link_identity(who, "one", at=at) for who in people))
    assert sum(isinstance(one, IdentityTaken) for one in answers) == 2
    (linked,) = SocialAccount.objects.values_list("user_id", flat=True)

    free = next(who for who in people if who != linked)
    answers = together(*(lambda index=index: link_identity(free, index, at=at) for index in ("two", "three")))
    assert sum(isinstance(one, IdentityLinked) for one in answers) == 1
    assert SocialAccount.objects.filter(user_id=free).count() == 1
