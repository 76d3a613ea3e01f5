"""Ways round what is guarded at the front: by a neighbouring page, a second try, an older paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shanshi.attendance import operations as attendance
from shanshi.attendance.rules import OnlyOwnVisit
from shanshi.foundation import clock, limits
from shanshi.foundation import models as ground
from shanshi.foundation.actor import Role
from shanshi.foundation.proposals import Verdict
from shanshi.kernel.errors import TooMany
from shanshi.kernel.ids import id_of
from shanshi.portal.operations import erase
from shanshi.registry import models, operations, queries, rules
from shanshi.registry.operations.links import link_identity
from shanshi.registry.queries.links import identity_index, link_of
from tests.cast import LIN, MEI, MRS_ZHAO, WU, Person
from tests.portal.world import World
from tests.registry.browsers import browser, latest_code, set_up_app, sign_in
from tests.registry.software_key import SoftwareKey
from tests.registry.test_oidc import person_in, service, there_and_back
from tests.registry.test_passkeys import at_localhost, make, task

pytestmark = pytest.mark.django_db
__all__ = ["service"]


def test_the_task_of_the_second_step_does_not_open_another_account_alone(cast):
    """A key that was stolen without its PIN answers a milder task, got for the own account."""
    _ = cast.wu, cast.volunteer(LIN)
    stolen, own = SoftwareKey(), SoftwareKey()
    owner, thief = at_localhost(), at_localhost()
    sign_in(owner, WU)
    make(owner, stolen)
    sign_in(thief, LIN)
    make(thief, own)
    thief.post("/sign-out")
    sign_in(thief, LIN)
    options = task(thief.get("/sign-in/second-factor"))
    stolen.verifies = False
    assert thief.post("/sign-in/passkey", {"credential": stolen.get(options)}).status_code == 422
    assert person_in(thief) is None


def test_a_household_of_addresses_has_the_tries_of_one(settings):
    settings.SHANSHI_LIMITS = {**settings.SHANSHI_LIMITS, "code_per_address": (3, 3600)}
    now = clock.real_now()
    for number in range(3):
        limits.spend("code_per_address", f"2001:db8:1:2::{number}", at=now)
    with pytest.raises(TooMany):
        limits.spend("code_per_address", "2001:db8:1:2:ffff::1", at=now)
    limits.spend("code_per_address", "2001:db8:1:3::1", at=now)


def test_addresses_seen_through_a_door_for_both_kinds_stay_apart():
    assert limits.network_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert limits.network_of("::ffff:192.0.2.2") == "192.0.2.2"


def test_counts_of_tries_do_not_tell_whose_they_are_to_who_has_no_key():
    now = clock.real_now()
    limits.spend("code_per_phone", LIN.phone, at=now)
    (row,) = ground.Try.objects.all()
    window = int(now.timestamp()) // 3600
    assert row.holder_id != id_of("tries", LIN.phone)
    assert row.pk != id_of("code_per_phone", LIN.phone, window)


def test_nobody_keeps_power_over_the_city_by_refusing_its_end(cast, at):
    proposer = cast.with_role(cast.volunteer(LIN), Role.CITY_STAFF, "city")
    holder = cast.with_role(cast.wu, Role.CITY_STAFF, "city")
    grant = models.RoleGrant.objects.get(person_id=holder.person_id, role=Role.CITY_STAFF)
    made = operations.withdraw_role(grant.pk, by=proposer, at=at, reason="misuse")
    with pytest.raises(rules.OwnRole):
        operations.decide_city_role(made.proposal_id, Verdict.REFUSED, by=holder, at=at, reason="no")
    assert ground.Proposal.objects.get(pk=made.proposal_id).decided_at is None


def test_nobody_keeps_second_factors_by_refusing_their_reset(cast, at):
    proposer = cast.with_role(cast.volunteer(LIN), Role.CITY_STAFF, "city")
    thief = cast.with_role(cast.wu, Role.CITY_STAFF, "city")
    proposal_id = operations.propose_factor_reset(thief.known(), by=proposer, at=at, reason="stolen")
    with pytest.raises(rules.OwnRole):
        operations.decide_factor_reset(proposal_id, Verdict.REFUSED, by=thief, at=at, reason="no")
    assert ground.Proposal.objects.get(pk=proposal_id).decided_at is None


def test_whoever_gets_an_erased_guardians_phone_finds_no_minor(cast, at):
    _ = cast.mei
    zhao = queries.actor_of(operations.person_of_phone(MRS_ZHAO.phone, at=at), at)
    assert len(queries.wards(zhao.known(), at=at)) == 1
    erase(zhao.known(), by=zhao, at=at)
    later = at + timedelta(days=400)
    stranger = operations.person_of_phone(MRS_ZHAO.phone, at=later)
    assert stranger != zhao.known()
    assert queries.wards(stranger, at=later) == []


def test_a_stolen_phone_that_is_signed_in_neither_moves_nor_ends_the_account(cast):
    _ = cast.wu
    client = browser()
    sign_in(client, WU)
    set_up_app(client)
    session = client.session
    session[rules.PROOFS] = [{**one, "at": one["at"] - 86_400} for one in session[rules.PROOFS]]
    session.save()
    assert client.post("/me/privacy/erase", {"step": "code"})["Location"].startswith("/account/confirm?")
    for sent in ({"new_phone": LIN.phone}, {"step": "move", "new_phone": LIN.phone, "new_code": "1"}):
        answer = client.post("/me/privacy/phone", sent)
        assert answer["Location"] == "/account/confirm?next=%2Fme%2Fprivacy%2Fphone"
    assert queries.phone_of(cast.wu.known()) == WU.phone


def test_with_the_last_second_factor_go_the_tokens_that_act_in_a_role(cast):
    _ = cast.wu
    client = browser()
    sign_in(client, WU)
    set_up_app(client)
    now = clock.real_now()
    staff = operations.issue_token(cast.wu.known(), label="x", at=now).token
    plain = operations.issue_token(cast.wu.known(), label="x", at=now, scopes=("read",)).token
    client.post("/account/one-time-codes/end")
    assert queries.bearer_of(staff, real_at=now, at=clock.now()) is None
    assert queries.bearer_of(plain, real_at=now, at=clock.now()) is not None


@pytest.fixture
def looker(cast, at, client):
    """A program of the city's staff that looks at Lin; the same request, with whatever scopes."""
    lin = cast.volunteer(LIN)
    staff = cast.with_role(cast.wu, Role.CITY_STAFF, "city")
    number = queries.volunteer(lin.volunteer()).number
    sent = {"place": "city", "numbers": [number], "fields_wanted": ["real_name"], "purpose": "roster"}

    def look(*scopes: str):
        token = operations.issue_token(staff.known(), label="x", at=clock.real_now(), scopes=scopes).token
        headers = {"authorization": f"Bearer {token}", "idempotency-key": "one look"}
        return client.post("/api/v1/looks", sent, content_type="application/json", headers=headers)

    return look


WIDE = ("read", "write", "staff", "names")


def test_a_look_is_not_kept_for_being_sent_again(looker, at):
    assert looker(*WIDE).json()["items"][0]["real_name"] == LIN.name
    assert looker(*WIDE).status_code == 200
    assert models.IdentityLook.objects.count() == 2
    for narrow in (("read", "write"), ("read", "write", "staff")):
        assert looker(*narrow).status_code == 403
    seen = queries.volunteer(models.IdentityLook.objects.all()[0].holder_id)
    erase(seen.person_id, by=queries.actor_of(seen.person_id, at), at=at)
    assert LIN.name not in looker(*WIDE).content.decode()


def test_a_kept_answer_belongs_to_what_its_asker_could_do(cast, at, client):
    manager = cast.with_role(cast.wu, Role.MANAGER, f"organization:{cast.station}")

    def revoke(*scopes: str):
        token = operations.issue_token(manager.known(), label="x", at=clock.real_now(), scopes=scopes).token
        headers = {"authorization": f"Bearer {token}", "idempotency-key": "once"}
        return client.post("/api/v1/me/consents/notices", NOTICES, "application/json", headers=headers)

    assert revoke(*WIDE).status_code == 204
    assert revoke(*WIDE)["Idempotency-Replayed"] == "true"
    assert revoke("read", "write").json()["code"] == "foundation.idempotency_key_reused"


NOTICES = {"version": "notices@2015-01-01"}


def test_a_number_that_changed_hands_does_not_link_past_the_second_factor(
    client,
    service,
    cast,
    settings,
):
    """The service vouches for its own person, whose phone was once that of ours."""
    _ = cast.wu
    owner = browser()
    sign_in(owner, WU)
    set_up_app(owner)
    settings.SHANSHI_OIDC = {**settings.SHANSHI_OIDC, "trusts_phone": True}
    service.claims = {"phone_number": WU.phone, "phone_number_verified": True, "acr": "urn:city:high"}
    for _ in range(2):
        assert there_and_back(client)["Location"].startswith("/sign-in?next=")
        assert person_in(client) is None
    assert link_of(cast.wu.known()) is None


def test_a_friend_of_the_same_age_is_no_guardian(cast, at):
    _ = cast.mei
    friend = Person("周子轩", "15400009001", "330102", MEI.birth_on)
    operations.send_guardian_code(MEI.phone, at=at)
    guardian = operations.GuardianConsent("沈小梅", MEI.phone, "mother", latest_code(MEI.phone))
    wish = operations.Registration(
        person_id=None,
        phone=friend.phone,
        real_name=friend.name,
        id_number=friend.id_number,
        guardian=guardian,
    )
    with pytest.raises(rules.GuardianIsMinor):
        operations.register(wish, by=cast.loader, at=at)
    assert queries.person_with_phone(friend.phone) is None
    assert queries.wards(cast.mei.known(), at=at) == []


def test_a_visitor_does_not_fill_the_table_of_sessions_with_tasks(client, settings):
    settings.SHANSHI_BRAKES = settings.SHANSHI_BRAKES | {"searches_per_address": (2, 3600)}
    limits.brake.forget()
    asked = {"accept": "application/json"}
    answers = []
    for _ in range(3):
        client.cookies.clear()
        answers.append(client.get("/sign-in/passkey", headers=asked).status_code)
    assert answers == [200, 200, 429]
    assert ground.Session.objects.count() == 2


def test_a_guardian_does_not_confirm_the_visit_of_the_own_child(cast, at):
    """The guardian of a child without a phone also shows its code: alone, that would be hours for nobody."""
    world = World(cast, at)
    (shift_id,) = world.shifts(world.library(world.shift("15:00-17:00")))
    world.sign_up(cast.mei, shift_id)
    world.scan(cast.mei, shift_id, "14:50")
    world.scan(cast.mei, shift_id, "17:05")
    zhao = queries.actor_of(operations.person_of_phone(MRS_ZHAO.phone, at=at), at)
    zhao = cast.with_role(zhao, Role.LEADER, f"organization:{cast.station}")
    with pytest.raises(OnlyOwnVisit):
        attendance.confirm(shift_id, by=zhao, at=world.time("17:30"))
    done = attendance.confirm(shift_id, by=cast.wu, at=world.time("17:31"))
    assert (done.visits, done.own_left_out, done.minutes) == (1, 0, 120)


def test_after_a_reset_neither_the_password_nor_a_link_of_a_thief_comes_first(cast, at):
    person_id = cast.wu.known()
    operations.set_password(person_id, "a thief's long password")
    link_identity(person_id, identity_index("https://else.test|thief"), at=at)
    operations.reset_second_factor(person_id, by=cast.loader, at=at, reason="stolen")
    account = queries.account_of(person_id)
    assert account is not None
    assert not account.check_password("a thief's long password")
    assert link_of(person_id) is None
    assert not queries.factors(person_id).has_password
