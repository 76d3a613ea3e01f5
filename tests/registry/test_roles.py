"""Giving, changing and ending roles; over the whole city two people decide."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from shanshi.foundation import proposals
from shanshi.foundation.actor import Role
from shanshi.foundation.models import AuditEntry, Proposal
from shanshi.foundation.proposals import Verdict
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.registry import models, operations, queries, rules
from shanshi.registry.operations import RoleWish
from tests.cast import Person, date

pytestmark = pytest.mark.django_db
ZHOU = Person("周涛", "15400000010", "330102", date(1979, 4, 4))
SUN = Person("孙丽", "15400000011", "330102", date(1981, 4, 4))


@pytest.fixture
def zhou(cast):
    return cast.with_role(cast.volunteer(ZHOU), Role.CITY_STAFF, "city")


@pytest.fixture
def sun(cast):
    return cast.with_role(cast.volunteer(SUN), Role.CITY_STAFF, "city")


def wish(who, role=Role.LEADER, place="", *, at, days=0, until=None, reason="leads the door"):
    day = city_day(at)
    to_on = None if until is None else day + timedelta(days=until)
    return RoleWish(who.known(), role, place, day + timedelta(days=days), to_on, reason)


def give(one, cast, *, by, at, kind=""):
    lineage = (one.place, f"organization:{cast.league}", "division:330102", "division:330100")
    return operations.give_role(one, lineage=lineage, kind=kind, by=by, at=at)


def held(actor, at):
    return {(grant.role, grant.place) for grant in queries.actor_of(actor.known(), at).grants}


def test_a_leader_holds_from_a_day_to_a_day_and_the_trail_says_why(cast, zhou, at):
    place, lin = f"organization:{cast.station}", cast.lin
    grant_id = give(wish(lin, place=place, at=at, days=1, until=2), cast, by=zhou, at=at).grant_id

    days = [(Role.LEADER, place) in held(lin, at + timedelta(days=d)) for d in range(4)]
    assert days == [False, True, True, False]
    operations.change_role(
        grant_id, from_on=city_day(at), to_on=city_day(at), by=zhou, at=at, reason="needed today"
    )
    assert held(lin, at) == {(Role.LEADER, place)}
    operations.withdraw_role(grant_id, by=zhou, at=at, reason="moved away")
    operations.withdraw_role(grant_id, by=zhou, at=at, reason="moved away")
    assert held(lin, at) == set()

    trail = AuditEntry.objects.filter(by=zhou.known()).order_by("id")
    assert [entry.verb for entry in trail] == [
        "registry.grant_role",
        "registry.change_role",
        "registry.end_role",
    ]
    assert (trail[1].before["to_on"], trail[1].after["to_on"]) == ("2019-03-22", "2019-03-20")
    assert (trail[2].before["from_on"], trail[2].reason) == ("2019-03-20", "moved away")


def test_a_role_is_listed_at_every_place_above_its_own_and_nowhere_else(cast, zhou, at):
    place = f"organization:{cast.station}"
    grant_id = operations.grant_role(
        cast.lin.known(), Role.LEADER, place, by=zhou, at=at, from_on=city_day(at), reason="x"
    )

    def listed(*places):
        return grant_id in {row.pk for row in queries.grants(places, on=city_day(at))}

    above = (place, f"organization:{cast.league}", "division:330102", "division:330100", "city")
    assert [listed(one) for one in above] == [True] * 5
    assert not listed("division:330103", f"organization:{uuid4()}")


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"place": "somewhere"}, rules.RoleInvalid),
        ({"role": Role.CASHIER}, rules.RoleInvalid),
        ({"reason": " "}, rules.RoleInvalid),
        ({"reason": "x" * 501}, rules.RoleInvalid),
        ({"days": -1}, rules.RoleInvalid),
        ({"days": 2, "until": 1}, rules.RoleInvalid),
    ],
)
def test_a_role_that_cannot_be_held_so_is_refused(cast, zhou, at, wrong, refusal):
    before = models.RoleGrant.objects.count()
    given = {"place": f"organization:{cast.station}", "at": at, **wrong}
    with pytest.raises(refusal):
        give(wish(cast.lin, **given), cast, by=zhou, at=at)
    assert models.RoleGrant.objects.count() == before


def test_nobody_gives_or_prolongs_a_role_of_their_own(cast, zhou, at):
    with pytest.raises(rules.OwnRole):
        give(wish(zhou, place=f"organization:{cast.station}", at=at), cast, by=zhou, at=at)
    with pytest.raises(rules.OwnRole):
        give(wish(zhou, Role.AUDITOR, "city", at=at), cast, by=zhou, at=at)
    own = models.RoleGrant.objects.get(person_id=zhou.known())
    with pytest.raises(rules.OwnRole):
        operations.change_role(own.pk, from_on=own.from_on, to_on=None, by=zhou, at=at, reason="longer")
    assert not Proposal.objects.exists()


def test_a_role_that_has_begun_keeps_its_first_day(cast, zhou, at):
    place, today = f"organization:{cast.station}", city_day(at)
    grant_id = give(wish(cast.lin, place=place, at=at), cast, by=zhou, at=at).grant_id
    later = at + timedelta(days=3)
    for from_on, to_on in (
        (today + timedelta(days=4), None),
        (today, today + timedelta(days=2)),
        (today - timedelta(days=1), None),
    ):
        with pytest.raises(rules.RoleInvalid):
            operations.change_role(grant_id, from_on=from_on, to_on=to_on, by=zhou, at=later, reason="x")
    assert queries.grant(grant_id).to_on is None
    with pytest.raises(Missing):
        operations.change_role(uuid4(), from_on=today, to_on=None, by=zhou, at=at, reason="x")


@pytest.mark.parametrize("role", [Role.CITY_STAFF, Role.AUDITOR])
def test_power_over_the_whole_city_is_given_and_ended_by_two(cast, zhou, sun, at, role):
    lin = cast.lin
    answer = give(wish(lin, role, "city", at=at), cast, by=zhou, at=at)
    assert (answer.grant_id, held(lin, at)) == (None, set())
    with pytest.raises(proposals.SamePerson):
        operations.decide_city_role(answer.proposal_id, Verdict.APPROVED, by=zhou, at=at, reason="yes")

    for _ in range(2):
        operations.decide_city_role(answer.proposal_id, Verdict.APPROVED, by=sun, at=at, reason="checked")
    assert held(lin, at) == {(role, "city")}

    grant = models.RoleGrant.objects.get(person_id=lin.known())
    ending = operations.withdraw_role(grant.pk, by=sun, at=at, reason="retired")
    assert held(lin, at) == {(role, "city")}
    operations.decide_city_role(ending.proposal_id, Verdict.APPROVED, by=zhou, at=at, reason="thanked")
    assert held(lin, at) == set()
    verbs = AuditEntry.objects.filter(thing=f"person:{lin.known()}").order_by("id").values_list("verb", "by")
    assert list(verbs) == [
        ("registry.city_role.propose", zhou.known()),
        ("registry.city_role.approved", sun.known()),
        ("registry.grant_role", sun.known()),
        ("registry.city_role.propose", sun.known()),
        ("registry.city_role.approved", zhou.known()),
        ("registry.end_role", zhou.known()),
    ]


@pytest.fixture
def federation(cast):
    """The city's federation, directly under the city, and a body of a district below it."""
    cast.divisions  # noqa: B018 - a body needs a division that is there
    root = operations.OrganizationRow(name="市联合会", kind="team", parent_id=None, division_code="330100")
    made = operations.create_organization(root, by=cast.loader, at=cast.at)
    below = operations.OrganizationRow(name="上城区分会", kind="team", parent_id=made, division_code="330102")
    operations.create_organization(below, by=cast.loader, at=cast.at)
    return f"organization:{made}"


def give_at(place, role, who, *, by, at):
    facts, one = queries.place(place, city_day(at)), wish(who, role, place, at=at)
    return operations.give_role(one, lineage=facts.lineage, kind=facts.kind, by=by, at=at)


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.REVIEWER, "division:330100"),
        (Role.REVIEWER, "federation"),
        (Role.MANAGER, "federation"),
        (Role.LEADER, "federation"),
    ],
)
def test_any_role_beside_which_nothing_of_the_city_is_left_is_given_and_ended_by_two(
    cast, zhou, sun, at, federation, role, place
):
    place = federation if place == "federation" else place
    answer = give_at(place, role, cast.lin, by=zhou, at=at)
    assert (answer.grant_id, held(cast.lin, at)) == (None, set())
    operations.decide_city_role(answer.proposal_id, Verdict.APPROVED, by=sun, at=at, reason="checked")
    assert held(cast.lin, at) == {(role, place)}

    grant = models.RoleGrant.objects.get(person_id=cast.lin.known())
    until = city_day(at) + timedelta(days=9)
    longer = operations.change_role(grant.pk, from_on=grant.from_on, to_on=until, by=sun, at=at, reason="x")
    assert longer.proposal_id is not None
    operations.decide_city_role(longer.proposal_id, Verdict.REFUSED, by=zhou, at=at, reason="no")
    ending = operations.withdraw_role(grant.pk, by=zhou, at=at, reason="moved away")
    assert held(cast.lin, at) == {(role, place)}
    operations.decide_city_role(ending.proposal_id, Verdict.APPROVED, by=sun, at=at, reason="yes")
    assert held(cast.lin, at) == set()


def test_a_role_in_a_district_or_at_a_body_of_its_own_is_given_and_ended_by_one(cast, zhou, at):
    alone = operations.OrganizationRow(name="运河读书会", kind="team", parent_id=None, division_code="330100")
    _ = cast.station
    alone_id = operations.create_organization(alone, by=cast.loader, at=at)
    for role, place in (
        (Role.DIVISION_STAFF, "division:330102"),
        (Role.REVIEWER, "division:330102"),
        (Role.MANAGER, f"organization:{cast.league}"),
        (Role.MANAGER, f"organization:{alone_id}"),
    ):
        given = give_at(place, role, cast.lin, by=zhou, at=at).grant_id
        assert held(cast.lin, at) == {(role, place)}
        operations.withdraw_role(given, by=zhou, at=at, reason="x")
        assert held(cast.lin, at) == set()


def test_nobody_approves_the_own_role(cast, zhou, sun, at):
    answer = give(wish(sun, Role.AUDITOR, "city", at=at), cast, by=zhou, at=at)
    with pytest.raises(rules.OwnRole):
        operations.decide_city_role(answer.proposal_id, Verdict.APPROVED, by=sun, at=at, reason="yes")
    assert proposals.proposal(answer.proposal_id).verdict is None
    assert held(sun, at) == {(Role.CITY_STAFF, "city")}


def test_a_refused_proposal_gives_nothing(cast, zhou, sun, at):
    answer = give(wish(cast.lin, Role.AUDITOR, "city", at=at), cast, by=zhou, at=at)
    operations.decide_city_role(answer.proposal_id, Verdict.REFUSED, by=sun, at=at, reason="no letter")
    assert held(cast.lin, at) == set()
    assert not AuditEntry.objects.filter(verb="registry.grant_role", by=sun.known()).exists()


def test_longer_days_over_the_whole_city_need_two_as_well(cast, zhou, sun, at):
    lin, today = cast.lin, city_day(at)
    grant_id = operations.grant_role(
        lin.known(), Role.AUDITOR, "city", by=cast.loader, at=at, from_on=today, to_on=today, reason="x"
    )
    longer = operations.change_role(grant_id, from_on=today, to_on=None, by=zhou, at=at, reason="longer")
    assert queries.grant(grant_id).to_on == today
    operations.decide_city_role(longer.proposal_id, Verdict.APPROVED, by=sun, at=at, reason="ok")
    assert queries.grant(grant_id).to_on is None


def test_a_role_that_was_approved_later_begins_on_that_day(cast, zhou, sun, at):
    answer = give(wish(cast.lin, Role.AUDITOR, "city", at=at), cast, by=zhou, at=at)
    later = at + timedelta(days=2)
    operations.decide_city_role(answer.proposal_id, Verdict.APPROVED, by=sun, at=later, reason="ok")
    assert models.RoleGrant.objects.get(person_id=cast.lin.known()).from_on == city_day(later)


def test_second_factors_are_reset_by_two(cast, zhou, sun, at):
    wu = cast.wu
    stamp = bytes(models.Person.objects.get(pk=wu.known()).stamp)
    with pytest.raises(rules.OwnRole):
        operations.propose_factor_reset(zhou.known(), by=zhou, at=at, reason="lost")
    proposal_id = operations.propose_factor_reset(wu.known(), by=zhou, at=at, reason="lost the phone")
    assert not AuditEntry.objects.filter(verb="registry.reset_second_factor").exists()

    operations.decide_factor_reset(proposal_id, Verdict.APPROVED, by=sun, at=at, reason="saw the ID card")
    entry = AuditEntry.objects.get(verb="registry.reset_second_factor")
    assert (entry.by, entry.reason) == (sun.known(), "lost the phone")
    assert bytes(models.Person.objects.get(pk=wu.known()).stamp) != stamp
