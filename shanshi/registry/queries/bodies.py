"""Finding organizations by characters and sounds, and how many people stand in one; never writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Func, Q, QuerySet, TextField, Value

from shanshi.foundation import paging
from shanshi.registry import models
from shanshi.registry.queries.organizations import OrganizationFacts, TeamFacts, facts_of
from shanshi.registry.rules.bodies import is_sound, search_words
from shanshi.registry.rules.words import OrganizationKind


@dataclass(frozen=True, slots=True)
class BodyFilter:
    """Which organizations are wanted; what is left open means all.

    text           characters of the name, or its sounds, or their initials
    division_code  the beginning of the code: 330102 finds its subdistricts too
    """

    text: str = ""
    kind: OrganizationKind | None = None
    division_code: str = ""


@dataclass(frozen=True, slots=True)
class TeamCount:
    """A team and how many members stand in it."""

    team: TeamFacts
    members: int


@dataclass(frozen=True, slots=True)
class Belongings:
    """How many people belong to an organization: by person, whatever the number of their teams.

    invited  asked, and have not answered
    """

    members: int
    invited: int
    teams: tuple[TeamCount, ...]


def organization_page(
    wanted: BodyFilter, *, cursor: str | None, limit: int
) -> tuple[list[OrganizationFacts], str | None]:
    """Return organizations by the sound of their names, and the cursor of the next page or None.

    limit  1 to 200

    One query. Raises paging.CursorUnreadable.
    """
    rows = models.Organization.objects.all()
    if wanted.kind is not None:
        rows = rows.filter(kind=wanted.kind)
    if wanted.division_code:
        rows = rows.filter(division_code__startswith=wanted.division_code)
    for word in search_words(wanted.text):
        rows = _called(rows, word)
    found, following = paging.page(rows, order=("name_key", "id"), cursor=cursor, limit=limit)
    return [facts_of(row) for row in found], following


def organizations_in(division_code: str) -> int:
    """Return how many organizations work in a division and those below it.

    division_code  the beginning of the code
    """
    return models.Organization.objects.filter(division_code__startswith=division_code).count()


def organizations_by_district(codes: Iterable[str]) -> dict[str, int]:
    """Return how many organizations work in each district, its subdistricts included, in one query.

    codes  of districts, 6 digits
    """
    head = Func(F("division_code"), Value(6), function="left", output_field=TextField())
    rows = models.Organization.objects.annotate(district=head).values("district").annotate(count=Count("pk"))
    counted = {row["district"]: row["count"] for row in rows}
    return {code: counted.get(code, 0) for code in codes}


def belongings(organization_id: UUID) -> Belongings:
    """Return how many people belong to an organization and to each of its teams, in three queries."""
    standing = models.Membership.objects.filter(organization_id=organization_id, left_at=None)
    people = standing.aggregate(
        members=Count("holder_id", distinct=True, filter=Q(accepted_at__isnull=False)),
        invited=Count("holder_id", distinct=True, filter=Q(accepted_at__isnull=True)),
    )
    by_team = dict(
        standing.filter(accepted_at__isnull=False, team_id__isnull=False)
        .values_list("team_id")
        .annotate(count=Count("holder_id", distinct=True))
    )
    rows = models.Team.objects.filter(organization_id=organization_id).order_by("name_key", "pk")
    teams = tuple(
        TeamCount(TeamFacts(row.pk, row.organization_id, row.name), by_team.get(row.pk, 0)) for row in rows
    )
    return Belongings(people["members"], people["invited"], teams)


def _called(rows: QuerySet[models.Organization], word: str) -> QuerySet[models.Organization]:
    """Those whose name has a word: by its characters, by its sounds, or by the initials of its sounds."""
    named = Q(name__icontains=word) | Q(name_en__icontains=word)
    if not is_sound(word):
        return rows.filter(named)
    # The key holds the sounds with their tones: "qing1 bo1 jie1 dao4".
    sounds = Func(
        F("name_key"), Value("0123456789 "), Value(""), function="translate", output_field=TextField()
    )
    initials = Func(
        F("name_key"), Value(r"(\S)\S*\s*"), Value(r"\1"), Value("g"),
        function="regexp_replace", output_field=TextField(),
    )  # fmt: skip
    return rows.annotate(sounds=sounds, initials=initials).filter(
        named | Q(sounds__contains=word) | Q(initials__contains=word)
    )
