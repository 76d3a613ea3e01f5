"""Who may see, plan, review and lead what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shanshi.activities import queries
from shanshi.activities.queries import ActivityFacts, ShiftFacts, SignUpFacts
from shanshi.activities.rules.drafts import OrganizersInvalid
from shanshi.activities.rules.shifts import ShiftMissing
from shanshi.activities.rules.sign_ups import NotSignedUp
from shanshi.activities.rules.states import ActivityMissing
from shanshi.foundation.actor import Actor, Role
from shanshi.kernel.errors import Forbidden
from shanshi.registry import queries as registry

_PLANNERS = (Role.MANAGER, Role.LEADER)
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


def plan(actor: Actor, organizers: Sequence[UUID], *, leads_now: UUID | None = None) -> Sequence[UUID]:
    """Return the organizers of an activity that the asker may plan: manager or leader of the leading one.

    organizers  in order, the first leads; none named: the one body that the asker leads
    leads_now   the body that leads already, which the others' people may keep when they change something

    Nobody plans in the name of a body that is not theirs.
    Raises SignInNeeded, OrganizersInvalid: none named, and the asker leads several. Forbidden.
    """
    actor.known()
    if not organizers:
        led = led_organizations(actor)
        if len(led) != 1:
            raise OrganizersInvalid
        return led
    if organizers[0] == leads_now:
        return organizers
    lead = registry.organizations(organizers[:1]).get(organizers[0])
    if lead is None or not _plans(actor, lead.lineage):
        raise Forbidden
    return organizers


def activity_to_see(actor: Actor, activity_id: UUID, *, since: datetime | None = None) -> ActivityFacts:
    """Return an activity: a published one to everybody, a draft to its people and its reviewers.

    since  leave out the shifts that were over by then, with a time zone

    Raises ActivityMissing: there is none, or the asker may not know of it.
    """
    found = queries.activity(activity_id, since=since)
    if not found.is_public and not knows_drafts(actor, found):
        raise ActivityMissing
    return found


def activity_to_change(actor: Actor, activity_id: UUID, *, since: datetime | None = None) -> ActivityFacts:
    """Return an activity that the asker may change, submit, cancel or close: of a body that he plans for.

    since  leave out the shifts that were over by then, with a time zone

    Raises SignInNeeded, ActivityMissing, Forbidden.
    """
    actor.known()
    found = activity_to_see(actor, activity_id, since=since)
    if not _plans_activity(actor, found):
        raise Forbidden
    return found


def activity_to_review(actor: Actor, activity_id: UUID) -> ActivityFacts:
    """Return an activity that the asker may publish or return: of a body below one that he reviews for.

    Raises SignInNeeded, ActivityMissing, Forbidden: also to a reviewer of an organizer itself.
    """
    actor.known()
    found = activity_to_see(actor, activity_id)
    if not _reviews(actor, found):
        raise Forbidden
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
    """Return a shift whose roster and door the asker may run: for its body, or for this shift alone.

    Raises SignInNeeded, ShiftMissing, Forbidden.
    """
    actor.known()
    found = queries.shift(shift_id)
    if not _plans(actor, found.lineage):
        raise Forbidden if found.is_open else ShiftMissing
    return found


def review_places(actor: Actor) -> tuple[str, ...] | None:
    """Return the places below which the asker reviews activities; None for the whole city.

    Raises SignInNeeded; Forbidden: the asker reviews nothing.
    """
    actor.known()
    places = actor.places(Role.REVIEWER)
    if actor.holds(Role.CITY_STAFF, ()) or "city" in places:
        return None
    if not places:
        raise Forbidden
    return places


def led_organizations(actor: Actor) -> list[UUID]:
    """Return the bodies that the asker plans activities for.

    Raises SignInNeeded; Forbidden: the asker plans for nobody.
    """
    actor.known()
    places = actor.places(*_PLANNERS)
    if not places:
        raise Forbidden
    return [UUID(place.removeprefix(_ORGANIZATION)) for place in places if place.startswith(_ORGANIZATION)]


def knows_drafts(actor: Actor, activity: ActivityFacts) -> bool:
    """Whether the asker may see what of an activity is not published: its people, its reviewers, auditors."""
    if actor.person_id is not None and actor.person_id == activity.created_by:
        return True
    return (
        _plans_activity(actor, activity)
        or _reviews(actor, activity)
        or actor.holds(Role.REVIEWER, activity.lineage)
        or actor.holds(Role.AUDITOR, activity.lineage)
    )


def _plans(actor: Actor, lineage: Sequence[str]) -> bool:
    return any(actor.holds(role, lineage) for role in _PLANNERS)


def _plans_activity(actor: Actor, activity: ActivityFacts) -> bool:
    own = [f"{_ORGANIZATION}{organizer.id}" for organizer in activity.organizers]
    return _plans(actor, (*own, *activity.lineage))


def _reviews(actor: Actor, activity: ActivityFacts) -> bool:
    return actor.holds(Role.REVIEWER, activity.parents) or actor.holds(Role.CITY_STAFF, activity.parents)
