"""Who may see, plan, review and lead what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shanshi.activities import queries
from shanshi.activities.queries import (
    ActivityFacts,
    BoothDoor,
    ProgramFacts,
    ProjectFacts,
    ShiftFacts,
    SignUpFacts,
    TemplateFacts,
)
from shanshi.activities.rules.booths import BoothMissing
from shanshi.activities.rules.drafts import OrganizersInvalid
from shanshi.activities.rules.shifts import ShiftMissing
from shanshi.activities.rules.sign_ups import NotSignedUp
from shanshi.activities.rules.states import ActivityMissing
from shanshi.foundation.actor import CITY, Actor, Role
from shanshi.foundation.permissions import Permission, Reach, Who
from shanshi.registry import queries as registry

SIGN_UP = Permission("sign-up", "make, accept, withdraw", frozenset({Who.VOLUNTEER}), note="Only one's own.")
SEE_SIGN_UP = Permission("sign-up", "see", frozenset({Who.SELF}))
LIST_SIGN_UPS = Permission("sign-up", "list", frozenset({Who.VOLUNTEER}), note="Only one's own.")
SEE_ACTIVITY = Permission("activity", "see", frozenset({Who.EVERYBODY}), note="Once it is published.")
SEE_DRAFT = Permission(
    "activity",
    "see as a draft",
    frozenset({Who.SELF}),
    {
        Role.CITY_STAFF: Reach.HERE,
        Role.DIVISION_STAFF: Reach.HERE,
        Role.REVIEWER: Reach.HERE,
        Role.MANAGER: Reach.HERE,
        Role.LEADER: Reach.HERE,
        Role.AUDITOR: Reach.HERE,
    },
    note="Whoever made it sees it too; to everybody else it is not there.",
)
PLAN_ACTIVITY = Permission(
    "activity",
    "plan, change, submit, cancel, close",
    roles={Role.MANAGER: Reach.HERE, Role.LEADER: Reach.HERE},
    note="At the team in whose name it is, at the organization, or above.",
)
REVIEW_ACTIVITY = Permission(
    "activity",
    "publish, return",
    roles={Role.CITY_STAFF: Reach.ABOVE, Role.DIVISION_STAFF: Reach.ABOVE, Role.REVIEWER: Reach.ABOVE},
    note="Above every organizer, and never by anybody who made, changed or submitted it.",
)
SEE_ROSTER = Permission(
    "roster", "see", roles={Role.MANAGER: Reach.HERE, Role.LEADER: Reach.HERE}, note="With masked names."
)
SEE_DESK = Permission(
    "desk of activities",
    "see",
    roles={Role.DIVISION_STAFF: Reach.HERE, Role.MANAGER: Reach.HERE, Role.LEADER: Reach.HERE},
    note="What is at the place of the role and below.",
)
KEEP_PROGRAM = Permission(
    "program",
    "make, change",
    roles={Role.CITY_STAFF: Reach.HERE, Role.DIVISION_STAFF: Reach.HERE, Role.MANAGER: Reach.HERE},
    note="At the organizer that is named first, or above; its projects and its figures too.",
)
RUN_BOOTH = Permission(
    "booth",
    "run its door",
    roles={Role.MANAGER: Reach.HERE, Role.LEADER: Reach.HERE},
    note="At the event's organization or team, at the booth's own organization, or above.",
)
GIVE_SUBSTITUTE = Permission(
    "substitute leader of one shift",
    "give, end",
    roles={Role.CITY_STAFF: Reach.ABOVE, Role.MANAGER: Reach.ABOVE, Role.LEADER: Reach.ABOVE},
    note="Until the shift is over, never to oneself; who leads one shift alone passes it on to nobody.",
)
_ORGANIZATION = "organization:"


def volunteer(actor: Actor) -> UUID:
    """Return the holder who may sign up, withdraw and accept: the asker alone, for nobody else.

    Raises SignInNeeded; Forbidden: the person is not a registered volunteer.
    """
    return actor.volunteer()


def own_sign_up(actor: Actor, shift_id: UUID) -> SignUpFacts:
    """Return the asker's live sign-up for a shift.

    Raises SignInNeeded, Forbidden, NotSignedUp.
    """
    found = queries.sign_up(shift_id, actor.volunteer())
    if found is None:
        raise NotSignedUp
    return found


def plan(
    actor: Actor,
    organizers: Sequence[UUID],
    *,
    team_id: UUID | None = None,
    leads_now: UUID | None = None,
    team_now: UUID | None = None,
) -> Sequence[UUID]:
    """Return the organizers of an activity that the asker may plan: for the leading one, or for its team.

    organizers           in order, the first leads; none named: the one body that the asker leads
    team_id              the team of the first in whose name it is; whoever leads that team alone names it
    leads_now, team_now  the body and team that have it already, which the others' people may keep

    Nobody plans in the name of a body or a team that is not theirs.
    Raises SignInNeeded, OrganizersInvalid: none named, and the asker leads several. Forbidden.
    """
    actor.known()
    if not organizers:
        led = led_organizations(actor)
        if len(led) != 1:
            raise OrganizersInvalid
        return led
    if (organizers[0], team_id) == (leads_now, team_now):
        return organizers
    lead = registry.organizations(organizers[:1]).get(organizers[0])
    lineage = lead.lineage if lead is not None else ()
    team = registry.teams_of_ids([team_id]).get(team_id) if team_id is not None else None
    if team is not None and team.organization_id == organizers[0]:
        lineage = (team.place, *lineage)
    PLAN_ACTIVITY.check(actor, lineage)
    return organizers


def activity_to_see(actor: Actor, activity_id: UUID, *, since: datetime | None = None) -> ActivityFacts:
    """Return an activity: a published one to everybody, a draft to its people and its reviewers.

    since  leave out the shifts that were over by then, with a time zone

    Raises ActivityMissing: there is none, or the asker may not know of it; SecondFactorNeeded.
    """
    found = queries.activity(activity_id, since=since)
    if not found.is_public and not knows_drafts(actor, found):
        raise SEE_DRAFT.refusal(actor, _own_places(found), ActivityMissing())
    return found


def activity_to_change(actor: Actor, activity_id: UUID, *, since: datetime | None = None) -> ActivityFacts:
    """Return an activity that the asker may change, submit, cancel or close: of a body that he plans for.

    since  leave out the shifts that were over by then, with a time zone

    Raises SignInNeeded, ActivityMissing, Forbidden.
    """
    actor.known()
    found = activity_to_see(actor, activity_id, since=since)
    PLAN_ACTIVITY.check(actor, _own_places(found))
    return found


def activity_to_review(actor: Actor, activity_id: UUID) -> ActivityFacts:
    """Return an activity that the asker may publish or return: of a body below one that he reviews for.

    Raises SignInNeeded, ActivityMissing, Forbidden: also to a reviewer of an organizer itself.
    """
    actor.known()
    found = activity_to_see(actor, activity_id)
    REVIEW_ACTIVITY.check(actor, (_ORGANIZATION, *found.parents))
    return found


def shift_to_change(actor: Actor, shift_id: UUID) -> ShiftFacts:
    """Return a shift of an activity that the asker may change.

    Raises SignInNeeded, ShiftMissing, Forbidden.
    """
    actor.known()
    found = queries.shift(shift_id)
    try:
        activity_to_change(actor, found.activity_id)
    except ActivityMissing as missing:
        raise ShiftMissing from missing
    return found


def shift_to_lead(actor: Actor, shift_id: UUID) -> ShiftFacts:
    """Return a shift whose roster the asker may see: for its body or team, or for this shift alone.

    Raises SignInNeeded, ShiftMissing, Forbidden.
    """
    actor.known()
    found = queries.shift(shift_id)
    if not SEE_ROSTER.by_role(actor, found.lineage):
        raise SEE_ROSTER.refusal(actor, found.lineage, None if found.is_open else ShiftMissing())
    return found


def review_places(actor: Actor) -> tuple[str, ...] | None:
    """Return the places below which the asker reviews activities; None for the whole city.

    Raises SignInNeeded; Forbidden: the asker reviews nothing.
    """
    places = REVIEW_ACTIVITY.somewhere(actor)
    return None if CITY in places else places


def desk(actor: Actor) -> tuple[str, ...]:
    """Return the places whose activities and shifts, there and below, stand on the asker's desk.

    Raises SignInNeeded; Forbidden: the asker has no desk.
    """
    return SEE_DESK.somewhere(actor)


def shift_to_substitute(actor: Actor, shift_id: UUID) -> ShiftFacts:
    """Return a shift whose lead the asker may give to somebody for this once, and end again.

    Raises SignInNeeded, ShiftMissing, Forbidden.
    """
    actor.known()
    found = queries.shift(shift_id)
    if not GIVE_SUBSTITUTE.by_role(actor, found.lineage):
        raise GIVE_SUBSTITUTE.refusal(actor, found.lineage, None if found.is_open else ShiftMissing())
    return found


def template_to_use(actor: Actor, template_id: UUID) -> TemplateFacts:
    """Return a template of an organization that the asker plans for; its teams' leaders use it too.

    Raises SignInNeeded, TemplateMissing, Forbidden.
    """
    actor.known()
    found = queries.template(template_id)
    own = registry.teams_of_ids(queries.ids_of("team", PLAN_ACTIVITY.places(actor))).values()
    below = [team.place for team in own if team.organization_id == found.organization_id]
    PLAN_ACTIVITY.check(actor, (*below, *found.lineage))
    return found


def template_to_remove(actor: Actor, template_id: UUID) -> TemplateFacts:
    """Return a template of an organization that the asker plans for.

    Raises SignInNeeded, TemplateMissing, Forbidden.
    """
    actor.known()
    found = queries.template(template_id)
    PLAN_ACTIVITY.check(actor, found.lineage)
    return found


def plans(actor: Actor) -> bool:
    """Whether the asker plans activities anywhere; who leads single shifts alone plans none."""
    return any(not place.startswith("shift:") for place in PLAN_ACTIVITY.places(actor))


def led_organizations(actor: Actor) -> list[UUID]:
    """Return the bodies that the asker plans activities for.

    Raises SignInNeeded; Forbidden: the asker plans for nobody.
    """
    return queries.ids_of("organization", PLAN_ACTIVITY.somewhere(actor))


def led_teams(actor: Actor) -> list[UUID]:
    """Return the teams in whose names alone the asker plans activities.

    Raises SignInNeeded; Forbidden: the asker plans for nobody.
    """
    return queries.ids_of("team", PLAN_ACTIVITY.somewhere(actor))


def knows_drafts(actor: Actor, activity: ActivityFacts) -> bool:
    """Whether the asker may see what of an activity is not published: its people, its reviewers, auditors."""
    if actor.person_id is not None and actor.person_id == activity.created_by:
        return True
    return SEE_DRAFT.by_role(actor, _own_places(activity))


def _own_places(activity: ActivityFacts) -> tuple[str, ...]:
    own = (f"{_ORGANIZATION}{organizer.id}" for organizer in activity.organizers)
    return (*activity.lineage, *own)


def program_to_keep(actor: Actor, program_id: UUID) -> ProgramFacts:
    """Return a program that the asker may change: of an organizer that he runs, or below.

    Raises SignInNeeded, ProgramMissing, Forbidden.
    """
    actor.known()
    found = queries.program(program_id)
    KEEP_PROGRAM.check(actor, _first_lineage(found.organizers))
    return found


def organizers_to_name(actor: Actor, organizers: Sequence[UUID]) -> Sequence[UUID]:
    """Return the organizers of a program that the asker may make: the first is one that he runs, or below.

    Raises SignInNeeded, Forbidden.
    """
    KEEP_PROGRAM.check(actor, _first_lineage(organizers))
    return organizers


def project_to_keep(actor: Actor, project_id: UUID) -> ProjectFacts:
    """Return a project that the asker may change: of a body that he runs, or of a program that he keeps.

    Raises SignInNeeded, ProjectMissing, Forbidden.
    """
    actor.known()
    found = queries.project(project_id)
    lineage = _first_lineage([found.organization_id])
    if found.program_id is not None and not KEEP_PROGRAM.by_role(actor, lineage):
        lineage = (*lineage, *_first_lineage(queries.program(found.program_id).organizers))
    KEEP_PROGRAM.check(actor, lineage)
    return found


def keeps_program(actor: Actor, program: ProgramFacts) -> bool:
    """Whether the asker may change a program."""
    return KEEP_PROGRAM.by_role(actor, _first_lineage(program.organizers))


def keeps_programs(actor: Actor) -> bool:
    """Whether the asker may make a program somewhere."""
    return bool(KEEP_PROGRAM.places(actor))


def booth_places(actor: Actor) -> tuple[str, ...]:
    """Return the places at which, and below which, the asker runs the doors of booths.

    Raises SignInNeeded; Forbidden: the asker runs none.
    """
    return RUN_BOOTH.somewhere(actor)


def booth_to_run(actor: Actor, booth_id: UUID) -> BoothDoor:
    """Return a booth whose door the asker may run: of an event that he leads, or of his own body.

    Raises SignInNeeded, BoothMissing: also where the event is no public one of his; Forbidden.
    """
    actor.known()
    found = queries.booth(booth_id)
    lineage = (*found.lineage, *found.keepers)
    if not RUN_BOOTH.by_role(actor, lineage):
        raise RUN_BOOTH.refusal(actor, lineage, None if found.is_public else BoothMissing())
    return found


def booth_to_change(actor: Actor, booth_id: UUID) -> BoothDoor:
    """Return a booth that the asker may change or take away: of an event that he plans.

    Raises SignInNeeded, BoothMissing, Forbidden.
    """
    actor.known()
    found = queries.booth(booth_id)
    if not PLAN_ACTIVITY.by_role(actor, found.lineage):
        raise PLAN_ACTIVITY.refusal(actor, found.lineage, None if found.is_public else BoothMissing())
    return found


def _first_lineage(organizers: Sequence[UUID]) -> tuple[str, ...]:
    body = registry.organizations(organizers[:1]).get(organizers[0]) if organizers else None
    return body.lineage if body is not None else ()
