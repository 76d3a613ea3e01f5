"""Telling people what becomes of their places and of what they planned, each in the change's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from shanshi.activities import models, rules
from shanshi.activities.rules import notices
from shanshi.foundation.actor import Actor
from shanshi.kernel.quantities import CITY_ZONE, city_day
from shanshi.policies import queries as policies
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry.queries import reach


def tell_offered(shift: models.Shift, holder_ids: Collection[UUID], until: datetime, *, at: datetime) -> None:
    """Tell those for whom a place of a shift is held.

    until, at  with a time zone
    """
    if not holder_ids:
        return
    title = _title(shift.activity_id)
    message = notices.place_offered(title, shift.activity_id, shift.starts_at, until)
    registry.tell(holder_ids, message, key=f"place_offered:{shift.id}:{at.isoformat()}", at=at)


def tell_lapsed(shift: models.Shift, holder_ids: Collection[UUID], *, at: datetime) -> None:
    """Tell those whose offered place went on to the next one.

    at  with a time zone
    """
    if not holder_ids:
        return
    message = notices.offer_lapsed(_title(shift.activity_id), shift.activity_id, shift.starts_at)
    registry.tell(holder_ids, message, key=f"offer_lapsed:{shift.id}:{at.isoformat()}", at=at)


def tell_cancelled(activity_id: UUID, shift_ids: Sequence[UUID], *, reason: str, at: datetime) -> None:
    """Tell everybody who is signed up for shifts that are called off now; each once, whatever their number.

    at  with a time zone; call it before the sign-ups end
    """
    rows = models.SignUp.objects.filter(
        activity_id=activity_id, shift_id__in=shift_ids, state__in=rules.LIVE, ends_at__gt=at
    ).values_list("holder_id", "starts_at")
    starts: dict[UUID, list[datetime]] = {}
    for holder_id, starts_at in rows:
        starts.setdefault(holder_id, []).append(starts_at)
    if not starts:
        return
    title = _title(activity_id)
    groups: dict[tuple[datetime, bool], list[UUID]] = {}
    for holder_id, moments in starts.items():
        groups.setdefault((min(moments), len(moments) > 1), []).append(holder_id)
    for (first, several), holder_ids in groups.items():
        worded = notices.shifts_cancelled if several else notices.shift_cancelled
        key = f"cancelled:{activity_id}:{at.isoformat()}"
        registry.tell(holder_ids, worded(title, activity_id, first, reason), key=key, at=at)


def tell_reviewers(row: models.Activity, *, by: Actor, at: datetime) -> None:
    """Tell the reviewers of the bodies above that an activity waits for them; on their lists alone.

    by  who submitted it, and is not told
    at  with a time zone
    """
    body = people.organization(row.lead_organization_id)
    holders = reach.reviewers_at(body.lineage[1:], city_day(at))
    own = reach.holders([by.known()])
    key = f"submitted:{row.id}:{at.isoformat()}"
    registry.tell(set(holders) - set(own), notices.submitted(row.title, row.id), key=key, at=at)


def tell_planners(row: models.Activity, step: str, *, reason: str = "", by: Actor, at: datetime) -> None:
    """Tell those who made and submitted an activity that it was published or returned.

    step  "publish" or "return"
    by    the reviewer, who is not told
    at    with a time zone
    """
    planners = {row.created_by, row.submitted_by} - {None, by.known()}
    published = step == "publish"
    message = (
        notices.published(row.title, row.id) if published else notices.returned(row.title, row.id, reason)
    )
    holders = reach.holders(one for one in planners if one is not None)
    registry.tell(holders, message, key=f"{step}:{row.id}:{at.isoformat()}", at=at)


def remind(*, at: datetime) -> int:
    """Tell everybody who has a place on a shift of tomorrow, and return how many were told; each once.

    at  with a time zone; before the hour of the policy nobody is told yet, and a run that comes late, or
        comes again, tells those who were not told

    One transaction for each shift. Source: policy "notices", reminder_hour.
    """
    here = at.astimezone(CITY_ZONE)
    if here.hour < policies.in_force("notices", here.date()).values["reminder_hour"]:
        return 0
    first = datetime.combine(here.date() + timedelta(days=1), time(), CITY_ZONE)
    shifts = models.Shift.objects.filter(
        starts_at__gte=first,
        starts_at__lt=first + timedelta(days=1),
        published_at__isnull=False,
        cancelled_at__isnull=True,
        taken__gt=0,
    ).select_related("activity")
    return sum(_remind(shift, at) for shift in shifts.order_by("starts_at", "id").iterator(500))


@transaction.atomic
def _remind(shift: models.Shift, at: datetime) -> int:
    # Whoever has it cancelled at this moment waits for us, or we find it cancelled.
    stands = models.Shift.objects.select_for_update(no_key=True).filter(
        activity_id=shift.activity_id, id=shift.id, cancelled_at__isnull=True, starts_at=shift.starts_at
    )
    if not stands.exists():
        return 0
    activity = shift.activity
    holders: Iterable[UUID] = models.SignUp.objects.filter(
        activity_id=shift.activity_id, shift_id=shift.id, state=rules.SignUpState.PLACED
    ).values_list("holder_id", flat=True)
    message = notices.shift_tomorrow(
        activity.title, activity.id, shift.starts_at, activity.place_text, activity.bring
    )
    key = f"tomorrow:{shift.id}:{shift.starts_at.isoformat()}"
    return registry.tell(holders, message, key=key, at=at)


def _title(activity_id: UUID) -> str:
    return models.Activity.objects.values_list("title", flat=True).get(id=activity_id)
