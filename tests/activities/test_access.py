"""Who may review and see what, and who is old enough."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shanshi.activities import access, operations, queries
from shanshi.activities.rules import sign_ups as refusals
from shanshi.activities.rules.kinds import RiskKind, SignUpState
from shanshi.activities.rules.states import ActivityMissing
from shanshi.foundation.actor import VISITOR, Actor, Grant, Role
from shanshi.kernel.errors import Forbidden, SignInNeeded
from shanshi.registry import operations as registry
from tests.activities.conftest import draft_for
from tests.cast import MEI, MRS_ZHAO, id_number


def with_roles(actor: Actor, *roles: tuple[Role, str]) -> Actor:
    return Actor(actor.person_id, actor.holder_id, tuple(Grant(role, place) for role, place in roles))


def minor(cast, at, born: date, *, number: int) -> Actor:
    row = registry.Registration(
        person_id=None,
        phone=f"154{number:08d}",
        real_name=MEI.name,
        id_number=id_number("330102", born),
        guardian=registry.GuardianConsent(name=MRS_ZHAO.name, phone=MRS_ZHAO.phone, relation="mother"),
    )
    (facts,) = registry.register_many([row], by=cast.loader, at=at, source="platform")
    return Actor(facts.person_id, facts.holder_id)


def test_only_a_reviewer_above_the_organizers_and_the_city_review(submitted, cast):
    activity_id = submitted()
    own = with_roles(cast.stranger, (Role.REVIEWER, f"organization:{cast.station}"))
    district = with_roles(cast.stranger, (Role.REVIEWER, "division:330102"))
    other = with_roles(cast.stranger, (Role.REVIEWER, "division:330106"))
    city = with_roles(cast.stranger, (Role.CITY_STAFF, "city"))

    for reviewer in (cast.xu, district, city):
        assert access.activity_to_review(reviewer, activity_id).id == activity_id
    for somebody in (own, cast.wu):
        with pytest.raises(Forbidden):
            access.activity_to_review(somebody, activity_id)
    for nobody in (other, cast.stranger):
        with pytest.raises(ActivityMissing):
            access.activity_to_review(nobody, activity_id)
    with pytest.raises(SignInNeeded):
        access.activity_to_review(VISITOR, activity_id)


def test_nobody_plans_in_the_name_of_a_body_that_is_not_theirs(cast):
    assert access.plan(cast.wu, [cast.station, cast.league]) == [cast.station, cast.league]
    with pytest.raises(Forbidden):
        access.plan(cast.wu, [cast.league, cast.station])
    with pytest.raises(Forbidden):
        access.plan(cast.wu, [cast.league, cast.station], leads_now=cast.station)


def test_people_of_another_organizer_keep_who_leads(cast):
    wanted = [cast.league, cast.station]
    assert access.plan(cast.wu, wanted, leads_now=cast.league) == wanted


def test_a_parent_that_organizes_too_does_not_review_its_own(cast, at, tomorrow):
    activity_id = operations.create(
        draft_for(cast.station, organizers=(cast.station, cast.league)), by=cast.wu, at=at
    )

    with pytest.raises(Forbidden):
        access.activity_to_review(cast.xu, activity_id)
    city = with_roles(cast.stranger, (Role.CITY_STAFF, "city"))
    assert access.activity_to_review(city, activity_id).id == activity_id


def test_queues_hold_what_is_below_the_reviewer(submitted, cast):
    activity_id = submitted()
    other = with_roles(cast.stranger, (Role.REVIEWER, "division:330106"))

    mine = queries.waiting_for_review(access.review_places(cast.xu))
    assert [card.id for card in mine] == [activity_id]
    assert queries.waiting_for_review(access.review_places(other)) == []
    with pytest.raises(Forbidden):
        access.review_places(cast.wu)
    led = queries.activities_led(access.desk(cast.wu), at=cast.at)
    assert [card.id for card in led] == [activity_id]
    with pytest.raises(Forbidden):
        access.led_organizations(cast.lin)


def test_the_leader_of_one_shift_leads_that_one_alone(published, cast, tomorrow):
    first, second = published(tomorrow(), tomorrow(days=2))
    leader = with_roles(cast.stranger, (Role.LEADER, f"shift:{first}"))

    assert access.shift_to_lead(leader, first).id == first
    with pytest.raises(Forbidden):
        access.shift_to_lead(leader, second)


def test_mei_signs_up_with_her_guardians_consent_but_not_for_dangerous_work(published, cast, at, tomorrow):
    mei = minor(cast, at, MEI.birth_on, number=2)
    (library,) = published()
    (rescue,) = published(
        tomorrow(days=3),
        risk_kinds=(RiskKind.RESCUE,),
        min_age=18,
        agreement_ref="XY-1",
        insurance_ref="BX-1",
    )

    signed = operations.sign_up(library, holder_id=mei.holder_id, by=mei, at=at)
    with pytest.raises(refusals.NotForMinors):
        operations.sign_up(rescue, holder_id=mei.holder_id, by=mei, at=at)

    assert signed.state is SignUpState.PLACED
    assert queries.shift(rescue).taken == 0


def test_who_turns_18_on_the_day_of_the_shift_is_old_enough(published, cast, at, tomorrow):
    day = tomorrow().starts_at.date()
    today = minor(cast, at, day.replace(year=day.year - 18), number=61)
    later = minor(cast, at, day.replace(year=day.year - 18) + timedelta(days=1), number=62)
    (shift,) = published(min_age=18)

    assert operations.sign_up(shift, holder_id=today.holder_id, by=today, at=at).holds_a_place
    with pytest.raises(refusals.TooYoung):
        operations.sign_up(shift, holder_id=later.holder_id, by=later, at=at)
    assert queries.shift(shift).taken == 1
