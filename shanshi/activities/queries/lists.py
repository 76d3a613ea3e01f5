"""What lists of activities and of rosters need to know; a fixed number of questions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shanshi.activities import models, rules


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift with what its activity says, as a list writes it: degrees, metres, times with a zone."""

    activity_id: UUID
    title: str
    kind: str
    description: str
    fields: tuple[str, ...]
    skills: tuple[str, ...]
    min_age: int
    risks: str
    risk_kinds: tuple[str, ...]
    bring: str
    person_in_charge: str
    expected_people: int
    place_text: str
    division_code: str
    latitude: float | None
    longitude: float | None
    radius_m: int | None
    team: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    name: str


def planned_of(organization_id: UUID) -> list[tuple[str, datetime]]:
    """Return title and start of each shift that an organization leads and that is not cancelled."""
    rows = models.Shift.objects.filter(
        activity__lead_organization_id=organization_id, cancelled_at=None, activity__cancelled_at=None
    )
    return list(rows.values_list("activity__title", "starts_at"))


def planned_shifts(organization_id: UUID, *, most: int) -> list[PlannedShift]:
    """Return the shifts of the activities that an organization leads, the activities in the order made.

    most  how many shifts; the cancelled are left out
    """
    rows = (
        models.Shift.objects.filter(
            activity__lead_organization_id=organization_id, cancelled_at=None, activity__cancelled_at=None
        )
        .select_related("activity", "activity__team")
        .defer("activity__find_text", "activity__find_grams")
        .order_by("activity__created_at", "activity_id", "starts_at", "id")
    )
    found = list(rows[:most])
    places = {
        one.activity_id: one
        for one in models.Position.objects.filter(
            activity_id__in={row.activity_id for row in found}
        ).order_by("-id")
    }
    return [_planned(row, places.get(row.activity_id)) for row in found]


def _planned(row: models.Shift, position: models.Position | None) -> PlannedShift:
    said = row.activity
    return PlannedShift(
        activity_id=said.id,
        title=said.title,
        kind=said.kind,
        description=said.description,
        fields=tuple(said.fields),
        skills=tuple(said.skills),
        min_age=said.min_age,
        risks=said.risks,
        risk_kinds=tuple(said.risk_kinds),
        bring=said.bring,
        person_in_charge=said.person_in_charge,
        expected_people=said.expected_people,
        place_text=said.place_text,
        division_code=said.division_code,
        latitude=float(position.latitude) if position else None,
        longitude=float(position.longitude) if position else None,
        radius_m=position.radius_m if position else None,
        team=said.team.name if said.team else "",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
        name=row.name,
    )


def busy(holder_ids: Collection[UUID], *, from_at: datetime, to_at: datetime, but: UUID) -> frozenset[UUID]:
    """Return which of the people have a live sign-up at the time.

    from_at, to_at  with a time zone
    but             the shift that does not count
    """
    rows = models.SignUp.objects.filter(
        holder_id__in=holder_ids, state__in=rules.LIVE, starts_at__lt=to_at, ends_at__gt=from_at
    ).exclude(shift_id=but)
    return frozenset(rows.values_list("holder_id", flat=True))


def signed_up(shift_id: UUID) -> list[UUID]:
    """Return who has a live sign-up for a shift, in the order of the places."""
    rows = models.SignUp.objects.filter(shift_id=shift_id, state__in=rules.LIVE).order_by("arrival")
    return list(rows.values_list("holder_id", flat=True))


def have_signed_up(holder_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of the people ever signed up for anything."""
    rows = models.SignUp.objects.filter(holder_id__in=holder_ids)
    return frozenset(rows.values_list("holder_id", flat=True))


def minimums(shift_id: UUID) -> tuple[int, list[str]]:
    """Return the minimum age and the kinds of risk of a shift's activity."""
    found = models.Shift.objects.filter(id=shift_id).values_list("activity__min_age", "activity__risk_kinds")
    min_age, risk_kinds = found.get()
    return min_age, list(risk_kinds)
