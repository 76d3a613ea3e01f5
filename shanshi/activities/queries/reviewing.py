"""What waits for a reviewer, since when, and what would keep it from being published. Never writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from shanshi.activities import models, rules
from shanshi.activities.queries.facts import ActivityFacts, ShiftFacts
from shanshi.activities.rules import ActivityState
from shanshi.activities.rules.drafts import ShiftsMissing
from shanshi.activities.rules.finding import words
from shanshi.foundation import audit
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.registry import queries as registry

# A desk works from the top; behind so many the rest stays hidden until some are answered.
MOST: Final = 500
# Whoever did one of these to an activity or a shift does not review it.
HANDS: Final = tuple(
    f"activities.{step}" for step in ("create", "change", "submit", "add_shifts", "change_shift")
)
_ORGANIZATION: Final = "organization:"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An activity that waits for a reviewer.

    is_added     it is public already: only shifts that were added or moved since wait
    waits_since  when it was submitted, or when the first of these shifts was added or moved
    starts_at    the first shift that waits; None without any
    shifts       how many wait
    is_own       the asker had a hand in it, so another person reviews it
    """

    activity_id: UUID
    title: str
    is_added: bool
    organization_id: UUID
    organization_name: str
    division_code: str
    waits_since: datetime
    starts_at: datetime | None
    shifts: int
    is_own: bool


def reviews_waiting(
    places: Collection[str] | None, *, text: str = "", person_id: UUID | None = None
) -> list[Waiting]:
    """Return what waits for a reviewer, the longest waiting first: submitted, or with shifts added since.

    places     where the asker reviews: places above the leading organizer; None for the whole city
    text       words of the title, the place or an organizer, in any order
    person_id  who asks, for `is_own`

    Six queries at most, however many wait; at most MOST are found.
    """
    added = models.Shift.objects.filter(
        activity_id=OuterRef("id"), published_at__isnull=True, cancelled_at__isnull=True
    )
    rows = models.Activity.objects.only(
        "id", "title", "state", "lead_organization_id", "division_code", "submitted_at", "submitted_by",
        "created_by", "created_at",
    ).filter(Q(state=ActivityState.SUBMITTED) | Q(Exists(added), state=ActivityState.PUBLISHED))  # fmt: skip
    if places is not None:
        rows = rows.filter(lead_organization__lineage__overlap=list(places))
    for word in words(text):
        rows = rows.filter(find_text__contains=word)
    found = list(rows.order_by("submitted_at", "id")[:MOST])
    bodies = registry.organizations({row.lead_organization_id for row in found})
    if places is not None:
        found = _below(found, {key: body.parents for key, body in bodies.items()}, set(places))
    shifts = _shifts_waiting([row.id for row in found])
    moved = _moved(found, shifts)
    own = _own(found, shifts, person_id)
    lines = [
        Waiting(
            activity_id=row.id,
            title=row.title,
            is_added=row.state == ActivityState.PUBLISHED,
            organization_id=row.lead_organization_id,
            organization_name=bodies[row.lead_organization_id].name,
            division_code=row.division_code,
            waits_since=_since(row, shifts[row.id], moved),
            starts_at=min((shift.starts_at for shift in shifts[row.id]), default=None),
            shifts=len(shifts[row.id]),
            is_own=row.id in own,
        )
        for row in found
    ]
    return sorted(lines, key=lambda line: (line.waits_since, line.activity_id))


def lacks(activity: ActivityFacts, values: Mapping[str, Any]) -> tuple[DomainError, ...]:
    """Return everything that keeps an activity from being published; empty if nothing does.

    values  of the policy "publication" in force
    """
    planned = [shift for shift in activity.shifts if shift.cancelled_at is None]
    if not planned:
        return (ShiftsMissing(),)
    return rules.missing_for_publication(_publication_facts(activity, planned), values)


def shifts_to_review(activity: ActivityFacts) -> tuple[ShiftFacts, ...]:
    """Return the shifts of an activity that wait for a reviewer, in their order."""
    return tuple(one for one in activity.shifts if one.published_at is None and one.cancelled_at is None)


def waits(activity: ActivityFacts) -> bool:
    """Whether a reviewer has to decide about an activity: it is submitted, or public with new shifts."""
    if activity.state is ActivityState.SUBMITTED:
        return True
    return activity.state is ActivityState.PUBLISHED and bool(shifts_to_review(activity))


def had_a_hand(activity: ActivityFacts, person_id: UUID) -> bool:
    """Whether somebody planned, changed or submitted what waits, so that another person reviews it."""
    waiting = shifts_to_review(activity)
    if person_id in {activity.created_by, activity.submitted_by, *(one.created_by for one in waiting)}:
        return True
    things = [f"activity:{activity.id}", *(f"shift:{one.id}" for one in waiting)]
    return audit.had_a_hand(person_id, things, HANDS)


def _publication_facts(activity: ActivityFacts, planned: Sequence[ShiftFacts]) -> dict[str, Any]:
    return {
        "risk_kinds": activity.risk_kinds,
        "states_risks": bool(activity.risks),
        "min_age": activity.min_age,
        "starts_on": city_day(min(shift.starts_at for shift in planned)),
        "ends_on": city_day(max(shift.ends_at for shift in planned)),
        "expected_people": max(activity.expected_people, *(shift.capacity for shift in planned)),
        "is_foreign_related": activity.is_foreign_related,
        "is_outside_province": activity.is_outside_province,
        "a_side_asks": activity.is_agreement_asked,
        "has_agreement": bool(activity.agreement_ref),
        "has_insurance": bool(activity.insurance_ref),
    }


def _below(
    rows: Sequence[models.Activity], parents: Mapping[UUID, tuple[str, ...]], places: set[str]
) -> list[models.Activity]:
    """Those whose leading organizer stands below one of the places that is no organizer itself."""
    own: dict[UUID, set[str]] = defaultdict(set)
    pairs = models.Organizer.objects.filter(activity_id__in=[row.id for row in rows])
    for activity_id, body in pairs.values_list("activity_id", "organization_id"):
        own[activity_id].add(f"{_ORGANIZATION}{body}")
    return [row for row in rows if places & set(parents[row.lead_organization_id]) - own[row.id]]


def _shifts_waiting(activity_ids: Sequence[UUID]) -> dict[UUID, list[models.Shift]]:
    found: dict[UUID, list[models.Shift]] = defaultdict(list)
    rows = models.Shift.objects.only("id", "activity_id", "starts_at", "created_at", "created_by")
    for shift in rows.filter(
        activity_id__in=activity_ids, published_at__isnull=True, cancelled_at__isnull=True
    ):
        found[shift.activity_id].append(shift)
    return found


def _moved(rows: Sequence[models.Activity], shifts: Mapping[UUID, list[models.Shift]]) -> dict[str, datetime]:
    """When the shifts of public activities were last moved: a shift that moved waits from then on."""
    public = [row.id for row in rows if row.state == ActivityState.PUBLISHED]
    things = [f"shift:{shift.id}" for activity_id in public for shift in shifts[activity_id]]
    return audit.last_done(things, "activities.change_shift")


def _since(row: models.Activity, shifts: Sequence[models.Shift], moved: Mapping[str, datetime]) -> datetime:
    if row.state == ActivityState.SUBMITTED and row.submitted_at is not None:
        return row.submitted_at
    moments = (moved.get(f"shift:{shift.id}", shift.created_at) for shift in shifts)
    return min(moments, default=row.created_at)


def _own(
    rows: Sequence[models.Activity], shifts: Mapping[UUID, list[models.Shift]], person_id: UUID | None
) -> set[UUID]:
    if person_id is None:
        return set()
    things = {f"activity:{row.id}": row.id for row in rows}
    things |= {f"shift:{shift.id}": row.id for row in rows for shift in shifts[row.id]}
    touched = {things[thing] for thing in audit.touched(person_id, list(things), HANDS)}
    for row in rows:
        hands = (row.created_by, row.submitted_by, *(shift.created_by for shift in shifts[row.id]))
        if person_id in hands:
            touched.add(row.id)
    return touched
