"""What the room tells people: the wording of its notices. A leader's own words stand in `messages`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shanshi.kernel.errors import N_
from shanshi.notices.rules import IN_APP_ONLY, Message


def place_offered(activity: str, activity_id: UUID, starts_at: datetime, until: datetime) -> Message:
    """Return what somebody on the waiting list is told for whom a place became free.

    starts_at  of the shift; until: the place is held; both with a zone
    """
    return Message(
        template="activities.place_offered",
        title=N_("A place is free for you"),
        text=N_(
            "{activity}, {starts_at}: a place became free and is held for you until {until}. Accept it on"
            " your page."
        ),
        facts={"activity": activity, "starts_at": starts_at, "until": until},
        url=f"/activities/{activity_id}",
        until=until,
    )


def offer_lapsed(activity: str, activity_id: UUID, starts_at: datetime) -> Message:
    """Return what somebody is told who did not accept in time."""
    return Message(
        template="activities.offer_lapsed",
        title=N_("The place went to the next one"),
        text=N_(
            "{activity}, {starts_at}: you did not accept in time, so the place went on. You can sign up"
            " again."
        ),
        facts={"activity": activity, "starts_at": starts_at},
        url=f"/activities/{activity_id}",
        channels=IN_APP_ONLY,
    )


def shift_cancelled(activity: str, activity_id: UUID, starts_at: datetime, reason: str) -> Message:
    """Return what everybody on a roster or a waiting list is told when one shift is called off.

    starts_at  with a zone; reason: why, in the leader's words
    """
    return Message(
        template="activities.shift_cancelled",
        title=N_("A shift is cancelled"),
        text=N_("{activity}, {starts_at}, is cancelled: {reason}. You need not come."),
        facts={"activity": activity, "starts_at": starts_at, "reason": reason},
        url=f"/activities/{activity_id}",
        until=starts_at,
    )


def shifts_cancelled(activity: str, activity_id: UUID, starts_at: datetime, reason: str) -> Message:
    """Return what everybody is told when several shifts of an activity are called off together.

    starts_at  of the first, with a zone; reason: as in `shift_cancelled`
    """
    return Message(
        template="activities.shifts_cancelled",
        title=N_("Shifts are cancelled"),
        text=N_("{activity}: your shifts from {starts_at} on are cancelled: {reason}. You need not come."),
        facts={"activity": activity, "starts_at": starts_at, "reason": reason},
        url=f"/activities/{activity_id}",
    )


def shift_tomorrow(activity: str, activity_id: UUID, starts_at: datetime, place: str, bring: str) -> Message:
    """Return what everybody with a place is told the evening before.

    starts_at  with a zone; place: where, in words; bring: what to bring; may be empty
    """
    if not bring:
        return Message(
            template="activities.shift_tomorrow",
            title=N_("Tomorrow you serve"),
            text=N_("{activity}, {starts_at}, {place}. If you cannot come, give the place back in time."),
            facts={"activity": activity, "starts_at": starts_at, "place": place},
            url=f"/activities/{activity_id}",
            until=starts_at,
        )
    return Message(
        template="activities.shift_tomorrow_with",
        title=N_("Tomorrow you serve"),
        text=N_(
            "{activity}, {starts_at}, {place}. Bring: {bring}. If you cannot come, give the place back in"
            " time."
        ),
        facts={"activity": activity, "starts_at": starts_at, "place": place, "bring": bring},
        url=f"/activities/{activity_id}",
        until=starts_at,
    )


def submitted(activity: str, activity_id: UUID) -> Message:
    """Return what reviewers are told of an activity that waits for them."""
    return Message(
        template="activities.submitted",
        title=N_("An activity waits for your review"),
        text=N_("{activity} was submitted and waits for a reviewer."),
        facts={"activity": activity},
        url=f"/review/{activity_id}",
        channels=IN_APP_ONLY,
    )


def published(activity: str, activity_id: UUID) -> Message:
    """Return what those are told who planned an activity that was published."""
    return Message(
        template="activities.published",
        title=N_("Published"),
        text=N_("{activity} is published: volunteers can sign up now."),
        facts={"activity": activity},
        url=f"/activities/{activity_id}",
    )


def returned(activity: str, activity_id: UUID, reason: str) -> Message:
    """Return what those are told who planned an activity that was given back. `reason`: why, in words."""
    return Message(
        template="activities.returned",
        title=N_("Returned to you"),
        text=N_("{activity} was returned: {reason}. Change it and submit it again."),
        facts={"activity": activity, "reason": reason},
        url=f"/lead/activities/{activity_id}",
    )
