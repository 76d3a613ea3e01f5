"""Finding activities by text, field, division, days and free places; queues of staff. Never writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from shanshi.activities import models
from shanshi.activities.queries.facts import ActivityCard
from shanshi.activities.queries.shifts import ids_of
from shanshi.activities.rules import ActivityKind, ActivityState
from shanshi.activities.rules.finding import grams_wanted, words
from shanshi.foundation.actor import CITY
from shanshi.foundation.paging import page
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.registry import queries as registry

QUEUE = 200
_LONG = ("description", "risks", "find_text", "find_grams")
_EARLIEST, _LATEST = date(1900, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody looks for. Everything is optional; all that is given must hold.

    text           words of the title, the place or an organizer, in any order
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


def _activities(finding: Finding) -> QuerySet[models.Activity]:
    rows = models.Activity.objects.defer(*_LONG).filter(state=ActivityState.PUBLISHED)
    if looked_for := words(finding.text):
        rows = rows.filter(find_grams__contains=grams_wanted(looked_for))
        for word in looked_for:
            # The grams may come from different words: the text itself has the last word.
            rows = rows.filter(find_text__contains=word)
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
    )
