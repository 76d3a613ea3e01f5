"""Who may see or change what about people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.permissions import Permission, Reach, Who
from shanshi.kernel.errors import Forbidden, Missing
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.registry import queries
from shanshi.registry.queries import InvitationFacts, OrganizationFacts, TeamFacts, WardFacts
from shanshi.registry.rules import AlreadyRegistered, OrganizationKind, WardUnconfirmed, bodies

MYSELF = Permission("account", "see, change, give up", frozenset({Who.SELF}), note="Also without a number.")
REGISTER = Permission(
    "volunteer", "register", frozenset({Who.SIGNED_IN}), note="Who is not registered; only oneself."
)


def _given_by(role: Role, **givers: Reach) -> Permission:
    return Permission(
        f"role {role.value}",
        "give, end",
        roles={Role(giver): reach for giver, reach in givers.items()},
        note="With a reason, from a day to a day, and never to oneself.",
    )


HERE, ABOVE = Reach.HERE, Reach.ABOVE
# Who gives and ends which role; where a role may be held at all stands in `rules.roles`.
GIVE_ROLE: Mapping[Role, Permission] = {
    Role.CITY_STAFF: _given_by(Role.CITY_STAFF, city_staff=HERE),
    Role.DIVISION_STAFF: _given_by(Role.DIVISION_STAFF, city_staff=HERE, division_staff=ABOVE),
    Role.REVIEWER: _given_by(Role.REVIEWER, city_staff=HERE, division_staff=HERE, manager=ABOVE),
    Role.MANAGER: _given_by(Role.MANAGER, city_staff=HERE, division_staff=HERE, manager=ABOVE),
    Role.LEADER: _given_by(Role.LEADER, city_staff=HERE, division_staff=HERE, manager=HERE),
    Role.CASHIER: _given_by(Role.CASHIER, city_staff=HERE, division_staff=HERE, manager=HERE),
    Role.BANK_CLERK: _given_by(Role.BANK_CLERK, city_staff=HERE, manager=HERE),
    Role.AUDITOR: _given_by(Role.AUDITOR, city_staff=HERE),
}
SEE_ROLES = Permission(
    "role",
    "see who holds it",
    roles={Role.CITY_STAFF: HERE, Role.DIVISION_STAFF: HERE, Role.MANAGER: HERE, Role.AUDITOR: HERE},
    note="At the place of one's role and below, with masked names.",
)
LOOK_AT_NAMES = Permission(
    "identity",
    "look at unmasked",
    roles={Role.CITY_STAFF: HERE, Role.MANAGER: HERE, Role.LEADER: HERE},
    note="With a purpose; each look is written down and shown to the person. A roster opens names"
    " to its leaders from publication until some days after the shift.",
)
SEE_LOOKS = Permission(
    "look at an identity", "see", frozenset({Who.SELF}), note="Who looked at one's own, when and why."
)
CONSENT = Permission(
    "consent",
    "see, give, withdraw",
    frozenset({Who.VOLUNTEER}),
    note="One's own. Below 14 all of them, and until 18 the consent to volunteer, are the guardian's.",
)
GUARD = Permission(
    "ward",
    "see, agree for, sign up, end",
    frozenset({Who.GUARDIAN}),
    note="Known by the phone that proved the consent, until the eighteenth birthday.",
)
READ_LOOKS = Permission(
    "log of looks at identities",
    "read",
    roles={Role.AUDITOR: HERE},
    note="Who looked at whom, as what and why; volunteer numbers, never what was seen.",
)
DECIDE_FOR_CITY = Permission(
    "proposal of power over the city, reset of second factors",
    "make, approve, refuse",
    roles={Role.CITY_STAFF: HERE},
    note="Approved or refused by another person than who made it, and never about oneself.",
)
READ_TRAIL = Permission(
    "trail of staff",
    "read",
    roles={Role.CITY_STAFF: HERE, Role.AUDITOR: HERE},
    note="What was changed, by whom and why; without identities.",
)
MANAGE_ORGANIZATIONS = Permission(
    "organization, team",
    "make",
    roles={Role.CITY_STAFF: HERE, Role.DIVISION_STAFF: HERE, Role.MANAGER: HERE},
    note="At the place of the role and below.",
)
CHANGE_ORGANIZATION = Permission(
    "organization",
    "change",
    roles={Role.CITY_STAFF: HERE, Role.DIVISION_STAFF: HERE, Role.MANAGER: Reach.ABOVE},
    note="Name, kind and credit code; a body's own manager does not rename it.",
)
MOVE_ORGANIZATION = Permission(
    "organization",
    "put under another parent",
    roles={Role.CITY_STAFF: HERE, Role.DIVISION_STAFF: HERE},
    note="Above both places; with a reason, and everything below it moves too.",
)
MAKE_OFFICIAL = Permission(
    "office of the League, the Party or the government",
    "make, rename",
    roles={Role.CITY_STAFF: HERE, Role.DIVISION_STAFF: HERE},
    note="What a body is called here is believed outside.",
)
MAKE_BANK = Permission(
    "bank",
    "make, rename",
    roles={Role.CITY_STAFF: HERE},
    note="Its clerks may ask what volunteers consented to.",
)
CHANGE_TEAM = Permission(
    "team",
    "rename",
    roles={Role.CITY_STAFF: HERE, Role.DIVISION_STAFF: HERE, Role.MANAGER: HERE},
    note="Of the organization and those below.",
)
TEND_MEMBERS = Permission(
    "member",
    "put into a team, let go",
    roles={Role.CITY_STAFF: HERE, Role.DIVISION_STAFF: HERE, Role.MANAGER: HERE},
    note="Of the organization and those below; letting go with a reason.",
)
KEEP_MEMBERS = Permission(
    "member",
    "see, add",
    roles={Role.CITY_STAFF: HERE, Role.DIVISION_STAFF: HERE, Role.MANAGER: HERE},
    note="Of the organization and those below; with masked names.",
)

INVITATION = Permission(
    "invitation to an organization",
    "see, accept, decline",
    frozenset({Who.SELF}),
    note="One's own; until it is accepted, nothing of one's own opens to the organization.",
)


def myself(actor: Actor) -> UUID:
    """Return the person who asks about themself.

    Raises SignInNeeded.
    """
    return actor.known()


def may_register(actor: Actor) -> UUID:
    """Return the person who registers themself as a volunteer.

    Raises SignInNeeded; AlreadyRegistered.
    """
    person_id = actor.known()
    if actor.holder_id is not None:
        raise AlreadyRegistered
    return person_id


def may_grant(actor: Actor, role: Role, lineage: Iterable[str]) -> None:
    """Return nothing: the actor may give or end this role at this place.

    lineage  the place of the role and all places above it, the lowest first

    Raises SignInNeeded, Forbidden: no role of the actor gives it there, as `GIVE_ROLE` says.
    """
    GIVE_ROLE[role].check(actor, lineage)


def may_see_roles(actor: Actor) -> tuple[str, ...]:
    """Return the places at which, and below which, the actor may see who holds which role.

    Raises SignInNeeded, Forbidden.
    """
    return SEE_ROLES.somewhere(actor)


def may_look_at_names(actor: Actor, lineage: Iterable[str]) -> None:
    """Return nothing: the actor may see real names of people at a place, and the look is written down.

    lineage  the place and all places above it, the lowest first

    Raises SignInNeeded, Forbidden: only leaders, managers and the city's staff may; no auditor.
    """
    LOOK_AT_NAMES.check(actor, lineage)


def may_read_trail(actor: Actor) -> None:
    """Return nothing: the actor may read the trail of staff.

    Raises SignInNeeded, Forbidden: only auditors and the city's staff may.
    """
    READ_TRAIL.check(actor)


def may_read_looks(actor: Actor) -> None:
    """Return nothing: the actor may read who looked at whose identity.

    Raises SignInNeeded, Forbidden: only auditors may.
    """
    READ_LOOKS.check(actor)


def may_decide_for_city(actor: Actor) -> None:
    """Return nothing: the actor may propose and decide what reaches over the whole city.

    That it is never the same person is kept by foundation.proposals.

    Raises SignInNeeded, Forbidden: only the city's staff may.
    """
    DECIDE_FOR_CITY.check(actor)


def organizations_to_keep(actor: Actor) -> list[OrganizationFacts]:
    """Return the organizations at which the actor is a manager, by name; those below each open by address."""
    prefix = "organization:"
    places = [place for place in actor.places(Role.MANAGER) if place.startswith(prefix)]
    found = queries.organizations(UUID(place.removeprefix(prefix)) for place in places)
    return sorted(found.values(), key=lambda one: (one.name, one.id))


def organization_to_keep(actor: Actor, organization_id: UUID) -> OrganizationFacts:
    """Return an organization whose members the actor keeps.

    Raises SignInNeeded, Forbidden; Missing.
    """
    return _organization(actor, organization_id, KEEP_MEMBERS)


def organization_to_change(actor: Actor, organization_id: UUID) -> OrganizationFacts:
    """Return an organization of which the actor may change what it says of itself.

    Raises SignInNeeded, Forbidden: also to its own manager; Missing.
    """
    return _organization(actor, organization_id, CHANGE_ORGANIZATION)


def organization_to_move(actor: Actor, organization_id: UUID) -> OrganizationFacts:
    """Return an organization that the actor may put under another parent.

    Raises SignInNeeded, Forbidden; Missing.
    """
    return _organization(actor, organization_id, MOVE_ORGANIZATION)


def organization_to_build_on(actor: Actor, organization_id: UUID) -> OrganizationFacts:
    """Return an organization below which the actor may make others, and in which he may make teams.

    Raises SignInNeeded, Forbidden; Missing.
    """
    return _organization(actor, organization_id, MANAGE_ORGANIZATIONS)


def division_to_build_in(actor: Actor, code: str, *, at: datetime) -> tuple[str, ...]:
    """Return the lineage of a division directly below which the actor may make organizations.

    code  GB/T 2260
    at    with a time zone

    Raises SignInNeeded, Forbidden; places.DivisionUnknown.
    """
    actor.known()
    lineage = places.lineage_near(code, city_day(at))
    MANAGE_ORGANIZATIONS.check(actor, lineage)
    return lineage


def organization_to_tend(actor: Actor, organization_id: UUID) -> OrganizationFacts:
    """Return an organization whose members the actor puts into teams and lets go.

    Raises SignInNeeded, Forbidden; Missing.
    """
    return _organization(actor, organization_id, TEND_MEMBERS)


def team_to_change(actor: Actor, organization_id: UUID, team_id: UUID) -> TeamFacts:
    """Return a team of an organization that the actor may rename.

    Raises SignInNeeded, Forbidden; Missing: no such team there.
    """
    actor.known()
    CHANGE_TEAM.check(actor, queries.organization(organization_id).lineage)
    found = queries.teams_of_ids([team_id]).get(team_id)
    if found is None or found.organization_id != organization_id:
        raise Missing
    return found


def may_make_kind(actor: Actor, kind: str, lineage: Iterable[str]) -> None:
    """Return nothing: the actor may call a body by this kind at a place.

    lineage  of the place where it is or will be, the lowest first

    Raises SignInNeeded, Forbidden: offices are named by offices, banks by the city's staff.
    """
    if kind == OrganizationKind.BANK:
        MAKE_BANK.check(actor, lineage)
    elif kind in bodies.OFFICIAL_KINDS:
        MAKE_OFFICIAL.check(actor, lineage)


def kinds_to_make(actor: Actor, lineage: Sequence[str]) -> list[OrganizationKind]:
    """Return the kinds by which the actor may call a body at a place, in their order; as `may_make_kind`."""
    needed = dict.fromkeys(bodies.OFFICIAL_KINDS, MAKE_OFFICIAL) | {OrganizationKind.BANK: MAKE_BANK}
    return [one for one in OrganizationKind if one not in needed or needed[one].by_role(actor, lineage)]


def own_invitations(actor: Actor) -> list[InvitationFacts]:
    """Return the invitations that wait for the actor's own answer; none for who is no volunteer.

    Raises SignInNeeded.
    """
    actor.known()
    return queries.invitations(actor.holder_id) if actor.holder_id is not None else []


def own_invitation(actor: Actor, invitation_id: UUID) -> InvitationFacts:
    """Return one invitation that waits for the actor's own answer.

    Raises SignInNeeded; Missing.
    """
    for one in own_invitations(actor):
        if one.id == invitation_id:
            return one
    raise Missing


def may_manage(actor: Actor, lineage: Iterable[str]) -> None:
    """Return nothing: the actor may make organizations and teams below a place.

    lineage  the place and all places above it, the lowest first

    Raises SignInNeeded, Forbidden.
    """
    MANAGE_ORGANIZATIONS.check(actor, lineage)


def own_consents(actor: Actor) -> UUID:
    """Return the holder whose consents the actor gives and withdraws: its own.

    Raises SignInNeeded; Forbidden: the person is not a registered volunteer.
    """
    return actor.volunteer()


def ward_to_guard(
    actor: Actor, holder_id: UUID, *, at: datetime, is_open: bool = True, acts: bool = False
) -> WardFacts:
    """Return a minor whose guardian the actor is, known by the phone of the actor's own account.

    at       with a time zone; from the eighteenth birthday there is nothing to guard
    is_open  whether the guardian's consent must stand; without it the guardian sees only the way back
    acts     whether the guardian acts in the minor's place, which is for those who do not sign in themselves

    Raises SignInNeeded; WardUnconfirmed: the actor has first to show to know the minor; Missing: no such
    minor, of age, or the consent is withdrawn; Forbidden.
    """
    found = next((one for one in queries.wards(actor.known(), at=at) if one.holder_id == holder_id), None)
    if found is None:
        ward_to_confirm(actor, holder_id, at=at)
        raise WardUnconfirmed
    if is_open and not found.is_open:
        raise Missing
    if acts and found.signs_in:
        raise Forbidden
    return found


def ward_to_confirm(actor: Actor, holder_id: UUID, *, at: datetime) -> bool:
    """Return whether the actor has still to show to know a minor whose guardian's phone the actor has.

    at  as in `ward_to_guard`

    Raises SignInNeeded; Missing: no such minor of this phone, or of age.
    """
    person_id = actor.known()
    if holder_id in queries.unconfirmed_wards(person_id, at=at):
        return True
    queries.ward(person_id, holder_id, at=at)
    return False


def _organization(actor: Actor, organization_id: UUID, permission: Permission) -> OrganizationFacts:
    actor.known()
    found = queries.organization(organization_id)
    permission.check(actor, found.lineage)
    return found
