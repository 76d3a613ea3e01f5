"""Finding activities by text, field, division, days and free places; queues of staff. Never writes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import (
    ASin,
    Cast,
    Cos,
    Least,
    Left,
    Power,
    Radians,
    RowNumber,
    Sin,
    Sqrt,
    TruncDate,
)

from shanshi.activities import models
from shanshi.activities.queries.facts import ActivityCard
from shanshi.activities.queries.shifts import ids_of
from shanshi.activities.rules import ActivityKind, ActivityState
from shanshi.activities.rules.finding import (
    grams_wanted,
    is_sound,
    runs,
    sound_grams_wanted,
    sound_pattern,
    words,
)
from shanshi.foundation.actor import CITY
from shanshi.foundation.paging import page
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.places.rules import EARTH_RADIUS_M, box_around
from shanshi.registry import queries as registry

QUEUE = 200
DISTRICT_DIGITS = 6
_LONG = ("description", "risks", "bring", "find_text", "find_sounds", "find_grams")
_EARLIEST, _LATEST = date(1900, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody looks for. Everything is optional; all that is given must hold.

    text           words of the title, the place or an organizer, in any order: characters, their sounds
                   ("tushuguan", "tu shu guan"), initials ("tsg"), or a mixture ("图书guan", "tsguan")
    division_code  the beginning of the code: 3301 finds the city, 330102 a district
    from_on        first day of a shift, in the city's zone; until_on: last day
    free           only shifts that have a place at once
    """

    text: str = ""
    field: str = ""
    division_code: str = ""
    kind: ActivityKind | None = None
    organization_id: UUID | None = None
    program_id: UUID | None = None
    from_on: date | None = None
    until_on: date | None = None
    free: bool = False


def activities_open(
    finding: Finding, *, at: datetime, cursor: str | None = None, limit: int = 20
) -> tuple[list[ActivityCard], str | None]:
    """Return published activities with a matching shift, the next one first, and the cursor of the next page.

    finding  without days: shifts that are not over
    at       with a time zone
    cursor   as the page before gave it
    limit    1 to 200

    Three queries, however many are found. Raises foundation.paging.CursorUnreadable.
    """
    matching = _shifts(finding, at)
    mine = matching.filter(activity_id=OuterRef("id")).order_by("starts_at", "id")
    rows = (
        _activities(finding)
        .filter(Exists(mine))
        .annotate(next_starts_at=Subquery(mine.values("starts_at")[:1]))
    )
    if finding.from_on is None:
        rows = rows.filter(last_ends_at__gt=at)
    found, following = page(rows, order=("next_starts_at", "id"), cursor=cursor, limit=limit)
    return cards(found, matching), following


@dataclass(frozen=True, slots=True)
class Near:
    """Where somebody looks from: degrees, and how far to look at most."""

    latitude: float
    longitude: float
    within_m: int = 50_000


def activities_near(
    finding: Finding, near: Near, *, at: datetime, cursor: str | None = None, limit: int = 20
) -> tuple[list[ActivityCard], str | None]:
    """Return the same as `activities_open`, the nearest first, each with its distance.

    near    what lies farther, or nowhere, is left out
    at      with a time zone
    cursor  as the page before gave it, for the same place
    limit   1 to 200

    Three queries, however many are found. Raises foundation.paging.CursorUnreadable.
    """
    matching = _shifts(finding, at)
    south_north, west_east = box_around(near.latitude, near.longitude, near.within_m)
    rows = (
        _with_a_shift(finding, matching, at)
        .filter(latitude__range=south_north, longitude__range=west_east)
        .annotate(distance_m=_distance_m(near))
        .filter(distance_m__lte=near.within_m)
    )
    found, following = page(rows, order=("distance_m", "id"), cursor=cursor, limit=limit)
    return cards(found, matching), following


def activities_by_district(finding: Finding, *, at: datetime) -> dict[str, int]:
    """Return how many activities with a matching shift each district has, by its code, in one query.

    at  with a time zone
    """
    rows = _with_a_shift(finding, _shifts(finding, at), at).annotate(
        district=Left("division_code", DISTRICT_DIGITS)
    )
    return dict(rows.values_list("district").annotate(count=Count("id")).order_by("district"))


@dataclass(frozen=True, slots=True)
class Dot:
    """An activity on a map; degrees."""

    activity_id: UUID
    title: str
    place_text: str
    latitude: float
    longitude: float


def dots(finding: Finding, *, at: datetime, limit: int = 500) -> list[Dot]:
    """Return where activities with a matching shift are, in one query; what has no position is left out.

    at     with a time zone
    limit  more are not drawn
    """
    rows = _with_a_shift(finding, _shifts(finding, at), at).filter(latitude__isnull=False)
    found = rows.order_by("last_ends_at", "id").values_list(
        "id", "title", "place_text", "latitude", "longitude"
    )
    return [
        Dot(id_, title, place, latitude, longitude)
        for id_, title, place, latitude, longitude in found[:limit]
        if latitude is not None and longitude is not None
    ]


@dataclass(frozen=True, slots=True)
class CalendarShift:
    """A shift in a calendar."""

    id: UUID
    activity_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """How many shifts begin on a day, and the first of them."""

    count: int
    shifts: tuple[CalendarShift, ...]


def calendar(
    finding: Finding, *, first_on: date, last_on: date, at: datetime, per_day: int = 3
) -> dict[date, CalendarDay]:
    """Return the matching shifts of some days, by day, in one query; a day without any is left out.

    first_on, last_on  both included, in the city's zone
    at                 with a time zone
    per_day            how many of a day are told; all are counted; 0 is the fastest
    """
    days = replace(finding, from_on=first_on, until_on=last_on)
    shifts = (
        _shifts(days, at)
        .filter(activity__in=_activities(finding).values("id"))
        .annotate(day=TruncDate("starts_at", tzinfo=CITY_ZONE))
    )
    if per_day == 0:
        counted = shifts.values_list("day").annotate(count=Count("id")).order_by("day")
        return {day: CalendarDay(count, ()) for day, count in counted}
    rows = (
        shifts.annotate(
            rank=Window(RowNumber(), partition_by="day", order_by=("starts_at", "id")),
            of_the_day=Window(Count("id"), partition_by="day"),
        )
        .filter(rank__lte=per_day)
        .order_by("starts_at", "id")
    )
    told: dict[date, list[CalendarShift]] = defaultdict(list)
    counts: dict[date, int] = {}
    fields = ("day", "of_the_day", "id", "activity_id", "activity__title", "starts_at", "ends_at")
    for day, count, *shift in rows.values_list(*fields):
        counts[day] = count
        told[day].append(CalendarShift(*shift))
    return {day: CalendarDay(counts[day], tuple(shifts)) for day, shifts in told.items()}


def _with_a_shift(
    finding: Finding, matching: QuerySet[models.Shift], at: datetime
) -> QuerySet[models.Activity]:
    rows = _activities(finding).filter(Exists(matching.filter(activity_id=OuterRef("id"))))
    return rows.filter(last_ends_at__gt=at) if finding.from_on is None else rows


def _distance_m(near: Near) -> Cast:
    # The haversine, as places.rules.distance_m has it, so that the database can sort by it.
    north = Radians(F("latitude"))
    half_chord = Power(Sin((north - math.radians(near.latitude)) / 2), 2) + Cos(north) * math.cos(
        math.radians(near.latitude)
    ) * Power(Sin((Radians(F("longitude")) - math.radians(near.longitude)) / 2), 2)
    chord = Sqrt(Least(half_chord, Value(1.0)))
    return Cast(ASin(chord) * (2 * EARTH_RADIUS_M), IntegerField())


def _activities(finding: Finding) -> QuerySet[models.Activity]:
    rows = models.Activity.objects.defer(*_LONG).filter(state=ActivityState.PUBLISHED)
    for word in words(finding.text):
        for run in runs(word):
            rows = rows.filter(_said(run))
    if finding.field:
        rows = rows.filter(fields__contains=[finding.field.replace("\x00", "")])
    if finding.division_code:
        rows = rows.filter(division_code__startswith=finding.division_code)
    if finding.kind is not None:
        rows = rows.filter(kind=finding.kind)
    if finding.program_id is not None:
        rows = rows.filter(program_id=finding.program_id)
    if finding.organization_id is not None:
        rows = rows.filter(
            Exists(
                models.Organizer.objects.filter(
                    activity_id=OuterRef("id"), organization_id=finding.organization_id
                )
            )
        )
    return rows


def _said(run: str) -> Q:
    # The grams may come from different words: the text and the sounds themselves have the last word.
    written = Q(find_grams__contains=grams_wanted([run]), find_text__contains=run)
    if not is_sound(run):
        return written
    return written | Q(find_grams__contains=sound_grams_wanted(run), find_sounds__regex=sound_pattern(run))


def _shifts(finding: Finding, at: datetime) -> QuerySet[models.Shift]:
    rows = models.Shift.objects.filter(published_at__isnull=False, cancelled_at__isnull=True)
    if finding.from_on is None:
        rows = rows.filter(ends_at__gt=at)
    else:
        rows = rows.filter(starts_at__gte=_midnight(finding.from_on))
    if finding.until_on is not None and finding.until_on < _LATEST:
        rows = rows.filter(starts_at__lt=_midnight(finding.until_on + timedelta(days=1)))
    if finding.free:
        rows = rows.filter(starts_at__gt=at, waiting=0, taken__lt=F("capacity"))
    return rows


def _midnight(day: date) -> datetime:
    # A year that nobody means would leave what the database can count.
    return datetime.combine(min(max(day, _EARLIEST), _LATEST), time(), CITY_ZONE)


def waiting_for_review(places: Collection[str] | None) -> list[ActivityCard]:
    """Return activities that wait for a reviewer, the oldest first: submitted, or with shifts added since.

    places  where the asker reviews: bodies above the leading organizer; None for the whole city
    """
    added = models.Shift.objects.filter(
        activity_id=OuterRef("id"), published_at__isnull=True, cancelled_at__isnull=True
    )
    waiting = models.Activity.objects.filter(
        Q(state=ActivityState.SUBMITTED) | Q(Exists(added), state=ActivityState.PUBLISHED)
    )
    if places is not None:
        # Narrowed before the limit: a full city must not hide what waits in a district.
        waiting = waiting.filter(lead_organization__lineage__overlap=list(places))
    rows = list(waiting.order_by("submitted_at", "id")[:QUEUE])
    if places is not None:
        bodies = registry.organizations({row.lead_organization_id for row in rows})
        mine = set(places)
        rows = [row for row in rows if mine & set(bodies[row.lead_organization_id].parents)]
    return cards(rows, models.Shift.objects.filter(cancelled_at__isnull=True))


def activities_led(places: Iterable[str], *, at: datetime, limit: int = QUEUE) -> list[ActivityCard]:
    """Return what is given at or below the places, drafts included, the newest first, with what is to come.

    places  "team:<uuid>", "organization:<uuid>", "division:<code>", "city"
    at      shifts that are not over then are counted; with a time zone
    limit   1 to 200
    """
    wanted = list(places)
    rows = models.Activity.objects.all()
    if CITY not in wanted:
        giving = models.Organizer.objects.filter(
            activity_id=OuterRef("id"), organization__lineage__overlap=wanted
        )
        rows = rows.filter(Exists(giving) | Q(team_id__in=ids_of("team", wanted)))
    rows = rows.order_by("-created_at", "-id")[:limit]
    return cards(list(rows), models.Shift.objects.filter(cancelled_at__isnull=True, ends_at__gt=at))


def cards(rows: Sequence[models.Activity], matching: QuerySet[models.Shift]) -> list[ActivityCard]:
    """Return activities as cards with their matching shifts, in two queries."""
    bodies = registry.organizations({row.lead_organization_id for row in rows})
    shifts: dict[UUID, list[models.Shift]] = defaultdict(list)
    for shift in matching.filter(activity_id__in=[row.id for row in rows]).order_by("starts_at", "id"):
        shifts[shift.activity_id].append(shift)
    return [_card(row, bodies[row.lead_organization_id].name, shifts[row.id]) for row in rows]


def _card(row: models.Activity, organization_name: str, shifts: list[models.Shift]) -> ActivityCard:
    return ActivityCard(
        id=row.id,
        title=row.title,
        kind=ActivityKind(row.kind),
        state=ActivityState(row.state),
        fields=tuple(row.fields),
        organization_id=row.lead_organization_id,
        organization_name=organization_name,
        place_text=row.place_text,
        division_code=row.division_code,
        min_age=row.min_age,
        starts_at=shifts[0].starts_at if shifts else None,
        ends_at=shifts[0].ends_at if shifts else None,
        shifts=len(shifts),
        capacity=sum(shift.capacity for shift in shifts),
        taken=sum(shift.taken for shift in shifts),
        waiting=sum(shift.waiting for shift in shifts),
        free=sum(shift.capacity - shift.taken for shift in shifts if not shift.waiting),
        submitted_at=row.submitted_at,
        attended_at_least=row.attended_at_least,
        distance_m=getattr(row, "distance_m", None),
    )
