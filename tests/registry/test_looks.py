"""Looking at an identity: for a purpose, no more than it needs, and never without a trace."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction

from shanshi.foundation.actor import VISITOR
from shanshi.kernel.errors import SignInNeeded
from shanshi.kernel.quantities import city_day
from shanshi.registry import models, operations, queries, rules
from shanshi.registry.operations import WardRegistration
from shanshi.registry.queries import consent_text
from shanshi.registry.rules import Purpose
from tests.cast import LIN, id_number

CAPACITY = "leader shift:1"
CHILD = id_number("330102", date(2010, 1, 9))


def look(who, fields=("real_name",), *, by, at, purpose="roster", note="", **more):
    return operations.look(who, fields, purpose=purpose, note=note, by=by, capacity=CAPACITY, at=at, **more)


@pytest.mark.django_db
def test_wu_sees_what_the_purpose_needs_and_lin_sees_that_wu_looked(cast, at):
    lin = cast.lin.volunteer()
    everything = ["real_name", "phone", "id_number", "birth_on"]

    shown = look([lin], everything, by=cast.wu, at=at, purpose="insurance", note="Fell on the stairs.")

    assert shown == {
        lin: {
            "real_name": LIN.name,
            "phone": LIN.phone,
            "id_number": LIN.id_number,
            "birth_on": "1990-05-17",
        }
    }
    seen = queries.seen_by(cast.lin.known())
    assert {one.field for one in seen} == set(everything)
    assert {(one.looked_by, one.purpose, one.note, one.capacity, one.looked_at) for one in seen} == {
        (cast.wu.known(), "insurance", "Fell on the stairs.", CAPACITY, at)
    }
    assert queries.seen_by(cast.wu.known()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"fields": ["id_number"]}, rules.FieldNotForPurpose),
        ({"fields": []}, rules.LookInvalid),
        ({"fields": ["data_key"]}, rules.LookInvalid),
        ({"purpose": "curiosity"}, rules.LookInvalid),
        ({"purpose": "emergency"}, rules.LookNoteMissing),
        ({"purpose": "complaint", "note": "x" * 301}, rules.LookNoteMissing),
        ({"note": "a\x00b"}, rules.LookInvalid),
    ],
)
def test_a_look_that_says_too_little_or_asks_too_much_is_refused(cast, at, wrong, refusal):
    with pytest.raises(refusal):
        look([cast.lin.volunteer()], by=cast.wu, at=at, **wrong)
    assert not models.IdentityLook.objects.exists()


@pytest.mark.django_db
def test_a_visitor_and_a_token_without_the_scope_see_nothing(cast, at):
    lin = [cast.lin.volunteer()]
    with pytest.raises(SignInNeeded):
        look(lin, by=VISITOR, at=at)
    with pytest.raises(rules.NamesScopeMissing):
        look(lin, by=cast.wu.without_names(), at=at)
    assert not models.IdentityLook.objects.exists()


@pytest.mark.django_db
def test_a_day_has_so_many_looks_and_the_next_day_has_as_many_again(cast, at, settings):
    settings.SHANSHI_LOOKS_PER_DAY = 3
    lin, stranger = cast.lin.volunteer(), cast.stranger.volunteer()
    look([lin, stranger], by=cast.wu, at=at)
    with pytest.raises(rules.LooksSpent):
        look([lin], ["real_name", "phone"], by=cast.wu, at=at)
    assert models.IdentityLook.objects.count() == 2
    look([lin], by=cast.wu, at=at)
    with pytest.raises(rules.LooksSpent):
        look([lin], by=cast.wu, at=at)
    look([lin], by=cast.xu, at=at)
    look([lin], by=cast.wu, at=at + timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_do_not_both_take_the_last_one(cast, at, settings, together):
    settings.SHANSHI_LOOKS_PER_DAY = 1
    lin, wu = cast.lin.volunteer(), cast.wu
    answers = together(*[lambda: look([lin], by=wu, at=at)] * 3)
    assert sum(isinstance(one, rules.LooksSpent) for one in answers) == 2
    assert models.IdentityLook.objects.count() == 1


@pytest.mark.django_db
def test_a_child_shows_only_for_the_roster_or_in_an_emergency_while_the_guardian_agrees(cast, at):
    zhao = cast.lin
    day = city_day(at)
    child = operations.register_ward(
        WardRegistration(
            real_name="林小雨",
            id_number=CHILD,
            relation="mother",
            consents=tuple(consent_text(one, day).version for one in (Purpose.TERMS, Purpose.MINORS)),
        ),
        by=zhao,
        at=at,
    ).holder_id
    assert look([child], by=cast.wu, at=at)[child] == {"real_name": "林小雨"}
    emergency = look([child], ["birth_on"], by=cast.wu, at=at, purpose="emergency", note="Hurt a knee.")
    assert emergency[child] == {"birth_on": "2010-01-09"}
    before = models.IdentityLook.objects.count()
    with pytest.raises(rules.ChildHidden):
        look([child, zhao.volunteer()], by=cast.wu, at=at, purpose="complaint", note="Noise.")

    operations.withdraw_consent(child, Purpose.MINORS, by=zhao, at=at)
    with pytest.raises(rules.ChildHidden):
        look([child], by=cast.wu, at=at)
    assert models.IdentityLook.objects.count() == before


@pytest.mark.django_db
def test_an_erased_person_is_left_out_and_no_look_is_written(cast, at):
    lin = cast.lin
    operations.forget(lin.known(), by=lin, at=at)
    assert look([lin.holder_id], by=cast.wu, at=at) == {}
    assert not models.IdentityLook.objects.exists()


@pytest.mark.django_db
def test_what_is_written_about_looks_cannot_be_changed_by_the_application(cast, at):
    look([cast.lin.volunteer()], by=cast.wu, at=at)
    for change in (
        lambda: models.IdentityLook.objects.update(purpose="none"),
        lambda: models.IdentityLook.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    assert models.IdentityLook.objects.get().purpose == "roster"
